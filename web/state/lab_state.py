"""Holds the learner's choices and everything that the views show: one object, without Panel and without
effects.

Controls are bound to its parameters, ``window.inkling.command("set", ...)`` sets them, presets fill them in.
The runner watches them, so that every change takes effect in the same way. ``web.state.choices_table`` lists
the choices.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import param

from nncore.network_spec import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.training_spec import TrainingSpec
from web.state.choice import Choice
from web.state.choices import Choices
from web.state.choices_table import CHOICES
from web.state.dataset_options import DATASET_OPTIONS
from web.state.snapshot import Asked, Looking, Snapshot
from web.state.sweep_choices import SWEEP_CHOICES
from web.state.sweep_snapshot import SweepSnapshot


class ChoiceParameter(param.Parameter):
    """A parameter that accepts the legal values of a row in the table of choices."""

    __slots__ = ["row"]

    def __init__(self, row: Choice, default: Any) -> None:
        super().__init__(default=default, doc=row.sentence)
        self.row = row

    def __set__(self, obj: Any, value: Any) -> None:
        super().__set__(obj, self.row.check(value))


class LabState(param.Parameterized):
    """The state of the lab: choices, drawing, and published results.

    It has a parameter for every choice (``CHOICES``) and every choice of a sweep (``SWEEP_CHOICES``), the
    pad's strokes, and the results that the runner and the sweeper publish (``snapshot``, ``notice``,
    ``sweep``).
    """

    if TYPE_CHECKING:  # the choices' parameters are added below

        def __getattr__(self, name: str) -> Any: ...

    tab = param.String(default="", doc="The tab that is in front: its module's name in web.views.tabs.")

    offers = param.Dict(default=DATASET_OPTIONS, doc="The data sets that can be chosen now, by name.")
    strokes = param.List(
        default=[], doc="The pad's strokes, each a list of [x, y] in a 500 x 500 box, y down."
    )
    picture = param.Bytes(
        default=b"",
        doc="A picture on the pad in place of strokes, 784 bytes; empty while there is none.",
    )
    photo = param.Parameter(
        default=(), doc="The stages of the photo on the pad: the name and the 784 bytes of each, in order."
    )
    opened = param.Parameter(default=None, doc="Opened files on their way into the lab: an Opened.")
    asked = param.ClassSelector(class_=Asked, default=None, doc="The picture to be imagined large.")
    looking = param.ClassSelector(class_=Looking, default=Looking(), doc="The neurons in the tab Inside.")
    running = param.Boolean(default=False)
    ended = param.String(default="", doc="Why training ended by itself, in a sentence; empty if it didn't.")
    dark = param.Boolean(default=False, doc="Whether the page shows its dark colours.")

    my_digits = param.Parameter(default=(), doc="The learner's own drawings: MyDigit, in order.")
    my_digits_undoable = param.Boolean(default=False, doc="Whether a deletion can be taken back.")
    my_reads = param.Parameter(default=(), doc="The pad's readings of the learner's drawings, in order.")
    style_reads = param.Parameter(default=(), doc="The pad's readings of one drawing of each style.")
    style_lesson = param.Parameter(default=None, doc="The StyleLesson under way, or the last one.")
    costs = param.Dict(default={}, doc="Seconds an image takes, by distortion, measured in this browser.")
    lesson = param.Parameter(default=None, doc="The Lesson under way, or the last one; None before any.")
    cards = param.Dict(default={}, doc="What is known about the networks that come with the page, by name.")
    few_digits = param.Boolean(
        default=False, doc="Whether fewer digits are kept, because this device has little memory."
    )
    snapshot = param.ClassSelector(class_=Snapshot, default=Snapshot())
    sweep = param.ClassSelector(class_=SweepSnapshot, default=SweepSnapshot())
    notice = param.String(default="", doc="One sentence on what just happened.")
    problem = param.String(default="", doc="One sentence on what went wrong, for the page's alert.")
    staged = param.Dict(default={}, doc="Choices that begin a new network and wait for the learner's answer.")
    rewind = param.Integer(
        default=None,
        allow_None=True,
        bounds=(0, None),
        doc="The moment of the training that is shown, in samples; None for now.",
    )
    compared = param.List(default=[], doc="The numbers of up to two runs that are compared.")
    runs = param.Parameter(default=(), doc="RunSummary of every run and every network of a sweep.")
    aside = param.Parameter(default=(), doc="AsideNetwork of every network that a link has set aside.")
    undoable = param.Boolean(default=False, doc="Whether the change that the notice tells of can be undone.")

    def tell(self, notice: str) -> None:
        """Show a sentence about an event that can't be undone."""
        self.param.update(notice=notice, undoable=False)

    def choices(self) -> dict[str, Any]:
        """Return every choice by its name, as plain values."""
        return {name: getattr(self, name) for name in CHOICES}

    @property
    def chosen(self) -> Choices:
        """The present choices as one value, with the data sets on offer."""
        return Choices(MappingProxyType(self.choices()), self.offers)

    def choose(self, **choices: Any) -> None:
        """Set several choices at once, all or none, as ``Choices.changed`` combines them.

        Raises:
            ValueError: naming the unknown choice or the illegal value; nothing has changed then.
        """
        before = self.chosen
        after = before.changed(**choices)
        with param.parameterized.batch_call_watchers(self):
            for name in CHOICES:
                if after[name] is not before[name]:
                    setattr(self, name, after[name])

    def refusal(self, **choices: Any) -> str:
        """Return the reason why ``choose`` would refuse these choices, in a sentence; empty if they are
        legal."""
        return self.chosen.refusal(**choices)

    def core_settings(self) -> tuple[NetworkSpec, Preprocessing, TrainingSpec]:
        """Return the core's settings for the present choices.

        Raises:
            ValueError: if the choices contradict each other.
        """
        return self.chosen.core_settings()


for _row, _usual in [
    *((row, Choices.usual()[row.name]) for row in CHOICES.values()),
    *((row, row.default) for row in SWEEP_CHOICES.values()),
]:
    LabState.param.add_parameter(_row.name, ChoiceParameter(_row, _usual))
