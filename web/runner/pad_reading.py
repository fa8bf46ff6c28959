"""What is on the pad, and who reads it."""

from __future__ import annotations

from dataclasses import replace

from nncore.datasets.strokes import to_pixels
from web.pad.readers import Reader, inputs_for, inspected, pad_pixels
from web.runner.context import RunnerContext
from web.state.reader_choices import YOURS
from web.state.snapshot import Reading, SeenStage
from web.state.tabs import SEEING


class Pad:
    """Reads the strokes or the picture of the state with the network that the choice ``reader`` names."""

    def __init__(self, context: RunnerContext) -> None:
        self._state, self._experiment, self._readers = context.state, context.experiment, context.readers

    def reader(self) -> Reader:
        """Who reads the pad now."""
        run, moment = self._experiment.run, self._experiment.moment
        # Only a measure of this very network calibrates it. While it learns it soon grows far surer than the
        # temperature of some seconds ago allows for, and after an edit that is another network's.
        measured = run.measured(moment)
        fits = measured is not None and measured.samples == self._experiment.shown_samples
        own = Reader(
            YOURS,
            self._experiment.shown,
            run.preprocessing,
            measured.temperature if measured and fits else None,
        )
        return self._readers.chosen(self._state.reader, own, trained=run.samples > 0)

    def read(self, reader: Reader) -> Reading | None:
        """What ``reader`` says about the pad, and what the pad makes the neurons of the learner's network
        do; None while it is empty."""
        pixels = pad_pixels(self._state.strokes, self._state.picture)
        if pixels is None:
            return None
        inputs = inputs_for(self._experiment.shown, self._experiment.run.preprocessing, to_pixels(pixels))
        activations = tuple(layer[0] for layer in self._experiment.shown.forward(inputs).activations)
        return replace(self._readers.read(pixels, reader), activations=activations)

    def stages(self, reader: Reader) -> tuple[SeenStage, ...]:
        """The way from the strokes to the picture with what ``reader`` reads on it, if somebody looks."""
        state = self._state
        return inspected(state.strokes, state.pen_steps, reader) if state.tab == SEEING else ()
