"""Commands that inspect the network: back-queries, its mistakes, a neuron, and the run as a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nncore.backquery import BACKQUERIES, BackQuery
from web.commands.arguments import cell_in, target_in
from web.commands.registry import command
from web.program import export_script
from web.state.choices_table import ALL_METHODS
from web.state.misread_digits import chosen, counts

if TYPE_CHECKING:
    from web.lab import Lab


@command("backquery", "`method` (as chosen if left out) and `target`: a digit, or ten numbers from 0 to 1")
async def backquery(lab: Lab, args: Any) -> dict[str, Any]:
    """Run the network backwards.

    Answers with ``method``, ``target``, ``image``, ``outputs``, ``reads``, ``confidence``.
    """
    answer = imagined(lab, args)
    return {
        "method": answer.method,
        "target": answer.target.tolist(),
        "image": answer.image.tolist(),
        "outputs": answer.outputs.tolist(),
        "reads": answer.reads,
        "confidence": answer.confidence,
    }


def imagined(lab: Lab, args: Any) -> BackQuery:
    """Return the back-query for the ``method`` and ``target`` in ``args``.

    Raises:
        ValueError: if the method or the target is not legal.
    """
    args = args or {}
    usual = lab.state.method
    method = args.get("method", next(iter(BACKQUERIES)) if usual == ALL_METHODS else usual)
    if method not in BACKQUERIES:
        raise ValueError(f"there is no method {method!r}; the methods are {', '.join(BACKQUERIES)}")
    return lab.runner.queries.imagine(target_in(args.get("target")), method)


@command("mistakes", "`cell`, such as `[4, 9]` (written, read); all mistakes if left out")
async def mistakes(lab: Lab, args: Any) -> dict[str, Any]:
    """Answer with the confusion matrix and the digits behind it.

    The keys are ``samples``, ``matrix`` and ``digits``, the surest first, each with ``test``, ``label``,
    ``read``, ``confidence``.
    """
    readings = lab.state.snapshot.readings
    if readings is None:
        raise ValueError("nothing is measured yet: train the network first")
    found = chosen(readings, cell_in((args or {}).get("cell")))
    columns = (found, readings.digits.labels[found], readings.predicted[found], readings.confidences[found])
    return {
        "samples": readings.samples,
        "matrix": counts(readings).tolist(),
        "digits": [
            {"test": test, "label": label, "read": read, "confidence": sure}
            for test, label, read, sure in zip(*(column.tolist() for column in columns), strict=True)
        ],
    }


@command("neuron", "`layer` and `neuron`, both counted from 1")
async def neuron(lab: Lab, args: Any) -> dict[str, Any]:
    """Answer with the neuron's ``weights``, ``bias`` and ``outgoing`` weights."""
    args = args or {}
    return lab.runner.queries.neuron(args.get("layer", 1), args.get("neuron", 1))


@command("script")
async def script(lab: Lab, args: Any) -> str:
    """Answer with the text of a Python program that repeats the present run."""
    return export_script.script(lab.runner.queries.recipe())


@command("notebook")
async def notebook(lab: Lab, args: Any) -> str:
    """Answer with the text of a Jupyter notebook that repeats the present run."""
    return export_script.notebook(lab.runner.queries.recipe())
