"""Commands that train: play, pause, step, epoch, the remedy, and rewinding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.commands.arguments import epochs_in
from web.commands.registry import command

if TYPE_CHECKING:
    from web.lab import Lab


@command("play", "`epochs`: how many to train for, 0 until paused; as chosen if left out")
async def play(lab: Lab, args: Any) -> None:
    """Train for some epochs, or until paused."""
    lab.runner.training_loop.play(epochs_in(args))


@command("pause")
async def pause(lab: Lab, args: Any) -> None:
    """Stop training; the network keeps its weights."""
    lab.state.running = False


@command("step")
async def step(lab: Lab, args: Any) -> None:
    """Train one mini-batch."""
    lab.runner.training_loop.step()


@command("epoch")
async def epoch(lab: Lab, args: Any) -> None:
    """Train to the end of this epoch and measure; answers afterwards."""
    await lab.runner.training_loop.epoch()


@command("remedy")
async def remedy(lab: Lab, args: Any) -> None:
    """Apply the diagnosis's advice."""
    lab.runner.switcher.cure()


@command("rewind", "`samples`: a number of images, null for now")
async def rewind(lab: Lab, args: Any) -> None:
    """Show the network of that moment of its training."""
    samples = args.get("samples") if isinstance(args, dict) else args
    if samples is not None and (not isinstance(samples, int) or isinstance(samples, bool) or samples < 0):
        raise ValueError(f"rewind takes a number of images, or null for now, not {samples!r}")
    if samples is not None and not lab.runner.experiment.run.history.moments:
        raise ValueError("there is no past to go back to: nothing has been trained yet")
    lab.state.rewind = samples


@command("branch")
async def branch(lab: Lab, args: Any) -> None:
    """Train on from the moment that is shown, as a new run."""
    lab.runner.switcher.branch()
