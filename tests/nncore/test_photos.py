"""Test photos of digits: light and shadow, noise, lines on the paper, a table's edge and a blackboard."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from nncore.datasets.reading import Question, Reading, read_files, reading_steps
from nncore.datasets.reading.photos import ink_of, is_photo
from nncore.datasets.reading.scale import fit_picture
from nncore.datasets.reading.stepping import finished
from nncore.datasets.strokes import draw_dataset
from nncore.styles import make_drawings

HEIGHT, WIDTH = 300, 400
DIGITS = draw_dataset(make_drawings(10, 1)).images
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH]


def lines(image: np.ndarray, size: int = 140, top: int = 75, left: int = 125) -> np.ndarray:
    """Return a digit's ink, 0 to 1, on a sheet of the photo's size."""
    sheet = np.zeros((HEIGHT, WIDTH))
    large = Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC)
    sheet[top : top + size, left : left + size] = np.asarray(large) / 255
    return sheet


def taken(paper: np.ndarray, ink: np.ndarray, contrast: float = 0.7, noise: float = 4) -> np.ndarray:
    """Return a photo of dark ink on paper, with the sensor's noise."""
    made = paper * (1 - contrast * ink) + np.random.default_rng(0).normal(0, noise, ink.shape)
    return made.clip(0, 255).astype(np.uint8)


def even(level: float) -> np.ndarray:
    return np.full((HEIGHT, WIDTH), float(level))


def with_shadow() -> np.ndarray:
    paper = even(215)
    paper[:, : WIDTH // 2 - 20] *= 0.6
    return paper


def on_a_table() -> np.ndarray:
    paper = even(200)
    paper[:30], paper[:, -30:] = 70, 80
    return paper


def lined() -> np.ndarray:
    paper = even(215)
    paper[::30] = 180
    return paper


SCENES = {
    "noise": lambda image: taken(even(210), lines(image), noise=12),
    "slanting light": lambda image: taken(130 + COLUMNS / 4 + ROWS / 15, lines(image)),
    "a shadow across the digit": lambda image: taken(with_shadow(), lines(image)),
    "faint ink": lambda image: taken(150 + COLUMNS / 7, lines(image), contrast=0.25),
    "a dark room": lambda image: taken(60 + COLUMNS / 8, lines(image)),
    "a small digit in a corner": lambda image: taken(160 + COLUMNS / 7, lines(image, 70, 40, 250)),
    "a large digit": lambda image: taken(160 + COLUMNS / 7, lines(image, 280, 10, 60)),
    "a table's edge": lambda image: taken(on_a_table(), lines(image)),
    "lined paper": lambda image: taken(lined(), lines(image)),
    "a blackboard": lambda image: 255 - taken(205 - COLUMNS / 13, lines(image)),
}


@pytest.mark.parametrize("scene", SCENES)
def test_the_digit_is_told_from_everything_else(scene: str) -> None:
    """Compare each photo's digit with the plain one."""
    for image in DIGITS:
        photo = SCENES[scene](image)
        assert is_photo(photo)
        found, plain = (fit_picture(one).astype(float) for one in (ink_of(photo), image))
        # A line may be a little broader or thinner, and its middle a pixel beside.
        assert found[0].max() == 0 and np.corrcoef(found.ravel(), plain.ravel())[0, 1] > 0.8


def test_paper_alone_has_no_ink() -> None:
    assert ink_of(taken(130 + COLUMNS / 4, np.zeros((HEIGHT, WIDTH)))).max() == 0


def test_drawn_pictures_and_small_ones_are_no_photos() -> None:
    assert not is_photo(np.pad(DIGITS[0], 60)), "paper of one level"
    assert not is_photo(DIGITS[0]) and not is_photo(taken(even(210), lines(DIGITS[0]))[:90])


def test_a_photo_is_read_with_a_word_on_it() -> None:
    file = io.BytesIO()
    Image.fromarray(SCENES["slanting light"](DIGITS[0])).save(file, "JPEG", quality=80)
    files = [("sheet.jpg", file.getvalue())]
    reading = read_files(files, {"labels_from": "unlabelled"})
    [picture] = reading.unlabelled
    assert picture.image.shape == (28, 28) and picture.image[0].max() == 0 and picture.image.max() > 200
    assert any("threshold" in sentence for sentence in reading.report.assumed)


def test_a_caller_that_reads_a_few_pictures_is_not_asked_about_their_labels() -> None:
    """Read pictures whose names say no digit: a question, unless the caller says that few need none."""
    file = io.BytesIO()
    Image.fromarray(DIGITS[0]).save(file, "PNG")

    def result_of(count: int, **options: bool) -> Reading | Question:
        steps = reading_steps([(f"{'x' * n}.png", file.getvalue()) for n in range(1, count + 1)], **options)
        try:
            return finished(steps)
        except Question as question:
            return question

    assert isinstance(result_of(3), Question) and isinstance(result_of(20, reads_few=True), Question)
    few = result_of(19, reads_few=True)
    assert isinstance(few, Reading) and few.train is None and len(few.unlabelled) == 19
