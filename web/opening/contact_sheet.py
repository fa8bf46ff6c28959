"""Chooses the digits on a contact sheet, from which a person sees whether files were read rightly."""

from __future__ import annotations

import numpy as np

SHEET = 30
"""How many digits are on a contact sheet."""


def sheet_of(labels: np.ndarray, count: int = SHEET) -> np.ndarray:
    """Return the positions of at most ``count`` digits, in the order of their labels.

    Every label has as many places as any other, as far as there are digits of it. The digits of a label are
    taken from all over the set, because a fault may be in one part of it alone.

    Args:
        labels: ``(n,)``.
    """
    places = {label: np.flatnonzero(labels == label) for label in np.unique(labels)}
    shares = dict.fromkeys(places, 0)
    for _ in range(min(count, len(labels))):
        free = [label for label in places if shares[label] < len(places[label])]
        shares[min(free, key=lambda label: (shares[label], label))] += 1
    chosen = [_spread(places[label], share) for label, share in shares.items()]
    return np.concatenate([*chosen, np.empty(0, int)]).astype(int)


def _spread(places: np.ndarray, count: int) -> np.ndarray:
    """Return ``count`` of ``places``, evenly spaced."""
    return places[np.arange(count) * len(places) // max(1, count)]
