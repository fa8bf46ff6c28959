"""Labelled images: the ``Dataset`` that all parts of Inkling use, and their readers.

``dataset`` holds the type; ``reading`` reads files of all kinds that people have, and reports what it found;
``idx`` and ``mnist`` read MNIST's own files; ``shards`` cuts a set into pieces that a page can stream;
``arrays_pickle``, ``small`` and ``digits8x8`` read the files of books and courses; ``strokes`` reads pen
strokes and draws them; ``splits`` divides a set; ``doubts`` reports faults of a set that keep a network from
learning; ``sources`` finds the digits for the command line.
"""

from nncore.datasets.dataset import DataError, Dataset

__all__ = ["DataError", "Dataset"]
