"""Ends what the page says with one full stop, whatever the parts it is made of end with."""

from __future__ import annotations

ENDS = (".", "?", "!", "…")


def sentence(text: object) -> str:
    """``text`` as a whole sentence: with a full stop, unless it ends as a sentence does already.

    Reasons come from many places, some as a clause, some as a sentence or a question.
    """
    words = str(text).rstrip()
    return words if words.endswith(ENDS) else f"{words}."
