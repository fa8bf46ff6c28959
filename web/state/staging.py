"""Choices that would begin a new network: asked about first, if the present one has learned something.

A control proposes; a network that has learned nothing is exchanged at once, any other waits for a word
("Begin again with Adam?"). Several choices can be staged together, which is also the way from one legal
combination to another that has no legal step in between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nncore.activations import ACTIVATIONS
from nncore.losses import LOSSES
from web.state.choices_table import CHOICES
from web.state.lab_state import LabState


class Staging:
    """``state.staged``, and what to do about it.

    Args:
        learned: whether the present network has anything to lose.
        choose: sets choices, as ``LabState.choose`` does.
    """

    def __init__(self, state: LabState, learned: Callable[[], bool], choose: Callable[..., None]) -> None:
        self._state, self._learned, self._choose = state, learned, choose

    def propose(self, **choices: Any) -> None:
        """Choose these now if that is legal and nothing is lost by it, or else stage them."""
        state = self._state
        staged = choices if "preset" in choices else state.staged | choices
        if "preset" not in staged:
            staged = {name: value for name, value in staged.items() if value != getattr(state, name)}
        if staged and not self._learned() and not state.refusal(**staged):
            state.staged = {}
            self._choose(**staged)
        else:
            state.staged = staged

    def begin(self) -> None:
        """Do what was staged.

        Raises:
            ValueError: if the choices don't go together; they stay staged.
        """
        staged = self._state.staged
        self._choose(**staged)
        self._state.staged = {}

    def keep(self) -> None:
        """Leave everything as it is."""
        self._state.staged = {}

    def question(self) -> str:
        """What is asked, in a sentence; empty if nothing is staged."""
        staged = self._state.staged.items()
        names = [words for name, value in staged if (words := CHOICES[name].question(value))]
        return f"Begin again with {', '.join(names)}?" if names else ""

    def objection(self) -> str:
        """Why the staged choices can't be had, and a way out; empty if they can."""
        state = self._state
        if not state.staged or not (reason := state.refusal(**state.staged)):
            return ""
        loss = LOSSES[state.staged.get("loss", state.loss)]
        output = state.staged.get("output", state.output)
        if "preset" not in state.staged and output not in loss.outputs:
            made_for = " or ".join(ACTIVATIONS[name].label for name in loss.outputs)
            return (
                f"{loss.label} is made for {made_for} outputs, not for {ACTIVATIONS[output].label}: "
                "choose another loss or other outputs as well."
            )
        return f"That can't be: {reason.removesuffix('.')}."
