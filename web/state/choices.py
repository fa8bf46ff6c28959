"""Choices that go together, as one value that never changes: checked, and brought to the core's settings."""

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
    """Return choices in the form in which they are held: what a file, a link or the browser's storage gives
    back as a list is a tuple again. Every place that decodes choices calls this, so that they compare equal.

    Names that are no choice, and values that aren't legal, come back as they are: ``Choices.changed`` refuses
    them.
    """
    return {
        name: CHOICES[name].kind.form(value) if name in CHOICES else value for name, value in choices.items()
    }


def preset_choices(preset: Preset) -> dict[str, Any]:
    """Return the choices that a preset stands for. Choices with a default in the table are the learner's own:
    the seed, the back-query's method, patience, what is mixed in."""
    chosen = choices_of(preset.network, preset.preprocessing, preset.training)
    del chosen["seed"]
    epochs = preset.training.epochs or 0
    return {"preset": preset.name, "dataset": preset.dataset, "epochs": epochs} | chosen


def choices_of(network: NetworkSpec, preprocessing: Preprocessing, training: TrainingSpec) -> dict[str, Any]:
    """Return the choices that say what these settings of the core say, apart from the preset: the way back
    from ``Choices.core_settings``."""
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
        offers: the data sets that can be chosen.
    """

    values: Mapping[str, Any]
    offers: Mapping[str, DatasetOption] = field(default_factory=lambda: DATASET_OPTIONS, compare=False)

    @classmethod
    def usual(cls, preset: str = "", offers: Mapping[str, DatasetOption] = DATASET_OPTIONS) -> Choices:
        """Return the choices of a preset, or of the plain page; the learner's own as the table has them."""
        defaults = {row.name: row.default for row in ROWS}
        chosen = PRESETS[preset or defaults["preset"]]
        return cls(MappingProxyType(defaults | preset_choices(chosen)), offers)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def check(self, name: str, value: Any) -> Any:
        """Return a legal ``value`` of one choice in its form. ``IllegalValue`` for any other, and for digits
        that are not on offer."""
        found = CHOICES[name].check(value)
        if name == "dataset" and found not in self.offers:
            raise IllegalValue(name, f"does not accept {value!r}; it can be {', '.join(self.offers)}")
        return found

    def changed(self, **choices: Any) -> Choices:
        """Return choices of which these are others.

        A ``preset`` is applied first, whatever the order, and the others change it. ``activation`` stands for
        the same one in every hidden layer; where layers come or go without a word on activations, those that
        stay keep theirs. The first layer follows the data set, unless ``layers`` are given.

        Raises:
            ValueError: naming the choice that doesn't exist or the value that isn't legal.
        """
        if unknown := set(choices) - {*CHOICES, *SHORTHANDS}:
            raise ValueError(
                f"there is no choice {sorted(unknown)[0]!r}; the choices are {', '.join(CHOICES)}"
            )
        values = {**self.values, **self._preset(choices)}
        for name, value in choices.items():
            if name in CHOICES:
                values[name] = self.check(name, value)
        made = replace(self, values=MappingProxyType(values))  # sees what is changed below
        if "layers" not in choices:
            values["layers"] = (made._offer.pixels, *values["layers"][1:])
        values["activations"] = made._activations(choices)
        made.core_settings()
        return made

    def refusal(self, **choices: Any) -> str:
        """Return why ``changed`` refuses these, in a sentence; empty if it does not."""
        try:
            self.changed(**choices)
        except ValueError as error:
            return str(error)
        return ""

    def core_settings(self) -> tuple[NetworkSpec, Preprocessing, TrainingSpec]:
        """Return the core's own settings for these choices: the preset's, with what the learner changed put
        in their place.

        Raises:
            ValueError: if the choices don't go together.
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
        return self.offers[self.check("dataset", self["dataset"])]

    def _preset(self, choices: Mapping[str, Any]) -> dict[str, Any]:
        """The choices of the preset among ``choices``, if there is one."""
        if "preset" not in choices:
            return {}
        name = choices["preset"]
        try:
            return preset_choices(PRESETS[CHOICES["preset"].check(name)])
        except IllegalValue:
            legal = CHOICES["preset"].kind.legal()
            raise ValueError(f"there is no preset {name!r}; the presets are {legal}") from None

    def _activations(self, choices: Mapping[str, Any]) -> tuple[str, ...]:
        """One for each hidden layer, where ``choices`` name layers or an ``activation`` for all of them."""
        hidden, known = len(self["layers"]) - 2, self["activations"]
        if "activation" in choices:
            known = CHOICES["activations"].check((choices["activation"],) * max(1, hidden))
        elif "activations" in choices:
            return known
        # What a further layer gets: the activation of the last one, or else the preset's.
        further = (*PRESETS[self["preset"]].network.activations[:-1], "relu")[0]
        return (*known, *[known[-1] if known else further] * hidden)[:hidden]
