"""Commands for the pad: what is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.commands.arguments import one, strokes_in
from web.commands.looking import imagined
from web.commands.registry import command
from web.state.snapshot import ink

if TYPE_CHECKING:
    from web.lab import Lab


@command("draw")
async def draw(lab: Lab, args: Any) -> None:
    """Put ``strokes`` on the pad."""
    lab.state.strokes = strokes_in(one(args, "strokes"))


@command("clear")
async def clear(lab: Lab, args: Any) -> None:
    """Empty the pad."""
    lab.state.strokes = []
    lab.state.picture = b""


@command("to_pad")
async def to_pad(lab: Lab, args: Any) -> None:
    """Put a picture on the pad: a ``test`` digit, or one that is imagined as ``backquery`` does."""
    if isinstance(args, dict) and "test" in args:
        lab.state.picture = lab.runner.queries.test_digit(args["test"])
    else:
        lab.state.picture = ink((imagined(lab, args),), lab.state.snapshot.input_range)
