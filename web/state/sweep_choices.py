"""Lists the choices of a sweep: rows as in ``web.state.choices_table``, which links and saved runs leave out.

The command ``sweep`` uses each name without ``sweep_``.
"""

from __future__ import annotations

from web.state.choice import Choice, Effect
from web.state.choices_table import PAGE_PRESETS
from web.state.kinds import Kind, OneOf, Whole
from web.state.sweep_settings import SETTINGS

PRESETS = {"": "As chosen above"} | {preset.name: preset.title for preset in PAGE_PRESETS}


def _row(name: str, kind: Kind, label: str, sentence: str, default: object) -> Choice:
    """Return the row of a choice of a sweep."""
    return Choice(
        f"sweep_{name}", kind, "sweep", label, sentence, Effect.SWEEP, default=default, in_address=False
    )


SWEEP_CHOICES: dict[str, Choice] = {
    row.name: row
    for row in (
        _row("preset", OneOf(PRESETS), "Network", "The network that is trained at every value.", "rashid"),
        _row(
            "setting",
            OneOf({setting.name: setting.label for setting in SETTINGS.values()}),
            "Setting",
            "The one setting that is varied.",
            "learning_rate",
        ),
        _row(
            "values",
            Kind(),
            "Values",
            "A list such as 0.1, 0.3, 1 or a range such as 0.1, 0.2, ..., 0.9.",
            SETTINGS["learning_rate"].offered,
        ),
        _row(
            "seeds",
            Whole(1, 20),
            "Seeds",
            "How many networks are trained for every value. Differences between them are chance.",
            1,
        ),
        _row("epochs", Whole(1, 100), "Epochs", "How many times each of them sees all training digits.", 1),
    )
}
"""Name -> choice, in the order of the page."""
