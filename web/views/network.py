"""Shows the card *Network*: the layers, the sliders, and the choices that begin a new network."""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn

from nncore.activations import ACTIVATIONS
from nncore.presets import PRESETS, Preset
from web.components.layers import Layers
from web.lab import Lab
from web.runs.preset_results import changed, claim, reached
from web.state.choices_table import CHOICES, PAGE_PRESETS, in_group
from web.state.kinds import HIDDEN_ACTIVATIONS, LARGEST_LAYER, MOST_HIDDEN
from web.state.lab_state import LabState
from web.state.snapshot import Snapshot
from web.views.controls import LOOK, WIDE, StopSlider, button, head_tip, of_choice, put_away, tip
from web.views.readout import Readout

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
MORE = "Loss, optimiser, first weights and other settings that few people change."
DECAYS = (0.0, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)


def preset_select(lab: Lab) -> pn.viewable.Viewable:
    """Make the list of presets in the page's header. A preset sets all choices and begins a new network."""
    return PresetSelect(lab).widget


def named(preset: Preset, title: str) -> str:
    """Return ``title`` with the layers of the preset."""
    return f"{title} · {'-'.join(map(str, preset.network.layers))}"


class StagedSelect:
    """A list for a choice that begins a new network.

    A new value is proposed to the staging, which may ask first; while it is staged, the list shows it.

    Attributes:
        widget: the select.
    """

    def __init__(self, lab: Lab, name: str, **params: Any) -> None:
        self._state, self._staging, self._name = lab.state, lab.staging, name
        self.widget = pn.widgets.Select(value=self._value(), **of_choice(name, **WIDE | params))
        self.widget.param.watch(self._picked, "value")
        lab.state.param.watch(self._follow, [name, "staged"])

    def _value(self) -> Any:
        """Return the staged value, or else the present one."""
        return self._state.staged.get(self._name, getattr(self._state, self._name))

    def _picked(self, event: Any) -> None:
        """Propose the value that was picked."""
        if event.new != self._value():
            self._staging.propose(**{self._name: event.new})

    def _follow(self, *_events: Any) -> None:
        """Show the staged or the present value."""
        self.widget.value = self._value()


class PresetSelect(StagedSelect):
    """The list of presets.

    While a choice differs from the preset's, an extra entry names the change, and the preset can be picked
    again.
    """

    CHANGED = "changed"

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab, "preset", options=self._names(lab.state), css_classes=["lab-preset"])
        lab.state.param.watch(self._follow, list(CHOICES))

    def _names(self, state: LabState) -> dict[str, str]:
        """Return the presets by their titles, with an entry for a changed one."""
        names = {named(preset, preset.title): preset.name for preset in PAGE_PRESETS}
        if changed(state):
            preset = PRESETS[state.preset]
            names[named(preset, f"Changed from {preset.short or preset.title}")] = self.CHANGED
        return names

    def _value(self) -> Any:
        usual = self.CHANGED if changed(self._state) else self._state.preset
        return self._state.staged.get("preset", usual)

    def _picked(self, event: Any) -> None:
        """Propose the preset that was picked; the entry for changes drops a staged preset."""
        if event.new == self.CHANGED:
            if self._state.staged:
                self._staging.keep()
        else:
            super()._picked(event)

    def _follow(self, *_events: Any) -> None:
        names, value = self._names(self._state), self._value()
        if (names, value) != (self.widget.options, self.widget.value):
            self.widget.param.update(options=names, value=value)


