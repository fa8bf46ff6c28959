"""Ends every text on the page with exactly one full stop.

Reasons come from many places, some as a clause, some as a sentence or a question.
"""

from __future__ import annotations

ENDS = (".", "?", "!", "…")


def sentence(text: object) -> str:
    """Return ``text`` as a sentence: with a full stop, unless it ends with a sentence mark already."""
    words = str(text).rstrip()
    return words if words.endswith(ENDS) else f"{words}."
