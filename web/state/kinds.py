"""Defines the kinds of values that choices take: which are legal, how they are read, written and named.

A kind doesn't know its choice: its messages continue after the choice's name, as in "must be at least 1, not
0".
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
    """A text of any length; the base of all kinds."""

    def form(self, value: Any) -> Any:
        """Return ``value`` in its stored form, whether it comes from a file, a link or Python.

        A value of another kind is returned unchanged.
        """
        return value

    def check(self, value: Any) -> Any:
        """Return a legal ``value`` in its stored form.

        Raises:
            ValueError: naming the fault and the legal values; the message continues after the choice's name.
        """
        if not isinstance(value, str):
            raise ValueError(f"must be {self.legal()}, not {value!r}")
        return value

    def read(self, text: str) -> Any:
        """Return the unchecked value that ``text`` stands for in an address.

        Raises:
            ValueError: if it stands for none; the message is a whole clause.
        """
        return text

    def write(self, value: Any) -> str:
        """Return a value as text in an address; ``read`` is the inverse."""
        return str(value)

    def legal(self, quote: str = "") -> str:
        """Return the legal values in words, with ``quote`` around names of values."""
        return "a text"

    def label(self, value: Any) -> str:
        """Return the name of ``value`` on the page."""
        return str(value)


@dataclass(frozen=True)
class OneOf(Kind):
    """One of several names.

    Attributes:
        labels: name -> text on the page.
    """

    labels: Mapping[str, str]

    def check(self, value: Any) -> Any:
        """Return ``value`` if it is one of the names; otherwise raise ValueError."""
        if not isinstance(value, str) or value not in self.labels:
            raise ValueError(f"does not accept {value!r}; it can be {self.legal()}")
        return value

    def legal(self, quote: str = "") -> str:
        """Return all names in words."""
        return _listed(self.labels, quote)

    def label(self, value: Any) -> str:
        """Return the text for a name on the page."""
        return self.labels[value]

    @property
    def options(self) -> dict[str, str]:
        """Text on the page -> name, as a selector takes them."""
        return {label: name for name, label in self.labels.items()}


@dataclass(frozen=True)
class Number(Kind):
    """A number from ``low`` to ``high``.

    Attributes:
        above: whether it must be greater than ``low``.
    """

    low: float
    high: float
    above: bool = False

    def check(self, value: Any) -> Any:
        """Return ``value`` if it is a number within the bounds; otherwise raise ValueError."""
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
        """Return the number in ``text``; raise ValueError if there is none."""
        try:
            return float(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a number") from None

    def write(self, value: Any) -> str:
        """Return the number with all of its digits, but without a final ".0"."""
        return repr(value).removesuffix(".0")

    def legal(self, quote: str = "") -> str:
        """Return the bounds in words."""
        return f"a number {'above' if self.above else 'from'} {self.low} {'up ' * self.above}to {self.high}"

    def label(self, value: Any) -> str:
        """Return the number with six significant digits at most."""
        return f"{value:g}"


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number from ``low`` to ``high``.

    Attributes:
        zero: the meaning of 0 in words, if it has one of its own.
    """

    low: int
    high: int
    zero: str = ""

    def check(self, value: Any) -> Any:
        """Return ``value`` if it is an integer within the bounds; otherwise raise ValueError."""
        if not isinstance(value, Integral) or isinstance(value, bool):
            raise ValueError(f"must be an integer from {self.low} to {self.high:,}, not {value!r}")
        if int(value) < self.low:
            raise ValueError(f"must be at least {self.low}, not {value}")
        if int(value) > self.high:
            raise ValueError(f"must be at most {self.high:,}, not {value}")
        return value

    def read(self, text: str) -> Any:
        """Return the integer in ``text``; raise ValueError if there is none."""
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a whole number") from None

    def legal(self, quote: str = "") -> str:
        """Return the bounds in words, with the meaning of 0."""
        zero = f" ({self.zero})" if self.zero else ""
        return f"a whole number from {self.low}{zero} to {self.high:,}"


