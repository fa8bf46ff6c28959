"""Kinds of values that choices take: what is legal, how a value is read from an address, what people call it.

A kind knows nothing of the choice that it belongs to: its messages go on after the choice's name, as in
"must be at least 1, not 0".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from nncore.activations import ACTIVATIONS
from nncore.styles import ALL_STYLES
from web.state.dataset_options import DATASET_OPTIONS

HIDDEN_ACTIVATIONS = {name: entry for name, entry in ACTIVATIONS.items() if not entry.output_only}
STYLE_KEYS = tuple(style.key for style in ALL_STYLES)
LARGEST_LAYER = 2000
MOST_HIDDEN = 6  # layers


class Kind:
    """Texts of any length, and what all kinds have in common."""

    def form(self, value: Any) -> Any:
        """Return ``value`` in the one form in which it is held, whether it comes from a file, a link or
        Python; a value of another kind as it is."""
        return value

    def check(self, value: Any) -> Any:
        """Return a legal ``value`` in its form.

        Raises:
            ValueError: with what is wrong and what would be right, to be read after the choice's name.
        """
        if not isinstance(value, str):
            raise ValueError(f"must be {self.legal()}, not {value!r}")
        return value

    def read(self, text: str) -> Any:
        """Return the value that ``text`` stands for in an address, not checked yet. ``ValueError`` with a
        whole clause if it stands for none."""
        return text

    def write(self, value: Any) -> str:
        """Return a value as it stands in an address: ``read`` is the way back."""
        return str(value)

    def legal(self, quote: str = "") -> str:
        """Return the legal values in words, names of values between two ``quote``."""
        return "a text"

    def label(self, value: Any) -> str:
        """Return what people call this value."""
        return str(value)


@dataclass(frozen=True)
class OneOf(Kind):
    """One of several names. ``labels``: name -> what people are shown."""

    labels: Mapping[str, str]

    def check(self, value: Any) -> Any:
        if not isinstance(value, str) or value not in self.labels:
            raise ValueError(f"does not accept {value!r}; it can be {self.legal()}")
        return value

    def legal(self, quote: str = "") -> str:
        return _listed(self.labels, quote)

    def label(self, value: Any) -> str:
        return self.labels[value]

    @property
    def options(self) -> dict[str, str]:
        """The names by what people are shown, as a selector takes them."""
        return {label: name for name, label in self.labels.items()}


@dataclass(frozen=True)
class Number(Kind):
    """A number from ``low`` to ``high``; ``above``: greater than ``low``."""

    low: float
    high: float
    above: bool = False

    def check(self, value: Any) -> Any:
        number: Any = value
        if not isinstance(value, Real) or isinstance(value, bool) or number != number:
            raise ValueError(f"must be {self.legal()}, not {value!r}")
        if number < self.low or (self.above and number == self.low):
            raise ValueError(
                f"must be {'greater than' if self.above else 'at least'} {self.low}, not {value}"
            )
        if number > self.high:
            raise ValueError(f"must be at most {self.high}, not {value}")
        return value

    def read(self, text: str) -> Any:
        try:
            return float(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a number") from None

    def write(self, value: Any) -> str:
        return repr(value).removesuffix(".0")

    def legal(self, quote: str = "") -> str:
        return f"a number {'above' if self.above else 'from'} {self.low} {'up ' * self.above}to {self.high}"

    def label(self, value: Any) -> str:
        return f"{value:g}"


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number from ``low`` to ``high``; ``zero``: what 0 stands for, if not for itself."""

    low: int
    high: int
    zero: str = ""

    def check(self, value: Any) -> Any:
        if not isinstance(value, Integral) or isinstance(value, bool):
            raise ValueError(f"must be an integer from {self.low} to {self.high:,}, not {value!r}")
        if int(value) < self.low:
            raise ValueError(f"must be at least {self.low}, not {value}")
        if int(value) > self.high:
            raise ValueError(f"must be at most {self.high:,}, not {value}")
        return value

    def read(self, text: str) -> Any:
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a whole number") from None

    def legal(self, quote: str = "") -> str:
        zero = f" ({self.zero})" if self.zero else ""
        return f"a whole number from {self.low}{zero} to {self.high:,}"


