"""Questions that readers of files raise where the meaning of a file is not clear, and their answers.

A reader never guesses between two meanings that are both usual. It raises a question with the possible
answers; the caller (the page's dialog, ``--answer KEY=VALUE`` of the command line, or a program) calls the
reader again with the chosen answer in ``answers``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """An answer to a question: its value for ``answers``, and its label on a button."""

    value: str
    label: str


class OpenQuestion(ValueError):
    """Says that the meaning of the files is not clear, and which answers there are.

    Attributes:
        key: of the question, for ``answers`` and for ``--answer KEY=VALUE``.
        choices: the answers, the usual one first.
    """

    def __init__(self, text: str, key: str, choices: tuple[Choice, ...]) -> None:
        super().__init__(text)
        self.key = key
        self.choices = choices


def answer_to(question: OpenQuestion, answers: Mapping[str, str]) -> str:
    """Return the value of the choice that ``answers`` gives for this question, by its value or its label.

    Raises:
        OpenQuestion: ``question`` itself if it has no answer yet; a copy that names the given answer if that
            is none of the choices.
    """
    if question.key not in answers:
        raise question
    given = answers[question.key]
    for choice in question.choices:
        if given in (choice.value, choice.label):
            return choice.value
    text = f"{given!r} is no answer for {question.key!r}. {question}"
    raise type(question)(text, question.key, question.choices)
