"""Commands that choose: presets, single choices, a new network, and the link to the choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.commands.arguments import one
from web.commands.registry import command
from web.runs.preset_results import changed

if TYPE_CHECKING:
    from web.lab import Lab


@command("preset", "`name` of a preset")
async def preset(lab: Lab, args: Any) -> None:
    """Set all choices to the preset's; also for the present preset, if a choice was changed."""
    name = one(args, "name")
    if name != lab.state.preset or changed(lab.state):
        lab.runner.switcher.choose(preset=name)


@command("set", "choices by name ([below](#choices))")
async def set_choices(lab: Lab, args: Any) -> None:
    """Set the choices, all of them or, if one is illegal, none."""
    if not isinstance(args, dict):
        raise ValueError('set takes choices by name, such as {"learning_rate": 0.1}')
    lab.state.choose(**args)


@command("reset")
async def reset(lab: Lab, args: Any) -> None:
    """Begin a new network with the same first weights."""
    lab.runner.switcher.reset()


@command("new_seed")
async def new_seed(lab: Lab, args: Any) -> None:
    """Begin a new network with other first weights."""
    lab.runner.switcher.new_seed()


@command("undo")
async def undo(lab: Lab, args: Any) -> None:
    """Bring back the previous network."""
    lab.runner.switcher.undo()


@command("share")
async def share(lab: Lab, args: Any) -> dict[str, str]:
    """Answer with ``query``: the part of the address after ``?`` that encodes the present choices."""
    return {"query": lab.query()}
