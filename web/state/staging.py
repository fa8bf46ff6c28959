"""Stages choices that would begin a new network, so that the learner confirms them first.

A control proposes choices. A network that has learned nothing is replaced at once; otherwise the learner is
asked ("Begin again with Adam?"). Several choices can be staged together, which also makes it possible to get
from one legal combination to another that is not one legal step away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nncore.activations import ACTIVATIONS
from nncore.losses import LOSSES
from web.state.choices_table import CHOICES
from web.state.lab_state import LabState


class Staging:
    """The staged choices (``state.staged``) and the actions on them.

    Args:
        learned: tells whether the present network has learned anything.
        choose: sets choices, as ``LabState.choose`` does.
    """

    def __init__(self, state: LabState, learned: Callable[[], bool], choose: Callable[..., None]) -> None:
        self._state, self._learned, self._choose = state, learned, choose

    def propose(self, **choices: Any) -> None:
        """Set these choices now if they are legal and nothing learned would be lost; otherwise stage them."""
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
        """Set the staged choices, which begins a new network.

        Raises:
            ValueError: if the choices contradict each other; they stay staged.
        """
        staged = self._state.staged
        self._choose(**staged)
        self._state.staged = {}

    def keep(self) -> None:
        """Drop the staged choices and keep the present network."""
        self._state.staged = {}

    def question(self) -> str:
        """Return the question about the staged choices; empty if nothing is staged."""
        staged = self._state.staged.items()
        names = [words for name, value in staged if (words := CHOICES[name].question(value))]
        return f"Begin again with {', '.join(names)}?" if names else ""

    def objection(self) -> str:
        """Return the reason why the staged choices are illegal, and a way out; empty if they are legal."""
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
