"""Lists the table of choices: a row for every choice about the network on the page.

Controls, ``command("set")``, the address, saved runs, sweeps, explanations, questions and the tables of
``docs/driving.md`` are made from it: a new choice is a row here, and code where it has its effect. The
choices of a sweep are rows of the same form in ``web.state.sweep_choices``.
"""

from __future__ import annotations

from nncore.activations import ACTIVATIONS
from nncore.backquery import BACKQUERIES
from nncore.initialisers import INITIALISERS
from nncore.losses import LOSSES
from nncore.optimisers import OPTIMISERS
from nncore.pen_steps import STEPS
from nncore.preprocessing import INPUTS, TARGETS
from nncore.presets import PRESETS
from nncore.presets.rashid import SWEEP_RATES
from web.state.choice import Choice, Effect
from web.state.dataset_options import DATASET_OPTIONS
from web.state.kinds import (
    STYLE_KEYS,
    DatasetName,
    HiddenActivations,
    LayerSizes,
    Number,
    OneOf,
    SomeOf,
    Whole,
    labels,
    plain,
)
from web.state.reader_choices import AUTO, READERS

ALL_METHODS = "all"  # the value of ``method`` that shows pictures by all methods

# Presets whose data set the page has, so that it can train as the source did.
PAGE_PRESETS = [preset for preset in PRESETS.values() if preset.dataset in DATASET_OPTIONS]

BOOK_RATES = f"{SWEEP_RATES[0]}, {SWEEP_RATES[1]}, ..., {SWEEP_RATES[-1]}"

