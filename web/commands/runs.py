"""Commands for the log of runs, and for what earlier visits left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.commands.arguments import one
from web.commands.registry import command
from web.runs import differences

if TYPE_CHECKING:
    from web.lab import Lab


@command("runs")
async def runs(lab: Lab, args: Any) -> list[dict[str, Any]]:
    """Every run so far."""
    return [record.public() for record in lab.state.runs]


@command("compare")
async def compare(lab: Lab, args: Any) -> list[dict[str, Any]]:
    """What two ``runs`` were not made with alike."""
    numbers = args.get("runs") if isinstance(args, dict) else args
    if not isinstance(numbers, list) or len(numbers) != 2:
        raise ValueError(f"compare takes the numbers of two runs, such as [1, 2], not {numbers!r}")
    first, second = (lab.runner.log.find(number) for number in numbers)
    if first is None or second is None:
        raise ValueError(f"there is no run {numbers[0] if first is None else numbers[1]!r}")
    lab.state.compared = numbers
    return [{"choice": name, "values": [a, b]} for name, a, b in differences(first, second)]


@command("reload")
async def reload(lab: Lab, args: Any) -> None:
    """Bring the ``run`` of this number back."""
    lab.runner.exchange.reload(one(args, "run"))


@command("rename")
async def rename(lab: Lab, args: Any) -> None:
    """Give a ``run`` another ``name``."""
    if not isinstance(args, dict) or set(args) != {"run", "name"}:
        raise ValueError('rename takes {"run": its number, "name": a text}')
    lab.runner.log.rename(args["run"], args["name"])


@command("fresh")
async def fresh(lab: Lab, args: Any) -> None:
    """Forget all that is kept across visits, and open the page anew."""
    if lab.keeper is not None:
        await lab.keeper.stop()
    await lab.store.clear()
    lab.session.reload()


@command("recall")
async def recall(lab: Lab, args: Any) -> None:
    """Bring back what a link had set aside."""
    if lab.keeper is None or not await lab.keeper.recall():
        raise ValueError("no network of an earlier visit is set aside")
