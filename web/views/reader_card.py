"""Shows the network that reads the pad, as a choice and as a card: its training and its accuracy."""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn

from web.lab import Lab
from web.state.reader_choices import READERS, YOURS
from web.state.snapshot import Snapshot
from web.views.controls import LOOK, head_tip, of_choice
from web.views.readout import Readout

PAD_LOOK = "./look/pad.css"
CARD = "What the network that reads your drawing was trained on, and how well it reads."
DRESS: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0, "stylesheets": [LOOK, PAD_LOOK]}


def shipped_card(card: dict[str, Any]) -> str:
    """Return the facts about a shipped network as HTML."""
    layers = "-".join(map(str, card["layers"]))
    size = f"{card['bytes'] / 1000:,.0f} KB" if card["bytes"] < 1e6 else f"{card['bytes'] / 1e6:.1f} MB"
    rows = [
        ("Network", f"{layers}, {card['parameters']:,} weights, {size}"),
        ("Trained on", f"{card['trained_on']}: {card['images']:,} digits, {card['epochs']} epochs"),
    ]
    for part, what in (("test", "test images"), ("strokes", "pen drawings of other people")):
        if measured := card.get(part):
            rows.append(
                (f"{100 * measured['accuracy']:.2f} %", f"of {measured['count']:,} {what} read rightly")
            )
    if error := card.get("strokes", card.get("test", {})).get("calibration_error"):
        rows.append((f"{100 * error:.1f} %", "is how far its percentages are off, on average"))
    return _table(rows)


def own_card(snapshot: Snapshot) -> str:
    """Return the same facts about the learner's own network, as far as it has been measured."""
    layers = "-".join(map(str, snapshot.layers))
    rows = [
        ("Network", f"{layers}, {snapshot.parameter_count:,} weights"),
        ("Trained on", f"{escape(snapshot.dataset) or 'nothing'}: {snapshot.samples:,} digits seen"),
    ]
    evaluation, at = snapshot.evaluation, snapshot.measured_at
    if evaluation is not None:
        read = f"of {snapshot.test_size:,} test images read rightly"
        rows.append((f"{100 * evaluation.test_accuracy:.2f} %", f"{read}, {at}" if at else read))
    if at:
        rows.append(("Not calibrated", "as it has learned since it was measured"))
    elif evaluation is None or evaluation.temperature is None:
        rows.append(("Not calibrated", "its percentages are its outputs, as shares of their sum"))
    else:
        rows.append(
            ("Calibrated", f"logits divided by {evaluation.temperature:.2f}, which suits the test images")
        )
    return _table(rows)


def _table(rows: list[tuple[str, str]]) -> str:
    """Return rows of a name and a text as an HTML description list."""
    return (
        "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows) + "</dl>"
    )


def summary(snapshot: Snapshot, cards: dict[str, Any]) -> str:
    """Return the name of the network that reads and its test accuracy, in a line of HTML."""
    accuracy, name, at = None, "Your network", ""
    if snapshot.reader != YOURS:
        card = cards[snapshot.reader]
        accuracy, name = card["test"]["accuracy"], f"{card['title']} (shipped)"
    elif snapshot.evaluation:
        accuracy = snapshot.evaluation.test_accuracy
        at = f" {snapshot.measured_at}" if snapshot.measured_at else ""
    elif not snapshot.dataset:  # no data has arrived yet, and boot/early reads the pad
        return "<b>A shipped network</b> reads"
    elif not snapshot.samples:
        return "<b>Your network</b> reads, untrained"
    known = f" {100 * accuracy:.1f} % of test digits" if accuracy is not None else ""
    return f"<b>{escape(name)}</b> reads{known}{at}"


class ReaderCard(pn.viewable.Viewer):
    """The choice of the network that reads, and a folded card whose head names it."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        state = self._state = lab.state
        self._select = pn.widgets.Select(
            value=state.reader,
            **of_choice("reader", options=self._options(), css_classes=["lab-reader"], **DRESS),
        )
        # Two texts, so that an unfolded card stays unfolded while the head changes four times a second.
        self._now = Readout(**DRESS)
        self._card = Readout(**DRESS)
        self._tell()
        self._select.param.watch(lambda event: state.choose(reader=event.new), "value")
        state.param.watch(self._show, ["snapshot", "cards", "reader"])

    def _options(self) -> dict[str, str]:
        """Return the networks that have arrived, those on their way, and the chosen one, by label."""
        there = {*self._state.snapshot.readers, *self._state.cards, self._state.reader}
        return {label: name for name, label in READERS.items() if name in there}

    def _tell(self) -> None:
        """Write the head and the card of the network that reads."""
        snapshot, cards = self._state.snapshot, self._state.cards
        card = own_card(snapshot) if snapshot.reader == YOURS else shipped_card(cards[snapshot.reader])
        self._now.object = f'<div class="lab-reader-now">{summary(snapshot, cards)}</div>'
        self._card.object = f'<div class="lab-reader-card">{card}</div>'

    def _show(self, *_events: Any) -> None:
        """Update the select, the head and the card."""
        options = self._options()
        if options != self._select.options or self._select.value != self._state.reader:
            self._select.param.update(options=options, value=self._state.reader)
        self._tell()

    def __panel__(self) -> pn.viewable.Viewable:
        card = pn.Card(
            self._card,
            header=self._now,
            collapsed=True,
            css_classes=["more", "reader-card"],
            header_color="var(--soft)",
            **DRESS | {"stylesheets": [*DRESS["stylesheets"], head_tip(CARD)]},
        )
        return pn.Column(self._select, card, **DRESS)
