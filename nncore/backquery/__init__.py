"""Back-query: run a network backwards, from an answer to an image.

What does a network think a 7 looks like? There is no single answer - countless images give the same outputs -
and each method here takes another. All return the same thing, and none is believed: the image is sent forward
again, and ``reads`` says what the network itself makes of it, which is often not what was asked for.

``logit`` and ``transpose`` run the layers backwards once; ``gradient`` changes an image step by step until
the network reads in it what was asked. A method is one file with one function and one entry in
``BACKQUERIES``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nncore.backquery.logit import logit
from nncore.backquery.result import BackQuery, Method, check_target, read_back
from nncore.checks import choose
from nncore.network import Network
from nncore.preprocessing import Preprocessing

__all__ = ["BACKQUERIES", "BackQuery", "backquery", "backquery_digits"]

BACKQUERIES: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            "logit",
            "Inverse activations",
            "Rashid's way: undo each activation, go back through the weights, rescale, layer by layer.",
            logit,
        ),
    )
}
"""Name -> method."""


def backquery(
    network: Network,
    target: int | np.ndarray,
    method: str = "logit",
    preprocessing: Preprocessing | None = None,
    **options: Any,
) -> BackQuery:
    """The network's own picture of a class, or of any outputs.

    Args:
        target: a class, or the outputs to ask for, ``(n_out,)``.
        method: name in ``BACKQUERIES``.
        preprocessing: the network's; it says which inputs are possible.
        **options: the method's own.

    Raises:
        ValueError: for an unknown method or class, a target of the wrong length, one that is not finite.
    """
    preprocessing = preprocessing or Preprocessing()
    targets = check_target(network, target, preprocessing)
    images = choose(BACKQUERIES, method, "back-query").run(network, targets, preprocessing, **options)
    return read_back(network, targets, images, method)[0]


def backquery_digits(
    network: Network, method: str = "logit", preprocessing: Preprocessing | None = None, **options: Any
) -> list[BackQuery]:
    """One back-query a class, all in one batch."""
    preprocessing = preprocessing or Preprocessing()
    classes = range(network.spec.layers[-1])
    targets = np.concatenate([check_target(network, digit, preprocessing) for digit in classes])
    images = choose(BACKQUERIES, method, "back-query").run(network, targets, preprocessing, **options)
    return read_back(network, targets, images, method)
