"""Kinds of choices that ``param`` has none of: what values they take, and what is said of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import param

from nncore.activations import ACTIVATIONS
from nncore.pen_steps import STEPS
from nncore.styles import ALL_STYLES

HIDDEN_ACTIVATIONS = {name: entry for name, entry in ACTIVATIONS.items() if not entry.output_only}
STYLE_KEYS = tuple(style.key for style in ALL_STYLES)
LARGEST_LAYER = 2000
MOST_HIDDEN = 6  # layers


class Sequence(param.Parameter):
    """A tuple; a list is taken as one."""

    def normalised(self, value: Any) -> Any:
        """Return ``value`` as the state holds it; a value of another kind comes back as it is."""
        return tuple(value) if isinstance(value, list) else value

    def __set__(self, obj: Any, value: Any) -> None:
        super().__set__(obj, self.normalised(value))


class LayerSizes(Sequence):
    """Neurons a layer, inputs first: a tuple of at least two positive integers."""

    def _validate(self, val: Any) -> None:
        whole = isinstance(val, tuple) and all(isinstance(n, int) and not isinstance(n, bool) for n in val)
        if not whole or len(val) < 2 or min(val) < 1:
            raise ValueError(
                f"layers must be at least two positive whole numbers such as [784, 200, 10], not {val!r}"
            )
        if val[-1] != 10:
            raise ValueError(f"layers must end with 10 digits, not {val!r}")
        if max(val[1:-1], default=1) > LARGEST_LAYER:
            raise ValueError(
                f"a hidden layer may have up to {LARGEST_LAYER:,} neurons, not {max(val[1:-1]):,}"
            )
        if len(val) - 2 > MOST_HIDDEN:
            raise ValueError(f"layers may have up to {MOST_HIDDEN} hidden ones, not {len(val) - 2}")


class HiddenActivations(Sequence):
    """The activation of every hidden layer by its name, first layer first."""

    def _validate(self, val: Any) -> None:
        if not isinstance(val, tuple) or any(name not in HIDDEN_ACTIVATIONS for name in val):
            raise ValueError(
                f"activations of hidden layers must be from {', '.join(HIDDEN_ACTIVATIONS)}, not {val!r}"
            )


class PenSteps(Sequence):
    """Steps from the pad to the picture, by name; kept in the order in which they are taken."""

    def normalised(self, value: Any) -> Any:
        value = super().normalised(value)
        if not isinstance(value, tuple) or any(name not in STEPS for name in value):
            return value
        return tuple(name for name in STEPS if name in value)

    def _validate(self, val: Any) -> None:
        if not isinstance(val, tuple) or any(name not in STEPS for name in val):
            raise ValueError(f"pen_steps must be from {', '.join(STEPS)}, not {val!r}")


def labelled(registry: Mapping[str, Any]) -> dict[str, str]:
    """The names of a registry by what people are shown, as a selector takes them."""
    return {entry.label: name for name, entry in registry.items()}


class StyleKeys(Sequence):
    """Ways of writing digits by their keys, such as ``"7 crossed"``; kept in the registry's order."""

    def normalised(self, value: Any) -> Any:
        found = {value} if isinstance(value, str) and value else value
        if isinstance(found, tuple | list | set) and all(key in STYLE_KEYS for key in found):
            return tuple(key for key in STYLE_KEYS if key in found)
        return super().normalised(found)

    def _validate(self, val: Any) -> None:
        if not isinstance(val, tuple) or any(key not in STYLE_KEYS for key in val):
            raise ValueError(f"styles_off must be keys of styles such as ['7 crossed'], not {val!r}")
