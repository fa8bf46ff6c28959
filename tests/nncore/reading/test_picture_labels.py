"""Find the labels of pictures in folders and names that are clear for all, and ask about all others."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.datasets.reading import Question
from tests.nncore.reading.files import Y, assert_same, foldered, paper, read

WORDS = {
    "English": "zero one two three four five six seven eight nine",
    "German": "null eins zwei drei vier fünf sechs sieben acht neun",
    "French": "zéro un deux trois quatre cinq six sept huit neuf",
    "Spanish": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "capitals": "Zero ONE Two Three Four Five Six Seven Eight Nine",
    "ASCII": "zero one two three four fuenf six seven eight nine",
    "many": "zeros ones twos threes fours fives sixes sevens eights nines",
}
FORMS = [
    "{}",
    "digit_{}",
    "digit-{}",
    "digit {}",
    "Digit{}",
    "class_{}",
    "label={}",
    "number {}",
    "0{}",
    "ziffer_{}",
    "chiffre_{}",
    "número {}",
    "{}_digits",
    "train/{}",
    "all/{}/batch1",
    "{}/batch1/part2",
    "{}/writer 12",
    "set_3/{}",
    "batch 4/{}",
    "2024-11-03/{}",
    "{}s",
]


@pytest.mark.parametrize("language", WORDS)
def test_folders_named_in_words(language: str) -> None:
    words = WORDS[language].split()
    assert_same(read(foldered(folder=lambda digit: words[digit])), 40)
    assert_same(read(foldered(folder=lambda digit: f"digit_{words[digit]}/more")), 40)


@pytest.mark.parametrize("form", FORMS)
def test_folders_of_every_form(form: str) -> None:
    assert_same(read(foldered(folder=form.format)), 40)
    assert_same(
        read({name.replace("/", "\\"): data for name, data in foldered(folder=form.format).items()}), 40
    )


NAMES = [
    "{}_{:d}.png",
    "{}-{:05d}.png",
    "{} ({:d}).png",
    "2828_my_own_{}.png",
    "img_{1:04d}_{0}.png",
    "{1:05d}-{0}.png",
    "digit{}_{}.png",
    "img{1}_label{0}.png",
    "label_{}_{:03d}.png",
    "{}.{}.png",
    "{1:03d} class={0}.png",
    "mnist_{1}_digit_{0}.png",
]


@pytest.mark.parametrize("form", NAMES)
@pytest.mark.parametrize("folder", ["", "pictures/", "all/my own/"])
def test_names_whose_form_is_clear(form: str, folder: str) -> None:
    files = [(folder + form.format(Y[number], number + 10), paper(number)) for number in range(40)]
    assert_same(read(files), 40)


def test_names_in_words() -> None:
    words = WORDS["English"].split()
    assert_same(read([(f"{words[Y[number]]}_{number}.png", paper(number)) for number in range(40)]), 40)


RUNNING = [
    "img_{}.png",
    "{}.png",
    "IMG{:04d}.png",
    "scan {}.png",
    "digit_{}.png",
    "picture-{}.png",
    "img{}.png",
    "{:05d}.png",
    "batch1/{}.png",
    "2024-11-{}.png",
    "img ({}).png",
]


@pytest.mark.parametrize("form", RUNNING)
@pytest.mark.parametrize("count", [40, 12])
def test_a_running_number_is_never_a_label(form: str, count: int) -> None:
    files = [(form.format(number), paper(number)) for number in range(count)]
    with pytest.raises(Question, match=r"\.png: ") as asked:
        read(files)
    assert asked.value.key == "labels_from"
    reading = read(files, answers={"labels_from": "unlabelled"})
    assert len(reading.unlabelled) == count and reading.train is None and not reading.learnable


@pytest.mark.parametrize("form", ["{}.png", "img_{}.png", "anna_{}.png"])
def test_ten_numbers_may_be_labels_or_run_so_they_are_asked_about(form: str) -> None:
    files = [(form.format(number), paper(number)) for number in range(10)]
    with pytest.raises(Question) as asked:
        read(files)
    assert {choice.value for choice in asked.value.choices} == {"names", "unlabelled"}
    reading = read(files, answers={"labels_from": "names"})
    assert reading.train is not None and reading.train.labels.tolist() == list(range(10))


def test_one_picture_named_by_its_digit() -> None:
    for name in ("7.png", "2828_my_own_7.png", "seven.png", "7/a.png", "my_7.png"):
        train = read({name: paper(0)}).train
        assert train is not None and train.labels.tolist() == [7], name


def test_a_few_pictures_are_read_and_not_learned_from() -> None:
    reading = read([(f"2828_my_own_{Y[number]}.png", paper(number)) for number in range(5)])
    assert_same(reading, 5)
    assert reading.test is None and not reading.learnable and len(reading.names) == 5
    assert any("too few to learn from" in sentence for sentence in reading.report.assumed)


def test_one_picture_without_a_label_among_others_is_named() -> None:
    files = foldered() | {"holiday.png": paper(41)}
    with pytest.raises(Question, match="^holiday.png: neither"):
        read(files)
    reading = read(files, answers={"labels_from": "unlabelled"})
    assert_same(reading, 40)
    assert [one.name for one in reading.unlabelled] == ["holiday.png"]
    named = [(f"{Y[number]}_{number}.png", paper(number)) for number in range(12)] + [("odd.png", paper(12))]
    with pytest.raises(Question, match="^odd.png: neither"):
        read(named)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("img_{}.png", "img_{}.png,{}"),
        ("img_{}.png", "img_{},{}"),
        ("{:05d}.png", "{},{}"),
        ("{}.jpg", "a/{}.jpg,{}"),
    ],
)
def test_labels_in_a_table_beside_the_pictures(name: str, line: str) -> None:
    table = "\n".join(["file,label", *(line.format(number, Y[number]) for number in range(40))])
    files = {f"images/{name.format(number)}": paper(number) for number in range(40)}
    reading = read(files | {"labels.csv": table.encode()})
    assert_same(reading, 40)
    assert any("taken from labels.csv" in sentence for sentence in reading.report.assumed)


def test_two_digits_in_the_folders_are_asked_about() -> None:
    files = {f"3/{Y[number]}/{number}.png": paper(number) for number in range(40)}
    with pytest.raises(Question, match="two digits") as asked:
        read(files)
    assert asked.value.choices[0].value == "inner"
    assert_same(read(files, answers={"labels_from": "inner"}), 40)


def test_folders_from_1_to_10_are_asked_about() -> None:
    files = foldered(folder=lambda digit: digit or 10)
    with pytest.raises(Question, match="10 mean 0"):
        read(files)
    assert_same(read(files, answers={"labels": "ten_is_zero"}), 40)


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("train", "test"),
        ("training", "testing"),
        ("Train", "TEST"),
        ("trainingSet", "testSet"),
        ("mnist_png/training", "mnist_png/testing"),
        ("train images", "test images"),
        ("train", "valid"),
        ("train", "validation"),
        ("train/images", "test/images"),
    ],
)
def test_train_and_test_folders_are_what_they_say(train: str, test: str) -> None:
    files = {
        f"{train if number < 25 else test}/{Y[number]}/{number}.png": paper(number) for number in range(40)
    }
    reading = read(files)
    assert_same(reading, 40)
    assert (reading.report.train, reading.report.test) == (25, 15)


def test_validation_beside_train_and_test_is_kept_apart() -> None:
    parts = ("train", "valid", "test")
    reading = read({f"{parts[n % 3]}/{Y[n]}/{n}.png": paper(n) for n in range(60)})
    assert (reading.report.train, reading.report.test) == (20, 20)
    assert reading.validation is not None and len(reading.validation) == 20
    assert any("20 digits are for validation" in sentence for sentence in reading.report.assumed)


def test_a_test_folder_without_labels_is_left_out_and_counted() -> None:
    files = {f"trainingSet/{name}": data for name, data in foldered().items()}
    files |= {f"testSet/img_{number}.png": paper(number + 40) for number in range(20)}
    reading = read(files)
    assert_same(reading, 40)
    assert len(reading.report.skipped) == 20


def test_the_names_of_the_pictures_go_with_the_training_digits() -> None:
    reading = read(foldered())
    assert reading.train is not None and len(reading.names) == len(reading.train)
    for name, label in zip(reading.names, reading.train.labels, strict=True):
        assert name.split("/")[0] == str(label)
    assert np.array_equal(np.unique(reading.names).shape, [len(reading.names)])


def test_a_folder_that_counts_its_pictures_is_no_label() -> None:
    """Read a folder "five" with five pictures whose names say other digits: the names count."""
    names = [f"five/2828_my_own_{digit}.png" for digit in (0, 1, 2, 4, 7)]
    reading = read({name: paper(place) for place, name in enumerate(names)})
    assert reading.train is not None and reading.train.labels.tolist() == [0, 1, 2, 4, 7]
    assert any("not from their only folder" in sentence for sentence in reading.report.assumed)
    same = read({f"five/my_own_{number}_5.png": paper(number) for number in range(3)})
    assert same.train is not None and same.train.labels.tolist() == [5, 5, 5]
    running = read({f"five/img_{number}.png": paper(number) for number in range(12)})
    assert running.train is not None and set(running.train.labels.tolist()) == {5}
