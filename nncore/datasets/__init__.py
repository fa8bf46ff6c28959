"""Labelled images: the ``Dataset`` that all of Inkling passes around, and one file for each format they come
in.

``dataset`` holds the type itself; ``idx`` and ``mnist`` read MNIST's own files; ``shards`` cuts a set into
pieces that a page can stream; ``csvfile``, ``arrays_pickle``, ``digits8x8`` and ``png`` read what the books
and courses hand out; ``splits`` divides a set into training, validation and test parts; ``sources`` picks the
reader for a path.
"""

from nncore.datasets.dataset import DataError, Dataset

__all__ = ["DataError", "Dataset"]
