"""Commands for files: save the network, open a network or digits, and fetch the rest of MNIST."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from nncore.datasets import DataError
from nncore.storage import ASSUMED, StorageError, is_network, open_network
from web.commands.arguments import answers_in
from web.commands.registry import command
from web.delivery.site_files import MissingFile
from web.runs.network_files import run_of, write_network
from web.state.dataset_options import OWN, DatasetOption
from web.state.joined_views import asking
from web.state.sentences import sentence

ONE_NETWORK = "the file of a network; open one network at a time, and without other files"

if TYPE_CHECKING:
    from web.lab import Lab


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
    "`files`: a list of `name` and `url` (of this site, or a `blob:`); `answers`: to questions that they "
    'leave open, such as `{"activation": "relu", "inputs": "unit"}`',
)
async def open_files(lab: Lab, args: Any) -> dict[str, Any]:
    """Open a network or digits from the files.

    Answers with ``opened`` (``network`` or ``digits``) and ``name``, and for the network of another program
    with ``assumed``, sentences on what was decided while reading.
    """
    files = args.get("files") if isinstance(args, dict) else None
    if not files or not all(isinstance(file, dict) and {"name", "url"} <= set(file) for file in files):
        raise ValueError('open takes {"files": [{"name": "my.npz", "url": its address}, ...]}')
    answers = answers_in(args.get("answers"))
    try:
        return await _opened(lab, {file["name"]: await lab.fetch(file["url"]) for file in files}, answers)
    except (StorageError, DataError, MissingFile) as error:
        lab.post(type="problem", text=f"Nothing was opened. {sentence(error)}", about="open")
        raise


def _opened_network(lab: Lab, files: dict[str, bytes], answers: dict[str, str]) -> dict[str, Any]:
    """Open the network in ``files``, and say what was decided while reading it."""
    saved = open_network(files, answers)
    name = answers.get("network") or " and ".join(files)
    lab.runner.switcher.open(run_of(saved, name, lab.state))
    assumed = saved.notes.get(ASSUMED, [])
    if assumed:
        lab.state.notice = " ".join([lab.state.notice, *assumed])
    return {"opened": "network", "name": name} | ({"assumed": assumed} if assumed else {})


async def _opened(lab: Lab, files: dict[str, bytes], answers: dict[str, str]) -> dict[str, Any]:
    """Open one network, or digits, from the contents of ``files`` by name.

    Raises:
        StorageQuestion: if the files of a network leave something open that is not among ``answers``.
        StorageError: if the network cannot be read.
        DataError: if the digits cannot be read, or a network is among other files.
    """
    networks = [name for name, data in files.items() if is_network(name, data)]
    if len(files) == len(networks):
        return _opened_network(lab, files, answers)
    from web.delivery.own_files import read_own

    digits = {name: data for name, data in files.items() if name not in networks}
    train, test = await read_own(digits, [(name, ONE_NETWORK) for name in networks])
    name = ", ".join(files) if len(files) < 3 else f"{len(files)} files"
    lab.runner.put_digits(
        DatasetOption(OWN, name, train.pixels.shape[1], train.max_value, False), train, test
    )
    return {"opened": "digits", "name": name}
