"""Make the networks that come with the page, and write their cards.

Each is trained on the full MNIST and generated pen digits, calibrated, and stored compactly. The same data,
seeds and kernel give the same files. The largest network takes about half an hour on one core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from nncore.cli.common import (
    DIVERGED,
    DONE,
    CommandError,
    add_data,
    add_kernel,
    choose_kernel,
    find_data,
    listed,
    needed,
    per_cent,
)
from nncore.cli.doctor import Doctor
from nncore.cli.train import train
from nncore.datasets import Dataset
from nncore.datasets.strokes import draw_dataset, read_strokes
from nncore.network import Network
from nncore.presets import Parts
from nncore.shipped import RECIPES, Recipe, finish
from nncore.storage import SavedNetwork, save
from nncore.training import Trainer

HELP = "make the networks that come with the page"
CARDS = "cards.json"
NO_SHARES = ("temperature", "threshold")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to ``parser``."""
    add_data(parser)
    parser.add_argument("--out", default="web/models", metavar="FOLDER", help="(default: web/models)")
    parser.add_argument("--strokes", metavar="FILE", help="pen strokes to measure on; none is trained on")
    parser.add_argument("--only", type=listed(str), default=list(RECIPES), metavar="NAME,NAME,...",
                        help=f"(default: {','.join(RECIPES)})")  # fmt: skip
    parser.add_argument("--epochs", type=int, help="instead of each recipe's own, for a quick look")
    add_kernel(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    chosen = [find_recipe(name, arguments.epochs) for name in arguments.only]
    choose_kernel(arguments.kernel)
    data = find_data(arguments.data)
    digits = needed(data.train, arguments.data, "training")
    test = needed(data.test, arguments.data, "test")
    strokes = draw_dataset(read_strokes(arguments.strokes)) if arguments.strokes else None
    folder = Path(arguments.out)
    folder.mkdir(parents=True, exist_ok=True)
    for recipe in chosen:
        print(f"{recipe.title}: {'-'.join(map(str, recipe.network.layers))}", flush=True)
        saved = made(recipe, digits, test, strokes)
        path = folder / f"{recipe.name}.npz"
        save(path, saved, recipe.precision)
        size = path.stat().st_size
        for line in card_lines(saved.notes["card"]):
            print(f"  {line}")
        print(f"  {path}: {size:,} bytes")
        if size > recipe.limit:
            raise CommandError(f"{path} has {size:,} bytes; it may have {recipe.limit:,}")
        keep_card(folder / CARDS, recipe.name, {"file": path.name, "bytes": size} | saved.notes["card"])
    return DONE


def find_recipe(name: str, epochs: int | None) -> Recipe:
    """Return the recipe of this name, with other epochs if they are given."""
    if name not in RECIPES:
        raise CommandError(f"recipe {name!r} is not known; legal: {', '.join(RECIPES)}")
    recipe = RECIPES[name]
    return recipe if epochs is None else replace(recipe, training=replace(recipe.training, epochs=epochs))


def made(recipe: Recipe, digits: Dataset, test: Dataset, strokes: Dataset | None) -> SavedNetwork:
    """Train and finish one network, and print the progress."""
    dataset, held_out = recipe.ingredients(digits)
    network = Network.create(recipe.network, recipe.training.seed)
    trainer = Trainer(network, dataset, recipe.preprocessing, recipe.training)
    # A gate has one class more than the digits that it is measured on.
    watched = replace(held_out, classes=dataset.classes)
    train(trainer, Parts(dataset, watched, test), log=None, read_train=False, doctor=Doctor(trainer))
    if trainer.diverged:
        raise CommandError(f"training diverged: {trainer.diverged.cause}", DIVERGED)
    return finish(recipe, trainer, held_out, test, strokes)


def card_lines(card: dict[str, Any]) -> Iterator[str]:
    """Return a card as lines of text: shares as per cent, nested dicts in one line."""
    for name, value in card.items():
        label = name.replace("_", " ")
        if isinstance(value, dict):
            yield f"{label}: " + ", ".join(card_lines(value))
        elif isinstance(value, float):
            yield f"{label} {f'{value:.3f}' if name in NO_SHARES else per_cent(value)}"
        else:
            yield f"{label} {value}"


def keep_card(path: Path, name: str, card: dict[str, Any]) -> None:
    """Put a card into ``cards.json``, which the page reads before it fetches a network."""
    cards = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(cards | {name: card}, indent=2) + "\n", encoding="utf-8")
