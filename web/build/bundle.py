"""What stands in the page's head, in fewer files: nothing is painted before the last of them is there.

``web/boot`` and ``web/look`` hold one concept a file. A browser would ask for a dozen of them, six at a time,
before it draws anything. Here each run of neighbours in ``index.html`` becomes one file: scripts that run at
once, scripts that run later (``defer``), style sheets. Order and content stay; the single files are in the
site too, for those who load them by themselves.
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
"""What a line of each kind looks like, and the file that takes the place of a run of them."""


def bundle(html: str, site: Path) -> str:
    """The page with its head's files joined; the joined ones are written to ``site``.

    Raises:
        BuildError: if the head has no line of a kind, or a style sheet refers to files beside it, which a
            joined one would look for in another place.
    """
    head, end, rest = html.partition("</head>")
    for pattern, name in KINDS:
        names = pattern.findall(head)
        if not names:
            raise BuildError(f"index.html has nothing in its head to be joined in {name}")
        texts = [(site / file).read_text(encoding="utf-8") for file in names]
        if name.endswith(".css") and any("url(" in text or "@import" in text for text in texts):
            raise BuildError(f"a style sheet of {', '.join(names)} refers to another file")
        # A semicolon between two scripts: the second begins with a bracket, which would call the first.
        between = "\n" if name.endswith(".css") else ";\n"
        (site / name).write_text(between.join(texts), encoding="utf-8")
        # The first line of the kind names the joined file, the others go.
        before, line, after = _around(pattern, head)
        head = before + line.replace(names[0], name) + pattern.sub("", after)
    return re.sub(r"\n(?: *\n)+", "\n", head) + end + rest


def _around(pattern: re.Pattern[str], text: str) -> tuple[str, str, str]:
    """``text`` before the first match, the match, and the rest."""
    match = pattern.search(text)
    assert match is not None
    return text[: match.start()], match[0], text[match.end() :]
