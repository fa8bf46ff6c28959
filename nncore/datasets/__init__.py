"""Labelled images: the ``Dataset`` that all parts of Inkling use, and a reader for each file format.

``dataset`` holds the type; ``idx`` and ``mnist`` read MNIST's own files; ``shards`` cuts a set into pieces
that a page can stream; ``csvfile``, ``arrays_pickle``, ``small``, ``digits8x8`` and ``png`` read the files of
books and courses; ``strokes`` reads pen strokes and draws them; ``splits`` divides a set; ``doubts`` reports
faults of a set that keep a network from learning; ``sources`` finds the reader for a path.
"""

from nncore.datasets.dataset import DataError, Dataset

__all__ = ["DataError", "Dataset"]
