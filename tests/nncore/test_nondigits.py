"""Test the drawings that are not digits: each leaves ink, and each kind is what its name says."""

import numpy as np
import pytest

from nncore.nondigits import ALL_NON_DIGITS, NON_DIGITS, make_non_digits
from nncore.nondigits.misused import mirrored, number, on_its_side
from nncore.pen import rasterise


@pytest.mark.parametrize("one", ALL_NON_DIGITS, ids=lambda one: f"{one.kind}-{one.name}")
def test_every_one_can_be_drawn_and_differs_each_time(one):
    rng = np.random.default_rng(0)
    images = np.stack([rasterise(one.draw(rng)) for _ in range(10)])
    assert np.isfinite(images).all() and (images.sum(axis=(1, 2)) > 3).all()
    assert len(np.unique(images.reshape(10, -1), axis=0)) == (1 if one.name == "dot" else 10)


def test_a_set_has_as_many_of_each_kind_and_is_a_function_of_its_seed():
    first, again, other = (make_non_digits(60, seed) for seed in (1, 1, 2))
    assert first.class_counts.tolist() == [10] * len(NON_DIGITS)
    assert first.pixels.tobytes() == again.pixels.tobytes() != other.pixels.tobytes()
    shapes = make_non_digits(12, 1, list(NON_DIGITS["shapes"].values()))
    assert set(shapes.labels.tolist()) == {list(NON_DIGITS).index("shapes")}


def test_what_looks_like_a_digit_is_not_among_the_letters():
    assert not set("0123456789OoIlSsZzBbqgG") & set(NON_DIGITS["letters"])


def test_a_number_is_two_digits_beside_each_other():
    for seed in range(20):
        strokes = number(np.random.default_rng(seed))
        middles = np.sort([path[:, 0].mean() for path in strokes])
        assert len(strokes) >= 2 and np.ptp(middles) > 15


def test_mirrored_and_turned_digits_are_that():
    # Most digits lean to the right and are taller than wide. Mirrored they lean to the left, and turned on
    # their side they are wider than high.
    def leaning(strokes):
        x, y = np.concatenate(strokes).T
        return np.corrcoef(x, -y)[0, 1]

    rng = np.random.default_rng(0)
    assert np.mean([leaning(mirrored(rng)) for _ in range(100)]) < -0.1
    widths, heights = np.array([np.ptp(np.concatenate(on_its_side(rng)), axis=0) for _ in range(100)]).T
    assert (widths > heights).mean() > 0.8


def test_a_set_of_nothing_is_refused():
    with pytest.raises(ValueError, match="choice is .*at least one thing to draw"):
        make_non_digits(5, 1, [])
    with pytest.raises(ValueError, match="count is 0"):
        make_non_digits(0, 1)
