"""Commands for files: save the network, open a network or digits, and fetch the rest of MNIST."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from nncore.questions import OpenQuestion
from web.commands.arguments import answers_in, one
from web.commands.registry import command
from web.delivery.site_files import MissingFile
from web.runs.network_files import write_network
from web.state.joined_views import asking
from web.state.sentences import sentence

if TYPE_CHECKING:
    from web.lab import Lab

ACTIONS = ("learn", "turn", "invert", "cancel")
"""What can be done with digits that wait, besides answering a question."""


@command("fetch_digits")
async def fetch_digits(lab: Lab, args: Any) -> None:
    """Fetch the digits that are downloaded only on demand."""
    if lab.arrivals is not None:
        lab.arrivals.begin_rest()


@command("save", "`format`: `npz` or `json`")
async def save(lab: Lab, args: Any) -> dict[str, Any]:
    """Download the network as a file; answers with ``name`` and ``bytes``, its size."""
    kind = args.get("format", "npz") if isinstance(args, dict) else args or "npz"
    name, data = write_network(lab.runner.experiment.kept(), kind)
    lab.post(type="download", name=name, data=base64.b64encode(data).decode(), view=asking())
    return {"name": name, "bytes": len(data)}


@command(
    "open",
    "`files`: a list of `name` and `url` (of this site, or a `blob:`); `answers` to questions about them "
    "([below](#files)); `confirm`: true, as if left out",
)
async def open_files(lab: Lab, args: Any) -> dict[str, Any]:
    """Open a network or digits from the files, in one step.

    Answers with ``name``, ``opened`` (``network``, ``digits`` or ``pictures``) and, for digits and pictures,
    the report on them ([below](#files)).
    """
    answers = answers_in(args.get("answers")) if isinstance(args, dict) else {}
    try:
        return await lab.files.open(await _fetched(lab, args, "open"), answers)
    except OpenQuestion as question:
        legal = " or ".join(f'"{choice.value}" ({choice.label})' for choice in question.choices)
        answer = f'Say it with answers: {{"{question.key}": ...}}; legal are {legal}'
        raise ValueError(f"{sentence(question)} {answer}") from question


@command("look_at_files", "`files`, as for `open`")
async def look_at_files(lab: Lab, args: Any) -> dict[str, str]:
    """Open a network from the files, or show digits before anything learns from them.

    This is what the page's *Open* does. Answers with ``name`` and ``found``: ``network``, which is open;
    ``digits`` or a ``question``, which wait for ``decide``; ``pictures``, which were read; or ``nothing``, if
    it was cancelled.
    """
    return await lab.files.look(await _fetched(lab, args, "look_at_files"))


@command("decide", "`action`: `learn`, `turn`, `invert`, `cancel`, or an answer to the question")
async def decide(lab: Lab, args: Any) -> None:
    """Decide on the files that ``look_at_files`` shows: learn from the digits, turn them, exchange ink and
    paper, leave them, or answer the question."""
    action = one(args, "action")
    if action in ACTIONS:
        getattr(lab.files, action)()
    else:
        await lab.files.answer(action)


@command("picture_was", "`picture`: its number, counted from 0; `digit`")
async def picture_was(lab: Lab, args: Any) -> None:
    """Add a picture that was opened and read to my digits, labelled as ``digit``."""
    lab.files.was(one(args or {}, "picture"), one(args or {}, "digit"))


async def _fetched(lab: Lab, args: Any, name: str) -> list[tuple[str, bytes]]:
    """Return the names and contents of the files in a command's arguments.

    Raises:
        ValueError: if the arguments have another form.
        MissingFile: if a file can't be fetched.
    """
    files = args.get("files") if isinstance(args, dict) else None
    if not files or not all(isinstance(file, dict) and {"name", "url"} <= set(file) for file in files):
        raise ValueError(f'{name} takes {{"files": [{{"name": "my.npz", "url": its address}}, ...]}}')
    try:
        return [(file["name"], await lab.fetch(file["url"])) for file in files]
    except MissingFile as error:
        lab.post(type="problem", text=f"Nothing was opened. {sentence(error)}", about="open")
        raise
