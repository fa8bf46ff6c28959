"""Shows the card *Learning*: the buttons, the measurements, the curves and the slider that rewinds."""

from __future__ import annotations

from typing import Any

import panel as pn

from web.components.rewind import Rewind
from web.lab import Lab
from web.state.snapshot import Snapshot
from web.views.controls import LOOK, WIDE, button, exchange_buttons, put_away, tip, wrapping_row
from web.views.curves import CurvesView
from web.views.diagnosis import DiagnosisView
from web.views.readout import Readout
from web.views.stopping import StoppingView

REWIND = "Shows the network as it was at any moment of its training, which pauses meanwhile."

SHEETS = [LOOK, "./look/train.css"]


def measures(snapshot: Snapshot) -> str:
    """Return the numbers and the progress bar of the epoch, as HTML.

    The style sheet and the site's tests find the numbers as spans of class ``lab-metric-*``.
    """
    evaluation = snapshot.evaluation
    loss = "–" if snapshot.loss is None else loss_text(snapshot.loss)
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


def loss_text(loss: float) -> str:
    """Return a loss in at most seven characters, so that the numbers beside it stay in place."""
    if loss < 100:
        return f"{loss:.4f}"
    return f"{loss:,.0f}" if loss < 1e6 else f"{loss:.1e}"


def remark(snapshot: Snapshot) -> str:
    """Return a few words on the moment that is shown, or on the number of moments to rewind to."""
    if snapshot.rewound is not None:
        return f"epoch {snapshot.epoch + snapshot.epoch_progress:.2f} · {snapshot.rewound:,} images"
    if not snapshot.moments:
        return "to any moment of the training"
    count = len(snapshot.moments)
    return f"{count} moment{'s' if count > 1 else ''} to go back to"


class TrainView(pn.viewable.Viewer):
    """The card's contents, drawn again from each snapshot."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        state, training_loop, switcher = lab.state, lab.runner.training_loop, lab.runner.switcher
        self._lab, self._state = lab, state

        def play() -> None:
            state.running = True

        def pause() -> None:
            state.running = False

        self._play = button(
            "▶  Train",
            "play",
            play,
            "Train for as many epochs as are chosen, or until you pause",
            primary=True,
        )
        self._pause = button(
            "❚❚  Pause", "pause", pause, "Pause; the network keeps what it learned", primary=True
        )
        put_away(self._pause, True)
        self._buttons = wrapping_row(
            pn.Row(self._play, self._pause, css_classes=["one-place"], margin=0, stylesheets=SHEETS),
            button("Step", "step", training_loop.step, "Train one mini-batch"),
            button("Epoch", "epoch", training_loop.epoch, "Train to the end of this epoch, then measure"),
            button(
                "Reset", "reset", switcher.reset, "Begin again from the same first weights; can be undone"
            ),
            button(
                "New seed",
                "new-seed",
                switcher.new_seed,
                "Begin again from other first weights; can be undone",
            ),
        )
        self._stopping = StoppingView(lab)
        self._measures = Readout(measures(state.snapshot), **WIDE)
        self._rewind = Rewind(
            about=remark(state.snapshot), stylesheets=[tip(REWIND)], sizing_mode="stretch_width", margin=0
        )
        self._rewind.param.watch(self._go_back, "asked")
        self._rewind.param.watch(lambda _event: switcher.branch(), "branches")
        state.param.watch(self._show, "snapshot")

    def _go_back(self, event: Any) -> None:
        """Show the moment that the slider asks for."""
        self._state.rewind = event.new if event.new >= 0 else None
        self._rewind.param.update(place=event.new, heard=event.new)

    def _show(self, _event: Any) -> None:
        """Draw the changes of the new snapshot."""
        snapshot = self._state.snapshot
        self._measures.object = measures(snapshot)
        exchange_buttons(self._play, self._pause, snapshot.running)
        place = -1 if self._state.rewind is None else self._state.rewind
        self._rewind.param.update(trained=snapshot.trained, place=place, about=remark(snapshot))
        if place != self._rewind.asked:  # set by a command or by Train, not by the slider
            self._rewind.param.update(asked=place, heard=place)

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.Column(
            self._buttons,
            self._stopping,
            self._measures,
            DiagnosisView(self._lab),
            CurvesView(self._lab),
            self._rewind,
            **WIDE | {"stylesheets": SHEETS},
        )
