"""The preset *Two hidden layers of sixteen*, Emil's network: mini-batches, and the mean cost of each."""

from dataclasses import replace

from nncore.network import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets.preset import DataPlan, Preset
from nncore.training_spec import TrainingSpec

PRESET = Preset(
    name="emil",
    title="Two hidden layers of sixteen",
    blurb=(
        "Bipolar sigmoids in two hidden layers, mini-batches of 100 in the order of the file: 13,002 "
        "parameters. The source forgets the sigmoid's slope when it updates the output biases; here the "
        "gradient is exact."
    ),
    source="Emil",
    published="about 95 %",
    author="Emil",
    short="Emil's network",
    published_time="5 minutes",
    network=NetworkSpec(
        (784, 16, 16, 10),
        ("bipolar_sigmoid", "bipolar_sigmoid", "sigmoid"),
        "squared_error",
        initialiser="uniform",
        bias_initialiser="uniform",
        initial_low=-0.5,
        initial_high=0.5,
    ),
    preprocessing=Preprocessing("unit", "one_hot"),
    training=TrainingSpec(optimiser="sgd", learning_rate=1.0, batch_size=100, epochs=2, order="file"),
    data=DataPlan(train=50_000, validation=10_000),
)

VARIANTS = (
    replace(
        PRESET,
        name="emil-40",
        title="Two hidden layers of sixteen, 40 epochs",
        blurb="The same network for 40 epochs, which is where its accuracy comes to rest.",
        training=replace(PRESET.training, epochs=40),
    ),
)
