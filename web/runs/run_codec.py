"""Encodes runs as bytes and decodes them: one format for the browser's storage, for *Save* and for *Open*.

A run is a network file of ``nncore.storage``, so that the command line and scripts read it too. The page adds
to its notes the version of this format, the choices, the counters and the curves. A session also contains the
drawing and a few numbers, and the optimiser's memory in an entry of its own (``nncore.checkpoint``). A moment
of the past is such a file with the counters alone. The table of runs has a line of JSON for each run, without
its network, with the same names for the same things.

Everything is checked when it is decoded, because it may come from an older version or a damaged disk. Notes
of older versions are first converted to the present form, by a function for each version (``UPGRADES``). To
change the format, raise ``VERSION``, add such a function, and add files of the version before to
``tests/web/saved_runs``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from nncore.checkpoint import Checkpoint
from nncore.network import Network
from nncore.pen import SIZE
from nncore.preprocessing import Preprocessing
from nncore.storage import SavedNetwork, StorageError, load, to_json, to_npz
from nncore.training_spec import TrainingSpec
from web.runs.history import WeightSnapshot
from web.runs.learning_curves import Curves
from web.runs.resumable import ResumableRun, SavedSession
from web.runs.run_log import RunSummary
from web.state.choices import normalised
from web.state.snapshot import Evaluation, LearningPoint

VERSION = 2
"""The version of the notes that this module writes. Version 1 had no number."""

NETWORK, PROGRESS = "network", "progress"
"""The entries of a session: names in the browser's storage."""

COUNTERS = ("samples", "steps", "epoch")
Plain = dict[str, Any]

FORMATS = {"npz": to_npz, "json": lambda saved: to_json(saved).encode()}
"""The formats of a saved run: ending of the file -> its encoder."""


# --- runs and sessions


def encode(run: ResumableRun, kind: str) -> bytes:
    """Return the bytes of a file that *Open* reads.

    Args:
        kind: a key of ``FORMATS``.
    """
    return FORMATS[kind](_network_file(run, {}))


def entries(session: SavedSession) -> dict[str, Callable[[], bytes]]:
    """Return the entries of a session by name, each as a function that makes its bytes.

    Each function takes a few milliseconds, so that the caller can yield to other work in between. None keeps
    what another needs, so that the caller can let go of one after the other: large networks take tens of
    megabytes.
    """
    more = {
        "strokes": session.strokes,
        "picture": session.picture.hex(),
        "saved_at": session.saved_at,
        "number": session.number,
        "begun": session.begun,
        "stride": session.stride,
    }
    packers: dict[str, Callable[[], bytes]] = {
        NETWORK: partial(to_npz, _network_file(session, more), compress=False)
    }
    if session.progress is not None:
        packers[PROGRESS] = session.progress.to_bytes
    return packers


def decode(data: bytes, name: str, progress: bytes | None = None) -> SavedSession:
    """Decode a file, or the entries of a session.

    Args:
        data: a file of *Save* or of the command line, or the entry ``NETWORK``.
        name: for messages.
        progress: the entry ``PROGRESS``, if there is one.

    Returns:
        The run. From a file, the fields that only ``SavedSession`` has keep their defaults; ``choices``
        contains at most the preset if another program wrote the file.

    Raises:
        StorageError, CheckpointError: naming the fault.
    """
    return decode_network(load(data, name), name, Checkpoint.from_bytes(progress) if progress else None)


def decode_network(saved: SavedNetwork, name: str, checkpoint: Checkpoint | None = None) -> SavedSession:
    """Return the run in a network file that was opened; see ``decode``.

    Raises:
        StorageError: if the page's notes in it are damaged.
    """
    plain = _upgraded("run", saved.notes | {"history": saved.history}, name)
    try:
        if checkpoint:
            moment = WeightSnapshot.of_progress(saved.network, checkpoint)
        else:
            moment = _moment(saved.network, plain, name)
        return SavedSession(
            moment=moment,
            choices=normalised(plain["choices"]),
            preprocessing=saved.preprocessing,
            training=saved.training or TrainingSpec(),
            curves=Curves(**_curves(plain)),
            seconds=float(plain["seconds"]),
            name=str(plain["name"]),
            past=tuple(plain["history"]),
            progress=checkpoint,
            **(_session(plain) if "saved_at" in plain else {}),
        )
    except StorageError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise StorageError(
            f"{name}: its notes are damaged: choices, curves and counters must be those that Inkling saves"
        ) from error


