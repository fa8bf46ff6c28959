"""Collects the sentences and skipped files of a report while files are read, and the answers to questions."""

from __future__ import annotations

from collections.abc import Mapping

from nncore.datasets.reading.report import Question, Skipped
from nncore.questions import Choice, answer_to


class Notes:
    """The remarks of one reading.

    Attributes:
        assumed: a sentence for each decision, in the order of reading.
        skipped: the files that are left out.
        reads_few: whether a few pictures without a label need no question.
    """

    def __init__(self, answers: Mapping[str, str] | None = None, reads_few: bool = False) -> None:
        self.reads_few = reads_few
        self.assumed: list[str] = []
        self.skipped: list[Skipped] = []
        self._answers = dict(answers or {})

    def say(self, sentence: str) -> None:
        """Add a sentence to the report; the same sentence is added once."""
        if sentence not in self.assumed:
            self.assumed.append(sentence)

    def skip(self, file: str, reason: str) -> None:
        """Add a file to those that are left out."""
        self.skipped.append(Skipped(file, reason))

    def has_answer(self, key: str) -> bool:
        """Return whether there is an answer to a question."""
        return key in self._answers

    def ask(self, text: str, key: str, choices: tuple[Choice, ...]) -> str:
        """Return the answer to a question.

        Raises:
            Question: if there is no answer yet, or the given one is none of the choices.
        """
        return answer_to(Question(text, key, choices), self._answers)
