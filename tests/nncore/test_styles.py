"""Test the handwriting styles: each can be drawn, the hand's settings bend it rightly, and training helps."""

import numpy as np
import pytest

from nncore.datasets import DataError, Dataset
from nncore.metrics import evaluate
from nncore.network import Network, NetworkSpec
from nncore.pen import rasterise
from nncore.preprocessing import Preprocessing
from nncore.styles import (
    ALL_STYLES,
    STYLES,
    Hand,
    Knot,
    Stroke,
    Style,
    draw,
    find_styles,
    make_dataset,
    make_drawings,
    mix,
    write,
)
from nncore.styles.curves import even, smooth, travelled
from nncore.styles.hand import timed
from nncore.styles.skeleton import arc, corner, knot, stroke
from nncore.training import Trainer
from nncore.training_spec import TrainingSpec

STILL = {
    "width": (1, 1), "slant": (0, 0), "rotation": (0, 0), "taper": (0, 0), "waist": (0, 0), "bow": (0, 0),
    "play": (0, 0), "wobble": (0, 0), "interval": (1, 1),
}  # fmt: skip
"""The settings of a hand that follows the skeleton exactly."""


def rng(seed=0):
    return np.random.default_rng(seed)


# --- the styles


@pytest.mark.parametrize("style", ALL_STYLES, ids=lambda style: style.key)
def test_every_style_is_a_digit_of_its_own_each_time(style):
    generator = rng()
    drawings = [draw(style, generator) for _ in range(20)]
    images = np.stack([rasterise(drawing) for drawing in drawings])
    assert all(np.isfinite(path).all() and len(path) >= 2 for drawing in drawings for path in drawing)
    assert all(len(drawing) == len(style.strokes) for drawing in drawings)
    assert len(np.unique(images.reshape(20, -1), axis=0)) == 20
    # Digits are taller than wide and leave enough ink.
    spans = np.array([np.ptp(np.concatenate(drawing), axis=0) for drawing in drawings])
    assert np.median(spans[:, 1] / np.maximum(spans[:, 0], 1)) > 1
    assert (images.sum(axis=(1, 2)) > 30).all()


def test_the_registry_knows_them_by_digit_and_name_and_by_key():
    """Find styles by digit and name and by key, and refuse an unknown key."""
    assert list(STYLES) == list(range(10)) and sum(map(len, STYLES.values())) == len(ALL_STYLES)
    assert all(style.digit == digit for digit, names in STYLES.items() for style in names.values())
    wanted = {7: "crossed", 1: "flag and foot", 9: "curling tail", 4: "open", 2: "loop", 0: "slashed"}
    keys = [f"{digit} {name}" for digit, name in wanted.items()]
    assert [style.name for style in find_styles(keys)] == list(wanted.values())
    with pytest.raises(ValueError, match="style '7 barred' is not known; legal: 0 oval"):
        find_styles(["7 barred"])


def test_a_curling_tail_ends_far_to_the_left_of_a_straight_one():
    for name, far in (("straight", False), ("curling tail", True)):
        ends = [draw(STYLES[9][name], rng(seed), Hand(**STILL | {"play": (1, 1)}))[-1] for seed in range(20)]
        left = [path[:, 0].min() + 15 > path[-1, 0] for path in ends]
        assert all(left) == far and any(left) == far


# --- the hand


def test_the_still_hand_writes_the_skeleton():
    place = stroke((0, 0), corner(60, 0), (60, 100))
    (path,) = write([place], rng(), Hand(**STILL))
    np.testing.assert_allclose(path[[0, -1]], [[0, 0], [60, 100]])
    at_corner = np.abs(path - (60, 0)).sum(axis=1) < 3
    assert at_corner.any()
    assert (np.isclose(path[:, 0], 60) | np.isclose(path[:, 1], 0) | at_corner).all()


@pytest.mark.parametrize(
    "setting, value, top, foot",
    [
        ("slant", 0.2, (10, 0), (-10, 0)),  # the top is 50 units above the middle
        ("width", 2.0, (30, 0), (30, 0)),  # the stem is 30 units right of the middle
        ("taper", 0.5, (-15, 0), (15, 0)),
        ("rotation", 90.0, (20, 80), (-80, 80 - 100)),  # (30, -50) from the middle turns into (50, 30)
        ("bow", 5.0, (0, 0), (0, 0)),
    ],
)
def test_every_bend_of_the_sheet_moves_a_stem_as_it_says(setting, value, top, foot):
    """Bend a straight stem with each setting: its ends move as worked out by hand."""
    stem = stroke((60, 0), (60, 50), (60, 100))
    (path,) = write([stem], rng(), Hand(**STILL | {setting: (value, value)}))
    np.testing.assert_allclose(path[0], (60 + top[0], top[1]), atol=1e-9)
    np.testing.assert_allclose(path[-1], (60 + foot[0], 100 + foot[1]), atol=1e-9)
    middle = path[np.argmin(np.abs(path[:, 1] - 50))]
    assert setting != "bow" or middle[0] == pytest.approx(65, abs=0.1)


def test_a_late_start_and_an_early_end_cut_no_more_than_they_say():
    """Write a stroke of which up to 30 % and 10 % may be missing: no more is missing."""
    lengths = [
        travelled(write([stroke((0, 0), (0, 100), late=0.3, early=0.1)], rng(seed), Hand(**STILL))[0])[-1]
        for seed in range(200)
    ]
    assert 60 <= min(lengths) < 68 and 92 < max(lengths) <= 100


