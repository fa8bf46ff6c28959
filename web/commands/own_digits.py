"""Commands for the learner's own drawings: labelled, kept, taught; and the lesson of styles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.commands.arguments import one
from web.commands.registry import command

if TYPE_CHECKING:
    from web.lab import Lab


@command("was")
async def was(lab: Lab, args: Any) -> None:
    """What is drawn on the pad was this ``digit``."""
    lab.my_digits.was(one(args, "digit"))


@command("my_digits")
async def my_digits(lab: Lab, args: Any) -> list[dict[str, Any]]:
    """All of them, with what is read in each."""
    labels = [digit.label for digit in lab.state.my_digits]
    return [{"label": label, "read": read} for label, read in zip(labels, lab.my_digits.reads(), strict=True)]


@command("forget_digits")
async def forget_digits(lab: Lab, args: Any) -> None:
    """Delete those of these ``numbers``."""
    lab.my_digits.delete(one(args, "numbers"))


@command("restore_digits")
async def restore_digits(lab: Lab, args: Any) -> None:
    """Take the last deletion back."""
    lab.my_digits.undelete()


@command("export_digits")
async def export_digits(lab: Lab, args: Any) -> str:
    """All of them as text, one a line."""
    return lab.my_digits.export()


@command("import_digits")
async def import_digits(lab: Lab, args: Any) -> int:
    """Add those of such a ``text``; answers how many are new."""
    text = one(args, "text")
    if not isinstance(text, str):
        raise ValueError("import_digits takes a text, one drawing a line, as export_digits gives it")
    return lab.my_digits.take(text.encode(), "what was given")


@command("teach")
async def teach(lab: Lab, args: Any) -> dict[str, Any]:
    """Train whoever reads the pad on them for a moment."""
    return await lab.my_digits.teach()


@command("style_lesson")
async def style_lesson(lab: Lab, args: Any) -> dict[str, Any]:
    """What it does to a copy of the network to meet this ``style``."""
    return await lab.my_digits.styles.teach(one(args, "style"))
