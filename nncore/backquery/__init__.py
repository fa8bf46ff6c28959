"""Back-query: runs a network backwards, from an answer to an image.

What does a network think a 7 looks like? There is no single answer, because countless images give the same
outputs, and each method here finds another one. All return the same kind of result, which is then checked:
the image is sent forward again, and ``reads`` is the network's own reading of it, often not the digit asked
for.

``logit`` and ``transpose`` run the layers backwards once; ``gradient`` changes an image step by step until
the network reads the digit asked for. A method is one file and one entry in ``BACKQUERIES``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nncore.backquery.gradient import gradient, gradient_steps
from nncore.backquery.logit import logit
from nncore.backquery.result import BackQuery, Method, results
from nncore.backquery.transpose import transpose
from nncore.checks import choose
from nncore.network import Network
from nncore.preprocessing import Preprocessing

__all__ = ["BACKQUERIES", "BackQuery", "backquery", "backquery_digits", "backquery_steps"]

BACKQUERIES: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            "logit",
            "Inverse activations",
            "Rashid's way: undo each activation, go back through the weights, stretch, layer by layer.",
            logit,
            targets="soft",
        ),
        Method(
            "transpose",
            "Transposed weights",
            "Samsel's way: back through the weights alone, as if the network were linear.",
            transpose,
            targets="one_hot",
        ),
        Method(
            "gradient",
            "Gradient",
            "Change the image, step by step, until the network reads in it what was asked for.",
            gradient,
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
    """Return the network's own picture of a class, or of any outputs.

    Args:
        target: a class, or the desired outputs, ``(n_out,)``.
        method: name in ``BACKQUERIES``.
        preprocessing: the network's; it gives the range of possible inputs.
        **options: the method's own (``gradient_steps`` has some).

    Raises:
        ValueError: for an unknown method or class, a target of the wrong length, or one that is not finite.
    """
    return _run(network, [target], method, preprocessing, options)[0]


def backquery_digits(
    network: Network, method: str = "logit", preprocessing: Preprocessing | None = None, **options: Any
) -> list[BackQuery]:
    """Return one back-query a class, all in one batch."""
    return _run(network, list(range(network.spec.layers[-1])), method, preprocessing, options)


def backquery_steps(
    network: Network,
    targets: list[int | np.ndarray],
    preprocessing: Preprocessing | None = None,
    **options: Any,
) -> Iterator[list[BackQuery]]:
    """Yield the steps of the ``gradient`` method, to be watched: each time one ``BackQuery`` a target.

    The network may be trained meanwhile: every step uses its present weights. Options as for
    ``gradient_steps``.
    """
    preprocessing = preprocessing or Preprocessing()
    method = BACKQUERIES["gradient"]
    wanted = np.concatenate([method.target(network, target, preprocessing) for target in targets])
    return gradient_steps(network, wanted, preprocessing, **options)


def _run(
    network: Network,
    asked: list[Any],
    name: str,
    preprocessing: Preprocessing | None,
    options: dict[str, Any],
) -> list[BackQuery]:
    """Run a method for several targets in one batch."""
    preprocessing = preprocessing or Preprocessing()
    method = choose(BACKQUERIES, name, "back-query")
    targets = np.concatenate([method.target(network, one, preprocessing) for one in asked])
    # A network about to diverge may overflow here. Its image is then grey, which is warning enough.
    with np.errstate(over="ignore", invalid="ignore"):
        images = method.run(network, targets, preprocessing, **options)
        return results(images, targets, network.predict(images), name)
