"""Labelled images: the ``Dataset`` that all of Inkling passes around, and a file for each format they come
in.

``dataset`` holds the type; ``idx`` and ``mnist`` read MNIST's own files; ``shards`` cuts a set into pieces
that a page can stream; ``csvfile``, ``arrays_pickle``, ``small``, ``digits8x8`` and ``png`` read what the
books and courses hand out; ``strokes`` reads pen strokes and draws them; ``splits`` divides a set;
``doubts`` tells what in a set keeps a network from learning; ``sources`` finds the reader that fits a path.
"""

from nncore.datasets.dataset import DataError, Dataset

__all__ = ["DataError", "Dataset"]
