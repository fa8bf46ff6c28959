"""Writes networks to files for *Save* and reads them for *Open*.

``web.runs.run_codec`` encodes and decodes the contents. Here a file gets its name, and a network gets choices
with which this page can train it: those in the file or, for a file of the command line or a script, those of
a preset.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nncore.network import Network
from nncore.preprocessing import Preprocessing
from nncore.storage import PICKLE_ENDINGS, StorageError
from web.runs.resumable import ResumableRun
from web.runs.run_codec import FORMATS, decode, encode
from web.state.choices import Choices, choices_of
from web.state.choices_table import PAGE_PRESETS
from web.state.dataset_options import DATASET_OPTIONS
from web.state.lab_state import LabState


def write_network(run: ResumableRun, kind: str) -> tuple[str, bytes]:
    """Return the name and the bytes of a file.

    Args:
        kind: a key of ``FORMATS``.

    Raises:
        ValueError: if there is no such kind.
    """
    if kind not in FORMATS:
        raise ValueError(f"networks are saved as {' or '.join(FORMATS)}, not {kind!r}")
    layers = "-".join(map(str, run.network.spec.layers))
    return f"inkling-{run.choices['preset']}-{layers}.{kind}", encode(run, kind)


def read_network(data: bytes, name: str, state: LabState) -> ResumableRun:
    """Return the run in a file, ready to be continued.

    Raises:
        StorageError: if the file is no network, or a network that this page can't train; the message gives
            the reason.
    """
    run = decode(data, name)
    return replace(run, choices=_choices(run, state, name), name=name)


def looks_like_network(name: str, data: bytes) -> bool:
    """Return whether a file seems to be a network: JSON, a pickle, or an archive with a description of one.

    A pickle is included because ``load`` refuses it with an explanation.
    """
    if name.lower().endswith(".npz"):
        return b"about.npy" in data
    return name.lower().endswith((".json", *PICKLE_ENDINGS))


def _choices(run: ResumableRun, state: LabState, name: str) -> dict[str, Any]:
    """Return choices that describe exactly this network: the file's own if the page wrote them, otherwise a
    preset's with the differences.

    Raises:
        StorageError: if no preset and data set on the page fit.
    """
    network, preprocessing, said = run.network, run.preprocessing, run.choices
    if "layers" in said and _stand_for(said, network, preprocessing, state):
        return said
    if network.spec.layers[-1] != 10:
        raise StorageError(f"{name}: it has {network.spec.layers[-1]} outputs, not one for each digit")
    named = choices_of(network.spec, preprocessing, run.training)
    presets = [preset.name for preset in PAGE_PRESETS]
    first = said.get("preset")
    for dataset in dict.fromkeys((state.dataset, *DATASET_OPTIONS, *state.offers)):
        for preset in sorted(presets, key=lambda preset: preset != first):
            choices = named | {"preset": preset, "dataset": dataset}
            if _stand_for(choices, network, preprocessing, state):
                return choices
    raise StorageError(
        f"{name}: its layers {'-'.join(map(str, network.spec.layers))}, inputs {preprocessing.inputs!r} and "
        f"{'' if network.spec.biases else 'no '}biases fit none of the presets and data sets here"
    )


def _stand_for(
    choices: dict[str, Any], network: Network, preprocessing: Preprocessing, state: LabState
) -> bool:
    """Return whether a lab with these choices would have a network of this architecture and preprocessing."""
    try:
        spec, wanted, _ = Choices.usual(offers=state.offers).changed(**choices).core_settings()
    except (ValueError, TypeError):
        return False
    same = ("layers", "activations", "biases", "loss")
    return wanted == preprocessing and all(
        getattr(spec, name) == getattr(network.spec, name) for name in same
    )