class Sequence(Kind):
    """Several values as a tuple; lists are accepted."""

    def form(self, value: Any) -> Any:
        """Return a list as a tuple, and any other value unchanged."""
        return tuple(value) if isinstance(value, list) else value

    def read(self, text: str) -> Any:
        """Return the words between the hyphens of ``text``; an empty tuple for an empty text."""
        return tuple(text.split("-")) if text else ()

    def write(self, value: Any) -> str:
        """Return the values joined by hyphens."""
        return "-".join(map(str, value))

    def label(self, value: Any) -> str:
        """Return the values joined by commas, or "none"."""
        return ", ".join(value) or "none"


@dataclass(frozen=True)
class SomeOf(Sequence):
    """Any of ``names``, stored in their order.

    Attributes:
        example: a name that is shown as an example where there are too many to list.
    """

    names: tuple[str, ...]
    example: str = ""

    def form(self, value: Any) -> Any:
        """Return the names as a tuple in their usual order; a single name becomes a tuple of one.

        A value that contains other names is returned as a tuple, but not sorted.
        """
        found = (value,) if isinstance(value, str) and value else value
        if isinstance(found, tuple | list | set) and all(name in self.names for name in found):
            return tuple(name for name in self.names if name in found)
        return super().form(found)

    def check(self, value: Any) -> Any:
        """Return the names as a tuple in their usual order; raise ValueError for other names."""
        found = self.form(value)
        if not isinstance(found, tuple) or any(name not in self.names for name in found):
            raise ValueError(f"must be {self.legal()}, not {value!r}")
        return found

    def legal(self, quote: str = "") -> str:
        """Return all names, or an example, in words."""
        if self.example:
            return f'a list such as {quote}["{self.example}"]{quote}'
        return f"a list of {_listed(self.names, quote)}"


class HiddenActivations(Sequence):
    """The name of the activation of every hidden layer, first layer first."""

    def check(self, value: Any) -> Any:
        """Return the names as a tuple; raise ValueError if one is no activation of hidden layers."""
        found = self.form(value)
        if not isinstance(found, tuple) or any(name not in tuple(HIDDEN_ACTIVATIONS) for name in found):
            raise ValueError(f"must be {self.legal()}, not {value!r}")
        return found

    def legal(self, quote: str = "") -> str:
        """Return the names of the activations in words."""
        return f"a list, one for each hidden layer, of {_listed(HIDDEN_ACTIVATIONS, quote)}"


class LayerSizes(Sequence):
    """The numbers of neurons of all layers, inputs first: a tuple of at least two positive integers."""

    def check(self, value: Any) -> Any:
        """Return the sizes as a tuple.

        Raises:
            ValueError: if there are fewer than two sizes, more than ``MOST_HIDDEN`` hidden layers, more than
                ``LARGEST_LAYER`` neurons in one of them, other outputs than ten, or values that are no
                positive integers.
        """
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
        """Return the integers between the hyphens of ``text``; other words stay as they are, for ``check`` to
        refuse."""
        return tuple(
            int(word) if word.isascii() and word.isdecimal() else word for word in super().read(text)
        )

    def legal(self, quote: str = "") -> str:
        """Return the bounds in words."""
        return (
            f"a list such as {quote}[784, 200, 10]{quote}: pixels first, 10 last, up to {MOST_HIDDEN} hidden "
            f"layers of up to {LARGEST_LAYER:,} neurons"
        )

    def label(self, value: Any) -> str:
        """Return the sizes joined by hyphens."""
        return "-".join(map(str, value))


class DatasetName(Kind):
    """The name of a data set; ``Choices`` checks that it is on offer, which differs from visit to visit."""

    def legal(self, quote: str = "") -> str:
        """Return the names of the data sets in words."""
        known, own = _listed(DATASET_OPTIONS, quote), f"{quote}own{quote} and {quote}mine{quote}"
        return f"{known}; {own} once there is a file or enough drawings"

    def label(self, value: Any) -> str:
        """Return the text for a data set on the page."""
        return DATASET_OPTIONS[value].label if value in DATASET_OPTIONS else "your own"


def labels(registry: Mapping[str, Any]) -> dict[str, str]:
    """Return name -> label of a registry, for ``OneOf``."""
    return {name: entry.label for name, entry in registry.items()}


def plain(*names: str) -> dict[str, str]:
    """Return name -> label for names that are their own labels."""
    return {name: name for name in names}


def _listed(names: Any, quote: str) -> str:
    """Return names as a list in words, with ``quote`` around each."""
    return ", ".join(f"{quote}{name}{quote}" for name in names)
