"""Finds the digit that a picture shows in the names of its folders, or in its own name.

A folder that says a digit is clear. The name of a file is clear only if all names of its folder have the same
form, such as ``7_12.png``; a running number is never a label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nncore.datasets.reading.names import DIGIT_OF_WORD, PACKED, components, plain

PREFIXES = (
    "digits?|class(?:es)?|labels?|numbers?|num|ziffern?|zahl(?:en)?|klasse|chiffres?|classe|nombres?|cifras?|"
    "numeros?|digitos?|clase|etiquetas?|etiquettes?|targets?|the"
)
NAME_PREFIXES = "digit|class|label|ziffer|klasse|zahl|chiffre|classe|cifra|numero|digito|clase|target|gt"
SUFFIXES = "digits?|images?|imgs?|pictures?|pics?|png|jpg|bilder|samples?|class|klasse"
_COUNTERS = (
    "img image images pic picture photo foto scan file frame sample bild page dsc dscn pxl screenshot "
    "capture test train item record row number num nr no n crop cell patch untitled unbenannt figure fig "
    "digits"
)
COUNTERS = frozenset(_COUNTERS.split())
"""Words before a running number."""

FOLDER = re.compile(rf"(?:(?:{PREFIXES})[ _\-=:.#]*)?(?:(\d+)s?|([a-z]+))(?:[ _\-]+(?:{SUFFIXES}))?")


def digit_of_folder(folder: str) -> int | None:
    """Return the digit that a folder's name says (7 for ``7``, ``seven``, ``digit_7``), or None.

    10 is returned too, because classes may be numbered from 1 to 10.
    """
    text = plain(PACKED.sub("", folder)).strip(" _-")
    both = re.fullmatch(r"(\d)[ _\-]+\(?([a-z]+)\)?", text)  # 7_seven
    if both and DIGIT_OF_WORD.get(both[2]) == int(both[1]):
        return int(both[1])
    if text in DIGIT_OF_WORD:
        return DIGIT_OF_WORD[text]
    match = FOLDER.fullmatch(text)
    if not match:
        return None
    if match[2]:
        return DIGIT_OF_WORD.get(match[2])
    return int(match[1]) if len(match[1]) <= 2 and int(match[1]) <= 10 else None


def folder_digits(name: str) -> list[int]:
    """Return the digits that the folders of a picture say, the innermost first."""
    *folders, _ = components(name) or [""]
    found = [digit_of_folder(folder) for folder in reversed(folders)]
    return [digit for digit in found if digit is not None]


@dataclass(frozen=True)
class Form:
    """A form of file names: its pattern, and whether its digit alone may be a running number."""

    pattern: re.Pattern[str]
    alone: bool = False


FORMS = (
    Form(re.compile(rf"(?:.*[^a-z])?(?:{NAME_PREFIXES})[ _\-=]?(\d)(?:\D.*)?")),  # img12_label7
    Form(re.compile(r"(?:.*_)?own_(?:[a-z]+_)*(\d)")),  # 2828_my_own_7, the form of Rashid's book
    Form(re.compile(r"(\d)(?:[ _\-.]+\(?\d+\)?| ?\(\d+\))")),  # 7_12, 7 (3)
    Form(re.compile(r"(?:.*\d)[ _\-.]+(\d)"), alone=True),  # 00012_7
    Form(re.compile(r"(\d)[ _\-.]?[a-z].*"), alone=True),  # 7_anna
    Form(re.compile(r"(?:.*[a-z][ _\-]*)(\d)"), alone=True),  # anna_7
    Form(re.compile(r"(\d)"), alone=True),  # 7
)


def digits_of_names(names: Sequence[str]) -> tuple[list[int] | None, str]:
    """Return the digits that the names of the pictures in one folder say.

    Returns:
        The digits, or None if the names have no common form; and the reason: "" if the names are clear,
        "running" if their digits may also be running numbers, "none" otherwise.
    """
    stems = [plain(re.sub(r"\.[A-Za-z0-9]+$", "", components(name)[-1])).strip() for name in names]
    spoken = [_spoken(stem) for stem in stems]
    if all(digit is not None for digit in spoken):
        return [digit for digit in spoken if digit is not None], ""
    for form in FORMS:
        matches = [form.pattern.fullmatch(stem) for stem in stems]
        if not all(matches):
            continue
        digits = [int(match[1]) for match in matches if match]
        if _is_run(digits, len(stems)) and form is FORMS[2] and _ends_vary(stems):
            continue  # 0_7, 1_2, 2_1: the first number runs, and the second is the label
        if form.alone:
            counting = any(_counter(stem) for stem in stems)
            if counting or (len(stems) > 1 and _is_run(digits, len(stems))):
                return digits, "running"
        return digits, ""
    return None, "none"


def _spoken(stem: str) -> int | None:
    """Return the digit whose word is in a file's name, if there is one such word."""
    said = {DIGIT_OF_WORD[word] for word in re.findall(r"[a-z]+", stem) if word in DIGIT_OF_WORD}
    return said.pop() if len(said) == 1 else None


def _is_run(digits: Sequence[int], count: int) -> bool:
    """Return whether the digits count from 0 or 1, each once."""
    there = sorted(digits)
    return count > 1 and there in (list(range(count)), list(range(1, count + 1)))


def _ends_vary(stems: Sequence[str]) -> bool:
    """Return whether all names end in a single digit, and these are no run."""
    ends = [re.fullmatch(r"\d[ _\-.]+(\d)", stem) for stem in stems]
    return all(ends) and not _is_run([int(end[1]) for end in ends if end], len(stems))


def _counter(stem: str) -> bool:
    """Return whether the word before the last number is one that counts pictures, such as ``img``."""
    match = re.search(r"([a-z]+)[ _\-]*\d+$", stem)
    return bool(match and match[1] in COUNTERS)
