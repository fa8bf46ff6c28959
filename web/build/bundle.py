"""Joins the files of the page's head into fewer, because nothing is painted before the last has loaded.

``web/boot`` and ``web/look`` hold one concept a file. A browser would request a dozen of them, six at a time,
before it draws anything. Here each run of neighbours in ``index.html`` becomes one file: scripts that run at
once, scripts that run later (``defer``), style sheets. Order and content stay; the single files are in the
site too, for pages that load them by themselves.
"""

from __future__ import annotations

import re
from pathlib import Path

from web.build.errors import BuildError

KINDS = (
    (re.compile(r'<script src="\./([\w/.-]+\.js)"></script>'), "boot/page/head.js"),
    (re.compile(r'<script src="\./([\w/.-]+\.js)" defer></script>'), "boot/page/later.js"),
    (re.compile(r'<link rel="stylesheet" href="\./([\w/.-]+\.css)">'), "look/head.css"),
)
"""The pattern of a line of each kind, and the file that replaces a run of such lines."""


def bundle(html: str, site: Path) -> str:
    """Return the page with its head's files joined, and write the joined files to ``site``.

    Raises:
        BuildError: if the head has no line of a kind, or a style sheet refers to files beside it, whose
            addresses would be wrong in the joined file.
    """
    head, end, rest = html.partition("</head>")
    for pattern, name in KINDS:
        names = pattern.findall(head)
        if not names:
            raise BuildError(f"index.html has no files in its <head> to join into {name}")
        texts = [(site / file).read_text(encoding="utf-8") for file in names]
        if name.endswith(".css") and any("url(" in text or "@import" in text for text in texts):
            raise BuildError(f"one of the style sheets {', '.join(names)} refers to another file")
        # A semicolon between two scripts: the second begins with a bracket and would be a call of the first.
        between = "\n" if name.endswith(".css") else ";\n"
        (site / name).write_text(between.join(texts), encoding="utf-8")
        # The first line of the kind names the joined file; the others are removed.
        before, line, after = _around(pattern, head)
        head = before + line.replace(names[0], name) + pattern.sub("", after)
    return re.sub(r"\n(?: *\n)+", "\n", head) + end + rest


def _around(pattern: re.Pattern[str], text: str) -> tuple[str, str, str]:
    """Return the text before the first match, the match, and the text after it."""
    match = pattern.search(text)
    assert match is not None
    return text[: match.start()], match[0], text[match.end() :]
