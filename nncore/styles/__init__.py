"""Generates digits in named styles from all over the world, written by a seeded hand.

MNIST was written by Americans. A crossed seven, a one with a flag or a nine with a curled tail is unknown to
a network trained on MNIST alone. Such styles are described here as skeletons (``skeleton``, and a file for
each digit), written by a hand that varies every drawing (``hand``), and drawn by the pad's own pen
(``generate``), to look at, to train on, or to mix into any data set.

    strokes = draw(STYLES[7]["crossed"], np.random.default_rng(1))
    digits = make_dataset(1000, seed=1, styles=find_styles(["7 crossed", "1 flag"]))
    train = mix(mnist_train, share=0.4, seed=1)
"""

from nncore.styles.generate import make_dataset, make_drawings, mix
from nncore.styles.hand import Hand, draw, write
from nncore.styles.registry import ALL_STYLES, STYLES, find_styles
from nncore.styles.skeleton import Knot, Stroke, Style

__all__ = [
    "ALL_STYLES",
    "STYLES",
    "Hand",
    "Knot",
    "Stroke",
    "Style",
    "draw",
    "find_styles",
    "make_dataset",
    "make_drawings",
    "mix",
    "write",
]