class NetworkView(pn.viewable.Viewer):
    """The layers and the sliders, with the less common choices in a folded card."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        state = self._state = lab.state
        self._layers = Layers(
            offered=[[name, entry.label] for name, entry in HIDDEN_ACTIVATIONS.items()],
            outputs=[[name, entry.label] for name, entry in ACTIVATIONS.items()],
            largest=LARGEST_LAYER,
            most=MOST_HIDDEN,
            stylesheets=[tip(CHOICES["layers"].sentence)],
            sizing_mode="stretch_width",
            margin=0,
            **self._layer_choices(),
        )
        self._layers.param.watch(self._edited, "asked")
        self._facts = Readout(facts(state, state.snapshot), **WIDE)
        self._back = button(
            "Back to the preset's values",
            "preset-again",
            lambda: lab.staging.propose(preset=state.preset),
            "Begins a new network with all values of the preset; this one can be brought back",
        )
        put_away(self._back, not changed(state))
        self._blurb = Readout(blurb(state), **WIDE)
        self._told: tuple[Any, ...] = ((),)
        self._notice = Readout("", **WIDE)
        state.param.watch(self._show_layers, ["layers", "activations", "output", "staged"])
        state.param.watch(self._show_facts, [*CHOICES, "snapshot"])
        state.param.watch(self._show_notice, ["notice", "undoable"])

    def _layer_choices(self) -> dict[str, Any]:
        """Return the layers and activations for the list, with a staged output."""
        state = self._state
        return {
            "layers": list(state.layers),
            "activations": list(state.activations),
            "output": state.staged.get("output", state.output),
        }

    def _edited(self, event: Any) -> None:
        """Set or propose the learner's change in the list."""
        if "output" in event.new:
            self._lab.staging.propose(output=event.new["output"])
        else:
            shape = {name: tuple(event.new[name]) for name in ("layers", "activations")}
            self._state.choose(**shape)

    def _show_layers(self, *_events: Any) -> None:
        self._layers.param.update(**self._layer_choices())

    def _show_facts(self, *_events: Any) -> None:
        """Update the facts about the preset.

        They are computed again only if the preset, its choices, its size or the runs have changed.
        """
        state = self._state
        told = (state.preset, changed(state), claim(state), state.snapshot.parameter_count, state.runs)
        if told[:-1] != self._told[:-1] or told[-1] is not self._told[-1]:
            self._told = told
            self._facts.object = facts(state, state.snapshot)
            put_away(self._back, not changed(state))
            self._blurb.object = blurb(state)

    def _show_notice(self, *_events: Any) -> None:
        """Show the effect of a change on the network.

        The question's bar shows the change instead if it can be undone.
        """
        notice = "" if self._state.undoable else self._state.notice
        self._notice.object = f'<p class="notice" role="status">{escape(notice)}</p>' if notice else ""

    def __panel__(self) -> pn.viewable.Viewable:
        lab = self._lab
        more = pn.Card(
            Readout(
                '<p class="blurb">These begin a new network. You are asked first, and the old one can be '
                "brought back.</p>",
                **WIDE,
            ),
            *(StagedSelect(lab, name).widget for name in in_group("more")),
            self._blurb,
            title="More",
            collapsed=True,
            css_classes=["more"],
            header_color="var(--ink)",
            **WIDE | {"stylesheets": [LOOK, head_tip(MORE)]},
        )
        return pn.Column(
            self._layers,
            StopSlider(lab.state, "learning_rate", LEARNING_RATES),
            StopSlider(
                lab.state, "batch_size", BATCH_SIZES, lambda size: "1, online" if size == 1 else f"{size:,}"
            ),
            StopSlider(lab.state, "l2", DECAYS),
            self._facts,
            self._back,
            self._notice,
            more,
            **WIDE | {"stylesheets": [LOOK, "./look/network.css"]},
        )


def facts(state: LabState, snapshot: Snapshot) -> str:
    """Return the number of weights and the preset's results, as HTML.

    The results are the source's and those of the learner's own runs after as many epochs. They are left out
    if a choice differs from the preset's.
    """
    preset = PRESETS[state.preset]
    words = f"{snapshot.parameter_count:,} weights{'' if preset.network.biases else ', no biases'}."
    if changed(state):
        words += f" Changed from {escape(preset.title)}."
    elif said := claim(state):
        words += f" {escape(said)}"
    found = [] if changed(state) else reached(state.runs, preset)
    if found:
        epochs = preset.compared_after
        after = f"after {epochs} epoch{'' if epochs == 1 else 's'}"
        best = f"{100 * max(found):.2f}\u00a0%"
        words += (
            f" You got {best} {after}."
            if len(found) == 1
            else f" Best of {len(found)} runs here, {after}: {best}."
        )
    return f'<p class="blurb lab-facts">{words}</p>'


def blurb(state: LabState) -> str:
    """Return the preset's title, source and description as HTML."""
    preset = PRESETS[state.preset]
    title = f"<b>{escape(preset.title)}</b> ({escape(preset.source)})"
    return f'<p class="blurb">{title}. {escape(preset.blurb)}</p>'
