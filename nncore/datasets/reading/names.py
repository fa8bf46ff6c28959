"""Finds in the names of files and folders which part they belong to, and which digit a word means."""

from __future__ import annotations

import re
import unicodedata

PARTS = {
    "train": ("train", "training", "trn", "tr", "trainset", "trainingset", "traindata"),
    "test": (
        "test",
        "testing",
        "tst",
        "te",
        "t10k",
        "testset",
        "testingset",
        "testdata",
        "eval",
        "evaluation",
    ),
    "validation": ("valid", "validation", "val", "va", "dev", "validset", "validationset"),
}
"""Part -> the words for it."""

_FILLERS = (
    "a all and bw data dataset digit digits file files full gray grey handwritten image images img imgs "
    "input jpeg jpg kaggle mnist number numbers of own my part picture pictures png pngs sample samples "
    "set split the"
)
FILLERS = frozenset(_FILLERS.split())
"""Words that may stand beside "train" or "test" in a folder's name."""

NUMBER_WORDS = {
    0: "zero zeros zeroes null nul nulle cero",
    1: "one ones eins ein eine un une uno una",
    2: "two twos zwei deux dos",
    3: "three threes drei trois tres",
    4: "four fours vier quatre cuatro",
    5: "five fives fuenf funf cinq cinco",
    6: "six sixes sechs seis",
    7: "seven sevens sieben sept siete",
    8: "eight eights acht huit ocho",
    9: "nine nines neun neuf nueve",
}
"""Digit -> its words in English, German, French and Spanish, without accents."""

PACKED = re.compile(r"(?i)(\.(zip|tar|tgz|gz))+$")
"""Matches the endings of archives."""

DIGIT_OF_WORD = {word: digit for digit, words in NUMBER_WORDS.items() for word in words.split()}


def plain(text: str) -> str:
    """Return a text in small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def components(name: str) -> list[str]:
    """Return the folders and the file name of a path, whichever slash it is written with."""
    parts = [part.strip() for part in name.replace("\\", "/").split("/")]
    return [part for part in parts if part not in ("", ".", "..")]


def words(text: str) -> list[str]:
    """Return the words of a name: ``"x_train-Images3"`` gives x, train and images; ``t10k`` is one."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    found = re.findall(r"t10k|[^\W\d_]+", plain(spaced))
    return found


def part_of_words(text: str) -> str:
    """Return the part that a name has a word for ("test" in ``mnist_test.csv``, not in ``latest.csv``)."""
    there = words(text)
    return next((part for part, known in PARTS.items() if any(word in known for word in there)), "")


def part_of_path(name: str) -> str:
    """Return "train", "test" or "validation" if the file's name or one of its folders says so, or else "".

    A file's name needs the word; a folder's name must have no other meaning.
    """
    *folders, file = components(name) or [""]
    if part := part_of_words(file.split(".")[0] if "." in file else file):
        return part
    for folder in reversed(folders):
        if part := part_of_folder(folder):
            return part
    return ""


def part_of_folder(folder: str) -> str:
    """Return the part that a folder's name, or that of an archive, says, or ""."""
    bare = PACKED.sub("", folder)
    part = part_of_words(bare)
    known = PARTS.get(part, ())
    return part if part and all(word in known or word in FILLERS for word in words(bare)) else ""
