"""Presets: networks with all their settings, ready to train.

Five come from books, courses and programs and behave as their sources describe; two are ours. Where a source
contradicts itself or has a mistake, the preset follows the version that makes the source's own claim true,
and its blurb names the change. Each is a file of its own here, with a ``PRESET`` and perhaps ``VARIANTS``:
further runs from the source, with the same network on other data or for longer. New files are found by their
place in this folder.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from nncore.checks import choose
from nncore.presets.preset import DataPlan, Parts, Preset

__all__ = ["PRESETS", "VARIANTS", "DataPlan", "Parts", "Preset", "find_preset"]

FIRST = ("fast", "rashid", "classic_feedforward", "digits_from_scratch", "samsel", "emil", "best")
"""Files of presets in the order of lists. Those that aren't named here follow in the order of their names."""


def _files() -> list[ModuleType]:
    """The modules of this package that hold a preset, in the order of lists."""
    others = sorted({found.name for found in iter_modules(__path__)} - {*FIRST, "preset"})
    return [import_module(f"{__name__}.{name}") for name in (*FIRST, *others)]


PRESETS: dict[str, Preset] = {file.PRESET.name: file.PRESET for file in _files()}
"""Name -> preset. The page opens with the first."""

VARIANTS: dict[str, Preset] = {
    variant.name: variant for file in _files() for variant in getattr(file, "VARIANTS", ())
}
"""Name -> preset of the further runs."""


def find_preset(name: str) -> Preset:
    """Return the preset or variant of this name.

    Raises:
        ValueError: names all there are.
    """
    return choose(PRESETS | VARIANTS, name, "preset")
