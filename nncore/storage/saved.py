"""The contents of a saved network, and the checks of a file before a network is made from it.

Both formats hold the same settings (as one JSON object) and the same arrays: W1, b1, W2, b2, ... with weights
(n_in, n_out) and biases (n_out,), and no b in a network without biases.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

import numpy as np

from nncore.distort import Distortion
from nncore.network import Network, NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.questions import OpenQuestion
from nncore.training_spec import TrainingSpec

FORMAT = 1
KIND = "inkling-network"
Settings = TypeVar("Settings")


class StorageError(ValueError):
    """A file that can't be used as a network; the message names the file and the reason."""


class StorageQuestion(OpenQuestion, StorageError):
    """Says that a file of a network leaves something open, and which answers there are."""


@dataclass(frozen=True, eq=False)
class SavedNetwork:
    """The contents of a file.

    Attributes:
        network: ready to use.
        preprocessing: turns pixels into its inputs.
        training: the settings of its training, or None if it wasn't trained.
        history: the events of its training (``Trainer.history``).
        notes: anything else that JSON can hold, such as the preset's name.
    """

    network: Network
    preprocessing: Preprocessing = field(default_factory=Preprocessing)
    training: TrainingSpec | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)


def arrays_of(network: Network) -> dict[str, np.ndarray]:
    """Return the network's arrays by their names in a file."""
    numbered = {f"W{number}": weights for number, weights in enumerate(network.weights, start=1)}
    return numbered | {f"b{number}": biases for number, biases in enumerate(network.biases, start=1)}


def describe(saved: SavedNetwork) -> str:
    """Return the settings as JSON text.

    Raises:
        StorageError: if history or notes hold values that JSON can't.
    """
    content = {
        "kind": KIND,
        "format": FORMAT,
        "network": asdict(saved.network.spec),
        "preprocessing": asdict(saved.preprocessing),
        "training": saved.training and asdict(saved.training),
        "notes": saved.notes,
        "history": saved.history,
    }
    try:
        return json.dumps(content, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StorageError(
            "history or notes hold something that JSON can't: only texts, finite numbers, true, false, None, "
            "and lists and dicts of these are saved"
        ) from error


def parse(text: str | bytes, name: str) -> dict[str, Any]:
    """Return the settings in a JSON text.

    Raises:
        StorageError: unless the text is a network of ours, of a known version.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StorageError(f"{name}: truncated or damaged, not valid JSON; save or copy it again") from error
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise StorageError(f"{name}: not a network of Inkling's")
    version = content.get("format")
    if not isinstance(version, int) or not 1 <= version <= FORMAT:
        newer = isinstance(version, int) and version > FORMAT
        raise StorageError(
            f"{name}: format version {version!r}; this version of Inkling reads up to {FORMAT}"
            + (", so a newer Inkling wrote it" if newer else "")
        )
    return content


def assemble(content: dict[str, Any], arrays: dict[str, np.ndarray], name: str) -> SavedNetwork:
    """Make a network of settings and arrays, after checking that they are whole and fit together.

    Raises:
        StorageError: names the fault.
    """
    spec = _settings(NetworkSpec, content.get("network"), "architecture", name)
    preprocessing = _settings(Preprocessing, content.get("preprocessing"), "preprocessing", name)
    training = content.get("training")
    if isinstance(training, dict) and training.get("distortion"):
        distortion = _settings(Distortion, training["distortion"], "distortion", name)
        training = training | {"distortion": distortion}
    history, notes = content.get("history", []), content.get("notes", {})
    if not isinstance(history, list) or not isinstance(notes, dict):
        raise StorageError(f"{name}: damaged: history must be a list and notes an object")
    shapes: dict[str, tuple[int, ...]] = {}
    for number, (n_in, n_out) in enumerate(zip(spec.layers, spec.layers[1:], strict=False), start=1):
        shapes[f"W{number}"] = (n_in, n_out)
        if spec.biases:
            shapes[f"b{number}"] = (n_out,)
    for key, shape in shapes.items():
        _check_array(arrays.get(key), key, shape, name)
    if unknown := sorted(set(arrays) - set(shapes)):
        raise StorageError(f"{name}: holds {', '.join(unknown)}, which layers {spec.layers} don't have")
    weights = [arrays[key] for key in shapes if key[0] == "W"]
    biases = [arrays[key] for key in shapes if key[0] == "b"]
    return SavedNetwork(
        Network.from_arrays(spec, weights, biases),
        preprocessing,
        training and _settings(TrainingSpec, training, "training settings", name),
        history,
        notes,
    )


def _check_array(array: np.ndarray | None, key: str, shape: tuple[int, ...], name: str) -> None:
    """Raise ``StorageError`` unless ``array`` is finite, of floats and of this shape."""
    if array is None:
        raise StorageError(f"{name}: {key} is missing")
    if array.dtype.kind != "f":
        raise StorageError(f"{name}: {key} holds {array.dtype}, not floating-point numbers")
    if array.shape != shape:
        raise StorageError(f"{name}: {key} has shape {array.shape}, the architecture needs {shape}")
    bad = ~np.isfinite(array)
    if bad.any():
        place = tuple(int(index) for index in np.argwhere(bad)[0])
        raise StorageError(f"{name}: {key} holds {array[place]} at {place}; the network is unusable")


def _settings(kind: type[Settings], values: Any, what: str, name: str) -> Settings:
    """Make a settings object from the values in a file; the object checks them itself."""
    if not isinstance(values, dict):
        raise StorageError(f"{name}: its {what} is missing")
    known = {setting.name for setting in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(values) - known):
        raise StorageError(f"{name}: unknown {what}: {', '.join(unknown)}")
    try:
        return kind(**values)
    except ValueError as error:  # from our own checks, which name the legal values
        raise StorageError(f"{name}: its {what} can't be used: {error}") from error
    except (TypeError, OverflowError) as error:
        raise StorageError(
            f"{name}: its {what} can't be used: something is missing, or of another kind than "
            f"{', '.join(sorted(known))} should be"
        ) from error
