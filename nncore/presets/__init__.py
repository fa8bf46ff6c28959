"""Presets: networks with all their settings, ready to train.

Five come from books, courses and programs and behave as their sources describe; two are ours. Where a source
contradicts itself or has a mistake, the preset follows the version that makes the source's own claim true,
and its blurb names the change. Each is a file of its own here.

``VARIANTS`` are further runs from the sources: the same networks on other data or for longer.
"""

from __future__ import annotations

from nncore.checks import choose
from nncore.presets import (
    best,
    classic_feedforward,
    digits_from_scratch,
    emil,
    fast,
    rashid,
    samsel,
)
from nncore.presets.preset import DataPlan, Parts, Preset

__all__ = ["PRESETS", "VARIANTS", "DataPlan", "Parts", "Preset", "find_preset"]

PRESETS: dict[str, Preset] = {
    module.PRESET.name: module.PRESET
    for module in (fast, rashid, classic_feedforward, digits_from_scratch, samsel, emil, best)
}
"""Name -> preset. The page opens with the first."""

VARIANTS: dict[str, Preset] = {
    variant.name: variant for module in (rashid, classic_feedforward, emil) for variant in module.VARIANTS
}
"""Name -> preset of the further runs."""


def find_preset(name: str) -> Preset:
    """Return the preset or variant of this name.

    Raises:
        ValueError: names all there are.
    """
    return choose(PRESETS | VARIANTS, name, "preset")
