"""Test stroke files: read line by line and drawn with the same pen as on the pad."""

import base64
import gzip
import json

import numpy as np
import pytest

from nncore.datasets import DataError
from nncore.datasets.strokes import draw_dataset, read_strokes
from nncore.pen import rasterise

LINES = [
    {"label": 1, "strokes": [[[250, 100], [250, 400]]]},
    {"label": 7, "strokes": [[[100, 100], [300, 100]], [[300, 100], [200, 400]], [[5, 5]]]},
]


def text(*lines):
    return "\n".join(json.dumps(line) for line in lines).encode()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_drawings_become_images_like_mnists(tmp_path, pack):
    path = tmp_path / "strokes.jsonl"
    path.write_bytes(pack(text(*LINES) + b"\n\n"))
    drawings = read_strokes(path)
    assert [drawing.label for drawing in drawings] == [1, 7] and len(drawings[1].strokes) == 3
    dataset = draw_dataset(drawings)
    assert dataset.shape == (28, 28) and dataset.labels.tolist() == [1, 7]
    np.testing.assert_allclose(dataset.images[1] / 255, rasterise(LINES[1]["strokes"]), atol=0.5 / 255)


@pytest.mark.parametrize(
    "line, message",
    [
        (b"nonsense", "not a drawing"),
        (text({"label": 1}), 'not a drawing; a line is {"label": 8, "strokes"'),
        (text({"label": 12, "strokes": [[[1, 2]]]}), "label 12; legal are 0 to 9"),
        (text({"label": "1", "strokes": [[[1, 2]]]}), "label '1'"),
        (text({"label": 1, "strokes": [[]]}), "a drawing without a point"),
        (text({"label": 1, "strokes": [[[1, 2], [3]]]}), "not a drawing"),
        (b'{"label": 1, "strokes": [[[1, NaN]]]}', "finite"),
        (text({"label": 1, "picture": "AAAA"}), "a picture must be 784 bytes in base64"),
        (text({"label": 1, "picture": "not base64"}), "a picture must be 784 bytes in base64"),
        (text({"label": 1, "picture": 5}), "a picture must be 784 bytes in base64"),
        (b"[1]", "not a drawing"),
    ],
)
def test_a_bad_line_is_named(line, message):
    with pytest.raises(DataError, match=f"^strokes: line 2: .*{message}"):
        read_strokes(text(LINES[0]) + b"\n" + line)


def test_a_picture_stays_as_it_is_beside_drawings():
    """Read a drawing and a picture: the picture's pixels are those in the line, without the pen."""
    pixels = np.arange(784, dtype=np.uint8)
    picture = {"label": 4, "picture": base64.b64encode(pixels.tobytes()).decode()}
    dataset = draw_dataset(read_strokes(text(LINES[0], picture)))
    assert dataset.labels.tolist() == [1, 4]
    assert np.array_equal(dataset.pixels[1], pixels)
    assert np.array_equal(dataset.images[0], np.rint(rasterise(LINES[0]["strokes"]) * 255))


def test_an_empty_file_is_refused():
    with pytest.raises(DataError, match="no drawing in it"):
        read_strokes(b"\n")
