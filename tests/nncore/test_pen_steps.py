"""Test the four pen steps from the pad to the picture, each alone and all together."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.pen import CENTRE, centre_of_mass, rasterise
from nncore.pen.steps import RAW, STEPS, stages

# A seven, small and in a corner of the pad.
SEVEN = [[[30, 30], [110, 25], [70, 140]], [[45, 85], [100, 80]]]


def extent(image: np.ndarray) -> tuple[int, int]:
    """Return the height and width of the ink, in pixels."""
    rows, columns = np.nonzero(image > 0.3)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def test_with_every_step_it_is_what_the_pen_draws() -> None:
    """Take all steps: the last picture equals the pen's drawing of the same strokes."""
    found = stages(SEVEN)
    assert [stage.name for stage in found] == [RAW, *STEPS]
    assert np.allclose(found[-1].image, rasterise(SEVEN), atol=1e-5)


def test_each_step_does_what_it_says() -> None:
    raw, crop, box, pen, centred = (stage.image for stage in stages(SEVEN))
    assert max(extent(raw)) < 10 and max(extent(crop)) < 10, "as small as it was drawn"
    x, y = centre_of_mass(raw)
    assert x < 8 and y < 8, "where it was drawn"
    rows, columns = np.nonzero(crop > 0.3)
    assert abs(rows.min() + rows.max() - 27) <= 1 and abs(columns.min() + columns.max() - 27) <= 1
    assert max(extent(box)) in (20, 21)
    # The line was scaled up with the drawing, so it is far wider than in MNIST.
    assert box.sum() > 1.3 * pen.sum() and max(extent(pen)) in (20, 21)
    assert np.allclose(centre_of_mass(centred), CENTRE, atol=0.05)


def test_a_step_left_out_changes_nothing_and_the_others_do_as_ever() -> None:
    """Leave steps out: each leaves the picture as it is, and the others work as before."""
    found = stages(SEVEN, ["crop", "box", "pen"])
    assert np.array_equal(found[-1].image, found[-2].image) and not found[-1].taken
    only_centred = stages(SEVEN, ["centre"])
    assert np.array_equal(only_centred[0].image, only_centred[3].image)
    assert np.allclose(centre_of_mass(only_centred[-1].image), CENTRE, atol=0.05)
    assert extent(only_centred[-1].image)[0] == pytest.approx(extent(only_centred[0].image)[0], abs=1)


def test_nothing_and_a_dot_and_what_is_no_step() -> None:
    """Take the steps for an empty pad and for a dot, and refuse an unknown step."""
    assert not any(stage.image.any() for stage in stages([]))
    dot = stages([[[400, 100]]])
    assert dot[0].image.any() and np.allclose(dot[-1].image, rasterise([[[400, 100]]]), atol=1e-5)
    with pytest.raises(ValueError, match="'deskew'"):
        stages(SEVEN, ["deskew"])
