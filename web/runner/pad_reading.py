"""Reads the drawing on the pad with the chosen reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nncore.datasets.strokes import to_pixels
from web.pad.readers import Reader, inputs_for, inspected, pad_pixels, seen_stages
from web.runner.context import RunnerContext
from web.state.reader_choices import SHIPPED, YOURS
from web.state.snapshot import Reading, SeenStage
from web.state.tabs import SEEING


class Pad:
    """Reads the strokes or the picture in the state with the network that the choice ``reader`` names."""

    def __init__(self, context: RunnerContext) -> None:
        self._state, self._experiment, self._readers = context.state, context.experiment, context.readers

    def reader(self) -> Reader:
        """Return the network that reads the pad now, with its temperature if that is known."""
        run, moment = self._experiment.run, self._experiment.moment
        # Only a measure of the network as it is now gives its temperature. While it learns, its confidence
        # soon outgrows a temperature measured seconds ago; after an edit that is another network's.
        measured = run.measured(moment)
        fits = measured is not None and measured.samples == self._experiment.shown_samples
        own = Reader(
            YOURS,
            self._experiment.shown,
            run.preprocessing,
            measured.temperature if measured and fits else None,
        )
        return self._readers.chosen(self._state.reader, own, trained=run.samples > 0)

    def judge(self) -> Callable[[np.ndarray], np.ndarray] | None:
        """Return the best shipped network as a function of pixels, which is surer of digits that stand
        upright.

        It takes ``(n, 784)`` uint8 and returns ``(n, 10)`` outputs. None before a shipped network has
        arrived.
        """
        shipped = [self._readers.shipped[name] for name in SHIPPED if name in self._readers.shipped]
        if not shipped:
            return None
        network, preprocessing = shipped[0].network, shipped[0].preprocessing
        return lambda pixels: network.predict(preprocessing.encode(pixels))

    def read(self, reader: Reader) -> Reading | None:
        """Return the answer of ``reader`` to the drawing, with the activations of the learner's own network.

        Returns:
            None while the pad is empty.
        """
        pixels = pad_pixels(self._state.strokes, self._state.picture)
        if pixels is None:
            return None
        inputs = inputs_for(self._experiment.shown, self._experiment.run.preprocessing, to_pixels(pixels))
        activations = tuple(layer[0] for layer in self._experiment.shown.forward(inputs).activations)
        return replace(self._readers.read(pixels, reader), activations=activations)

    def stages(self, reader: Reader) -> tuple[SeenStage, ...]:
        """Return the drawing after each pen step, or the photo after each of its own, as ``reader`` reads it.

        Empty unless the tab that shows it is in front.
        """
        state = self._state
        if state.tab == SEEING and state.photo and state.picture == state.photo[-1][1]:
            names, pictures = zip(*state.photo, strict=True)
            pixels = np.stack([np.frombuffer(picture, np.uint8) for picture in pictures])
            return seen_stages(names, [True] * len(names), pixels, reader)
        return inspected(state.strokes, state.pen_steps, reader) if state.tab == SEEING else ()
