"""The preset *Make Your Own Neural Network*: the network of Rashid's book, the first one of many learners.

Its update is not the exact gradient. With e = target - output, the output layer moves by ``rate * (e o (1 -
o)) h^T``, which is the gradient of the squared error; but the hidden layer gets the raw error ``W^T e``,
without the slope ``o (1 - o)``, and that is the gradient of the cross-entropy. So the two layers learn from
two different losses, and it works. ``network.RULES`` has the rule under its own name.
"""

from dataclasses import replace

from nncore.network import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets.preset import DataPlan, Preset
from nncore.training_spec import TrainingSpec

PRESET = Preset(
    name="rashid",
    title="Make Your Own Neural Network",
    blurb=(
        "Sigmoids throughout, no biases, one image after the other in the order of the file. The book's "
        "update sends the raw error back through the weights where the exact gradient would have the "
        "outputs' slope in it; it is kept as it is, under its own name."
    ),
    source="Tariq Rashid, Make Your Own Neural Network (2016)",
    published="97.42, 97.12 and 97.47 %",
    author="Rashid",
    short="Rashid's book",
    network=NetworkSpec(
        (784, 200, 10), ("sigmoid", "sigmoid"), "half_squared_error", initialiser="rashid", biases=False
    ),
    preprocessing=Preprocessing("rashid", "soft"),
    training=TrainingSpec(
        optimiser="sgd", learning_rate=0.1, batch_size=1, epochs=5, order="file", rule="rashid"
    ),
)

VARIANTS = (
    replace(
        PRESET,
        name="rashid-turned",
        title="Make Your Own Neural Network, with turned digits",
        blurb="As in the book, with every training digit added twice more, turned by ten degrees either way.",
        published="97.81, 97.54 and 97.50 %",
        training=replace(PRESET.training, learning_rate=0.01, epochs=10),
        data=DataPlan(turned=(10.0, -10.0)),
    ),
    replace(
        PRESET,
        name="rashid-backquery",
        title="Make Your Own Neural Network, for the back-query",
        blurb="The network whose mind the book looks into: the same, at a learning rate of 0.3.",
        published="",
        training=replace(PRESET.training, learning_rate=0.3),
    ),
)

SWEEP_RATES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""The learning rates that the book compares: a new network and one epoch for each."""
