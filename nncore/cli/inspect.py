"""Describe a saved network, its training and its history; with --pictures, draw its weights."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nncore.cli.common import DONE, add_data, add_model, data_for, open_model, per_cent
from nncore.cli.ship import card_lines
from nncore.storage import SavedNetwork
from nncore.training_spec import TrainingSpec

HELP = "architecture, settings and history of a saved network"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to ``parser``."""
    add_model(parser)
    parser.add_argument("--pictures", metavar="FOLDER", help="draw the weights into it (needs matplotlib)")
    add_data(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    saved = open_model(arguments.model, arguments)
    for line in description(saved):
        print(line)
    if arguments.pictures:
        from nncore import pictures

        folder = Path(arguments.pictures)
        folder.mkdir(parents=True, exist_ok=True)
        drawn = [pictures.save_hidden(folder / "hidden.png", saved.network)]
        drawn.append(pictures.save_output(folder / "output.png", saved.network))
        if arguments.data or saved.network.spec.layers[0] == 64:
            data = data_for(saved.network, arguments)
            shown = data.train if data.train is not None else data.test
            if shown is not None:
                drawn.append(pictures.save_images(folder / "images.png", shown, 50))
        print(f"drawn: {', '.join(str(path) for path in drawn)}")
    return DONE


def description(saved: SavedNetwork) -> list[str]:
    """Return the lines that describe a saved network."""
    spec, notes = saved.network.spec, saved.notes
    lines = [
        "-".join(str(neurons) for neurons in spec.layers)
        + f", {spec.parameter_count:,} parameters{'' if spec.biases else ', no biases'}, {spec.dtype}",
        f"activations   {', '.join(spec.activations)}",
        f"loss          {spec.loss}",
        f"initialiser   {spec.initialiser}",
        f"inputs        {saved.preprocessing.inputs}, targets {saved.preprocessing.targets}",
    ]
    if saved.training:
        lines.append(f"training      {', '.join(changed(saved.training))}")
    if "preset" in notes:
        lines.append(f"preset        {notes['preset']}, seed {notes.get('seed')}")
    if isinstance(notes.get("test_accuracy"), float):
        lines.append(
            f"test accuracy {per_cent(notes['test_accuracy'])} of {notes.get('test_count'):,} images"
        )
    if isinstance(notes.get("card"), dict):
        lines += ["card", *(f"  {line}" for line in card_lines(notes["card"]))]
    lines.append(f"history       {len(saved.history)} entries")
    return lines + [f"  {told(entry)}" for entry in saved.history]


def changed(training: TrainingSpec) -> list[str]:
    """Return the settings to show: optimiser, rate, batch, epochs, and all that differ from the defaults."""
    always = ("optimiser", "learning_rate", "batch_size", "epochs")
    usual = asdict(TrainingSpec())
    return [
        f"{key} {value}" for key, value in asdict(training).items() if key in always or value != usual[key]
    ]


def told(entry: dict[str, Any]) -> str:
    """Return one entry of the history as a line."""
    facts = {key: value for key, value in entry.items() if key not in ("event", "spec")}
    texts = (
        f"{key} {value:.4f}" if isinstance(value, float) else f"{key} {value}" for key, value in facts.items()
    )
    return f"{entry.get('event')}: {', '.join(texts)}"
