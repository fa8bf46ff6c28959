"""Commands for the pad: draw on it, empty it, put a picture on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.commands.arguments import one, strokes_in
from web.commands.looking import imagined
from web.commands.registry import command
from web.state.snapshot import ink

if TYPE_CHECKING:
    from web.lab import Lab


@command("draw", "`strokes` in a 500 × 500 box: a list of strokes, each a list of `[x, y]`")
async def draw(lab: Lab, args: Any) -> None:
    """Put the strokes on the pad."""
    lab.state.strokes = strokes_in(one(args, "strokes"))


@command("clear")
async def clear(lab: Lab, args: Any) -> None:
    """Empty the pad."""
    lab.state.strokes = []
    lab.state.picture = b""


@command("to_pad", "the same as `backquery`, or `test`: the number of a test digit")
async def to_pad(lab: Lab, args: Any) -> None:
    """Put the picture of a back-query, or a test digit, on the pad."""
    if isinstance(args, dict) and "test" in args:
        lab.state.picture = lab.runner.queries.test_digit(args["test"])
    else:
        lab.state.picture = ink((imagined(lab, args),), lab.state.snapshot.input_range)
