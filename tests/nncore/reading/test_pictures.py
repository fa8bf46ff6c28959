"""Decode pictures of every kind: formats, modes, alpha, sizes and orientations give the same digits."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from PIL import Image

from nncore.datasets import DataError
from nncore.datasets.reading import Question, inverted, judge_by_likeness, read_files, turned
from nncore.pen import CENTRE, centre_of_mass
from nncore.styles import make_dataset
from tests.nncore.reading.files import X, Y, assert_same, digits_of, foldered, npz, picture, read

INK = X[:40]


def rgba(number: int, ink: int, premultiplied: bool = False) -> np.ndarray:
    """Return a digit as ink of this grey on transparency."""
    alpha = INK[number].astype(int)
    colour = alpha * ink // 255 if premultiplied else np.full_like(alpha, ink)
    return np.stack([colour, colour, colour, alpha], axis=-1).astype(np.uint8)


def interlaced(number: int) -> bytes:
    """Return an interlaced GIF of a digit on paper; PNG's own interlacing is read by the same library."""
    return picture(255 - INK[number], "GIF", interlace=1)


def oriented(number: int) -> bytes:
    """Return a digit that lies on its side, with the mark that a camera adds."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    return picture(np.rot90(255 - INK[number]), "PNG", exif=exif)


KINDS = {
    "white paper": lambda number: picture(255 - INK[number]),
    "black paper": lambda number: picture(INK[number]),
    "colour": lambda number: picture(255 - INK[number], mode="RGB"),
    "palette": lambda number: picture(255 - INK[number], mode="P"),
    "grey and alpha, opaque": lambda number: picture(255 - INK[number], mode="LA"),
    "colour and alpha, opaque": lambda number: picture(255 - INK[number], mode="RGBA"),
    "16 bit": lambda number: picture((255 - INK[number]).astype(np.uint16) * 257),
    "white on transparent": lambda number: picture(rgba(number, 255)),
    "black on transparent": lambda number: picture(rgba(number, 0)),
    "grey on transparent": lambda number: picture(rgba(number, 120)),
    "white on transparent, premultiplied": lambda number: picture(rgba(number, 255, premultiplied=True)),
    "white, grey and alpha": lambda number: picture(rgba(number, 255)[..., 2:], mode="LA"),
    "transparent webp": lambda number: picture(rgba(number, 0), "WEBP", lossless=True),
    "gif": lambda number: picture(255 - INK[number], "GIF"),
    "interlaced": interlaced,
    "bmp": lambda number: picture(255 - INK[number], "BMP"),
    "tiff": lambda number: picture(255 - INK[number], "TIFF"),
    "tiff of floats": lambda number: picture((1 - INK[number] / 255).astype(np.float32), "TIFF"),
    "webp": lambda number: picture(255 - INK[number], "WEBP", lossless=True),
    "pgm": lambda number: picture(255 - INK[number], "PPM"),
    "on its side": oriented,
}
ROUGH = {
    "jpeg": lambda number: picture(255 - INK[number], "JPEG", quality=95),
    "jpeg of cmyk": lambda number: picture(255 - INK[number], "JPEG", mode="CMYK", quality=95),
    "webp with losses": lambda number: picture(255 - INK[number], "WEBP", quality=95),
}


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_of_every_kind_give_the_same_digits(kind: str) -> None:
    assert_same(read(foldered(write=KINDS[kind])), 40, within=1)


@pytest.mark.parametrize("kind", ROUGH)
def test_pictures_with_losses_give_nearly_the_same_digits(kind: str) -> None:
    assert_same(read(foldered(write=ROUGH[kind])), 40, within=60)


@pytest.mark.parametrize("mode", ["1", "P"])
def test_pictures_of_two_colours(mode: str) -> None:
    files = foldered(write=lambda number: picture((INK[number] < 128) * np.uint8(255), mode=mode))
    assert_same(read(files), 40, images=(INK > 127) * np.uint8(255))


def test_a_card_with_a_transparent_margin_shows_its_ink() -> None:
    """Read white cards with black ink in a transparent margin: the ink is read, not the card."""

    def card(number: int) -> bytes:
        whole = np.zeros((40, 40, 4), np.uint8)
        whole[3:-3, 3:-3, 3] = 255
        whole[6:-6, 6:-6, :3] = (255 - INK[number])[..., None]
        whole[3:6, 3:-3, :3] = whole[-6:-3, 3:-3, :3] = whole[3:-3, 3:6, :3] = whole[3:-3, -6:-3, :3] = 255
        return picture(whole)

    found, _ = digits_of(read(foldered(write=card)))
    assert found.mean() / 255 < 0.25


def enlarged(number: int, side: int, shift: int = 0) -> np.ndarray:
    """Return a digit on white paper, ``side`` pixels high, in a larger picture."""
    image = np.asarray(Image.fromarray(255 - INK[number]).resize((side, side), Image.Resampling.BICUBIC))
    sheet = np.full((side + 60, side + 20), 255, np.uint8)
    sheet[shift : shift + side, 5 : 5 + side] = image
    return sheet


@pytest.mark.parametrize("side", [56, 140, 600])
def test_other_sizes_are_scaled_by_the_pens_rule(side: int) -> None:
    reading = read(foldered(write=lambda number: picture(enlarged(number, side))))
    found, labels = digits_of(reading)
    assert found.shape == (40, 28, 28) and sorted(labels) == sorted(Y[:40])
    for image in found:
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        mass = centre_of_mass(image.astype(float))
        assert mass is not None and np.abs(mass - CENTRE).max() <= 0.5
    assert sum("scaled into 28 x 28" in sentence for sentence in reading.report.assumed) == 1
    # As pen digits are made by the same rule, they come back nearly as they were.
    nearest = [np.abs(INK.astype(int) - image).mean(axis=(1, 2)).min() for image in found]
    assert np.mean(nearest) < 12


def test_smaller_and_mixed_sizes_and_arrays_are_scaled_too() -> None:
    small = np.stack([np.asarray(Image.fromarray(image).resize((16, 16))) for image in X])
    assert read({"mine.npz": npz(x=small, y=Y)}).report.size == (28, 28)
    files = foldered(20) | foldered(40, write=lambda number: picture(enlarged(number, 56)), ending="bmp")
    reading = read(files)
    assert reading.report.train + reading.report.test == 60


def test_ink_on_grey_paper_is_stretched() -> None:
    """Read photos whose paper is grey and uneven: paper becomes 0 and ink 255."""
    rng = np.random.default_rng(2)

    def photo(number: int) -> bytes:
        sheet = enlarged(number, 112).astype(float)
        return picture((60 + sheet * 0.5 + rng.normal(0, 3, sheet.shape)).clip(0, 255).astype(np.uint8))

    found, _ = digits_of(read(foldered(write=photo)))
    edge = np.concatenate([found[:, 0], found[:, -1], found[:, :, 0], found[:, :, -1]], axis=1)
    assert edge.max() < 40 and found.max() > 240 and found.mean() / 255 < 0.25


def test_a_photo_in_uneven_light_is_read_like_its_digit() -> None:
    """Read photos with a shadow over one side: each still looks most like the digit that it shows."""
    rng = np.random.default_rng(3)

    def photo(number: int) -> bytes:
        sheet = enlarged(number, 200).astype(float) * 0.7 + 60
        shadow = np.linspace(0.55, 1, sheet.shape[1])
        noisy = sheet * shadow + rng.normal(0, 4, sheet.shape)
        return picture(noisy.clip(0, 255).astype(np.uint8), "JPEG", quality=85)

    found, labels = digits_of(read(foldered(write=photo)))
    gaps = np.abs(found[:, None].astype(int) - INK[None]).mean(axis=(2, 3))
    assert (Y[:40][gaps.argmin(axis=1)] == labels).mean() >= 0.95
    assert found.mean() / 255 < 0.2


def test_pictures_of_8_by_8_stay_as_they_are() -> None:
    small = [np.asarray(Image.fromarray(image).resize((8, 8))) for image in X]
    reading = read(foldered(write=lambda number: picture(small[number])))
    assert reading.report.size == (8, 8) and reading.train is not None and reading.train.max_value == 255


def test_pictures_of_0_and_1_are_ink_at_full_strength() -> None:
    binary = (INK > 127).astype(np.uint8)
    reading = read(foldered(write=lambda number: picture(binary[number])))
    assert_same(reading, 40, images=binary * np.uint8(255))


def test_both_polarities_in_one_set_are_told_apart() -> None:
    reading = read(foldered(write=lambda number: picture(INK[number] if number % 2 else 255 - INK[number])))
    assert_same(reading, 40)
    assert any("inverted in 20 of 40" in sentence for sentence in reading.report.assumed)


def test_only_the_first_of_several_frames_is_read_and_that_is_said() -> None:
    frames = [Image.fromarray(255 - INK[number]) for number in range(3)]
    import io

    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    reading = read({"7/scan.tif": buffer.getvalue()})
    assert any("only the first of its 3 pictures" in sentence for sentence in reading.report.assumed)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("7.png", b"", "the file is empty"),
        ("7.png", b"no picture", "not a picture, or a damaged one"),
        ("7.png", picture(X[0])[:60], "not a picture, or a damaged one"),
        ("7.heic", b"\0\0\0\x18ftypheic" + bytes(40), "HEIC"),
        ("7.svg", b"<svg></svg>", "an SVG drawing"),
        ("7.jpg", b"\xff\xd8\xff" + bytes(40), "not a picture, or a damaged one"),
    ],
)
def test_a_bad_picture_is_named(name: str, data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=f"^{name}: .*{message}"):
        read({name: data})


def test_a_damaged_picture_among_others_is_left_out_and_counted() -> None:
    files = foldered() | {"7/bad.png": b"\x89PNG and no more"}
    reading = read(files)
    assert_same(reading, 40)
    assert [skipped.file for skipped in reading.report.skipped] == ["7/bad.png"]


def test_a_huge_picture_is_refused_before_it_is_decoded() -> None:
    image = Image.new("1", (30_000, 30_000))
    import io

    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    with pytest.raises(DataError, match="^7.png: .*at most"):
        read({"7.png": buffer.getvalue()})


def test_without_pillow_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    data = picture(X[0])
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(DataError, match="needs Pillow: pip install pillow"):
        read({"7.png": data})


# --- turning and inverting


def is_upright(pixels: np.ndarray) -> np.ndarray:
    """Return outputs of a judge that knows the sixty digits by heart: sure of those, unsure of all others."""
    known = np.abs(pixels[:, None].astype(int) - X.reshape(1, 60, 784)).mean(axis=2)
    outputs = np.full((len(pixels), 10), 0.1)
    outputs[np.arange(len(pixels)), Y[known.argmin(axis=1)]] += np.where(known.min(axis=1) < 1, 5, 0)
    return outputs


def test_digits_that_a_judge_is_surer_of_when_turned_are_asked_about() -> None:
    lying = {"mine.npz": npz(x=X.transpose(0, 2, 1), y=Y)}
    with pytest.raises(Question, match="rows and columns") as asked:
        read_files(lying, judge=is_upright)
    assert asked.value.key == "turned"
    assert [choice.value for choice in asked.value.choices] == ["yes", "no"]
    assert_same(read_files(lying, {"turned": "yes"}, judge=is_upright))
    assert_same(read_files(lying, {"turned": "no"}, judge=is_upright), images=X.transpose(0, 2, 1))
    assert_same(read_files({"mine.npz": npz(x=X, y=Y)}, judge=is_upright))


def test_likeness_to_the_built_in_digits_tells_turned_digits() -> None:
    """Turn 200 pen digits: without a network they are noticed, and upright ones are left in peace."""
    pen = make_dataset(200, seed=2)
    with pytest.raises(Question, match="rows and columns"):
        read_files({"a.npz": npz(x=pen.images.transpose(0, 2, 1), y=pen.labels)}, judge=judge_by_likeness)
    noise = np.random.default_rng(0).integers(0, 256, (200, 28, 28), dtype=np.uint8)
    for images in (pen.images, noise):
        read_files({"a.npz": npz(x=images, y=pen.labels)}, judge=judge_by_likeness)


def test_turned_and_inverted_are_new_readings_with_true_reports() -> None:
    reading = read({"mine.npz": npz(x=X, y=Y)})
    once, dark = turned(reading), inverted(reading)
    assert_same(once, images=X.transpose(0, 2, 1))
    assert_same(dark, images=255 - X)
    assert_same(reading)
    assert dark.report.mean == pytest.approx(1 - reading.report.mean)
    assert once.report.mean == pytest.approx(reading.report.mean)
    for change in (turned, inverted):
        assert len(change(reading).report.assumed) == len(reading.report.assumed) + 1
        assert change(change(reading)).report == reading.report
    few = inverted(read({"a.png": picture(X[0])}, answers={"labels_from": "unlabelled"}))
    assert np.array_equal(few.unlabelled[0].image, 255 - X[0])
