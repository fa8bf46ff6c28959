"""Ways of writing digits: named styles from all over the world, and a seeded hand that writes them.

MNIST was written by Americans. Whoever crosses a seven, gives a one a flag or curls a nine's tail to the left
is a stranger to a network that knows MNIST alone. Here such styles are told as skeletons (``skeleton``, and a
file for each digit), written by a hand that never writes the same twice (``hand``), and drawn by the pad's
own pen (``generate``), to look at, to train on, or to mix into any data set.

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