ROWS = (
    Choice(
        "preset", OneOf({preset.name: preset.title for preset in PAGE_PRESETS}), "preset", "Preset",
        "A network from a book or course with everything that it was trained with, or one of ours.",
        Effect.BEGINS_ANEW, default=PAGE_PRESETS[0].name, asked="{}",
    ),
    Choice(
        "layers", LayerSizes(), "shape", "Layers",
        "Neurons and activations. More neurons can learn more, but take longer; edits keep what was learned.",
        Effect.KEEPS, setting="network.layers",
    ),
    Choice(
        "activations", HiddenActivations(), "shape", "Hidden",
        "The function that turns the sum of a hidden neuron's inputs into its output.",
        Effect.KEEPS, setting="network.activations",
    ),
    Choice(
        "learning_rate", Number(0, 100, above=True), "training", "Learning rate",
        "How far each step goes. Too small learns slowly, too large never settles.",
        Effect.AT_ONCE, setting="training.learning_rate", swept=BOOK_RATES,
    ),
    Choice(
        "batch_size", Whole(1, 60_000), "training", "Mini-batch",
        "How many digits are looked at before the weights change. 1 is online learning.",
        Effect.AT_ONCE, setting="training.batch_size", swept="1, 10, 100, 1000",
    ),
    Choice(
        "l2", Number(0, 1), "training", "Weight decay (L2)",
        "Pulls every weight towards zero a little with each step, against learning by heart.",
        Effect.AT_ONCE, setting="training.l2", heading="Weight decay", swept="0, 0.0001, 0.001, 0.01",
    ),
    Choice(
        "epochs", Whole(0, 10_000, zero="until paused"), "stopping", "Epochs",
        "How often Train goes through all training digits before it stops. Empty: until you pause.",
        Effect.AT_ONCE, heading="To train for",
    ),
    Choice(
        "patience", Whole(0, 1000, zero="off"), "stopping", "Stop early",
        "Stops when the test loss has not fallen for that long, and goes back to the best moment.",
        Effect.AT_ONCE, default=0, heading="Stop early after",
    ),
    Choice(
        "affine", Number(0, 2), "distortion", "Turned, slanted, moved",
        "Every digit is turned, slanted and moved anew each time; 1 is as in the preset Best.",
        Effect.AT_ONCE, setting="training.distortion",
    ),
    Choice(
        "elastic", Number(0, 60), "distortion", "Bent",
        "Every digit is bent anew each time, this strongly (Simard's alpha); 20 is as in the preset Best.",
        Effect.AT_ONCE, setting="training.distortion",
    ),
    Choice(
        "thickness", Number(0, 1), "distortion", "Thicker, thinner",
        "Each time, the lines of a digit get thicker or thinner by at most this many pixels.",
        Effect.AT_ONCE, setting="training.distortion",
    ),
    Choice(
        "styles", Number(0, 0.8), "mix", "Styles mixed in",
        "The share of an epoch's digits that is generated, in styles from all over the world.",
        Effect.NEXT_EPOCH, default=0.0,
    ),
    Choice(
        "styles_off", SomeOf(STYLE_KEYS, example="7 crossed"), "mix", "Styles left out",
        "Styles that are not mixed in.",
        Effect.NEXT_EPOCH, default=(),
    ),
    Choice(
        "mine", Number(0, 0.5), "mix", "My digits mixed in",
        "The share of an epoch's digits that are your own. Each is used many times.",
        Effect.NEXT_EPOCH, default=0.0,
    ),
    Choice(
        "dataset", DatasetName(), "digits", "Digits",
        "The digits that are learned from and tested with.",
        Effect.BEGINS_ANEW, asked="other digits ({})",
    ),
    Choice(
        "output", OneOf(labels(ACTIVATIONS)), "shape", "Outputs",
        "The function of the ten output neurons. Softmax gives shares that add up to one.",
        Effect.BEGINS_ANEW, setting="network.activations", asked="{} outputs",
    ),
    Choice(
        "loss", OneOf(labels(LOSSES)), "more", "Loss",
        "How far the outputs are from what they should be. Learning makes this number smaller.",
        Effect.BEGINS_ANEW, setting="network.loss", asked="{}", heading="Loss function",
    ),
    Choice(
        "optimiser", OneOf(labels(OPTIMISERS)), "more", "Optimiser",
        "How the gradient becomes a step: plainly, with momentum, or scaled for each weight.",
        Effect.BEGINS_ANEW, setting="training.optimiser", asked="{}", swept="sgd, momentum, rmsprop, adam",
    ),
    Choice(
        "rule", OneOf({"gradient": "Exact gradient", "rashid": "Rashid's, raw errors"}), "more", "Update",
        "How errors go back through the layers: by the exact gradient, or as in Rashid's book.",
        Effect.BEGINS_ANEW, setting="training.rule",
        asked={"gradient": "the exact gradient", "rashid": "Rashid's rule"},
    ),
    Choice(
        "initialiser", OneOf(labels(INITIALISERS)), "more", "First weights",
        "How large the random first weights are.",
        Effect.BEGINS_ANEW, setting="network.initialiser", asked="first weights “{}”",
        swept="rashid, glorot_uniform, he, zeros",
    ),
    Choice(
        "inputs", OneOf(labels(INPUTS)), "more", "Inputs",
        "How a pixel becomes a number for the network.",
        Effect.BEGINS_ANEW, setting="preprocessing.inputs", asked="inputs {}", swept="unit, rashid, binary",
    ),
    Choice(
        "targets", OneOf(labels(TARGETS)), "more", "Targets",
        "What the outputs should be: 1 for the right digit and 0 for the others, or numbers close to these.",
        Effect.BEGINS_ANEW, setting="preprocessing.targets", asked="targets {}",
    ),
    Choice(
        "seed", Whole(0, 2**31 - 1), "seed", "Seed",
        "The number that all random numbers follow from. The same seed gives the same run again.",
        Effect.BEGINS_ANEW, default=0, setting="training.seed", asked="seed {}",
    ),
    # The default is the method whose ten pictures the network reads as the digits asked for (docs/core.md).
    Choice(
        "method", OneOf(plain(*BACKQUERIES, ALL_METHODS)), "imagine", "Method",
        "Three ways to run the network backwards, from a digit to a picture.",
        Effect.SHOWN, default="gradient",
    ),
    Choice(
        "loss_scale", OneOf(plain("linear", "log")), "curves", "Scale of the loss",
        "Linear, or logarithmic, which shows small losses as well as large ones.",
        Effect.SHOWN, default="linear",
    ),
    Choice(
        "runs_shown", OneOf(plain("this", "all")), "curves", "Runs shown",
        "The plots end with the present run, or with the longest of the earlier ones.",
        Effect.SHOWN, default="this",
    ),
    Choice(
        "reader", OneOf(READERS), "pad", "Reads with",
        "Which network reads what you draw.",
        Effect.SHOWN, default=AUTO,
    ),
    Choice(
        "pen_steps", SomeOf(tuple(STEPS)), "pad", "Steps taken",
        "The steps from the pad to the picture that the network sees.",
        Effect.SHOWN, default=tuple(STEPS),
    ),
)  # fmt: skip

CHOICES: dict[str, Choice] = {row.name: row for row in ROWS}
"""Name -> choice, in the order of the address."""

SHORTHANDS = ("activation",)
"""Names that set several choices: ``activation`` sets the same activation in every hidden layer."""


def with_effect(effect: Effect) -> tuple[str, ...]:
    """Return the names of the choices with this effect."""
    return tuple(row.name for row in ROWS if row.effect is effect)


def in_group(*groups: str) -> tuple[str, ...]:
    """Return the names of the choices in these groups."""
    return tuple(row.name for row in ROWS if row.group in groups)


BEGINNING_ANEW = with_effect(Effect.BEGINS_ANEW)
SHAPE_CHOICES = with_effect(Effect.KEEPS)
VIEW_CHOICES = with_effect(Effect.SHOWN)  # change only the display, not the network
STOPPING = in_group("stopping")  # say when training ends by itself; they don't change the network
DISTORTIONS = in_group("distortion")
HOT_SETTINGS = {row.name: row.setting for row in ROWS if row.setting and row.effect is Effect.AT_ONCE}
"""Choice -> the setting of a running training that changes with it."""
