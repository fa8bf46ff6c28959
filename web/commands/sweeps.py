"""Commands for sweeps: several networks that differ in one choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.commands.registry import command

if TYPE_CHECKING:
    from web.lab import Lab


@command("sweep", "[below](#sweeps)")
async def sweep(lab: Lab, args: Any) -> dict[str, Any]:
    """Train several networks; answers with the results of each."""
    if not isinstance(args or {}, dict):
        raise ValueError('sweep takes choices by name, such as {"setting": "l2", "values": [0, 0.001]}')
    choices = {"preset": "", "setting": "learning_rate", "seeds": 1, "epochs": 1} | (args or {})
    return await lab.sweeper.run(**choices | {"preset": choices["preset"] or ""})


@command("cancel_sweep")
async def cancel_sweep(lab: Lab, args: Any) -> None:
    """Stop the sweep; finished networks keep their results."""
    lab.sweeper.cancel()
