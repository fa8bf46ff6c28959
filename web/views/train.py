"""Learning: the buttons, the measures, and under them the curves and the way back."""

from __future__ import annotations

from typing import Any

import panel as pn

from web.components.rewind import Rewind
from web.lab import Lab
from web.snapshot import Snapshot
from web.views.controls import LOOK, WIDE, button, put_away, tip, wrapping_row
from web.views.curves import CurvesView
from web.views.diagnosis import DiagnosisView
from web.views.readout import Readout

REWIND = "Shows the network as it was at any moment of its training, which pauses meanwhile."

SHEETS = [LOOK, "./look/train.css"]


def measures(snapshot: Snapshot) -> str:
    """The numbers and the bar of the epoch, as HTML; the texts that others read are the spans of class
    lab-metric-*."""
    evaluation = snapshot.evaluation
    loss = "–" if snapshot.loss is None else f"{snapshot.loss:.4f}"
    test = train = "–"
    spread = "%"
    if evaluation:
        low, high = evaluation.interval
        test, train = f"{100 * evaluation.test_accuracy:.2f}", f"{100 * evaluation.train_accuracy:.2f}"
        spread = f"% ± {50 * (high - low):.2f}"
    done = f"{100 * snapshot.epoch_progress:.1f}"
    at = snapshot.measured_at
    known = f"measured {at}" if at else ""
    return f"""
      <div class="measures-room"><dl class="measures">
        <div><dt>Epoch</dt><dd><span class="lab-metric-epoch">{snapshot.epoch}</span></dd></div>
        <div><dt>Seen</dt><dd><span class="lab-metric-samples">{snapshot.samples:,}</span></dd></div>
        <div><dt>Loss</dt><dd><span class="lab-metric-loss">{loss}</span></dd></div>
        <div><dt>Training accuracy</dt>
          <dd><span class="lab-metric-train-accuracy">{train}</span> <small>%</small></dd>
          <dd class="lab-measured-at">{known}</dd></div>
        <div><dt>Test accuracy</dt>
          <dd><span class="lab-metric-test-accuracy">{test}</span> <small>{spread}</small></dd></div>
      </dl></div>
      <div class="epoch-bar" role="progressbar" aria-label="Epoch {snapshot.epoch + 1}" aria-valuenow="{done}"
        ><i style="width:{done}%"></i></div>"""


def speed(snapshot: Snapshot) -> str:
    """Time spent training and, while it goes on, images a second; as HTML."""
    elapsed = rate = ""
    if snapshot.seconds:
        minutes, seconds = divmod(int(snapshot.seconds), 60)
        elapsed = (
            f'<span class="lab-metric-elapsed" title="time spent training">{minutes}:{seconds:02}</span>'
        )
    if snapshot.images_per_second is not None:
        rate = f"{snapshot.images_per_second:,.0f}"
    unit = " images/s" if rate else ""
    gap = " · " if elapsed and rate else ""
    return f'<p class="speed">{elapsed}{gap}<span class="lab-metric-speed">{rate}</span>{unit}</p>'


def remark(snapshot: Snapshot) -> str:
    """What is kept of the past, in a few words."""
    if not snapshot.moments:
        return "to any moment of the training"
    count, taken = len(snapshot.moments), snapshot.moments_bytes / 1e6
    return f"{count} moment{'s' if count > 1 else ''} kept, {taken:.0f} of at most 32 MB"


class TrainView(pn.viewable.Viewer):
    """Redrawn from each snapshot."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        state, learning, exchange = lab.state, lab.runner.learning, lab.runner.exchange
        self._lab, self._state = lab, state

        def play() -> None:
            state.running = True

        def pause() -> None:
            state.running = False

        self._play = button("▶  Train", "play", play, "Train until you pause (nothing is lost)", primary=True)
        self._pause = button(
            "❚❚  Pause", "pause", pause, "Pause; the network keeps what it learned", primary=True
        )
        put_away(self._pause, True)
        self._speed = Readout(
            speed(state.snapshot), **WIDE | {"css_classes": ["at-the-end"], "stylesheets": SHEETS}
        )
        self._buttons = wrapping_row(
            pn.Row(self._play, self._pause, css_classes=["one-place"], margin=0, stylesheets=SHEETS),
            button("Step", "step", learning.step, "Train one mini-batch"),
            button("Epoch", "epoch", learning.epoch, "Train to the end of this epoch, then measure"),
            button(
                "Reset", "reset", exchange.reset, "Begin again from the same first weights; can be undone"
            ),
            button(
                "New seed",
                "new-seed",
                exchange.new_seed,
                "Begin again from other first weights; can be undone",
            ),
            self._speed,
        )
        self._measures = Readout(measures(state.snapshot), **WIDE)
        self._rewind = Rewind(
            about=remark(state.snapshot), stylesheets=[tip(REWIND)], sizing_mode="stretch_width", margin=0
        )
        self._rewind.param.watch(self._go_back, "asked")
        self._rewind.param.watch(lambda _event: exchange.branch(), "branches")
        state.param.watch(self._show, "snapshot")

    def _go_back(self, event: Any) -> None:
        self._state.rewind = event.new if event.new >= 0 else None

    def _show(self, _event: Any) -> None:
        snapshot = self._state.snapshot
        self._measures.object = measures(snapshot)
        self._speed.object = speed(snapshot)
        put_away(self._play, snapshot.running)
        put_away(self._pause, not snapshot.running)
        shown = -1 if snapshot.rewound is None else snapshot.rewound
        self._rewind.param.update(trained=snapshot.trained, shown=shown, about=remark(snapshot))
        if shown < 0 and self._rewind.asked >= 0 and self._state.rewind is None:
            self._rewind.asked = -1  # back to now by another way

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(
            self._buttons,
            self._measures,
            DiagnosisView(self._lab),
            CurvesView(self._lab),
            self._rewind,
            **WIDE | {"stylesheets": SHEETS},
        )
