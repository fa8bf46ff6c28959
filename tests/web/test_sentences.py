"""Test that a reason becomes a sentence with exactly one mark at its end."""

from __future__ import annotations

import pytest

from web.state.sentences import sentence


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("it is damaged", "it is damaged."),
        ("It is damaged.", "It is damaged."),
        ("Are the labels missing?", "Are the labels missing?"),
        (ValueError("there is none "), "there is none."),
    ],
)
def test_a_sentence_ends_once(text: object, whole: str) -> None:
    assert sentence(text) == whole
