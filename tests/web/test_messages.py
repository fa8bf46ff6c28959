"""Compare the messages in the sources of JavaScript and Python with the table in ``web/boot/messages.js``.

A message that is sent or handled but not in the table fails, and so does a row that no source sends or
handles. TypeScript checks the fields that JavaScript sends and reads; ``tests/js/messages.test.mjs`` checks
that the page refuses wrong messages.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import panel
import pytest

import web
from tests.messages import MESSAGES, check, table, wrong_fields

ROOT = Path(web.__file__).parent
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(ROOT.rglob("*"))
    if path.suffix in (".js", ".mjs") and path != MESSAGES
}
TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.rglob("*.py"))
}
PANELS_SCRIPT = (Path(panel.__file__).parent / "_templates" / "pyodide_handler.js").read_text(
    encoding="utf-8"
)

SENT = (
    r"\bpost\([^\"]*\"(\w+)\",\s*\{\s*type: \"(\w+)\"",  # post(worker, "toWorker", { type: "beat" })
    r"\b(to\w+)\((?:\w+, )?\{\s*type: \"(\w+)\"",  # toPage({ type: "beat" })
    r"Message<\"(\w+)\">\} \*/ \(\{ type: \"(\w+)\"",  # @satisfies {Message<"toPage">} */ ({ type: "beat" })
)
"""Patterns of the calls by which JavaScript sends; each finds the channel and the message's name."""

ELSEWHERE = {
    ("toPage", "boot/page/joined-views.js"): r"hear\(\{ type: \"(\w+)\"",
    ("toPage", "boot/page/page.js"): r"deliver\(\{ type: \"(\w+)\"",
    ("toPanel", "boot/worker/worker.mjs"): r"view\.patch\(\{ type: \"(\w+)\"",
    ("fromPanel", "boot/page/hydrate.js"): r"port\.postMessage\(\{ type: \"(\w+)\"",
    ("inPage", "boot/page/page.js"): r"announce\(\{ type: \"(restarted)\"",
}
"""Other calls that send, each in one file: (channel, file) -> a pattern that finds the message's name."""

HANDLED = {
    ("toWorker", "boot/worker/worker.mjs"): r"^const HANDLERS = \{ ([^\n]*) \}$",
    ("toPage", "boot/page/page.js"): r"^  const HANDLERS = \{\n(.*?)^  \}$",
    ("fromPanel", "boot/worker/worker.mjs"): r"^const PANEL = \{\n(.*?)^\}$",
}
"""Objects of handlers: (channel, file) -> a pattern that finds the text between the object's braces."""

COMPARED = {
    "toPanel": ("boot/page/hydrate.js", "boot/page/layout-hold.js"),
    "fromServiceWorker": ("boot/page/offline.js",),
    "toServiceWorker": ("service-worker.js",),
    "betweenTabs": ("boot/page/page.js", "boot/worker/store.mjs"),
    "toPage": ("boot/page/joined-views.js",),
}
"""Channel -> the files that compare a message's type with names."""

ONE_MESSAGE = {
    ("toImageReader", "read"): ("boot/image/image-reader.mjs", "data: { base, image, port }"),
    ("fromImageReader", "image"): ("boot/worker/start.mjs", "resolve(data.bytes)"),
}
"""Receivers of one message alone, which compare no name: (channel, name) -> the file and its line."""


def sent_by_javascript() -> set[tuple[str, str]]:
    """Return the channel and name of every message that JavaScript sends."""
    found = {pair for text in TEXTS.values() for pattern in SENT for pair in re.findall(pattern, text)}
    for (channel, file), pattern in ELSEWHERE.items():
        found |= {(channel, name) for name in re.findall(pattern, TEXTS[file])}
    events = re.compile(r"new CustomEvent\(\"inkling:(\w+)\"")
    return found | {("inPage", name) for text in TEXTS.values() for name in events.findall(text)}


def sent_by_python() -> Iterator[tuple[str, str, set[str]]]:
    """Yield channel, name and fields of every message that Python sends.

    To the page they are keywords of ``post(type=...)``, in the pool dicts with the key ``type``.
    """
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("post", "_tell")):
                given = {keyword.arg or "": keyword.value for keyword in node.keywords}
                if "type" in given:
                    yield "toPage", ast.literal_eval(given["type"]), set(given) - {"type"}
            elif isinstance(node, ast.Dict) and file.startswith(("sweeps/", "browser/")):
                keys = {
                    key.value: value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant)
                }
                if "type" in keys:
                    name = ast.literal_eval(keys["type"])
                    channel = "toPool" if name in table()["toPool"] else "fromPool"
                    beside = {"buffers"} if channel == "toPool" else set()
                    yield channel, name, set(keys) - {"type"} | beside


