"""Compare the distortions with those of scipy.ndimage, which computes the same operations independently."""

import numpy as np
import pytest
from scipy import ndimage

from nncore.datasets import Dataset
from nncore.distort import CHUNK, Distortion, affine, gaussian_matrix, thicken, turned, warp

ALL = Distortion(rotation=15, shear=0.3, scale=0.15, shift=1.5, elastic=34, thickness=0.7)


@pytest.fixture(scope="module")
def blobs():
    """Make smooth random pictures, ``(n, 20, 24)`` uint8: not square, with ink up to the edges."""
    noise = np.random.default_rng(0).uniform(size=(CHUNK + 6, 20, 24))
    smooth = ndimage.gaussian_filter(noise, (0, 1.5, 1.5))
    return np.clip((smooth - 0.4) * 1000, 0, 255).astype(np.uint8)


def judge(image, matrix, dx=0.0, dy=0.0):
    """Warp one image with scipy: an inverse affine map about the image's middle, then displacements."""
    rows, columns = np.indices(image.shape, dtype=float)
    middle_y, middle_x = (np.array(image.shape) - 1) / 2
    x, y = columns - middle_x, rows - middle_y
    old_x = matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2] + middle_x + dx
    old_y = matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2] + middle_y + dy
    return ndimage.map_coordinates(image.astype(float), [old_y, old_x], order=1, mode="grid-constant")


def test_warp_agrees_with_scipy_affine_and_elastic_together(blobs):
    rng = np.random.default_rng(1)
    distortion = Distortion(20, 0.3, 0.2, 3, elastic=60, smoothness=3, shape=blobs.shape[1:])
    matrices = distortion.matrices(len(blobs), rng)
    field = distortion.elastic_field(len(blobs), rng)
    expected = [judge(*parts) for parts in zip(blobs, matrices, field[0], field[1], strict=True)]
    # Rounding to bytes is off by at most half a grey level.
    np.testing.assert_allclose(warp(blobs, matrices, field), expected, atol=0.51)


def test_affine_is_the_inverse_of_stretch_shear_turn_and_move():
    angle = np.deg2rad(30)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    forward = turn @ np.array([[1, 0.2], [0, 1]]) @ np.diag([1.1, 0.8])
    inverse = affine(30, 0.2, 1.1, 0.8, 2, -1)[0]
    point = np.array([3.0, 5.0])
    np.testing.assert_allclose(inverse @ [*(forward @ point + [2, -1]), 1], point, atol=1e-5)


def test_turning_agrees_with_scipy_and_goes_clockwise(blobs):
    square = blobs[:3, :, :20]
    ours = turned(Dataset("blobs", square.reshape(3, 400), np.zeros(3, np.uint8), (20, 20)), 10).images
    theirs = [
        ndimage.rotate(image.astype(float), -10, order=1, reshape=False, mode="grid-constant")
        for image in square
    ]
    np.testing.assert_allclose(ours, theirs, atol=0.51)
    top = np.zeros((1, 9, 9), np.uint8)
    top[0, 1, 4] = 200
    assert warp(top, affine(90))[0, 4, 7] == 200  # from twelve to three o'clock


def test_blurring_by_a_matrix_agrees_with_scipy():
    noise = np.random.default_rng(2).normal(size=(28, 17))
    ours = gaussian_matrix(28, 2.5) @ noise @ gaussian_matrix(17, 2.5)
    np.testing.assert_allclose(
        ours, ndimage.gaussian_filter(noise, 2.5, mode="constant", truncate=10), atol=1e-5
    )


def test_a_whole_pixel_thicker_or_thinner_is_scipys_dilation_or_erosion(blobs):
    cross = ndimage.generate_binary_structure(2, 1)
    thicker, thinner, same, half = thicken(blobs[[0, 0, 0, 0]], np.array([1, -1, 0, 0.5]))
    dilated = ndimage.grey_dilation(blobs[0], footprint=cross, mode="nearest")
    np.testing.assert_array_equal(thicker, dilated)
    np.testing.assert_array_equal(thinner, ndimage.grey_erosion(blobs[0], footprint=cross, mode="nearest"))
    np.testing.assert_array_equal(same, blobs[0])
    np.testing.assert_allclose(half, (blobs[0] + dilated.astype(float)) / 2, atol=0.5)


def test_simards_best_setting_moves_a_pixel_by_one_and_a_half():
    field = Distortion(elastic=34, smoothness=4).elastic_field(200, np.random.default_rng(3))
    assert field.shape == (2, 200, 28, 28) and field.dtype == np.float32
    # Uniform noise has a standard deviation of 1/sqrt(3); smoothing multiplies it by 1 / (2 sqrt(pi) sigma).
    # The edges, where smoothing sees fewer pixels, are left out.
    assert field[:, :, 8:20, 8:20].std() == pytest.approx(34 / 3**0.5 / (2 * np.pi**0.5 * 4), rel=0.05)


@pytest.mark.parametrize("limit", ["rotation", "shear", "scale", "shift"])
def test_every_affine_limit_is_reached_and_kept(limit):
    amount = {"rotation": 20.0, "shear": 0.4, "scale": 0.2, "shift": 2.0}[limit]
    matrices = Distortion(**{limit: amount}).matrices(4000, np.random.default_rng(4)).astype(float)
    forward = np.linalg.inv(matrices[:, :, :2])
    seen = {
        "rotation": np.rad2deg(np.arctan2(forward[:, 1, 0], forward[:, 0, 0])),
        "shear": forward[:, 0, 1],
        "scale": forward[:, [0, 1], [0, 1]] - 1,
        "shift": matrices[:, :, 2],
    }[limit]
    assert 0.98 * amount < seen.max() <= amount * 1.0001 and -amount * 1.0001 <= seen.min() < -0.98 * amount


def test_same_seed_same_bits_and_every_image_its_own():
    pixels = np.tile(np.random.default_rng(5).integers(0, 256, 784, dtype=np.uint8), (CHUNK + 3, 1))
    first, again, other = (ALL(pixels, np.random.default_rng(seed)) for seed in (7, 7, 8))
    assert first.shape == pixels.shape and first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != other).any() and len(np.unique(first, axis=0)) == len(first)


def test_without_any_distortion_the_pixels_stay():
    pixels = np.random.default_rng(6).integers(0, 256, (5, 784), dtype=np.uint8)
    np.testing.assert_array_equal(Distortion()(pixels, np.random.default_rng(0)), pixels)
    np.testing.assert_array_equal(warp(pixels.reshape(5, 28, 28), affine(0)), pixels.reshape(5, 28, 28))


@pytest.mark.parametrize(
    "setting, value, legal",
    [("rotation", -1, "from 0 to 180"), ("thickness", 1.5, "from 0 to 1"), ("scale", 1.0, "from 0 to 0.9"),
     ("shift", float("nan"), "at least 0"), ("elastic", float("inf"), "at least 0")],
)  # fmt: skip
def test_an_impossible_limit_is_refused(setting, value, legal):
    with pytest.raises(ValueError, match=f"{setting} must be {legal}, not {value!r}"):
        Distortion(**{setting: value})


def test_an_elastic_field_needs_smoothness():
    with pytest.raises(ValueError, match="smoothness"):
        Distortion(elastic=34, smoothness=0)
