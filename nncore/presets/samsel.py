"""The preset *A network that imagines*, Samsel's program: one pass over 50,000 images, then back-queries."""

from nncore.network import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets.preset import DataPlan, Preset
from nncore.training_spec import TrainingSpec

PRESET = Preset(
    name="samsel",
    title="A network that imagines",
    blurb=(
        "Thirty sigmoids, one pass, one image at a time, at the high learning rate of 3. Its formulas leave "
        "the biases out, its program has them, and so does this. Let it imagine digits with the back-query "
        "by transposed weights."
    ),
    source="Samsel",
    published="",
    short="Samsel's network",
    network=NetworkSpec(
        (784, 30, 10),
        ("sigmoid", "sigmoid"),
        "half_squared_error",
        initialiser="normal",
        bias_initialiser="normal",
        initial_sd=1.0,
    ),
    preprocessing=Preprocessing("unit", "one_hot"),
    training=TrainingSpec(optimiser="sgd", learning_rate=3.0, batch_size=1, epochs=1, order="shuffle"),
    data=DataPlan(train=50_000, validation=10_000),
)
