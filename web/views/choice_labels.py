"""The choices of a run in words: their labels, and their values as people write them."""

from __future__ import annotations

from typing import Any

from nncore.presets import PRESETS

CHOICES = {
    "preset": "Preset",
    "dataset": "Digits",
    "layers": "Layers",
    "activations": "Hidden",
    "output": "Outputs",
    "loss": "Loss function",
    "optimiser": "Optimiser",
    "learning_rate": "Learning rate",
    "batch_size": "Mini-batch",
    "l2": "Weight decay",
    "rule": "Update",
    "initialiser": "First weights",
    "inputs": "Inputs",
    "targets": "Targets",
    "seed": "Seed",
}


def shown(name: str, value: Any) -> str:
    """A choice's value for people."""
    if name == "preset":
        return PRESETS[value].title
    if isinstance(value, tuple | list):
        return "-".join(map(str, value)) if name == "layers" else ", ".join(value) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
