"""Collects the sentences and skipped files of a report while files are read, and the answers to questions."""

from __future__ import annotations

from collections.abc import Mapping

from nncore.datasets.dataset import DataError
from nncore.datasets.reading.report import Choice, Question, Skipped


class Notes:
    """The remarks of one reading.

    Attributes:
        assumed: a sentence for each decision, in the order of reading.
        skipped: the files that are left out.
    """

    def __init__(self, answers: Mapping[str, str] | None = None) -> None:
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

    def answer(self, key: str, choices: tuple[Choice, ...]) -> str | None:
        """Return the answer to a question, or None if there is none.

        Raises:
            DataError: for an answer that is none of the choices.
        """
        given = self._answers.get(key)
        legal = [choice.value for choice in choices]
        if given is not None and given not in legal:
            raise DataError(f"the answer {key}={given} is not known; legal: {', '.join(legal)}")
        return given

    def ask(self, text: str, key: str, choices: tuple[Choice, ...]) -> str:
        """Return the answer to a question.

        Raises:
            Question: if there is no answer yet.
        """
        given = self.answer(key, choices)
        if given is None:
            raise Question(text, key, choices)
        return given
