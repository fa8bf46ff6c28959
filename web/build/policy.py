"""Gives the page its Content-Security-Policy, and changes Panel's page so that it works under it.

The policy is in a ``<meta>``, because every static host serves that. Workers are under it because they begin
as blobs (``boot/page/page.js``): a worker that is loaded from an address answers to its own headers alone.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from pathlib import Path

from web.build.errors import BuildError

# The page and its workers may load files of this site, and nothing else.
# - 'wasm-unsafe-eval' allows compiling WebAssembly, but not running text as JavaScript.
# - the hash is that of guard.js, the one script inside the page itself; it reports scripts that fail to load.
# - blob: for scripts and workers: Panel's components are modules that it makes from their text.
# - 'unsafe-inline' for styles: Bokeh and Panel put <style> elements into every widget's shadow root.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' blob: 'wasm-unsafe-eval' 'GUARD'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
CHARSET = '<meta charset="utf-8">'
NAMED = re.compile(
    r'<(?:script|link rel="(?:stylesheet|modulepreload)")(?: type="[^"]*")?(?: async)? (?:src|href)="\./'
    r'(?P<name>[^"]+)"[^>]*>'
)
INLINE_SCRIPT = re.compile(r'<script(?: type="text/javascript")?>(.*?)</script>', re.DOTALL)


def apply_policy(html: str, site: Path) -> str:
    """Return the page under the policy, with its inline scripts moved into files of ``site``.

    Raises:
        BuildError: if the page has no place for the policy.
    """
    if html.count(CHARSET) != 1:
        raise BuildError(
            f"index.html has {CHARSET} {html.count(CHARSET)} times; the policy is put after it, "
            "so it must be there once"
        )
    count = 0

    def moved(match: re.Match[str]) -> str:
        """Write an inline script to a file and return the element that loads it."""
        nonlocal count
        count += 1
        name = f"static/panel/page-{count}.js"
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(match[1].strip() + "\n", encoding="utf-8")
        return f'<script src="./{name}"></script>'

    html = INLINE_SCRIPT.sub(moved, html)
    guard = Path(__file__).with_name("guard.js").read_text(encoding="utf-8")
    policy = POLICY.replace("GUARD", sha256_of(guard.encode()))
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n  <script>{guard}</script>'
    return html.replace(CHARSET, f"{CHARSET}\n  {head}")


def sha256_of(data: bytes) -> str:
    """Return a hash in the form that policies and ``integrity`` use."""
    return "sha256-" + b64encode(hashlib.sha256(data).digest()).decode()


def add_integrity(site: Path) -> None:
    """Write into ``index.html`` the hash of every script and style sheet that it names.

    The browser then refuses a file that differs from the build's.
    """
    page = site / "index.html"

    def with_hash(match: re.Match[str]) -> str:
        name = match["name"].split("?")[0]
        return f'{match[0][:-1]} integrity="{sha256_of((site / name).read_bytes())}">'

    html = page.read_text(encoding="utf-8")
    page.write_bytes(NAMED.sub(with_hash, html).encode())