def sent_by_panel() -> set[tuple[str, str]]:
    """Return the messages that Panel's own script sends, which its converter writes into the page."""
    return {("fromPanel", name) for name in re.findall(r"postMessage\(\{'?type'?: '(\w+)'", PANELS_SCRIPT)}


def sent() -> set[tuple[str, str]]:
    return sent_by_javascript() | sent_by_panel() | {(channel, name) for channel, name, _ in sent_by_python()}


def names_in(handlers: str) -> set[str]:
    """Return the keys in the source text of an object of handlers."""
    lines = handlers.split("\n") if "\n" in handlers else handlers.split(", ")
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    found = (re.match(rf" {{{indent}}}(?:async )?(\w+)\s*(?:[:(,]|$)", line) for line in lines)
    return {match[1] for match in found if match}


def handled() -> set[tuple[str, str]]:
    found = set(ONE_MESSAGE)
    for (channel, file), pattern in HANDLED.items():
        [handlers] = re.findall(pattern, TEXTS[file], re.MULTILINE | re.DOTALL)
        found |= {(channel, name) for name in names_in(handlers)}
    for channel, files in COMPARED.items():
        for file in files:
            found |= {
                (channel, name) for name in re.findall(r"(?:data\.|[( ])type === \"(\w+)\"", TEXTS[file])
            }
    found |= {("toPanel", name) for name in re.findall(r"msg\.type === '(\w+)'", PANELS_SCRIPT)}
    for name in listened():
        found.add(("inPage" if name in table()["inPage"] else "toPage", name))
    return found | set(handled_by_the_pool())


def listened() -> set[str]:
    """Return the names of the events ``inkling:NAME`` that a script listens to."""
    pattern = re.compile(r"addEventListener\(\"inkling:(\w+)\"|^  on\(\"(\w+)\",", re.MULTILINE)
    return {first or second for text in TEXTS.values() for first, second in pattern.findall(text)}


def handled_by_the_pool() -> Iterator[tuple[str, str]]:
    for file, channel in (("sweeps/worker_main.py", "toPool"), ("sweeps/worker_client.py", "fromPool")):
        for node in ast.walk(TREES[file]):
            if isinstance(node, ast.Compare) and ast.unparse(node.left).endswith("['type']"):
                yield channel, ast.literal_eval(node.comparators[0])


def rows() -> set[tuple[str, str]]:
    return {(channel, name) for channel, messages in table().items() for name in messages}


PANELS_OWN = {("toPanel", "status")}
"""Messages that Panel's script handles and our worker never sends."""


def test_every_message_that_is_sent_has_a_row_and_every_row_is_sent() -> None:
    assert sent() == rows()


def test_every_message_that_is_handled_has_a_row_and_every_row_is_handled() -> None:
    assert handled() - PANELS_OWN == rows()


def test_python_sends_the_fields_of_the_table() -> None:
    messages = list(sent_by_python())
    assert len(messages) > 25
    wrong = [(name, fields) for channel, name, fields in messages if wrong_fields(channel, name, fields)]
    assert wrong == []


@pytest.mark.parametrize("file", TEXTS)
def test_nothing_is_posted_past_the_table(file: str) -> None:
    """Check that each call of ``postMessage`` has a typed message, or is a known line that passes one on."""
    passed_on = {
        "boot/page/panel-port.js": {"postMessage(message) {"},  # a method that checks the message
        "boot/page/joined-views.js": {"postMessage: (data) => "},  # another such method
        "boot/page/hydrate.js": {
            "port.postMessage({ type: ",  # a call of such a method
            "port2.postMessage(null)",  # to itself: it ends the present task
        },
        "boot/worker/fetching.mjs": {"toPage = (message) => self.postMessage(message)"},
        "boot/worker/worker.mjs": {"toPanel = (port, message) => port.postMessage(message)"},
        "boot/worker/pool-worker.mjs": {"self.postMessage(text)"},  # checked in the line before
        "service-worker.js": {"client.postMessage(message)"},
    }
    for line in TEXTS[file].splitlines():
        if "postMessage" in line and "@satisfies {Message<" not in line:
            assert any(known in line for known in passed_on.get(file, ())), line


@pytest.mark.parametrize(("file", "how"), ONE_MESSAGE.values())
def test_a_receiver_of_one_message_is_as_it_was_known(file: str, how: str) -> None:
    """Check that each receiver of one message alone still has the line listed for it."""
    assert how in TEXTS[file]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "busy", "value": True},
        {"type": "mended"},
        {"type": "mended", "text": 3},
        {"type": "mended", "text": "a", "why": "b"},
    ],
)
def test_a_message_that_the_table_has_not_is_refused(message: dict[str, object]) -> None:
    """Check the check itself: it refuses unknown messages, and missing, wrong or extra fields."""
    check("toPage", {"type": "mended", "text": "a"})
    with pytest.raises(AssertionError):
        check("toPage", message)
