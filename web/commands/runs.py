"""Commands for the log of runs and for the networks of earlier visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.commands.arguments import one
from web.commands.registry import command
from web.runs.run_log import differences

if TYPE_CHECKING:
    from web.lab import Lab


@command("runs")
async def runs(lab: Lab, args: Any) -> list[dict[str, Any]]:
    """Answer with all runs, their settings and results.

    ``loss`` and ``train_loss`` are the loss of training, ``loss_function`` is the choice ``loss``; ``epochs``
    are those trained, ``epochs_chosen`` is the choice ``epochs``.
    """
    return [record.public() for record in lab.state.runs]


@command("compare", "`runs`: the numbers of two, such as `[1, 2]`")
async def compare(lab: Lab, args: Any) -> list[dict[str, Any]]:
    """Answer with the choices in which the two runs differ, each with two values."""
    numbers = args.get("runs") if isinstance(args, dict) else args
    if not isinstance(numbers, list) or len(numbers) != 2:
        raise ValueError(f"compare takes the numbers of two runs, such as [1, 2], not {numbers!r}")
    first, second = (lab.runner.log.find(number) for number in numbers)
    if first is None or second is None:
        raise ValueError(f"there is no run {numbers[0] if first is None else numbers[1]!r}")
    lab.state.compared = numbers
    return [{"choice": name, "values": [a, b]} for name, a, b in differences(first, second)]


@command("reload", "`run`: the number of one")
async def reload(lab: Lab, args: Any) -> None:
    """Bring back the run of that number."""
    lab.runner.switcher.reload(one(args, "run"))


@command("rename", "`run`: its number, `name`: a text")
async def rename(lab: Lab, args: Any) -> None:
    """Give the run that name."""
    if not isinstance(args, dict) or set(args) != {"run", "name"}:
        raise ValueError('rename takes {"run": its number, "name": a text}')
    lab.runner.log.rename(args["run"], args["name"])


@command("fresh")
async def fresh(lab: Lab, args: Any) -> None:
    """Delete everything that is kept across visits, and open the page anew."""
    if lab.autosave is not None:
        await lab.autosave.stop()
    await lab.store.clear()
    lab.session.reload()


@command("aside")
async def aside(lab: Lab, args: Any) -> list[dict[str, Any]]:
    """Answer with the networks that links have set aside, the last first.

    Each has ``number``, ``run``, ``name``, ``saved_at`` in seconds since 1970, ``samples``, ``layers``,
    ``test_accuracy``, ``bytes``.
    """
    return [entry.public() for entry in await lab.autosave.aside()] if lab.autosave else []


@command("recall", "`number` of one that is set aside; the last if left out")
async def recall(lab: Lab, args: Any) -> None:
    """Bring back a network that was set aside; the present one is set aside instead."""
    number = None if args in (None, {}) else one(args, "number")
    if lab.autosave is None or not await lab.autosave.recall(number):
        raise ValueError(
            "no network of an earlier visit is set aside" + (f" as {number!r}" if number else "")
        )


@command("forget_aside", "`number` of one that is set aside")
async def forget_aside(lab: Lab, args: Any) -> None:
    """Delete that network for good."""
    number = one(args, "number")
    if lab.autosave is None or not await lab.autosave.forget_aside(number):
        raise ValueError(f"no network is set aside as {number!r}")
