"""Combines all choices into one immutable value: checks them and converts them to the core's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from nncore.network_spec import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets import PRESETS, Preset
from nncore.training_spec import TrainingSpec
from web.state.choice import IllegalValue
from web.state.choices_table import CHOICES, ROWS, SHORTHANDS
from web.state.dataset_options import DATASET_OPTIONS, DatasetOption
from web.state.distortion_choices import choices_of_distortion, distortion_of


def normalised(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return choices in their stored form, in which equal choices compare equal.

    Files, links and the browser's storage return tuples as lists; here they become tuples again. Every
    function that decodes choices calls this. Unknown names and illegal values are returned unchanged;
    ``Choices.changed`` refuses them.
    """
    return {
        name: CHOICES[name].kind.form(value) if name in CHOICES else value for name, value in choices.items()
    }


def preset_choices(preset: Preset) -> dict[str, Any]:
    """Return the choices that a preset sets.

    Choices with a default in the table are left out, because they are the learner's own: the seed, the
    back-query's method, patience, and the mixed-in digits.
    """
    chosen = choices_of(preset.network, preset.preprocessing, preset.training)
    del chosen["seed"]
    epochs = preset.training.epochs or 0
    return {"preset": preset.name, "dataset": preset.dataset, "epochs": epochs} | chosen


def choices_of(network: NetworkSpec, preprocessing: Preprocessing, training: TrainingSpec) -> dict[str, Any]:
    """Return the choices that stand for these core settings, apart from the preset.

    This is the inverse of ``Choices.core_settings``.
    """
    parts = {"network": network, "preprocessing": preprocessing, "training": training}
    found = {}
    for row in ROWS:
        part, _, name = row.setting.partition(".")
        if part:
            found[row.name] = getattr(parts[part], name)
    together = {"activations": network.activations[:-1], "output": network.activations[-1]}
    return found | together | choices_of_distortion(training.distortion)


@dataclass(frozen=True)
class Choices:
    """A value for every choice; made by ``usual`` and ``changed``.

    Attributes:
        values: name -> value.
        offers: name -> data set that can be chosen.
    """

    values: Mapping[str, Any]
    offers: Mapping[str, DatasetOption] = field(default_factory=lambda: DATASET_OPTIONS, compare=False)

    @classmethod
    def usual(cls, preset: str = "", offers: Mapping[str, DatasetOption] = DATASET_OPTIONS) -> Choices:
        """Return the choices of a preset, or of the plain page, with the table's defaults for the learner's
        own.

        Raises:
            KeyError: if there is no such preset.
        """
        defaults = {row.name: row.default for row in ROWS}
        chosen = PRESETS[preset or defaults["preset"]]
        return cls(MappingProxyType(defaults | preset_choices(chosen)), offers)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def check(self, name: str, value: Any) -> Any:
        """Return a legal ``value`` of the choice ``name`` in its stored form.

        Raises:
            IllegalValue: for any other value, and for a data set that is not on offer.
        """
        found = CHOICES[name].check(value)
        if name == "dataset" and found not in self.offers:
            raise IllegalValue(name, f"does not accept {value!r}; it can be {', '.join(self.offers)}")
        return found

    def changed(self, **choices: Any) -> Choices:
        """Return a copy with these choices changed.

        A ``preset`` is applied first, in whatever order the choices are given; the others change it.
        ``activation`` sets the same activation in every hidden layer. Where ``layers`` change without
        activations, the remaining layers keep theirs. The first layer follows the data set unless ``layers``
        are given.

        Raises:
            ValueError: naming the unknown choice or the illegal value.
        """
        if unknown := set(choices) - {*CHOICES, *SHORTHANDS}:
            raise ValueError(
                f"there is no choice {sorted(unknown)[0]!r}; the choices are {', '.join(CHOICES)}"
            )
        values = {**self.values, **self._preset(choices)}
        for name, value in choices.items():
            if name in CHOICES:
                values[name] = self.check(name, value)
        made = replace(self, values=MappingProxyType(values))  # a view of ``values``: it sees changes below
        if "layers" not in choices:
            values["layers"] = (made._offer.pixels, *values["layers"][1:])
        values["activations"] = made._activations(choices)
        made.core_settings()
        return made

    def refusal(self, **choices: Any) -> str:
        """Return the reason why ``changed`` would refuse these choices, in a sentence; empty if they are
        legal."""
        try:
            self.changed(**choices)
        except ValueError as error:
            return str(error)
        return ""

    def core_settings(self) -> tuple[NetworkSpec, Preprocessing, TrainingSpec]:
        """Return the core's settings for these choices: the preset's, with the learner's changes.

        Raises:
            ValueError: if the choices contradict each other.
        """
        preset, offer = PRESETS[self["preset"]], self._offer
        if self["layers"][0] != offer.pixels:
            raise IllegalValue(
                "layers",
                f"must begin with the {offer.pixels} pixels of {offer.label}, not {self['layers'][0]}",
            )
        parts: dict[str, dict[str, Any]] = {"network": {}, "preprocessing": {}, "training": {}}
        for row in ROWS:
            part, _, name = row.setting.partition(".")
            if part:
                parts[part][name] = self[row.name]
        parts["network"]["activations"] = (*self["activations"], self["output"])
        parts["preprocessing"]["max_value"] = offer.max_value
        parts["training"]["distortion"] = distortion_of(
            self["affine"], self["elastic"], self["thickness"], offer.pixels
        )
        return (
            replace(preset.network, **parts["network"]),
            replace(preset.preprocessing, **parts["preprocessing"]),
            replace(preset.training, **parts["training"]),
        )

    @property
    def _offer(self) -> DatasetOption:
        """The data set that is chosen."""
        return self.offers[self.check("dataset", self["dataset"])]

    def _preset(self, choices: Mapping[str, Any]) -> dict[str, Any]:
        """Return the choices of the preset among ``choices``; empty if none is named.

        Raises:
            ValueError: if there is no such preset.
        """
        if "preset" not in choices:
            return {}
        name = choices["preset"]
        try:
            return preset_choices(PRESETS[CHOICES["preset"].check(name)])
        except IllegalValue:
            legal = CHOICES["preset"].kind.legal()
            raise ValueError(f"there is no preset {name!r}; the presets are {legal}") from None

    def _activations(self, choices: Mapping[str, Any]) -> tuple[str, ...]:
        """Return an activation for each hidden layer, after ``choices`` changed layers, activations or
        both."""
        hidden, known = len(self["layers"]) - 2, self["activations"]
        if "activation" in choices:
            known = CHOICES["activations"].check((choices["activation"],) * max(1, hidden))
        elif "activations" in choices:
            return known
        # A further layer gets the activation of the last one, or else the preset's.
        further = (*PRESETS[self["preset"]].network.activations[:-1], "relu")[0]
        return (*known, *[known[-1] if known else further] * hidden)[:hidden]
