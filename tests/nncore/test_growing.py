"""Check that a data set that grows part by part keeps every image once (``nncore/datasets/growing.py``)."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.datasets import DataError, Dataset
from nncore.datasets.growing import GrowingDataset


def part(*values: int, shape: tuple[int, int] = (1, 2)) -> Dataset:
    """Return images of one value each, labelled with its last digit."""
    pixels = np.array([[value] * (shape[0] * shape[1]) for value in values], np.uint8)
    return Dataset("digits", pixels, np.array([value % 10 for value in values], np.uint8), shape)


@pytest.mark.parametrize("count", [0, 2, 5, 9], ids=lambda count: f"{count} expected")
def test_parts_are_joined_in_the_order_in_which_they_come(count: int) -> None:
    """Whether fewer images are expected than come, exactly those, more, or none."""
    growing = GrowingDataset(count)
    growing.append(part(11, 12))
    growing.append(part(13))
    whole = growing.append(part(14, 15))
    assert whole.pixels.tolist() == [[11, 11], [12, 12], [13, 13], [14, 14], [15, 15]]
    assert whole.labels.tolist() == [1, 2, 3, 4, 5]
    assert whole.name == "digits" and whole.shape == (1, 2)


def test_the_expected_images_are_kept_once() -> None:
    growing = GrowingDataset(4)
    first = growing.append(part(11, 12))
    whole = growing.append(part(13, 14))
    assert np.shares_memory(first.pixels, whole.pixels) and np.shares_memory(first.labels, whole.labels)
    assert first.pixels.tolist() == [[11, 11], [12, 12]], "an earlier whole stays as it is"


def test_neighbours_are_joined_without_a_copy() -> None:
    growing = GrowingDataset(4)
    first = growing.append(part(11, 12))
    whole = growing.append(part(13, 14))
    joined = first.concatenate(whole.take(slice(2, 3)), whole.take(slice(3, None)))
    assert joined.pixels.tolist() == whole.pixels.tolist() and joined.labels.tolist() == [1, 2, 3, 4]
    assert np.shares_memory(joined.pixels, whole.pixels)


@pytest.mark.parametrize("second", [slice(0, 2), slice(3, 4), slice(1, 3)], ids=["same", "gap", "overlap"])
def test_images_that_are_no_neighbours_are_copied(second: slice) -> None:
    growing = GrowingDataset(4)
    growing.append(part(11, 12))
    whole = growing.append(part(13, 14))
    first, other = whole.take(slice(0, 2)), whole.take(second)
    joined = first.concatenate(other)
    assert joined.pixels.tolist() == first.pixels.tolist() + other.pixels.tolist()
    assert not np.shares_memory(joined.pixels, whole.pixels)


def test_other_images_are_refused_and_nothing_is_lost() -> None:
    growing = GrowingDataset()
    growing.append(part(11))
    with pytest.raises(DataError, match="can't join"):
        growing.append(part(12, shape=(2, 2)))
    assert growing.append(part(13)).labels.tolist() == [1, 3]
