"""JavaScript and Python are held to the one table of messages, ``web/boot/messages.js``.

What is sent and what is handled is read from the sources, in both directions: a message that the table does
not have, and a row that nothing sends or handles, fail here. (TypeScript checks the fields that JavaScript
sends and reads, ``tests/js/messages.test.mjs`` what the page refuses while it runs.)
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
"""How JavaScript sends: patterns of the channel and the message's name."""

ELSEWHERE = {
    ("toPage", "boot/page/joined-views.js"): r"hear\(\{ type: \"(\w+)\"",
    ("toPage", "boot/page/page.js"): r"deliver\(\{ type: \"(\w+)\"",
    ("toPanel", "boot/worker/worker.mjs"): r"view\.patch\(\{ type: \"(\w+)\"",
    ("fromPanel", "boot/page/hydrate.js"): r"port\.postMessage\(\{ type: \"(\w+)\"",
    ("inPage", "boot/page/page.js"): r"announce\(\{ type: \"(restarted)\"",
}
"""Senders of their own, each in one file: a pattern of the name."""

HANDLED = {
    ("toWorker", "boot/worker/worker.mjs"): r"^const HANDLERS = \{ ([^\n]*) \}$",
    ("toPage", "boot/page/page.js"): r"^  const HANDLERS = \{\n(.*?)^  \}$",
    ("fromPanel", "boot/worker/worker.mjs"): r"^const PANEL = \{\n(.*?)^\}$",
}
"""Tables of handlers: a pattern of what is between the brackets."""

COMPARED = {
    "toPanel": ("boot/page/hydrate.js", "boot/page/layout-hold.js"),
    "fromServiceWorker": ("boot/page/offline.js",),
    "toServiceWorker": ("service-worker.js",),
    "betweenTabs": ("boot/page/page.js", "boot/worker/store.mjs"),
    "toPage": ("boot/page/joined-views.js",),
}
"""Files that compare a message's type with names, by channel."""

ONE_MESSAGE = {
    ("toImageReader", "read"): ("boot/image/image-reader.mjs", "data: { base, image, port }"),
    ("fromImageReader", "image"): ("boot/worker/start.mjs", "resolve(data.bytes)"),
}
"""Receivers that hear one message alone, and so look at no name: where, and how."""


def sent_by_javascript() -> set[tuple[str, str]]:
    """Channel and name of every message."""
    found = {pair for text in TEXTS.values() for pattern in SENT for pair in re.findall(pattern, text)}
    for (channel, file), pattern in ELSEWHERE.items():
        found |= {(channel, name) for name in re.findall(pattern, TEXTS[file])}
    events = re.compile(r"new CustomEvent\(\"inkling:(\w+)\"")
    return found | {("inPage", name) for text in TEXTS.values() for name in events.findall(text)}


def sent_by_python() -> Iterator[tuple[str, str, set[str]]]:
    """Channel, name and fields: keywords of ``post(type=...)`` to the page, dicts with a type in a pool."""
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
    """What Panel's page script sends, read from the file that its converter writes into the page."""
    return {("fromPanel", name) for name in re.findall(r"postMessage\(\{'?type'?: '(\w+)'", PANELS_SCRIPT)}


def sent() -> set[tuple[str, str]]:
    return sent_by_javascript() | sent_by_panel() | {(channel, name) for channel, name, _ in sent_by_python()}


def names_in(handlers: str) -> set[str]:
    """The keys of an object of handlers, as it is written."""
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
    """Names of the events ``inkling:NAME`` that a script listens to."""
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
"""What Panel's page script would understand and our worker never says."""


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
    """Every call of ``postMessage`` has a typed message; those that pass one on are known by their line."""
    passed_on = {
        "boot/page/panel-port.js": {"postMessage(message) {"},  # a method, which posts by the table
        "boot/page/joined-views.js": {"postMessage: (data) => "},  # the same
        "boot/page/hydrate.js": {"port.postMessage({ type: "},  # of that method
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
    check("toPage", {"type": "mended", "text": "a"})
    with pytest.raises(AssertionError):
        check("toPage", message)