def _network_file(run: ResumableRun, more: Plain) -> SavedNetwork:
    """Return ``run`` as a network file, with ``more`` added to its notes."""
    notes = {
        "version": VERSION,
        "preset": run.choices["preset"],
        "choices": run.choices,
        "name": run.name,
        "seconds": run.seconds,
    }
    notes |= _plain_moment(run.moment) | _plain_curves(run.curves.learning, run.curves.evaluations) | more
    return SavedNetwork(run.network, run.preprocessing, run.training, list(run.past), notes)


def _session(plain: Plain) -> Plain:
    """Return the fields of ``SavedSession`` that ``ResumableRun`` lacks."""
    return {
        "strokes": list(plain["strokes"]),
        "picture": _picture(plain["picture"]),
        "saved_at": float(plain["saved_at"]),
        "number": int(plain["number"]),
        "begun": int(plain["begun"]),
        "stride": max(1, int(plain["stride"])),
    }


def _picture(text: str) -> bytes:
    """Return a picture of the pad from its hexadecimal digits; empty if it is damaged or of another size."""
    try:
        picture = bytes.fromhex(text)
    except (TypeError, ValueError):
        return b""
    return picture if len(picture) == SIZE * SIZE else b""


# --- moments of the past


def encode_moment(moment: WeightSnapshot, preprocessing: Preprocessing) -> bytes:
    """Return a moment of the past as bytes."""
    notes = {"version": VERSION} | _plain_moment(moment)
    return to_npz(SavedNetwork(moment.network, preprocessing, notes=notes), compress=False)


def decode_moment(data: bytes) -> WeightSnapshot:
    """Decode a moment of the past.

    Raises:
        StorageError: if ``encode_moment`` did not write it.
    """
    name = "a moment of the past"
    saved = load(data, name)
    return _moment(saved.network, _upgraded("moment", saved.notes, name), name)


def _plain_moment(moment: WeightSnapshot) -> Plain:
    """Return the counters of a moment as plain values."""
    return {key: getattr(moment, key) for key in (*COUNTERS, "epoch_progress")}


def _moment(network: Network, plain: Plain, name: str) -> WeightSnapshot:
    """Make a moment of a network and its counters.

    Raises:
        StorageError: if a counter is missing or illegal.
    """
    counts: list[Any] = [plain.get(key) for key in COUNTERS]
    progress = plain.get("epoch_progress")
    if not all(type(count) is int and count >= 0 for count in counts):
        raise StorageError(f"{name}: samples, steps and epoch must be whole numbers from 0, not {counts}")
    if not isinstance(progress, int | float) or not 0 <= progress < 1:
        raise StorageError(f"{name}: its share of the epoch must be from 0 to below 1, not {progress!r}")
    samples, steps, epoch = counts
    return WeightSnapshot(network, samples, steps, epoch, float(progress))


# --- lines of the table of runs


def encode_summary(record: RunSummary) -> bytes:
    """Return a line of the table of runs, as JSON."""
    curves = _plain_curves(record.learning, record.evaluations)
    return json.dumps({"version": VERSION} | vars(record) | curves).encode()