class Sequence(Kind):
    """Several values: a tuple; a list is taken as one."""

    def form(self, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    def read(self, text: str) -> Any:
        return tuple(text.split("-")) if text else ()

    def write(self, value: Any) -> str:
        return "-".join(map(str, value))

    def label(self, value: Any) -> str:
        return ", ".join(value) or "none"


@dataclass(frozen=True)
class SomeOf(Sequence):
    """Any of ``names``, kept in their order; ``example``: one that stands for all where they are too many to
    be listed."""

    names: tuple[str, ...]
    example: str = ""

    def form(self, value: Any) -> Any:
        found = (value,) if isinstance(value, str) and value else value
        if isinstance(found, tuple | list | set) and all(name in self.names for name in found):
            return tuple(name for name in self.names if name in found)
        return super().form(found)

    def check(self, value: Any) -> Any:
        found = self.form(value)
        if not isinstance(found, tuple) or any(name not in self.names for name in found):
            raise ValueError(f"must be {self.legal()}, not {value!r}")
        return found

    def legal(self, quote: str = "") -> str:
        if self.example:
            return f'a list such as {quote}["{self.example}"]{quote}'
        return f"a list of {_listed(self.names, quote)}"


class HiddenActivations(Sequence):
    """The activation of every hidden layer by its name, first layer first."""

    def check(self, value: Any) -> Any:
        found = self.form(value)
        if not isinstance(found, tuple) or any(name not in tuple(HIDDEN_ACTIVATIONS) for name in found):
            raise ValueError(f"must be {self.legal()}, not {value!r}")
        return found

    def legal(self, quote: str = "") -> str:
        return f"a list, one for each hidden layer, of {_listed(HIDDEN_ACTIVATIONS, quote)}"


class LayerSizes(Sequence):
    """Neurons of each layer, inputs first: a tuple of at least two positive integers."""

    def check(self, value: Any) -> Any:
        found = self.form(value)
        whole = isinstance(found, tuple) and all(isinstance(n, int) and type(n) is not bool for n in found)
        if not whole or len(found) < 2 or min(found) < 1:
            raise ValueError(
                f"must be at least two positive whole numbers such as [784, 200, 10], not {value!r}"
            )
        if found[-1] != 10:
            raise ValueError(f"must end with 10 digits, not {value!r}")
        if max(found[1:-1], default=1) > LARGEST_LAYER:
            raise ValueError(
                f"may have up to {LARGEST_LAYER:,} neurons in a hidden one, not {max(found[1:-1]):,}"
            )
        if len(found) - 2 > MOST_HIDDEN:
            raise ValueError(f"may have up to {MOST_HIDDEN} hidden ones, not {len(found) - 2}")
        return found

    def read(self, text: str) -> Any:
        return tuple(
            int(word) if word.isascii() and word.isdecimal() else word for word in super().read(text)
        )

    def legal(self, quote: str = "") -> str:
        return (
            f"a list such as {quote}[784, 200, 10]{quote}: pixels first, 10 last, up to {MOST_HIDDEN} hidden "
            f"layers of up to {LARGEST_LAYER:,} neurons"
        )

    def label(self, value: Any) -> str:
        return "-".join(map(str, value))


class DatasetName(Kind):
    """The name of a data set. Which there are differs from visit to visit: ``Choices`` knows."""

    def legal(self, quote: str = "") -> str:
        known, own = _listed(DATASET_OPTIONS, quote), f"{quote}own{quote} and {quote}mine{quote}"
        return f"{known}; {own} once there is a file or enough drawings"

    def label(self, value: Any) -> str:
        return DATASET_OPTIONS[value].label if value in DATASET_OPTIONS else "your own"


def labels(registry: Mapping[str, Any]) -> dict[str, str]:
    """Return name -> label of a registry, for ``OneOf``."""
    return {name: entry.label for name, entry in registry.items()}


def plain(*names: str) -> dict[str, str]:
    """Return name -> label for names that people are shown as they are."""
    return {name: name for name in names}


def _listed(names: Any, quote: str) -> str:
    return ", ".join(f"{quote}{name}{quote}" for name in names)
