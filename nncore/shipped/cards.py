"""Finishes a shipped network after training, and writes its card: the facts about its training and accuracy.

Everything on a card is measured on the network as it is read back from its file: calibrated, and with its
weights rounded to the file's precision. A card is a plain dict that JSON can hold, and is saved with the
network in its file.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nncore.calibration import calibration, fit_temperature, logits_of, tempered
from nncore.datasets import Dataset
from nncore.gate import Gate, threshold_for
from nncore.metrics import Evaluation, evaluate
from nncore.network import Network
from nncore.nondigits import NON_DIGITS, make_non_digits
from nncore.shipped.recipes import Recipe
from nncore.storage import SavedNetwork, rounded
from nncore.training import Trainer

MEASURED_NON_DIGITS, MEASURED_SEED = 6000, 1000
TURNED_AWAY = 0.01  # share of the held-out digits that is rejected: half of the 2 % that are allowed


def finish(
    recipe: Recipe, trainer: Trainer, held_out: Dataset, test: Dataset, strokes: Dataset | None = None
) -> SavedNetwork:
    """Calibrate a trained network, round it, and measure it.

    Args:
        recipe: of the network. trainer: has trained it.
        held_out: digits that it was not trained on, for the temperature or the threshold.
        test: digits to measure it on.
        strokes: drawn pen strokes, to measure it on too; or None.

    Returns:
        The contents of the file, with ``notes["card"]``. Saving it in the recipe's precision changes nothing
        more.
    """
    sets = {"test": test} | ({"strokes": strokes} if strokes is not None else {})
    finished = _finish_gate if recipe.is_gate else _finish_reader
    network, notes, measured = finished(recipe, trainer.network, held_out, sets)
    card = {
        "title": recipe.title,
        "layers": list(network.spec.layers),
        "parameters": network.spec.parameter_count,
        "trained_on": trainer.dataset.name,
        "images": len(trainer.dataset),
        "epochs": trainer.epoch,
        "precision": recipe.precision,
    }
    # The rest of the recipe is in the file anyway.
    left = {key: value for key, value in asdict(recipe).items() if key in ("name", "styles", "non_digits")}
    notes |= {"recipe": left, "seed": recipe.training.seed, "card": card | measured}
    return SavedNetwork(network, recipe.preprocessing, trainer.spec, trainer.history, notes)


Finished = tuple[Network, dict[str, Any], dict[str, Any]]
"""A network as it is read back from its file, its notes, and the measurements for its card."""


def _finish_reader(recipe: Recipe, trained: Network, held_out: Dataset, sets: dict[str, Dataset]) -> Finished:
    """Finish a network that reads digits."""
    temperature = fit_temperature(logits_of(trained, held_out, recipe.preprocessing), held_out.labels)
    calibrated = tempered(trained, temperature)
    network = rounded(calibrated, recipe.precision)
    card: dict[str, Any] = {"temperature": temperature}
    for name, dataset in sets.items():
        before, full, after = (
            evaluate(stage, dataset, recipe.preprocessing) for stage in (trained, calibrated, network)
        )
        card[name] = {
            "name": dataset.name,
            "count": len(dataset),
            "accuracy": after.accuracy,
            "accuracy_lost_by_rounding": full.accuracy - after.accuracy,
            "calibration_error": _error(after),
            "calibration_error_before": _error(before),
        }
    test = card["test"]
    return (
        network,
        {"temperature": temperature, "test_accuracy": test["accuracy"], "test_count": test["count"]},
        card,
    )


def _finish_gate(recipe: Recipe, trained: Network, held_out: Dataset, sets: dict[str, Dataset]) -> Finished:
    """Finish a gate."""
    network = rounded(trained, recipe.precision)
    scores = Gate(network, recipe.preprocessing, 0.0).scores(held_out.pixels)
    threshold = threshold_for(scores, TURNED_AWAY)
    gate = Gate(network, recipe.preprocessing, threshold)
    # Drawn with another seed, so that the gate was trained on none of them.
    others = make_non_digits(MEASURED_NON_DIGITS, MEASURED_SEED)
    card = {
        "threshold": threshold,
        "turned_away_digits": {name: _share_away(gate, dataset) for name, dataset in sets.items()},
        "turned_away_non_digits": {
            kind: _share_away(gate, others.take(others.labels == number))
            for number, kind in enumerate(NON_DIGITS)
        },
    }
    return network, {"threshold": threshold}, card


def _share_away(gate: Gate, dataset: Dataset) -> float:
    """Return the share of images that the gate rejects."""
    return 1 - float(gate.admits(dataset.pixels).mean())


def _error(result: Evaluation) -> float:
    """Return the expected calibration error."""
    return calibration(result.outputs, result.labels).error
