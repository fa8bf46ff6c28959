"""The preset *Classic feed-forward network*, trained on a small random part of MNIST.

It has one hidden ReLU layer, softmax outputs and the cross-entropy.
"""

from dataclasses import replace

from nncore.network import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets.preset import DataPlan, Preset
from nncore.training_spec import TrainingSpec

PRESET = Preset(
    name="classic-feedforward",
    title="Classic feed-forward network",
    blurb=(
        "ReLU and softmax on pixels that are either ink or not, one image at a time, 5,000 images drawn from "
        "all 70,000 and divided 70/15/15. The source also puts a ReLU before the softmax, which silences "
        "every output with a negative sum, and trains on its validation part too: neither is done here. Its "
        "claim of 97 % is out of reach with so few images."
    ),
    source="Classic feed-forward network",
    published="up to 97 %",
    author="The source",
    short="Classic",
    published_epochs=50,
    network=NetworkSpec(
        (784, 32, 10), ("relu", "softmax"), "softmax_cross_entropy", initialiser="normal", initial_sd=0.1
    ),
    preprocessing=Preprocessing("binary", "one_hot"),
    training=TrainingSpec(optimiser="sgd", learning_rate=0.05, batch_size=1, epochs=5, order="shuffle"),
    data=DataPlan(train=3500, validation=750, test=750, pooled=True),
)

VARIANTS = (
    replace(
        PRESET,
        name="classic-feedforward-50",
        title="Classic feed-forward network, 50 epochs",
        training=replace(PRESET.training, epochs=50),
    ),
    replace(
        PRESET,
        name="classic-feedforward-full",
        title="Classic feed-forward network, all of MNIST",
        blurb="The same network on all 60,000 training images, tested on the 10,000 test images.",
        data=DataPlan(),
    ),
    replace(
        PRESET,
        name="classic-feedforward-glorot",
        title="Classic feed-forward network, Xavier's weights",
        blurb="The source's other way to begin: weights of standard deviation sqrt(2 / (n_in + n_out)).",
        network=replace(PRESET.network, initialiser="glorot_normal"),
    ),
)
