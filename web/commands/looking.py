"""Commands that look into the network: backwards, at its mistakes, at a neuron, at the program behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nncore.backquery import BACKQUERIES, BackQuery
from web.commands.arguments import cell_in, target_in
from web.commands.registry import command
from web.program import export_script
from web.state.lab_state import ALL_METHODS
from web.state.misread_digits import chosen, counts

if TYPE_CHECKING:
    from web.lab import Lab


@command("backquery")
async def backquery(lab: Lab, args: Any) -> dict[str, Any]:
    """Run the network backwards from ``target`` by ``method``."""
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
    """The picture that ``args`` describe. ``ValueError`` if they describe none."""
    args = args or {}
    usual = lab.state.method
    method = args.get("method", next(iter(BACKQUERIES)) if usual == ALL_METHODS else usual)
    if method not in BACKQUERIES:
        raise ValueError(f"there is no method {method!r}; the methods are {', '.join(BACKQUERIES)}")
    return lab.runner.queries.imagine(target_in(args.get("target")), method)


@command("mistakes")
async def mistakes(lab: Lab, args: Any) -> dict[str, Any]:
    """The confusion matrix, and the test digits of one ``cell`` of it or of all mistakes."""
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


@command("neuron")
async def neuron(lab: Lab, args: Any) -> dict[str, Any]:
    """The weights of one ``neuron`` of a ``layer``, both counted from 1."""
    args = args or {}
    return lab.runner.queries.neuron(args.get("layer", 1), args.get("neuron", 1))


@command("script")
async def script(lab: Lab, args: Any) -> str:
    """A Python program that repeats the present run."""
    return export_script.script(lab.runner.queries.recipe())


@command("notebook")
async def notebook(lab: Lab, args: Any) -> str:
    """The same as a Jupyter notebook."""
    return export_script.notebook(lab.runner.queries.recipe())
