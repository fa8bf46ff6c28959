"""Commands for the learner's own drawings: label, list, delete, export, import and teach them.

The lesson of styles is here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.commands.arguments import one
from web.commands.registry import command

if TYPE_CHECKING:
    from web.lab import Lab


@command("was", "`digit`")
async def was(lab: Lab, args: Any) -> None:
    """Add the drawing on the pad to my digits, labelled as ``digit``."""
    lab.my_digits.was(one(args, "digit"))


@command("my_digits")
async def my_digits(lab: Lab, args: Any) -> list[dict[str, Any]]:
    """Answer with my digits: a list of ``label`` and ``read``, the digit that the network reads."""
    labels = [digit.label for digit in lab.state.my_digits]
    return [{"label": label, "read": read} for label, read in zip(labels, lab.my_digits.reads(), strict=True)]


@command("forget_digits", "`numbers`, counted from 0")
async def forget_digits(lab: Lab, args: Any) -> None:
    """Delete the digits with these numbers from my digits."""
    lab.my_digits.delete(one(args, "numbers"))


@command("restore_digits")
async def restore_digits(lab: Lab, args: Any) -> None:
    """Undo the last deletion."""
    lab.my_digits.undelete()


@command("export_digits")
async def export_digits(lab: Lab, args: Any) -> str:
    """Answer with all my digits as a text, one JSON object a line."""
    return lab.my_digits.export()


@command("import_digits", "`text` as `export_digits` gives it")
async def import_digits(lab: Lab, args: Any) -> int:
    """Add the digits in the text to mine; answers with the number of new ones."""
    text = one(args, "text")
    if not isinstance(text, str):
        raise ValueError("import_digits takes a text, one drawing a line, as export_digits gives it")
    return lab.my_digits.take(text.encode(), "what was given")


@command("teach")
async def teach(lab: Lab, args: Any) -> dict[str, Any]:
    """Train the network that reads the pad on my digits for a moment.

    Answers with accuracies before and after.
    """
    return await lab.my_digits.teach()


@command("style_lesson", '`style`, such as `"7 crossed"`')
async def style_lesson(lab: Lab, args: Any) -> dict[str, Any]:
    """Teach a copy of the network this style; answers with readings and accuracies before and after."""
    return await lab.my_digits.styles.teach(one(args, "style"))
