"""The learner's choices and what is shown because of them: one object, no Panel, no effects.

Widgets are bound to these parameters, ``window.inkling.command("set", ...)`` sets them, presets fill them in;
whoever sets one, the runner hears of it in the same way. A choice carries the name that it has in the URL and
in the README.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import param

from nncore.activations import ACTIVATIONS
from nncore.backquery import BACKQUERIES
from nncore.initialisers import INITIALISERS
from nncore.losses import LOSSES
from nncore.network import NetworkSpec
from nncore.optimisers import OPTIMISERS
from nncore.pen_steps import STEPS
from nncore.preprocessing import INPUTS, TARGETS, Preprocessing
from nncore.presets import PRESETS, Preset
from nncore.training import TrainingSpec
from web.choice_types import HiddenActivations, LayerSizes, PenSteps, Sequence, StyleKeys, labelled
from web.distortions import choices_of_distortion, distortion_of
from web.offers import OFFERS
from web.readers import AUTO, READERS
from web.snapshot import Asked, Looking, Snapshot
from web.sweep import SweepSnapshot
from web.sweep_settings import SETTINGS

# Changed while it learns, without a reset; the network's shape is changed with what was learned kept;
# everything else begins a new network.
HOT_CHOICES = ("learning_rate", "batch_size", "l2")
STOPPING = ("epochs", "patience")  # when training ends by itself: hot, and nothing to the network
DISTORTIONS = ("affine", "elastic", "thickness")  # hot as well
MIXED = ("styles", "styles_off", "mine")  # and from the next epoch on
SHAPE_CHOICES = ("layers", "activations")
RESTART_CHOICES = (
    "dataset", "output", "loss", "rule", "optimiser", "initialiser", "inputs", "targets", "seed"
)  # fmt: skip
VIEW_CHOICES = (
    "method",
    "loss_scale",
    "runs_shown",
    "reader",
    "pen_steps",
)  # of what is shown, and of no consequence for the network
CHOICES = (
    "preset", *SHAPE_CHOICES, *HOT_CHOICES, *STOPPING, *DISTORTIONS, *MIXED, *RESTART_CHOICES, *VIEW_CHOICES
)  # fmt: skip

# One word for several choices: the same activation in every hidden layer.
SHORTHANDS = ("activation",)


ALL_METHODS = "all"  # the choice of method that shows a row of each

# What a page can do as the source did: with digits that it has.
PAGE_PRESETS = [preset for preset in PRESETS.values() if preset.dataset in OFFERS]


class LabState(param.Parameterized):
    """Choices (``CHOICES``), the pad's strokes, the choices of a sweep (``sweep_*``), and what the runner and
    the sweeper publish (``snapshot``, ``notice``, ``sweep``)."""

    preset: Any = param.Selector(default="fast", objects=[preset.name for preset in PAGE_PRESETS])
    dataset: Any = param.Selector(default="mnist", objects=labelled(OFFERS))
    layers = LayerSizes(default=(784, 200, 10))
    activations = HiddenActivations(default=("relu",))
    output: Any = param.Selector(default="softmax", objects=labelled(ACTIVATIONS))
    loss: Any = param.Selector(default="softmax_cross_entropy", objects=labelled(LOSSES))
    rule: Any = param.Selector(
        default="gradient", objects={"Exact gradient": "gradient", "Rashid's, raw errors": "rashid"}
    )
    learning_rate = param.Number(default=0.001, bounds=(0, 100), inclusive_bounds=(False, True))
    batch_size = param.Integer(default=100, bounds=(1, 60_000))
    l2 = param.Number(default=0.0, bounds=(0, 1))
    epochs = param.Integer(default=0, bounds=(0, 10_000), doc="To train for; 0 until paused.")
    patience = param.Integer(default=0, bounds=(0, 1000), doc="Epochs without a lower test loss; 0: any.")
    affine = param.Number(default=0.0, bounds=(0, 2), doc="Turned, slanted, stretched, moved; 1 as in best.")
    elastic = param.Number(default=0.0, bounds=(0, 60), doc="Bent: Simard's alpha.")
    thickness = param.Number(default=0.0, bounds=(0, 1), doc="Pixels.")
    styles = param.Number(default=0.0, bounds=(0, 0.8), doc="Share of generated digits in an epoch.")
    styles_off = StyleKeys(default=(), doc="Styles that are left out.")
    mine = param.Number(default=0.0, bounds=(0, 0.5), doc="Share of the learner's own digits in an epoch.")
    optimiser: Any = param.Selector(default="adam", objects=labelled(OPTIMISERS))
    initialiser: Any = param.Selector(default="he", objects=labelled(INITIALISERS))
    inputs: Any = param.Selector(default="unit", objects=labelled(INPUTS))
    targets: Any = param.Selector(default="one_hot", objects=labelled(TARGETS))
    seed = param.Integer(default=0, bounds=(0, 2**31 - 1))
    # Of the three the one whose ten pictures the network reads as asked (README, "What the presets reach").
    method: Any = param.Selector(default="gradient", objects=[*BACKQUERIES, ALL_METHODS])
    loss_scale: Any = param.Selector(default="linear", objects=["linear", "log"])
    runs_shown: Any = param.Selector(default="this", objects=["this", "all"])
    reader: Any = param.Selector(default=AUTO, objects=list(READERS), doc="Who reads the pad.")

    pen_steps = PenSteps(default=tuple(STEPS), doc="The steps that the inspector of drawings takes.")
    inspecting = param.Boolean(default=False, doc="Whether somebody looks at the steps.")

    offers = param.Dict(default=OFFERS, doc="The data sets that can be chosen now, an Offer each.")
    strokes = param.List(
        default=[], doc="The pad's strokes, each a list of [x, y] in a 500 x 500 box, y down."
    )
    picture = param.Bytes(
        default=b"",
        doc="A picture on the pad in place of strokes, 784 bytes; empty while there is none.",
    )
    asked = param.ClassSelector(class_=Asked, default=None, doc="The picture to be imagined large.")
    looking = param.ClassSelector(class_=Looking, default=None, doc="The neurons that somebody looks at.")
    running = param.Boolean(default=False)
    ended = param.String(default="", doc="Why training ended by itself, in a sentence; empty if it didn't.")
    dark = param.Boolean(default=False, doc="Whether the page shows its dark colours.")

    # Of the sweep, each by its name in the command with "sweep_" before it.
    sweep_preset: Any = param.Selector(default="rashid", objects=["", *(p.name for p in PAGE_PRESETS)])
    sweep_setting: Any = param.Selector(default="learning_rate", objects=list(SETTINGS))
    sweep_values = param.String(default=SETTINGS["learning_rate"].offered)
    sweep_seeds = param.Integer(default=1, bounds=(1, 20))
    sweep_epochs = param.Integer(default=1, bounds=(1, 100))

    my_digits = param.Parameter(default=(), doc="The learner's own drawings: MyDigit, in order.")
    my_digits_undoable = param.Boolean(default=False, doc="Whether a deletion can be taken back.")
    my_reads = param.Parameter(default=(), doc="What whoever reads the pad reads in each of them.")
    watching = param.Boolean(default=False, doc="Whether somebody looks at them.")
    style_reads = param.Parameter(default=(), doc="What whoever reads the pad reads in one of each style.")
    reviewing = param.Boolean(default=False, doc="Whether somebody looks at the mistakes.")
    browsing = param.Boolean(default=False, doc="Whether somebody looks at the styles.")
    style_lesson = param.Parameter(default=None, doc="The StyleLesson under way, or the last one.")
    costs = param.Dict(default={}, doc="Distortion -> seconds an image at its usual strength, measured here.")
    lesson = param.Parameter(default=None, doc="The Lesson under way, or the last one; None before any.")
    cards = param.Dict(default={}, doc="What is known about the networks that come with the page, by name.")
    snapshot = param.ClassSelector(class_=Snapshot, default=Snapshot())
    sweep = param.ClassSelector(class_=SweepSnapshot, default=SweepSnapshot())
    notice = param.String(default="", doc="One sentence on what just happened.")
    problem = param.String(default="", doc="One sentence on what went wrong, for the page's alert.")
    staged = param.Dict(default={}, doc="Choices that wait for a word on whether to begin again with them.")
    rewind = param.Integer(
        default=None,
        allow_None=True,
        bounds=(0, None),
        doc="The moment of the training that is shown, in samples; None for now.",
    )
    compared = param.List(default=[], doc="The numbers of up to two runs that are compared.")
    runs = param.Parameter(default=(), doc="RunRecord of every run and every network of a sweep.")
    aside = param.Parameter(default=(), doc="AsideNetwork of every network that a link has set aside.")
    undoable = param.Boolean(default=False, doc="Whether the notice is of an exchange that can be undone.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._show_offers()
        self.param.watch(self._show_offers, "offers")
        self.param.update(preset_choices(PRESETS[self.preset]))

    def _show_offers(self, *_: Any) -> None:
        self.param.dataset.objects = labelled(self.offers)

    def tell(self, notice: str) -> None:
        """Say what just happened, in a sentence; it is nothing that could be undone."""
        self.param.update(notice=notice, undoable=False)

    def choices(self) -> dict[str, Any]:
        """Every choice by its name, as plain values."""
        return {name: getattr(self, name) for name in CHOICES}

    @property
    def activation(self) -> str:
        """What a further hidden layer gets: the activation of the last one, or else the preset's."""
        offered = (*PRESETS[self.preset].network.activations[:-1], "relu")
        return self.activations[-1] if self.activations else offered[0]

    def choose(self, **choices: Any) -> None:
        """Set several choices at once, all or none.

        A ``preset`` is applied first, whatever the order, and the others change it. ``activation`` stands for
        the same one in every hidden layer; where layers come or go without a word on activations, those that
        stay keep theirs. The first layer follows the data set, unless ``layers`` are given.

        Raises:
            ValueError: naming the choice that doesn't exist or the value that isn't legal; nothing has
            changed then.
        """
        if unknown := set(choices) - {*CHOICES, *SHORTHANDS}:
            raise ValueError(
                f"there is no choice {sorted(unknown)[0]!r}; the choices are {', '.join(CHOICES)}"
            )
        given = "activations" in choices
        sized = "layers" in choices
        if "preset" in choices:
            name = choices["preset"]
            if name not in self.param.preset.objects:
                raise ValueError(
                    f"there is no preset {name!r}; the presets are {', '.join(self.param.preset.objects)}"
                )
            choices = preset_choices(PRESETS[name]) | choices
        before = self.choices()
        everywhere = choices.pop("activation", None)
        with param.parameterized.batch_call_watchers(self):
            try:
                for name, value in choices.items():
                    setattr(self, name, value)
                if not sized:
                    self.layers = (self.offers[self.dataset].pixels, *self.layers[1:])
                hidden = len(self.layers) - 2
                if everywhere is not None:
                    self.activations = (everywhere,) * max(1, hidden)
                if not given or everywhere is not None:
                    self.activations = (*self.activations, *[self.activation] * hidden)[:hidden]
                self.experiment()
            except ValueError:
                for name, value in before.items():
                    setattr(self, name, value)
                raise

    def refusal(self, **choices: Any) -> str:
        """Why ``choose`` would refuse these, in a sentence; empty if it would not."""
        try:
            trial = LabState(offers=self.offers)
            trial.choose(**self.choices())
            trial.choose(**choices)
        except ValueError as error:
            return str(error)
        return ""

    def experiment(self) -> tuple[NetworkSpec, Preprocessing, TrainingSpec]:
        """The core's own settings for these choices: the preset's, with what the learner changed put in their
        place.

        Raises:
            ValueError: if the choices don't go together.
        """
        preset, offer = PRESETS[self.preset], self.offers[self.dataset]
        if self.layers[0] != offer.pixels:
            raise ValueError(
                f"layers must begin with the {offer.pixels} pixels of {offer.label}, not {self.layers[0]}"
            )
        network = replace(
            preset.network,
            layers=self.layers,
            activations=(*self.activations, self.output),
            loss=self.loss,
            initialiser=self.initialiser,
        )
        preprocessing = replace(
            preset.preprocessing, inputs=self.inputs, targets=self.targets, max_value=offer.max_value
        )
        training = replace(
            preset.training,
            learning_rate=self.learning_rate,
            batch_size=self.batch_size,
            l2=self.l2,
            rule=self.rule,
            optimiser=self.optimiser,
            seed=self.seed,
            distortion=distortion_of(self.affine, self.elastic, self.thickness, offer.pixels),
        )
        return network, preprocessing, training


