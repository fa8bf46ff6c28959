"""Test the pen: it sizes and centres any drawing as MNIST does, and its ink follows the definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.pen import BOX, CENTRE, PEN_WIDTH, SIZE, centre, centre_of_mass, draw, fit, rasterise

SEVEN = [np.array([[100, 100], [200, 100], [140, 300]])]
FOUR = [np.array([[300, 80], [180, 260], [400, 260]]), np.array([[330, 200], [320, 400]])]

points = st.tuples(st.floats(0, 500, width=32), st.floats(0, 500, width=32))
drawings = st.lists(st.lists(points, min_size=1, max_size=6).map(np.array), min_size=1, max_size=3)


def plain_draw(strokes, width):
    """Draw by the definition, pixel by pixel: ink falls from 1 to 0 over one pixel at the pen's edge."""
    image = np.zeros((SIZE, SIZE))
    for row in range(SIZE):
        for column in range(SIZE):
            nearest = np.inf
            for stroke in strokes:
                for a, b in zip(stroke[:-1], stroke[1:], strict=True):
                    middle, line = np.array([column + 0.5, row + 0.5]), b - a
                    along = np.clip((middle - a) @ line / (line @ line), 0, 1)
                    nearest = min(nearest, np.linalg.norm(middle - a - along * line))
            image[row, column] = np.clip(width / 2 + 0.5 - nearest, 0, 1)
    return image


@pytest.mark.parametrize("width", [1.0, PEN_WIDTH, 4.0])
def test_drawing_equals_the_plain_definition(width):
    paths = centre(fit([np.asarray(stroke, float) for stroke in FOUR], width), width)
    np.testing.assert_allclose(draw(paths, width), plain_draw(paths, width), atol=1e-5)


def test_a_stem_is_twenty_pixels_high_and_one_pen_wide():
    image = rasterise([[[250, 100], [250, 200], [250, 400]]])
    assert image.shape == (SIZE, SIZE) and image.dtype == np.float32
    # Antialiasing and the round tips may add or take half a pixel at each end.
    assert (image.max(axis=1) > 0.5).sum() in (BOX, BOX + 1)
    np.testing.assert_allclose(image[8:20].sum(axis=1), PEN_WIDTH, atol=0.05)


def test_the_longest_side_is_twenty_and_the_aspect_is_kept():
    image = rasterise([[[0, 0], [400, 0], [400, 200], [0, 200], [0, 0]]])
    ink = image > 0.5
    across, down = ink.any(axis=0).sum(), ink.any(axis=1).sum()
    assert across in (BOX, BOX + 1)
    # The points span 20 - width across and half of that down, and the pen adds its width to both.
    assert abs(down - ((BOX - PEN_WIDTH) / 2 + PEN_WIDTH)) <= 1


@given(drawings)
def test_the_centre_of_mass_is_index_fourteen(strokes):
    """Draw any strokes: unless ink is cut off, their centre of mass is pixel 14, as in MNIST."""
    image = rasterise(strokes)
    assert image.min() >= 0 and image.max() <= 1
    points = np.concatenate(centre(fit([np.asarray(stroke, float) for stroke in strokes])))
    if points.min() > PEN_WIDTH and points.max() < SIZE - PEN_WIDTH:  # nothing cut off
        np.testing.assert_allclose(centre_of_mass(image), CENTRE, atol=0.25)


@given(st.floats(0.01, 100), st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_units_and_place_on_the_pad_do_not_matter(scale, x, y):
    """Scale and move a drawing on the pad: its picture stays the same."""
    moved = [stroke * scale + [x, y] for stroke in FOUR]
    np.testing.assert_allclose(rasterise(moved), rasterise(FOUR), atol=1e-3)


def test_points_on_the_way_and_lifting_the_pen_change_nothing():
    """Add points on a line, or lift the pen at a corner: the picture stays the same."""
    middles = [np.insert(SEVEN[0].astype(float), [1, 2], [[150, 100], [170, 200]], axis=0)]
    lifted = [SEVEN[0][:2], SEVEN[0][1:]]
    np.testing.assert_allclose(rasterise(middles), rasterise(SEVEN), atol=1e-3)
    np.testing.assert_allclose(rasterise(lifted), rasterise(SEVEN), atol=1e-3)


def test_down_is_down_and_right_is_right():
    image = rasterise([[[0, 0], [0, 100], [60, 100]]])  # an L
    assert image[:10, 14:].sum() == 0 and image[20:, 14:].sum() > 5


def test_an_empty_drawing_is_empty():
    assert not rasterise([]).any()
    assert not rasterise([[], np.zeros((0, 2))]).any()


def test_a_dot_is_a_dot_of_the_pens_width():
    image = rasterise([[[37, 461]]])
    assert image.sum() == pytest.approx(np.pi * (PEN_WIDTH / 2) ** 2, rel=0.1)
    np.testing.assert_allclose(centre_of_mass(image), CENTRE, atol=0.01)
    np.testing.assert_array_equal(rasterise([[[5, 5], [5, 5]]]), image)


def test_ink_that_leaves_the_grid_is_cut_off():
    # A heavy scribble at the top moves the centre of mass up, so that a thin tail reaches out at the bottom.
    scribble = [[x, y] for y in range(0, 40, 4) for x in (0, 90)]
    image = rasterise([scribble, [[45, 40], [45, 200]]])
    assert image[-1].any() and image.sum() > 50


@pytest.mark.parametrize(
    "bad, message",
    [([[[0, 0], [np.nan, 1]]], "stroke 0: .* finite"), ([[[0, 0]], [1, 2]], "stroke 1: .*shape")],
)
def test_what_is_no_drawing_is_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        rasterise(bad)
