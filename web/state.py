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
from nncore.network import NetworkSpec
from nncore.optimisers import OPTIMISERS
from nncore.preprocessing import INPUTS, Preprocessing
from nncore.presets import PRESETS, Preset
from nncore.training import TrainingSpec
from web.snapshot import Asked, Snapshot
from web.sweep import SweepSnapshot
from web.sweep_settings import SETTINGS

HIDDEN_ACTIVATIONS = [name for name in ACTIVATIONS if name != "softmax"]

LARGEST_LAYER = 2000

# Changed while it learns, without a reset; the network's shape is changed with what was learned kept;
# everything else begins a new network.
HOT_CHOICES = ("learning_rate", "batch_size", "l2")
SHAPE_CHOICES = ("layers", "activation")
RESTART_CHOICES = ("optimiser", "initialiser", "inputs", "seed")
CHOICES = ("preset", *SHAPE_CHOICES, *HOT_CHOICES, *RESTART_CHOICES, "method")


ALL_METHODS = "all"  # the choice of method that shows a row of each

# What a page can do as the source did: on MNIST's own images, undistorted.
PAGE_PRESETS = [p for p in PRESETS.values() if p.data.dataset == "mnist" and p.training.distortion is None]


class LayerSizes(param.Parameter):
    """Neurons a layer, inputs first: a tuple of at least two positive integers. A list is taken as a
    tuple."""

    def __set__(self, obj: Any, value: Any) -> None:
        super().__set__(obj, tuple(value) if isinstance(value, list) else value)

    def _validate(self, val: Any) -> None:
        whole = isinstance(val, tuple) and all(isinstance(n, int) and not isinstance(n, bool) for n in val)
        if not whole or len(val) < 2 or min(val) < 1:
            raise ValueError(
                f"layers must be at least two positive whole numbers such as [784, 200, 10], not {val!r}"
            )
        if (val[0], val[-1]) != (784, 10):
            raise ValueError(f"layers must begin with 784 pixels and end with 10 digits, not {val!r}")
        if max(val[1:-1], default=1) > LARGEST_LAYER:
            raise ValueError(
                f"a hidden layer may have up to {LARGEST_LAYER:,} neurons, not {max(val[1:-1]):,}"
            )


def labelled(registry: Mapping[str, Any]) -> dict[str, str]:
    """The names of a registry by what people are shown, as a selector takes them."""
    return {entry.label: name for name, entry in registry.items()}


class LabState(param.Parameterized):
    """Choices (``CHOICES``), the pad's strokes, the choices of a sweep (``sweep_*``), and what the runner and
    the sweeper publish (``snapshot``, ``notice``, ``sweep``)."""

    preset: Any = param.Selector(default="fast", objects=[preset.name for preset in PAGE_PRESETS])
    layers = LayerSizes(default=(784, 200, 10))
    activation: Any = param.Selector(
        default="relu", objects=labelled({name: ACTIVATIONS[name] for name in HIDDEN_ACTIVATIONS})
    )
    learning_rate = param.Number(default=0.001, bounds=(0, 100), inclusive_bounds=(False, True))
    batch_size = param.Integer(default=100, bounds=(1, 60_000))
    l2 = param.Number(default=0.0, bounds=(0, 1))
    optimiser: Any = param.Selector(default="adam", objects=labelled(OPTIMISERS))
    initialiser: Any = param.Selector(default="he", objects=labelled(INITIALISERS))
    inputs: Any = param.Selector(default="unit", objects=labelled(INPUTS))
    seed = param.Integer(default=0, bounds=(0, 2**31 - 1))
    method: Any = param.Selector(default="logit", objects=[*BACKQUERIES, ALL_METHODS])

    strokes = param.List(
        default=[], doc="The pad's strokes, each a list of [x, y] in a 500 x 500 box, y down."
    )
    picture = param.Bytes(
        default=b"",
        doc="A picture on the pad in place of strokes, 784 bytes; empty while there is none.",
    )
    asked = param.ClassSelector(class_=Asked, default=None, doc="The picture to be imagined large.")
    running = param.Boolean(default=False)
    dark = param.Boolean(default=False, doc="Whether the page shows its dark colours.")

    # Of the sweep, each by its name in the command with "sweep_" before it.
    sweep_preset: Any = param.Selector(default="rashid", objects=["", *(p.name for p in PAGE_PRESETS)])
    sweep_setting: Any = param.Selector(default="learning_rate", objects=list(SETTINGS))
    sweep_values = param.String(default=SETTINGS["learning_rate"].offered)
    sweep_seeds = param.Integer(default=1, bounds=(1, 20))
    sweep_epochs = param.Integer(default=1, bounds=(1, 100))

    snapshot = param.ClassSelector(class_=Snapshot, default=Snapshot())
    sweep = param.ClassSelector(class_=SweepSnapshot, default=SweepSnapshot())
    notice = param.String(default="", doc="One sentence on what just happened.")
    problem = param.String(default="", doc="One sentence on what went wrong, for the page's alert.")
    undoable = param.Boolean(
        default=False, doc="Whether the network before the last restart can be brought back."
    )

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.param.update(preset_choices(PRESETS[self.preset]))

    def choices(self) -> dict[str, Any]:
        """Every choice by its name, as plain values."""
        return {name: getattr(self, name) for name in CHOICES}

    def choose(self, **choices: Any) -> None:
        """Set several choices at once, all or none.

        A ``preset`` is applied first, whatever the order, and the others change it.

        Raises:
            ValueError: naming the choice that doesn't exist or the value that isn't legal; nothing has
            changed then.
        """
        if unknown := set(choices) - set(CHOICES):
            raise ValueError(
                f"there is no choice {sorted(unknown)[0]!r}; the choices are {', '.join(CHOICES)}"
            )
        if "preset" in choices:
            name = choices["preset"]
            if name not in self.param.preset.objects:
                raise ValueError(
                    f"there is no preset {name!r}; the presets are {', '.join(self.param.preset.objects)}"
                )
            choices = preset_choices(PRESETS[name]) | choices
        before = self.choices()
        with param.parameterized.batch_call_watchers(self):
            try:
                for name, value in choices.items():
                    setattr(self, name, value)
                self.experiment()
            except ValueError:
                for name, value in before.items():
                    setattr(self, name, value)
                raise

    def experiment(self) -> tuple[NetworkSpec, Preprocessing, TrainingSpec]:
        """The core's own settings for these choices: the preset's, with what the learner changed put in their
        place.

        Raises:
            ValueError: if the choices don't go together.
        """
        preset = PRESETS[self.preset]
        hidden = (self.activation,) * (len(self.layers) - 2)
        network = replace(
            preset.network,
            layers=self.layers,
            activations=(*hidden, preset.network.activations[-1]),
            initialiser=self.initialiser,
        )
        preprocessing = replace(preset.preprocessing, inputs=self.inputs)
        training = replace(
            preset.training,
            learning_rate=self.learning_rate,
            batch_size=self.batch_size,
            l2=self.l2,
            optimiser=self.optimiser,
            seed=self.seed,
        )
        return network, preprocessing, training


def preset_choices(preset: Preset) -> dict[str, Any]:
    """The choices that a preset stands for (the seed and the back-query's method are the learner's own)."""
    network, training = preset.network, preset.training
    return {
        "preset": preset.name,
        "layers": network.layers,
        "activation": network.activations[0],
        "learning_rate": training.learning_rate,
        "batch_size": training.batch_size,
        "l2": training.l2,
        "optimiser": training.optimiser,
        "initialiser": network.initialiser,
        "inputs": preset.preprocessing.inputs,
    }
