"""The network: its layers, the choices that shape it and the ones that steer its learning."""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn

from nncore.activations import ACTIVATIONS
from nncore.presets import PRESETS
from web.lab import Lab
from web.state import PAGE_PRESETS
from web.views.controls import WIDE, StopSlider, button, explained, select

HIDDEN_SIZES = (4, 8, 10, 16, 30, 32, 50, 64, 100, 128, 200, 256, 300, 400, 512, 800)
LEARNING_RATES = (
    0.0001,
    0.0002,
    0.0005,
    0.001,
    0.002,
    0.005,
    0.01,
    0.02,
    0.05,
    0.1,
    0.2,
    0.3,
    0.5,
    0.7,
    0.9,
    1.0,
    2.0,
    3.0,
)
BATCH_SIZES = (1, 2, 5, 10, 20, 32, 50, 64, 100, 200, 500, 1000)
DECAYS = (0.0, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)


def preset_select(lab: Lab) -> pn.viewable.Viewable:
    """The preset, in the page's header. Choosing one fills in all choices, so it goes through
    ``LabState.choose``."""
    state = lab.state
    names = {
        f"{preset.title} · {'-'.join(map(str, preset.network.layers))}": preset.name
        for preset in PAGE_PRESETS
    }
    chosen = pn.widgets.Select(
        name="Preset",
        options=names,
        value=state.preset,
        css_classes=["lab-preset"],
        **explained(state.param.preset, WIDE),
    )

    def fill_in(event: Any) -> None:
        if event.new != state.preset:
            state.choose(preset=event.new)

    chosen.param.watch(fill_in, "value")
    state.param.watch(lambda event: chosen.param.update(value=event.new), "preset")
    return chosen


class NetworkView(pn.viewable.Viewer):
    """Layers, sliders and, folded away, what most people leave alone."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        state = self._state = lab.state
        self._layers = pn.pane.HTML(self._layer_rows(), **WIDE)
        self._facts = pn.pane.HTML(self._preset_facts(), **WIDE)
        self._blurb = pn.pane.HTML(self._preset_blurb(), **WIDE)
        self._hidden = StopSlider(
            state,
            "layers",
            "Hidden neurons",
            HIDDEN_SIZES,
            choose=self._resize,
            value=lambda: state.layers[1] if len(state.layers) > 2 else 0,
        )
        self._rate = StopSlider(
            state,
            "learning_rate",
            "Learning rate",
            LEARNING_RATES,
            show=lambda v: f"{v:g}",
            choose=lambda value: state.choose(learning_rate=value),
        )
        self._batch = StopSlider(
            state,
            "batch_size",
            "Mini-batch",
            BATCH_SIZES,
            show=lambda v: "1, online" if v == 1 else f"{v:,}",
            choose=lambda value: state.choose(batch_size=value),
        )
        self._decay = StopSlider(
            state,
            "l2",
            "Weight decay (L2)",
            DECAYS,
            show=lambda v: f"{v:g}",
            choose=lambda value: state.choose(l2=value),
        )
        self._undo = button(
            "Undo", "undo", lab.runner.undo, "Bring the network from before back", visible=False
        )
        self._notice = pn.pane.HTML("", **WIDE)
        state.param.watch(self._show_choices, ["layers", "activations", "output", "preset", "snapshot"])
        state.param.watch(self._show_notice, ["notice", "undoable"])

    def _resize(self, neurons: int) -> None:
        layers = self._state.layers
        self._state.choose(
            layers=(layers[0], neurons, *layers[2:]) if len(layers) > 2 else (layers[0], neurons, layers[1])
        )

    def _layer_rows(self) -> str:
        state = self._state
        rows = [("28 × 28 pixels", state.layers[0])]
        rows += [
            (f"Hidden · {ACTIVATIONS[name].label}", size)
            for name, size in zip(state.activations, state.layers[1:-1], strict=False)
        ]
        rows += [(f"Digits · {ACTIVATIONS[state.output].label}", state.layers[-1])]
        return (
            '<ol class="layers">'
            + "".join(f"<li>{escape(name)}<span>{size}</span></li>" for name, size in rows)
            + "</ol>"
        )

    def _preset_facts(self) -> str:
        preset, count = PRESETS[self._state.preset], self._state.snapshot.parameter_count
        words = f"{count:,} weights{'' if preset.network.biases else ', no biases'}."
        if preset.published:
            words += f" The source reports {escape(preset.published)}."
        return f'<p class="blurb">{words}</p>'

    def _preset_blurb(self) -> str:
        preset = PRESETS[self._state.preset]
        title = f"<b>{escape(preset.title)}</b> ({escape(preset.source)})"
        return f'<p class="blurb">{title}. {escape(preset.blurb)}</p>'

    def _show_choices(self, *_events: Any) -> None:
        # Setting an equal string is no change, so a snapshot that changed nothing here sends nothing to the
        # page.
        self._layers.object = self._layer_rows()
        self._facts.object = self._preset_facts()
        self._blurb.object = self._preset_blurb()

    def _show_notice(self, *_events: Any) -> None:
        notice = self._state.notice
        self._notice.object = f'<p class="notice" role="status">{escape(notice)}</p>' if notice else ""
        self._undo.visible = self._state.undoable and bool(notice)

    def __panel__(self) -> pn.viewable.Viewable:
        params = self._state.param
        more = pn.Card(
            select(params.optimiser, "Optimiser"),
            select(params.initialiser, "First weights"),
            select(params.inputs, "Inputs"),
            self._decay,
            pn.pane.HTML(
                '<p class="blurb">Optimiser, first weights and inputs begin a new network; '
                "the old one can be brought back.</p>",
                **WIDE,
            ),
            self._blurb,
            title="More",
            collapsed=True,
            css_classes=["more"],
            header_color="var(--ink)",
            **WIDE,
        )
        return pn.Column(
            self._layers,
            self._hidden,
            self._rate,
            self._batch,
            self._facts,
            more,
            self._notice,
            self._undo,
            **WIDE,
        )
