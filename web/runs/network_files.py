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
from nncore.storage import SavedNetwork, StorageError
from web.runs.resumable import ResumableRun
from web.runs.run_codec import FORMATS, decode_network, encode
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


def run_of(saved: SavedNetwork, name: str, state: LabState) -> ResumableRun:
    """Return the run in a network file that was opened, ready to be continued.

    Raises:
        StorageError: if this page can't train the network; the message gives the reason.
    """
    run = decode_network(saved, name)
    return replace(run, choices=_choices(run, state, name), name=name)


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
    pixels = {offer.pixels for offer in state.offers.values()}
    if network.spec.layers[0] not in pixels:
        raise StorageError(
            f"{name}: it has {network.spec.layers[0]} inputs; networks that open here read pictures of "
            f"{' or '.join(map(str, sorted(pixels, reverse=True)))} pixels"
        )
    named = choices_of(network.spec, preprocessing, run.training)
    presets = [preset.name for preset in PAGE_PRESETS]
    first = said.get("preset")
    for dataset in dict.fromkeys((state.dataset, *DATASET_OPTIONS, *state.offers)):
        for preset in sorted(presets, key=lambda preset: preset != first):
            choices = named | {"preset": preset, "dataset": dataset}
            if _stand_for(choices, network, preprocessing, state):
                return choices
    fitting = next(offer.name for offer in state.offers.values() if offer.pixels == network.spec.layers[0])
    refusal = Choices.usual(offers=state.offers).refusal(**named, dataset=fitting)
    biases = "biases" if network.spec.biases else "no biases"
    reason = refusal or f"its inputs {preprocessing.inputs!r} and {biases} fit none of the presets here"
    raise StorageError(f"{name}: this page can't train this network: {reason}")


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
