"""Reads digits from whatever files people have, and reports what was found in them.

``reader`` has the functions to call. Files go through ``unpack`` (archives, litter, copies) and ``kinds``
(what a file is); ``tables`` and ``columns``, ``arrays`` and ``pairs``, ``pictures``, ``picture_labels``,
``label_tables`` and ``picture_sets`` read one family each; ``values``, ``labels``, ``polarity``, ``photos``,
``scale`` and ``digits`` bring all of them to one form; ``gather`` joins them and writes the report;
``orientation`` turns and inverts, and asks a network or ``likeness`` whether digits are turned.
"""

from nncore.datasets.reading.likeness import judge_by_likeness
from nncore.datasets.reading.orientation import Judge, inverted, turned
from nncore.datasets.reading.reader import read_files, read_path, reading_steps
from nncore.datasets.reading.report import (
    FEWEST_TO_LEARN,
    Question,
    Reading,
    Report,
    Skipped,
    Unlabelled,
)
from nncore.questions import Choice

__all__ = [
    "FEWEST_TO_LEARN",
    "Choice",
    "Judge",
    "Question",
    "Reading",
    "Report",
    "Skipped",
    "Unlabelled",
    "inverted",
    "judge_by_likeness",
    "read_files",
    "read_path",
    "reading_steps",
    "turned",
]