def normalised(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return choices as a ``LabState`` holds them: what a file or the browser's storage gives back as a list
    is a tuple again. Every place that decodes choices calls this, so that they compare equal to the state's.

    Names that are no choice, and values that aren't legal, come back as they are: ``choose`` refuses them.
    """
    parameters = {name: LabState.param[name] for name in choices if name in CHOICES}
    return {
        name: parameters[name].normalised(value) if isinstance(parameters.get(name), Sequence) else value
        for name, value in choices.items()
    }


def preset_choices(preset: Preset) -> dict[str, Any]:
    """The choices that a preset stands for (the seed, the back-query's method and patience are the learner's
    own)."""
    chosen = choices_of(preset.network, preset.preprocessing, preset.training)
    del chosen["seed"]
    epochs = preset.training.epochs or 0
    return {"preset": preset.name, "dataset": preset.dataset, "epochs": epochs} | chosen


def choices_of(network: NetworkSpec, preprocessing: Preprocessing, training: TrainingSpec) -> dict[str, Any]:
    """The choices that say what these settings of the core say, apart from the preset: the way back from
    ``LabState.experiment``."""
    return {
        "layers": network.layers,
        "activations": network.activations[:-1],
        "output": network.activations[-1],
        "loss": network.loss,
        "initialiser": network.initialiser,
        "inputs": preprocessing.inputs,
        "targets": preprocessing.targets,
        "rule": training.rule,
        "learning_rate": training.learning_rate,
        "batch_size": training.batch_size,
        "l2": training.l2,
        "optimiser": training.optimiser,
        "seed": training.seed,
        **choices_of_distortion(training.distortion),
    }
