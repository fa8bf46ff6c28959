"""Reads digits from whatever files people have, and reports what was found in them."""

from nncore.datasets.reading.report import (
    FEWEST_TO_LEARN,
    Question,
    Reading,
    Report,
    Skipped,
    Unlabelled,
)
from nncore.questions import Choice

__all__ = ["FEWEST_TO_LEARN", "Choice", "Question", "Reading", "Report", "Skipped", "Unlabelled"]