def decode_summary(line: bytes) -> RunSummary:
    """Decode a line of the table of runs. The caller checks whether its choices are still legal.

    Raises:
        StorageError: if the line is no run.
    """
    name = "a line of the table of runs"
    try:
        plain = _upgraded("summary", json.loads(line), name)
        number, title, interval = plain["number"], plain["name"], plain["interval"]
        if type(number) is not int or number < 1 or not isinstance(title, str) or not title:
            raise StorageError(f"a run has a number and a name, not {number!r} and {title!r}")
        low, high = interval or (0, 0)
        return RunSummary(
            number=number,
            name=title,
            choices=normalised(plain["choices"]),
            samples=int(plain["samples"]),
            epoch=float(plain["epoch"]),
            seconds=float(plain["seconds"]),
            loss=_number(plain["loss"]),
            train_accuracy=_number(plain["train_accuracy"]),
            test_accuracy=_number(plain["test_accuracy"]),
            interval=(float(low), float(high)) if interval else None,
            test_loss=_number(plain["test_loss"]),
            note=str(plain["note"]),
            **_curves(plain),
        )
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise StorageError(f"{name}: not a run") from error


def _number(value: Any) -> float | None:
    """Return a number as float; None stays None."""
    return None if value is None else float(value)


# --- curves


def _plain_curves(learning: tuple[LearningPoint, ...], evaluations: tuple[Evaluation, ...]) -> Plain:
    """Return both curves as plain lists."""
    return {
        "learning": [[point.epoch, point.loss, point.accuracy] for point in learning],
        "evaluations": [vars(evaluation) for evaluation in evaluations],
    }


def _curves(plain: Plain) -> Plain:
    """Return both curves as tuples, by name.

    Raises:
        KeyError, TypeError, ValueError: if they are damaged.
    """
    return {
        "learning": tuple(LearningPoint(*map(float, values)) for values in plain["learning"]),
        "evaluations": tuple(
            Evaluation(**values | {"interval": tuple(map(float, values["interval"]))})
            for values in plain["evaluations"]
        ),
    }


# --- formats of earlier versions


def _upgraded(what: str, plain: Plain, name: str) -> Plain:
    """Convert notes of any version to the present form.

    Args:
        what: a key of the functions in ``UPGRADES``.
        plain: the notes.
        name: for messages.

    Raises:
        StorageError: for an unknown version.
    """
    version = plain.get("version", 1)
    if type(version) is not int or not 1 <= version <= VERSION:
        newer = type(version) is int and version > VERSION
        raise StorageError(
            f"{name}: version {version!r} of a saved run; this version of Inkling reads up to {VERSION}"
            + (", so a newer Inkling wrote it" if newer else "")
        )
    for number in range(version, VERSION):
        if upgrade := UPGRADES[number].get(what):
            plain = upgrade(plain)
    return plain


def _run_from_1(plain: Plain) -> Plain:
    """Add the values that version 1 left out.

    It stored sessions without counters, and kept the history of earlier runs among the notes; the oldest ones
    had neither numbers nor pictures. A file of the command line has neither choices nor curves, and its
    training time stands only in its history.
    """
    if "saved_at" in plain:
        usual = {"number": 0, "begun": 0, "stride": 1, "picture": "", "samples": 0, "steps": 0, "epoch": 0}
        return usual | {"epoch_progress": 0.0} | plain | {"history": plain.get("past", [])}
    history = plain["history"]
    usual = {"samples": _last(history, "samples"), "steps": _last(history, "step")}
    usual |= {"epoch": _last(history, "epoch"), "epoch_progress": 0.0}
    named = {key: plain[key] for key in ("preset",) if key in plain}
    usual |= {"choices": named, "name": "", "seconds": 0.0, "learning": [], "evaluations": []}
    return usual | plain


def _last(history: list[Plain], key: str) -> int:
    """Return the last integer that a history has under ``key``; 0 if there is none."""
    return next((event[key] for event in reversed(history) if isinstance(event.get(key), int)), 0)


UPGRADES: dict[int, dict[str, Callable[[Plain], Plain]]] = {1: {"run": _run_from_1}}
"""Version -> functions that convert its notes to those of the next version, for ``run``, ``moment`` or
``summary``; notes without a function did not change."""
