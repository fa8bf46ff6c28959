"""One pass over the data: its images, their order, and the progress.

The images of an epoch are fixed when it begins, by the run's seed and the number of the epoch alone; data
that arrives during an epoch joins the next one.
"""

from __future__ import annotations

import numpy as np

from nncore.datasets import Dataset
from nncore.distort import Distortion
from nncore.preprocessing import Preprocessing
from nncore.sampling import epoch_indices
from nncore.training_spec import TrainingSpec


class Epoch:
    """The epoch ``number`` (from 0) over ``dataset``.

    Attributes:
        done: the number of images trained on in it.
        count: the number of its images.
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
        """The number of images still to come."""
        return self.count - self.done

    @property
    def seen(self) -> int:
        """The number of images trained on so far, without the skipped ones."""
        return self.done - self._skipped

    @property
    def loss(self) -> float:
        """The mean loss over the images so far."""
        return self._loss / self.seen

    @property
    def accuracy(self) -> float:
        """The share of the images so far that were read rightly."""
        return self._correct / self.seen

    def images(
        self, count: int, batch_size: int, distortion: Distortion | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the next ``count`` images, or all that are left, without marking them as done.

        Returns:
            ``(pixels, labels, indices)`` for a ``BatchRun``.
        """
        chosen = self._order[self.done : self.done + count]
        if distortion is None:
            return self._prepared, self._dataset.labels, chosen
        # Every batch has a generator of its own, seeded with its place in the run, so that an image is
        # distorted in the same way however the batches are cut into slices.
        parts = []
        for start in range(0, len(chosen), batch_size):
            rng = np.random.default_rng([*self._seed, self.done + start])
            parts.append(distortion(self._dataset.pixels[chosen[start : start + batch_size]], rng))
        pixels = self._preprocessing.prepare(np.concatenate(parts))
        return pixels, self._dataset.labels[chosen], np.arange(len(chosen))

    def images_in(self, share: float) -> int:
        """Return the number of images in this share of the epoch, 0 to below 1; at least one is left."""
        return min(round(share * self.count), self.count - 1)

    def skip(self, images: int) -> None:
        """Skip the next ``images`` images, which were trained on already, somewhere else."""
        self.done += images
        self._skipped += images

    def advance(self, images: int, loss: float, correct: int) -> None:
        """Count ``images`` images as trained on.

        Args:
            loss: the sum of their losses. correct: how many of them were read rightly.
        """
        self.done += images
        self._loss += loss
        self._correct += correct
