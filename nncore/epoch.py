"""One pass over the data: which images, in which order, and how far it has come.

What an epoch consists of is settled when it begins, from the run's seed and the number of the epoch alone;
data that arrives in the middle waits for the next one.
"""

from __future__ import annotations

import numpy as np

from nncore.datasets import Dataset
from nncore.distort import Distortion
from nncore.preprocessing import Preprocessing
from nncore.sampling import epoch_indices
from nncore.training_spec import TrainingSpec


class Epoch:
    """The epoch with this ``number`` (from 0) over ``dataset``.

    Attributes:
        done: images trained on in it.
        count: images that it has.
    """

    def __init__(
        self, number: int, dataset: Dataset, preprocessing: Preprocessing, spec: TrainingSpec
    ) -> None:
        self._seed = [spec.seed, number]
        self._dataset, self._preprocessing = dataset, preprocessing
        self._prepared = preprocessing.prepare(dataset.pixels)
        self._order = epoch_indices(spec.order, spec.seed, number, len(dataset), spec)
        self.done, self.count = 0, len(self._order)
        self._loss, self._correct, self._skipped = 0.0, 0, 0

    @property
    def left(self) -> int:
        """Images still to come."""
        return self.count - self.done

    @property
    def seen(self) -> int:
        """Images trained on so far, without those that were left out."""
        return self.done - self._skipped

    @property
    def loss(self) -> float:
        """Mean over the images so far."""
        return self._loss / self.seen

    @property
    def accuracy(self) -> float:
        """Share of the images so far that were read rightly."""
        return self._correct / self.seen

    def images(
        self, count: int, batch_size: int, distortion: Distortion | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The next ``count`` images, or as many as are left, without taking them off.

        Returns:
            ``(pixels, labels, indices)`` for a ``BatchRun``.
        """
        chosen = self._order[self.done : self.done + count]
        if distortion is None:
            return self._prepared, self._dataset.labels, chosen
        # Every batch has a generator of its own, seeded with its place in the run: however the batches are
        # cut into slices, an image is distorted in the same way.
        parts = []
        for start in range(0, len(chosen), batch_size):
            rng = np.random.default_rng([*self._seed, self.done + start])
            parts.append(distortion(self._dataset.pixels[chosen[start : start + batch_size]], rng))
        pixels = self._preprocessing.prepare(np.concatenate(parts))
        return pixels, self._dataset.labels[chosen], np.arange(len(chosen))

    def skip(self, images: int) -> None:
        """Leave out the next ``images``: they were trained on already, somewhere else."""
        self.done += images
        self._skipped += images

    def advance(self, images: int, loss: float, correct: int) -> None:
        """So many of them were trained on, with this sum of losses, and so many of those were read
        rightly."""
        self.done += images
        self._loss += loss
        self._correct += correct
