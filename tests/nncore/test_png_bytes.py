"""Compare the page's PNG reader with Pillow, for seven kinds of picture that Pillow writes."""

from __future__ import annotations

import io

import numpy as np
import pytest

from nncore.datasets import DataError
from nncore.datasets.png_bytes import decode_png

image_module = pytest.importorskip("PIL.Image")


def written(image: object, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **options)  # type: ignore[attr-defined]
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_grey_levels_are_pillows(mode: str) -> None:
    """Decode a picture in each of Pillow's modes: grey levels are within 1 of Pillow's own."""
    rng = np.random.default_rng(5)
    colours = rng.integers(0, 256, (13, 9, 4)).astype(np.uint8)
    colours[:6] = np.linspace(0, 255, 9, dtype=np.uint8)[:, None]  # smooth rows, for the filters
    image = image_module.fromarray(colours, "RGBA")
    if mode == "I;16":
        image = image_module.fromarray(rng.integers(0, 65536, (13, 9)).astype(np.uint16))
        expected = np.asarray(image) >> 8
    else:
        image = image.convert(mode)
        paper = image_module.new("RGBA", image.size, "white")
        shown = image_module.alpha_composite(paper, image.convert("RGBA"))
        expected = np.asarray(shown.convert("L"))
    got = decode_png(written(image), "x.png").astype(int)
    assert np.abs(got - expected).max() <= 1


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_is_no_picture_is_named(data: bytes) -> None:
    with pytest.raises(DataError, match="x.png"):
        decode_png(data, "x.png")


def test_a_cut_is_noticed_wherever_a_pixel_is_lost() -> None:
    """Cut a PNG at many places: it is refused wherever a pixel would be missing."""
    image = np.random.default_rng(1).integers(0, 256, (28, 28)).astype(np.uint8)
    data = written(image_module.fromarray(image))
    end_of_pixels = data.index(b"IEND") - 12
    for end in range(0, end_of_pixels - 8, 7):
        with pytest.raises(DataError, match="x.png"):
            decode_png(data[:end], "x.png")
    assert np.array_equal(decode_png(data[:end_of_pixels], "x.png"), image)
