"""Train a network with a preset's settings, and save it with its history."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from nncore.cli.common import (
    DIVERGED,
    DONE,
    FAILED,
    USAGE,
    CommandError,
    add_data,
    add_kernel,
    choose_kernel,
    find_data,
    needed,
    per_cent,
)
from nncore.cli.doctor import Doctor
from nncore.cli.progress import Progress
from nncore.datasets import Dataset
from nncore.datasets.doubts import doubt
from nncore.diagnosis import diverged
from nncore.early_stopping import EarlyStopping
from nncore.events import EpochEvent, StepEvent
from nncore.metrics import evaluate, images_per_second
from nncore.network import Network
from nncore.presets import PRESETS, VARIANTS, Parts, Preset, find_preset
from nncore.storage import SavedNetwork, save
from nncore.styles import mix
from nncore.training import Trainer

HELP = "train a preset's network"
LOG_COLUMNS = ("step", "epoch", "samples", "loss", "accuracy", "learning_rate")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to ``parser``."""
    parser.add_argument("--preset", default="fast", choices=[*PRESETS, *VARIANTS], metavar="NAME",
                        help=f"one of {', '.join([*PRESETS, *VARIANTS])} (default: fast)")  # fmt: skip
    add_data(parser)
    parser.add_argument(
        "--seed", type=int, default=0, help="of weights, order, draws and distortions (default: 0)"
    )
    parser.add_argument("--out", metavar="FILE", help="save the network here: .npz or .json")
    parser.add_argument("--epochs", type=int, help="instead of the preset's")
    parser.add_argument(
        "--patience", type=int, metavar="N",
        help="stop when the loss on validation images (or else test images) has not fallen for N epochs, and "
        "go back to the best",
    )  # fmt: skip
    parser.add_argument("--learning-rate", type=float, metavar="RATE", help="instead of the preset's")
    parser.add_argument(
        "--batch-size", type=int, metavar="N", help="instead of the preset's; 1 is online, 0 all at once"
    )
    parser.add_argument("--l2", type=float, help="weight decay, instead of the preset's")
    parser.add_argument(
        "--hidden", metavar="N,N,...", help="hidden neurons, layer by layer, instead of the preset's"
    )
    parser.add_argument(
        "--styles", type=float, default=0.0, metavar="SHARE",
        help="mix in generated pen digits in all styles, up to this share of the whole",
    )  # fmt: skip
    parser.add_argument("--dtype", choices=["float32", "float64"], help="instead of the preset's")
    parser.add_argument("--log", metavar="FILE.csv", help="write loss and accuracy of every mini-batch here")
    parser.add_argument(
        "--train-accuracy", action="store_true", help="read all training images after every epoch too"
    )
    add_kernel(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    if arguments.out and Path(arguments.out).suffix not in (".npz", ".json"):
        raise CommandError(f"--out {arguments.out}: networks are saved as .npz or .json", USAGE)
    preset = adjusted(find_preset(arguments.preset), arguments)
    choose_kernel(arguments.kernel)
    data = find_data(arguments.data, preset.dataset)
    parts = preset.data.divide(
        needed(data.train, arguments.data, "training"),
        needed(data.test, arguments.data, "test"),
        arguments.seed,
    )
    parts = parts._replace(train=mix(parts.train, arguments.styles, arguments.seed))
    if found := doubt(parts.train):
        print(f"{'warning' if found.serious else 'note'}: {found.sentence}", file=sys.stderr)
    network = Network.create(preset.network, arguments.seed)
    trainer = Trainer(network, parts.train, preset.preprocessing, preset.training)
    doctor = Doctor(trainer)
    patience = None if arguments.patience is None else EarlyStopping(arguments.patience)
    seconds = train(trainer, parts, arguments.log, arguments.train_accuracy, doctor, patience)
    if trainer.diverged:
        event = trainer.diverged
        text = doctor.with_remedy(diverged(event)).text
        raise CommandError(f"training diverged at step {event.step}, layer {event.layer}: {text}", DIVERGED)
    result = evaluate(network, parts.test, preset.preprocessing)
    low, high = result.interval
    print(f"test accuracy {per_cent(result.accuracy)} of {result.count:,} images")
    print(f"95 % interval {100 * low:.2f} to {100 * high:.2f} %")
    print(f"{seconds:.1f} s of training, {images_per_second(trainer.samples, seconds):,.0f} images/s")
    if arguments.out:
        notes = {
            "preset": preset.name,
            "seed": arguments.seed,
            "data": asdict(preset.data),
            "styles": arguments.styles,
            "test_accuracy": result.accuracy,
            "test_count": result.count,
        }
        history = trainer.history
        save(arguments.out, SavedNetwork(network, preset.preprocessing, preset.training, history, notes))
        print(f"saved to {arguments.out}")
    if why := doctor.diagnose():
        print(f"the network learned nothing: {doctor.with_remedy(why).text}", file=sys.stderr)
        return FAILED
    return DONE


def adjusted(preset: Preset, arguments: argparse.Namespace) -> Preset:
    """Return the preset with the changes in the arguments."""
    changes = {name: getattr(arguments, name) for name in ("epochs", "learning_rate", "batch_size", "l2")}
    training = {name: value for name, value in changes.items() if value is not None}
    network: dict[str, Any] = {"dtype": arguments.dtype} if arguments.dtype else {}
    if arguments.hidden is not None:
        hidden = tuple(int(neurons) for neurons in arguments.hidden.split(",") if neurons)
        first, last = preset.network.activations[0], preset.network.activations[-1]
        network["layers"] = (preset.network.layers[0], *hidden, preset.network.layers[-1])
        network["activations"] = (first,) * len(hidden) + (last,)
    return replace(
        preset,
        network=replace(preset.network, **network),
        # No horizon: all of the data is available, so schedules cover the epochs of this run.
        training=replace(preset.training, seed=arguments.seed, horizon=None, **training),
    )


def train(
    trainer: Trainer,
    parts: Parts,
    log: str | None,
    read_train: bool,
    doctor: Doctor,
    patience: EarlyStopping | None = None,
) -> float:
    """Run all epochs and print a line for each; stop earlier if ``patience`` ends.

    A warning is printed once if the network learns nothing.

    Args:
        log: path of a CSV file with a line for each mini-batch, or None.
        read_train: measure on the training images too, after each epoch.

    Returns:
        the seconds of training, without measuring.
    """
    told = False
    watched = {"test": parts.test} if parts.validation is None else {"validation": parts.validation}
    if read_train:
        watched["train"] = parts.train
    best = trainer.network.parameters.flat.copy()
    seconds, start = 0.0, perf_counter()
    with Progress(trainer.spec.epochs or 1, "epochs") as progress, step_log(log) as write:
        for event in trainer.run(batches_per_step=1 if log else None):
            if isinstance(event, StepEvent):
                write(event)
                doctor.note(event)
                progress.to(trainer.epoch + trainer.epoch_progress, loss=f"{event.loss:.4f}")
            elif isinstance(event, EpochEvent):
                seconds += perf_counter() - start
                progress.write(
                    f"epoch {event.epoch:3}   loss {event.loss:.4f}   learning {per_cent(event.accuracy)}"
                    f"{measured(trainer, watched)}   {seconds:.1f} s"
                )
                if not told and not trainer.finished and (why := doctor.diagnose()):
                    told = True
                    print(f"warning: {doctor.with_remedy(why).text}", file=sys.stderr)
                if patience is not None and ended_early(trainer, patience, next(iter(watched)), best):
                    progress.write(
                        f"no lower loss for {patience.patience} epochs: back to epoch {patience.best_at}"
                    )
                    break
                start = perf_counter()
    return seconds


def ended_early(trainer: Trainer, patience: EarlyStopping, watched: str, best: np.ndarray) -> bool:
    """Note the loss on the images called ``watched``, and keep the best weights.

    When patience ends, the network gets the best weights back.

    Args:
        best: ``(parameters,)``, overwritten with the weights of the lowest loss so far.

    Returns:
        Whether training is to end.
    """
    flat = trainer.network.parameters.flat
    loss = next(event["loss"] for event in reversed(trainer.history) if event["event"] == watched)
    if patience.note(trainer.epoch, loss):
        best[:] = flat
    if not patience.exhausted(trainer.epoch):
        return False
    flat[:] = best
    trainer.history.append(
        {"event": "back", "epoch": trainer.epoch, "to_epoch": patience.best_at, "samples": trainer.samples}
    )
    return True


def measured(trainer: Trainer, watched: dict[str, Dataset]) -> str:
    """Evaluate on each of these sets, note the results in the history, and return them as text."""
    said = ""
    for name, dataset in watched.items():
        result = evaluate(trainer.network, dataset, trainer.preprocessing)
        trainer.history.append(
            {"event": name, "epoch": trainer.epoch, "samples": trainer.samples,
             "accuracy": result.accuracy, "loss": result.loss}
        )  # fmt: skip
        said += f"   {name} {per_cent(result.accuracy)}"
    return said


@contextmanager
def step_log(path: str | None) -> Iterator[Callable[[StepEvent], None]]:
    """Yield a function that writes a line of CSV for a ``StepEvent``; it does nothing without a path."""
    if path is None:
        yield lambda event: None
        return
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(LOG_COLUMNS)
        yield lambda event: writer.writerow([getattr(event, column) for column in LOG_COLUMNS])