def test_a_quick_straight_stroke_leaves_few_points_and_a_bend_many():
    straight = np.stack([np.arange(100.0), np.zeros(100)], axis=1)
    angles = np.linspace(0, np.pi, 100)
    bend = (99, 8) + 8 * np.stack([np.sin(angles), -np.cos(angles)], axis=1)
    points = timed(even(np.concatenate([straight, bend[1:]])), 5.0)
    gaps = np.hypot(*np.diff(points, axis=0).T)
    ahead, around = gaps[points[1:, 0] < 90].mean(), gaps[points[:-1, 0] > 100].mean()
    # Speed grows with the cube root of the radius, which is limited to 100.
    assert ahead / around == pytest.approx((100 / 8) ** (1 / 3), rel=0.1)
    np.testing.assert_array_equal(points[[0, -1]], [straight[0], bend[-1]])


def test_the_same_seed_gives_the_same_points_and_another_does_not():
    first, again, other = (draw(STYLES[8]["crossing"], rng(seed))[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or (first != other).any()


def test_a_dot_and_the_shortest_strokes_can_be_written():
    dot, tick = write([stroke((10, 10)), stroke((10, 10), (11, 12))], rng(), Hand(**STILL))
    assert dot.tolist() == [[10, 10]] and len(tick) >= 2


# --- curves


def test_a_smooth_curve_passes_its_points_and_keeps_a_line_straight():
    points = np.array([[0, 0], [30, 5], [40, 40], [0, 60], [0, 60], [10, 90.0]])
    curve = smooth(points)
    assert np.isfinite(curve).all()
    for point in points:
        assert np.hypot(*(curve - point).T).min() < 1e-9
    line = smooth(np.outer(np.arange(5.0), (3, 4)))
    np.testing.assert_allclose(np.cross(np.c_[line, 0 * line[:, 0]], (3, 4, 0)), 0, atol=1e-9)


def test_an_arc_through_knots_is_a_circle():
    knots = arc(30, 50, 20, 20, 90, -360)
    assert knots[0].x == pytest.approx(50) and knots[2].y == pytest.approx(30)  # three o'clock, then twelve
    curve = smooth(np.array([(place.x, place.y) for place in knots]))
    np.testing.assert_allclose(np.hypot(*(curve - (30, 50)).T), 20, rtol=0.06)


# --- sets


def test_a_set_is_balanced_by_digit_and_by_style():
    drawings = make_drawings(40, 3, find_styles(["7 crossed", "7 plain", "1 flag", "0 oval", "1 stem"]))
    assert np.bincount([drawing.label for drawing in drawings]).tolist() == [14, 13, 0, 0, 0, 0, 0, 13]
    crossed = sum(drawing.label == 7 and len(drawing.strokes) == 2 for drawing in drawings)
    assert crossed in (6, 7)
    assert make_dataset(100, 1).class_counts.tolist() == [10] * 10


def test_a_set_is_a_function_of_its_seed():
    first, again, other = (make_dataset(20, seed) for seed in (1, 1, 2))
    assert first.pixels.tobytes() == again.pixels.tobytes() != other.pixels.tobytes()
    assert first.labels.tobytes() == again.labels.tobytes()


@pytest.mark.parametrize("share, generated", [(0.0, 0), (0.25, 10), (0.5, 30), (0.75, 90)])
def test_mixing_keeps_all_and_adds_the_share(share, generated):
    digits = Dataset("d", np.zeros((30, 784), np.uint8), np.zeros(30, np.uint8))
    mixed = mix(digits, share, seed=1)
    assert len(mixed) == 30 + generated and not mixed.pixels[:30].any()
    assert mixed.pixels[30:].any(axis=1).all()


@pytest.mark.slow
def test_a_network_reads_a_style_once_it_has_met_it():
    curls = find_styles(["9 curling tail", "9 long curl"])
    plain = (*STYLES[3].values(), *find_styles(["9 straight", "9 bent", "9 two strokes"]))
    strange = make_dataset(150, 9, curls)
    shares = []
    for styles in (plain, [*plain, *curls]):
        network = Network.create(NetworkSpec((784, 30, 10)), seed=1)
        spec = TrainingSpec(epochs=8, learning_rate=0.003, batch_size=20)
        for _event in Trainer(network, make_dataset(600, 1, styles), Preprocessing(), spec).run():
            pass
        shares.append(evaluate(network, strange, Preprocessing()).accuracy)
    before, after = shares
    assert before < 0.6 and after > 0.95


# --- faults


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: Style(10, "ten", "", (stroke((0, 0)),)), "digit is 10; it must be from 0 to 9"),
        (lambda: Style(1, "nothing", "", ()), "strokes is .*at least one"),
        (lambda: Stroke(()), "number of knots is 0"),
        (lambda: Stroke((Knot(0, 0),), late=0.6, early=0.5), "late and early"),
        (lambda: knot((1.0,)), "numbers of a knot"),
        (lambda: Hand(slant=(1, 0)), r"slant is \(1, 0\); it must be \(lowest, highest\)"),
        (lambda: Hand(width=(0, 1)), "width is .*above 0"),
        (lambda: make_dataset(5, 1, []), "styles is .*at least one"),
        (lambda: make_dataset(0, 1), "count is 0"),
        (lambda: mix(make_dataset(5, 1), 1.0, 1), "share of styles is 1.0; it must be .*below 1"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_other_images_can_not_be_mixed_with():
    small = Dataset("small", np.zeros((8, 64), np.uint8), np.zeros(8, np.uint8), (8, 8), max_value=16)
    with pytest.raises(DataError, match="can't join"):
        mix(small, 0.5, 1)
