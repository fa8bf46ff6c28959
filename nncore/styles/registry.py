"""All styles, by digit and name."""

from __future__ import annotations

from collections.abc import Iterable

from nncore.checks import choose
from nncore.styles import eight, five, four, nine, one, seven, six, three, two, zero
from nncore.styles.skeleton import Style

DIGITS = (zero, one, two, three, four, five, six, seven, eight, nine)

STYLES: dict[int, dict[str, Style]] = {
    digit: {style.name: style for style in module.STYLES} for digit, module in enumerate(DIGITS)
}
"""Digit -> name -> style."""

ALL_STYLES: tuple[Style, ...] = tuple(style for names in STYLES.values() for style in names.values())
"""Every style, the zeros first."""


def find_styles(keys: Iterable[str]) -> tuple[Style, ...]:
    """Return the styles of these keys, such as ``"7 crossed"``.

    Raises:
        ValueError: names the legal keys.
    """
    by_key = {style.key: style for style in ALL_STYLES}
    return tuple(choose(by_key, key, "style") for key in keys)
