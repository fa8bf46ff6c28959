"""Presets: networks with everything that belongs to them, ready to train.

Five come from books, courses and programs and behave as their sources say; two are ours. Where a source
contradicts itself or has a mistake, the preset does what makes the source's own claim true, and its blurb
says what was changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from nncore.network import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.training_spec import TrainingSpec


@dataclass(frozen=True)
class Preset:
    """A network, how its data is put to it, and how it is trained.

    Attributes:
        name: key in ``PRESETS``.
        title: for people.
        blurb: what it is and what we changed.
        source: whose it is.
        published: what the source claims to reach; empty where it claims nothing.
        network, preprocessing, training: settings.
        dataset: ``"mnist"`` or ``"digits8x8"``.
    """

    name: str
    title: str
    blurb: str
    source: str
    published: str
    network: NetworkSpec
    preprocessing: Preprocessing
    training: TrainingSpec
    dataset: str = "mnist"


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            name="fast",
            title="Fast",
            blurb=(
                "The best accuracy within ten seconds of training: ReLU, softmax and Adam, warmed up and "
                "slowed down."
            ),
            source="Inkling",
            published="",
            network=NetworkSpec((784, 200, 10), ("relu", "softmax"), "softmax_cross_entropy", "he"),
            preprocessing=Preprocessing("unit", "one_hot"),
            training=TrainingSpec(
                optimiser="adam",
                learning_rate=0.003,
                schedule="linear",
                warmup=0.02,
                final=0.01,
                batch_size=100,
                epochs=8,
                horizon=480_000,
            ),
        ),
        Preset(
            name="rashid",
            title="Make Your Own Neural Network",
            blurb=(
                "Three layers of sigmoids without biases, one image at a time. The book sends the raw error "
                "back and not the exact gradient; kept as it is."
            ),
            source="Tariq Rashid, Make Your Own Neural Network (2016)",
            published="97.42, 97.12 and 97.47 % in recorded runs",
            network=NetworkSpec(
                (784, 200, 10), ("sigmoid", "sigmoid"), "half_squared_error", "rashid", biases=False
            ),
            preprocessing=Preprocessing("rashid", "soft"),
            training=TrainingSpec(
                optimiser="sgd", learning_rate=0.1, batch_size=1, epochs=5, order="file", rule="rashid"
            ),
        ),
    )
}
"""Name -> preset. The page opens with the first."""
