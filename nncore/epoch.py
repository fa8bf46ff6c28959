"""One epoch: its images, their order, and the progress.

As a rule an epoch is one pass over the data, whose order is fixed when it begins, by the run's seed and the
number of the epoch alone; data that arrives during an epoch joins the next one. While most of the data is
still on its way, an epoch is as many images as there will be, in several passes over those that are there;
what arrives joins the next pass.
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

    Args:
        whole: the number of images that the data will have, if more are on their way.

    Attributes:
        done: the number of images trained on in it.
        count: the number of its images.
    """

    def __init__(
        self, number: int, dataset: Dataset, preprocessing: Preprocessing, spec: TrainingSpec, whole: int = 0
    ) -> None:
        self.number = number
        self._preprocessing, self._spec = preprocessing, spec
        self.done = 0
        self._passes = self._begun = 0  # passes before the present one, and the images in them
        self._loss, self._correct, self._skipped = 0.0, 0, 0
        self._take(dataset)
        self.count = max(whole, len(self._order))

    def _take(self, dataset: Dataset) -> None:
        """Begin a pass over ``dataset``."""
        spec = self._spec
        self._dataset, self._prepared = dataset, self._preprocessing.prepare(dataset.pixels)
        self._order = epoch_indices(spec.order, spec.seed, self.number, len(dataset), spec, self._passes)

    def pass_again(self, dataset: Dataset) -> None:
        """Begin the next pass, over ``dataset``."""
        self._begun += len(self._order)
        self._passes += 1
        self._take(dataset)

    @property
    def pass_ended(self) -> bool:
        """Whether all images of the present pass are done, and the epoch has others."""
        return self.left > 0 and self.done - self._begun >= len(self._order)

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
        at = self.done - self._begun
        chosen = self._order[at : at + min(count, self.left)]
        if distortion is None:
            return self._prepared, self._dataset.labels, chosen
        # Every batch has a generator of its own, seeded with its place in the run, so that an image is
        # distorted in the same way however the batches are cut into slices.
        parts = []
        for start in range(0, len(chosen), batch_size):
            rng = np.random.default_rng([self._spec.seed, self.number, self.done + start])
            parts.append(distortion(self._dataset.pixels[chosen[start : start + batch_size]], rng))
        pixels = self._preprocessing.prepare(np.concatenate(parts))
        return pixels, self._dataset.labels[chosen], np.arange(len(chosen))

    def images_in(self, share: float) -> int:
        """Return the number of images in this share of the epoch, 0 to below 1; at least one is left."""
        return min(round(share * self.count), self.count - 1)

    def skip(self, images: int) -> None:
        """Skip the next ``images`` images, which were trained on already, somewhere else."""
        self._move(images)
        self._skipped += images

    def advance(self, images: int, loss: float, correct: int) -> None:
        """Count ``images`` images as trained on.

        Args:
            loss: the sum of their losses. correct: how many of them were read rightly.
        """
        self._move(images)
        self._loss += loss
        self._correct += correct

    def _move(self, images: int) -> None:
        """Count ``images`` images as done; passes that are behind them as well."""
        self.done += images
        while self.done - self._begun > len(self._order):  # only after a resume: they were done elsewhere
            self.pass_again(self._dataset)
