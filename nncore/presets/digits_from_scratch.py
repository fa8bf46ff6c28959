"""The preset *Digits from scratch*: a network so small (64-10-10) that all its weights can be inspected."""

from nncore.network import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets.preset import DataPlan, Preset
from nncore.training_spec import TrainingSpec

PRESET = Preset(
    name="digits-from-scratch",
    title="Digits from scratch",
    blurb=(
        "Ten hidden sigmoids on the 8 x 8 digits, so small that all its weights can be seen. An epoch is 26 "
        "independent draws of 50 images. All weights begin between 0 and 1, none below; after ten epochs go "
        "on by hand with a lower learning rate. The source prints a wrong entry as the neuron's bias; the "
        "bias shown here is the bias."
    ),
    source="Digits from scratch",
    published="",
    network=NetworkSpec(
        (64, 10, 10),
        ("sigmoid", "sigmoid"),
        "half_squared_error",
        initialiser="uniform",
        bias_initialiser="uniform",
        initial_low=0.0,
        initial_high=1.0,
    ),
    # The source divides by 16, the brightest grey, and then by 8.
    preprocessing=Preprocessing("divide", "one_hot", divisor=128.0, max_value=16),
    training=TrainingSpec(
        optimiser="sgd", learning_rate=1.0, batch_size=1, epochs=10, order="sample", draws=26, draw_size=50
    ),
    data=DataPlan(dataset="digits8x8"),
)
