"""The preset *Fast*, with which the page opens.

It is tuned for a quick start and a high accuracy within about ten seconds.
"""

from nncore.network import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets.preset import Preset
from nncore.training_spec import TrainingSpec

PRESET = Preset(
    name="fast",
    title="Fast",
    blurb=(
        "The best accuracy within about ten seconds of training in a browser: rectified linear units, "
        "softmax and Adam, whose steps are warmed up and then shrink to a hundredth."
    ),
    source="Inkling",
    published="",
    network=NetworkSpec((784, 200, 10), ("relu", "softmax"), "softmax_cross_entropy", "he"),
    preprocessing=Preprocessing("unit", "one_hot"),
    training=TrainingSpec(
        optimiser="adam",
        learning_rate=0.004,
        schedule="linear",
        warmup=0.005,
        final=0.01,
        batch_size=100,
        epochs=8,
        horizon=480_000,
    ),
)
