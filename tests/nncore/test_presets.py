"""Test that each preset is as in its source, and that no picture is both trained on and tested with."""

from pathlib import Path

import numpy as np
import pytest

from nncore import presets
from nncore.datasets import Dataset
from nncore.datasets.digits8x8 import load_digits8x8
from nncore.kernels.library import ACTIVATIONS as KERNEL_ACTIVATIONS
from nncore.metrics import evaluate
from nncore.network import Network
from nncore.presets import PRESETS, VARIANTS, DataPlan, find_preset
from nncore.training import Trainer

ALL = PRESETS | VARIANTS


def numbered(first, count):
    """Return ``count`` images numbered from ``first``; three pixels of each hold its number."""
    number = np.arange(first, first + count)
    pixels = np.zeros((count, 784), np.uint8)
    pixels[:, 390:393] = np.stack([number // 65536, number // 256 % 256, number % 256], axis=1)
    return Dataset("numbered", pixels, (number % 10).astype(np.uint8))


def numbers(dataset):
    return dataset.pixels[:, 390:393].astype(int) @ [65536, 256, 1]


TRAIN, TEST = numbered(0, 60_000), numbered(60_000, 10_000)


def test_the_page_opens_with_fast():
    """Check the order of the presets, of which the page opens with the first."""
    assert list(PRESETS)[:7] == [
        "fast", "rashid", "classic-feedforward", "digits-from-scratch", "samsel", "emil", "best",
    ]  # fmt: skip


def test_every_file_of_presets_is_found():
    folder = Path(presets.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "preset"}
    assert len(PRESETS) == len(files), "each file has a preset, and names are told apart"
    assert all(find_preset(name).name == name for name in VARIANTS)


def test_the_kernels_know_all_that_presets_use():
    used = {name for preset in PRESETS.values() for name in preset.network.activations}
    assert used <= set(KERNEL_ACTIVATIONS), "NumPy would train it, many times slower in the page"


@pytest.mark.parametrize("name", ALL)
def test_every_preset_can_be_found_and_trains_a_step(name):
    preset = find_preset(name)
    assert preset.name == name
    assert preset.blurb
    data = load_digits8x8() if preset.dataset == "digits8x8" else (numbered(0, 300), numbered(300, 100))
    parts = preset.data.divide(*data)
    network = Network.create(preset.network, 0)
    event = Trainer(network, parts.train, preset.preprocessing, preset.training).step()
    assert np.isfinite(event.loss)


def test_an_unknown_preset_is_refused():
    with pytest.raises(ValueError, match="'nielsen'.*fast.*rashid-turned"):
        find_preset("nielsen")


@pytest.mark.parametrize("name", [name for name, preset in ALL.items() if preset.dataset == "mnist"])
@pytest.mark.parametrize("sizes", [(60_000, 10_000), (4_000, 1_000)])
def test_no_image_is_in_two_parts(name, sizes):
    train, test = TRAIN.take(slice(0, sizes[0])), TEST.take(slice(0, sizes[1]))
    plan = ALL[name].data
    parts = [part for part in DataPlan(plan.dataset, plan.train, plan.validation, plan.test, plan.pooled)
             .divide(train, test, seed=1) if part is not None]  # fmt: skip
    seen = np.concatenate([numbers(part) for part in parts])
    assert len(np.unique(seen)) == len(seen)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fast", (60_000, None, 10_000)),
        ("rashid-turned", (180_000, None, 10_000)),
        ("classic-feedforward", (3_500, 750, 750)),
        ("samsel", (50_000, 10_000, 10_000)),
        ("emil", (50_000, 10_000, 10_000)),
    ],
)
def test_the_parts_are_as_large_as_the_source_has_them(name, expected):
    sizes = tuple(part and len(part) for part in ALL[name].data.divide(TRAIN, TEST))
    assert sizes == expected


def test_digits_from_scratch_trains_on_the_first_1257():
    parts = PRESETS["digits-from-scratch"].data.divide(*load_digits8x8())
    assert [part and len(part) for part in parts] == [1257, None, 540]


def test_emil_takes_the_first_images_in_file_order():
    parts = PRESETS["emil"].data.divide(TRAIN, TEST)
    np.testing.assert_array_equal(numbers(parts.train), np.arange(50_000))
    np.testing.assert_array_equal(numbers(parts.validation), np.arange(50_000, 60_000))


def test_the_classic_draw_takes_from_both_sets_and_has_a_seed():
    """Draw the parts by a seed: they come from MNIST's training digits and test digits alike."""
    draws = [
        numbers(PRESETS["classic-feedforward"].data.divide(TRAIN, TEST, seed).train) for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert (draws[0] != draws[2]).any()
    # A seventh of all digits are test digits, so about 500 of 3,500 should be.
    assert 400 < (draws[0] >= 60_000).sum() < 600


def test_smaller_sets_are_divided_in_the_same_shares():
    parts = PRESETS["samsel"].data.divide(TRAIN.take(slice(0, 4000)), TEST)
    assert [len(part) for part in parts] == [3333, 666, 10_000]


def test_turned_digits_follow_their_originals():
    dot = np.zeros((2, 784), np.uint8)
    dot[:, 28 * 4 + 14] = 255
    parts = DataPlan(turned=(90.0, -90.0)).divide(Dataset("dots", dot, np.array([3, 7], np.uint8)), TEST)
    np.testing.assert_array_equal(parts.train.labels, [3, 3, 3, 7, 7, 7])
    places = [divmod(int(image.argmax()), 28) for image in parts.train.pixels[:3]]
    # The dot is above the middle, then right of it, then left of it.
    assert places[0] == (4, 14)
    assert places[1][1] > 20
    assert places[2][1] < 8


@pytest.mark.slow
def test_digits_from_scratch_learns_by_hand_with_a_lower_rate():
    preset = PRESETS["digits-from-scratch"]
    parts = preset.data.divide(*load_digits8x8())
    trainer = Trainer(Network.create(preset.network, 1), parts.train, preset.preprocessing, preset.training)
    assert [event.epoch for event in trainer.run(batches_per_step=1300)][::2] == list(range(1, 11))
    halfway = evaluate(trainer.network, parts.test, preset.preprocessing).accuracy
    trainer.set(learning_rate=0.3)
    for _ in trainer.run(epochs=10):
        pass
    assert evaluate(trainer.network, parts.test, preset.preprocessing).accuracy > max(halfway, 0.85)
