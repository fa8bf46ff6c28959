"""Networks as files: what Save downloads, and what Open makes of a file.

A file is ``nncore.storage``'s, so the command line and scripts read it as well; the page adds to its notes
what it needs to go on as if nothing had happened: the choices, the curves, and where the training stood.
"""

from __future__ import annotations

from typing import Any

from nncore.network import Network
from nncore.preprocessing import Preprocessing
from nncore.storage import PICKLE_ENDINGS, SavedNetwork, StorageError, load, to_json, to_npz
from nncore.training_spec import TrainingSpec
from web.runs.history import WeightSnapshot
from web.runs.learning_curves import Curves
from web.runs.run import ResumableRun
from web.runs.saved_session import curves_in, plain_curves
from web.state.choices import Choices, choices_of, normalised
from web.state.choices_table import PAGE_PRESETS
from web.state.dataset_options import DATASET_OPTIONS
from web.state.lab_state import LabState

FORMATS = {"npz": to_npz, "json": lambda saved: to_json(saved).encode()}
"""What a network can be saved as."""


def write_network(kept: ResumableRun, kind: str) -> tuple[str, bytes]:
    """A file's name and its bytes. ``kind`` is a key of ``FORMATS``.

    Raises:
        ValueError: if there is no such kind.
    """
    if kind not in FORMATS:
        raise ValueError(f"networks are saved as {' or '.join(FORMATS)}, not {kind!r}")
    moment, curves = kept.moment, kept.curves
    notes = {
        "preset": kept.choices["preset"],
        "choices": kept.choices,
        "name": kept.name,
        "seconds": kept.seconds,
        "samples": moment.samples,
        "steps": moment.steps,
        "epoch": moment.epoch,
        "epoch_progress": moment.epoch_progress,
    } | plain_curves(curves.learning, curves.evaluations)
    saved = SavedNetwork(moment.network, kept.preprocessing, kept.training, list(kept.past), notes)
    layers = "-".join(map(str, moment.network.spec.layers))
    return f"inkling-{kept.choices['preset']}-{layers}.{kind}", FORMATS[kind](saved)


def read_network(data: bytes, name: str, state: LabState) -> ResumableRun:
    """What it takes to go on with the network of a file.

    Raises:
        StorageError: if it is no network, or one that can't be trained on in this page; the message says why.
    """
    saved = load(data, name)
    notes = saved.notes
    choices = _choices(saved, state, name)
    try:
        training = saved.training or TrainingSpec()
        moment = WeightSnapshot(
            saved.network,
            int(notes.get("samples", _last(saved, "samples"))),
            int(notes.get("steps", _last(saved, "step"))),
            int(notes.get("epoch", _last(saved, "epoch"))),
            float(notes.get("epoch_progress", 0.0)),
        )
        curves = Curves(**curves_in({"learning": (), "evaluations": ()} | notes))
        seconds, past = float(notes.get("seconds", 0.0)), tuple(saved.history)
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError(
            f"{name}: its notes are damaged: curves and counters must be those that Inkling saves"
        ) from error
    return ResumableRun(moment, choices, saved.preprocessing, training, curves, seconds, name, past)


def looks_like_network(name: str, data: bytes) -> bool:
    """Whether a file is meant to be a network: JSON, a pickle (which ``load`` refuses in words), or an
    archive with a description of one."""
    if name.lower().endswith(".npz"):
        return b"about.npy" in data
    return name.lower().endswith((".json", *PICKLE_ENDINGS))


def _last(saved: SavedNetwork, key: str) -> int:
    """The last thing that the history says under ``key``, for files of the command line."""
    return next((event[key] for event in reversed(saved.history) if isinstance(event.get(key), int)), 0)


def _choices(saved: SavedNetwork, state: LabState, name: str) -> dict[str, Any]:
    """Choices that stand for just this network: the page's own from the notes, or else those of a preset with
    what differs."""
    network, preprocessing = saved.network, saved.preprocessing
    said = saved.notes.get("choices")
    if isinstance(said, dict) and _stand_for(said, network, preprocessing, state):
        return normalised(said)
    if network.spec.layers[-1] != 10:
        raise StorageError(f"{name}: it has {network.spec.layers[-1]} outputs; here there are ten digits")
    named = choices_of(network.spec, preprocessing, saved.training or TrainingSpec())
    presets = [preset.name for preset in PAGE_PRESETS]
    first = saved.notes.get("preset")
    for dataset in dict.fromkeys((state.dataset, *DATASET_OPTIONS, *state.offers)):
        for preset in sorted(presets, key=lambda preset: preset != first):
            choices = named | {"preset": preset, "dataset": dataset}
            if _stand_for(choices, network, preprocessing, state):
                return choices
    raise StorageError(
        f"{name}: a network of layers {'-'.join(map(str, network.spec.layers))}, inputs "
        f"{preprocessing.inputs!r} and {'' if network.spec.biases else 'no '}biases, "
        "which goes with none of the presets and digits here"
    )


def _stand_for(
    choices: dict[str, Any], network: Network, preprocessing: Preprocessing, state: LabState
) -> bool:
    """Whether a lab with these choices would have such a network."""
    try:
        spec, wanted, _ = Choices.usual(offers=state.offers).changed(**choices).core_settings()
    except (ValueError, TypeError):
        return False
    same = ("layers", "activations", "biases", "loss")
    return wanted == preprocessing and all(
        getattr(spec, name) == getattr(network.spec, name) for name in same
    )
