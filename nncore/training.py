"""The trainer takes a network through the data, batch by batch, and reports events.

It never prints, draws, sleeps or reads a clock. Its owner calls ``step`` for a slice of work (a page, between
two frames) or iterates over ``run`` (a command line). The same seed gives the same bits, and so does the same
work cut into other slices; changes during the run are recorded in ``history``, so that a run can be repeated
exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any
from zlib import crc32

import numpy as np

from nncore.batches import BatchRun, train_batches
from nncore.checkpoint import Checkpoint
from nncore.checks import require, require_one_of
from nncore.data_checks import check_fit
from nncore.datasets import Dataset
from nncore.divergence import explain, is_finite
from nncore.epoch import Epoch
from nncore.events import DivergenceEvent, EpochEvent, StepEvent
from nncore.network import Network
from nncore.optimisers import OptimiserState
from nncore.parameters import Parameters
from nncore.preprocessing import Preprocessing
from nncore.surgery import Surgery
from nncore.training_spec import TrainingSpec

__all__ = ["DivergenceEvent", "EpochEvent", "StepEvent", "Trainer", "TrainingSpec"]

Mix = Callable[[int, int], Dataset | None]
"""The number of images of the data set and the number of the epoch -> images to mix in, or None."""

HOT = ("learning_rate", "batch_size", "l2", "schedule", "epochs", "distortion")
"""The settings that ``Trainer.set`` changes."""


class Trainer:
    """Trains one network on one data set; both may change during the run.

    Args:
        network: trained in place; pass ``network.copy()`` to keep yours.
        dataset: at least one image; as many pixels as the network has inputs, as many classes as outputs.
        preprocessing: turns its images into inputs.
        spec: the settings.

    Attributes:
        epoch: epochs completed.
        steps: updates made.
        samples: images trained on; an image counts every time.
        edits: how often the network was replaced by another (``replace_network``).
        expected: the number of images that the data set will have; 0 if no others will come.
        history: the events of the run, as plain dicts that JSON can hold, in order.
        diverged: the last step's ``DivergenceEvent``, or None if it went well.

    Raises:
        ValueError: if network, data and preprocessing do not fit together.
    """

    def __init__(
        self,
        network: Network,
        dataset: Dataset,
        preprocessing: Preprocessing | None = None,
        spec: TrainingSpec | None = None,
    ) -> None:
        self.dataset = dataset
        self.preprocessing = preprocessing or Preprocessing(max_value=dataset.max_value)
        self.spec = spec or TrainingSpec()
        self.epoch = 0
        self.steps = 0
        self.samples = 0
        self.edits = 0
        self.diverged: DivergenceEvent | None = None
        self.history: list[dict[str, Any]] = []
        check_fit(network, dataset, self.preprocessing)
        self._optimiser = self.spec.make_optimiser()
        self._adopt(network, None)
        self._arriving: list[Dataset] = []
        self.expected = 0
        self._mixed: Mix | None = None
        self._present: Epoch | None = None  # None between two epochs
        first = crc32(network.parameters.flat.tobytes())  # identifies a new network
        self._note(
            "start",
            images=len(dataset),
            spec=asdict(self.spec),
            network=asdict(network.spec),
            first_weights=first,
        )

    # --- progress

    @property
    def epoch_progress(self) -> float:
        """The share of the current epoch that is done, 0 to below 1."""
        return self._present.done / self._present.count if self._present else 0.0

    @property
    def finished(self) -> bool:
        """Whether the spec's epochs are done. Further steps are allowed, at the schedule's final rate."""
        return self.spec.epochs is not None and self.epoch >= self.spec.epochs

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next update."""
        left = self._present.left if self._present else self._whole
        return float(self.spec.rate_at(self.samples + min(self._batch_size, left), self._whole))

    # --- training

    def step(self, batches: int = 1) -> StepEvent | DivergenceEvent:
        """Train on the next ``batches`` mini-batches, or on those left in the epoch if they are fewer.

        On divergence the network keeps the parameters from before the step that failed. Another call tries
        that step again, which is useful after ``set(learning_rate=...)``.

        Raises:
            ValueError: if ``batches`` is below 1.
        """
        require(batches >= 1, "batches", batches, "at least 1")
        run = self._plan(batches)
        before = self.network.parameters.flat.copy(), self._state.copy()
        # An overflow is an event here and not a warning.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            losses, correct = train_batches(run)
            if not self._went_well(losses):
                return self._retrace(len(run.rates), *before)
        self.diverged = None
        return self._count(run, losses, correct)

    def run(
        self, epochs: int | None = None, batches_per_step: int | None = None
    ) -> Iterator[StepEvent | EpochEvent | DivergenceEvent]:
        """Train for ``epochs`` more, or until the spec's are done, or for ever; stop at divergence.

        Args:
            epochs: None for ``spec.epochs``.
            batches_per_step: the mini-batches of a ``StepEvent``; None for about fifty events an epoch.
        """
        goal = self.spec.epochs if epochs is None else self.epoch + epochs
        while goal is None or self.epoch < goal:
            batches = batches_per_step or max(1, len(self.dataset) // self._batch_size // 50)
            event = self.step(batches)
            yield event
            if isinstance(event, DivergenceEvent):
                return
            if event.epoch_ended:
                yield EpochEvent(**{key: self.history[-1][key] for key in EpochEvent.__dataclass_fields__})

    # --- changes during the run

    def set(self, **changes: Any) -> None:
        """Change settings from the next update on: any of ``HOT``. The optimiser keeps its state.

        A learning rate set here is used unchanged: the schedule becomes constant, unless a schedule is given
        too.

        Raises:
            ValueError: for another setting, or a value that is not legal.
        """
        for name in changes:
            require_one_of(name, HOT, "setting")
        if "learning_rate" in changes:
            changes = {"schedule": "constant", **changes}
        self.spec = replace(self.spec, **changes)
        if "distortion" in changes:  # as JSON has it
            changes["distortion"] = self.spec.distortion and asdict(self.spec.distortion)
        self._note("set", **changes)

    @property
    def mixes(self) -> bool:
        """Whether further images are mixed in."""
        return self._mixed is not None

    def mix(self, make: Mix | None) -> None:
        """Train on further images besides the data set's, from the next epoch on.

        Args:
            make: called as ``make(images, epoch)`` whenever an epoch begins, with the number of images of the
                data set; returns the further images, or None. None to mix nothing in.
        """
        self._mixed = make
        self._note("mix", on=make is not None)

    def expect(self, images: int) -> None:
        """Say that the data set will have ``images`` images, which arrive by ``extend``.

        From the next epoch on, or from now if it is the first and nothing is learned, an epoch is as many
        images, in several passes over those that are there. 0: no others will come.
        """
        self.expected = images
        if not self.samples:
            self._present = None
        self._note("expect", images=images)

    def extend(self, dataset: Dataset) -> None:
        """Add images to the data set.

        They join at the beginning of the next epoch; if they are expected, at that of the next pass.
        """
        check_fit(self.network, dataset, self.preprocessing)
        later = 2 if self._present and self.expected <= self.image_count else 1
        self._arriving.append(dataset)
        self._note("extend", images=len(dataset), joins_epoch=self.epoch + later)

    @property
    def image_count(self) -> int:
        """The number of images in the data set, with those that join at the next epoch."""
        return len(self.dataset) + sum(map(len, self._arriving))

    def count_from(self, epoch: int, steps: int, samples: int, progress: float = 0.0) -> None:
        """Continue with the counters of another trainer of the same settings, whose network this one has.

        The schedule and the order of the images continue from there; the optimiser starts without a state.

        Args:
            epoch, steps, samples: the other trainer's counters.
            progress: the share of the current epoch that is done, 0 to below 1.
        """
        require(0 <= progress < 1, "progress", progress, "at least 0 and below 1")
        self.epoch, self.steps, self.samples = epoch, steps, samples
        self._present = None
        if progress:
            self._present = self._new_epoch()
            self._present.skip(self._present.images_in(progress))
        self._note("resume", progress=progress)

    def replace_network(self, network: Network | Surgery) -> None:
        """Continue with another network.

        After ``nncore.surgery`` the optimiser keeps its state for the weights that stayed; with any other
        network it starts without a state.

        Raises:
            ValueError: if the network does not fit the data.
        """
        note = "Another network."
        state = None
        if isinstance(network, Surgery):
            note = network.note
            state = OptimiserState(self._state.step, [network.carry(slot) for slot in self._state.slots])
            network = network.network
        check_fit(network, self.dataset, self.preprocessing)
        self._adopt(network, state)
        self.edits += 1
        self._note(
            "network",
            layers=list(self.network.spec.layers),
            activations=list(self.network.spec.activations),
            note=note,
        )

    # --- checkpoints

    def checkpoint(self) -> Checkpoint:
        """Return the state of this run, with a copy of the optimiser's; the owner keeps the network."""
        present = self._present if self._present and self._present.seen else None
        return Checkpoint(
            epoch=self.epoch,
            steps=self.steps,
            samples=self.samples,
            share=self.epoch_progress,
            loss=float(present.loss) if present else 0.0,
            accuracy=float(present.accuracy) if present else 0.0,
            updates=self._state.step,
            slots=tuple(slot.copy() for slot in self._state.slots),
            history=tuple(self.history),
        )

    def resume(self, checkpoint: Checkpoint) -> None:
        """Continue another run from its checkpoint, with that run's network and settings.

        With the same images the numbers that follow are the same, too. With fewer or more (a page begins with
        the digits that have arrived) the same share of the epoch counts as done.

        Raises:
            CheckpointError: if the optimiser's state doesn't fit this network; nothing has changed then.
        """
        checkpoint.check(self._optimiser, self.network.parameters.flat)
        self.epoch, self.steps, self.samples = checkpoint.epoch, checkpoint.steps, checkpoint.samples
        self.history = list(checkpoint.history)
        self.edits = sum(event["event"] == "network" for event in self.history)
        for slot, kept in zip(self._state.slots, checkpoint.slots, strict=True):
            slot[:] = kept
        self._state.step = checkpoint.updates
        self._present = None
        if checkpoint.share:
            self._present = self._new_epoch()
            done = self._present.images_in(checkpoint.share)
            right = round(checkpoint.accuracy * done)
            self._present.advance(done, checkpoint.loss * done, right)
        self._note("resumed", images=len(self.dataset))

    # --- inside

    @property
    def _batch_size(self) -> int:
        """The number of images in a mini-batch; all images if the setting is 0."""
        return self.spec.batch_size or (self._present.count if self._present else len(self.dataset))

    @property
    def _whole(self) -> int:
        """The number of images that the data set has, or is expected to have."""
        return max(self.expected, len(self.dataset))

    def _images(self) -> Dataset:
        """Return the images of the next pass: the data set with what has arrived, and what is mixed in."""
        if self._arriving:
            self.dataset = self.dataset.concatenate(*self._arriving)
            self._arriving = []
        dataset = self.dataset
        if self._mixed is not None and (more := self._mixed(len(dataset), self.epoch)) is not None:
            check_fit(self.network, more, self.preprocessing)
            dataset = dataset.concatenate(more)
        return dataset

    def _new_epoch(self) -> Epoch:
        """Return the next epoch."""
        whole = self.expected if self.expected > self.image_count else 0
        return Epoch(self.epoch, self._images(), self.preprocessing, self.spec, whole)

    def _plan(self, batches: int) -> BatchRun:
        """Return the next ``batches`` mini-batches, ready to train on; begin an epoch if necessary."""
        if self._present is None:
            self._present = self._new_epoch()
        elif self._present.pass_ended:
            self._present.pass_again(self._images())
        size = self._batch_size
        pixels, labels, indices = self._present.images(batches * size, size, self.spec.distortion)
        ends = np.minimum(np.arange(size, len(indices) + size, size), len(indices))
        scale, offset = self.preprocessing.scale_offset
        return BatchRun(
            network=self.network,
            optimiser=self._optimiser,
            state=self._state,
            gradient=self._gradient,
            pixels=pixels,
            labels=labels,
            targets=self._targets,
            scale=scale,
            offset=offset,
            indices=indices,
            batch_size=size,
            rates=self.spec.rate_at(self.samples + ends, self._whole),
            l2=self.spec.l2,
            rule=self.spec.rule,
        )

    def _count(self, run: BatchRun, losses: np.ndarray, correct: np.ndarray) -> StepEvent:
        """Count the batches that were trained on, and end the epoch if they were its last."""
        epoch = self._present
        assert epoch is not None
        sizes = np.diff(np.minimum(np.arange(len(losses) + 1) * run.batch_size, len(run.indices)))
        images, loss, right = int(sizes.sum()), float(losses @ sizes), int(correct.sum())
        epoch.advance(images, loss, right)
        self.samples += images
        self.steps += len(losses)
        event = StepEvent(
            epoch=self.epoch + 1,
            step=self.steps,
            samples=self.samples,
            batch_count=len(losses),
            loss=loss / images,
            accuracy=right / images,
            learning_rate=float(run.rates[-1]),
            epoch_ended=not epoch.left,
        )
        if event.epoch_ended:
            self.epoch += 1
            self._present = None
            self._note("epoch", loss=epoch.loss, accuracy=epoch.accuracy, learning_rate=event.learning_rate)
        return event

    def _retrace(self, batches: int, flat: np.ndarray, state: OptimiserState) -> StepEvent | DivergenceEvent:
        """Repeat a group of batches one at a time, and stop before the batch whose weights stop being finite.

        Checking every weight after every step would find it at once, but would slow down all the steps that
        go well.

        Args:
            batches: their number, at least 1.
            flat, state: parameters and the optimiser's state from before them.
        """
        for _ in range(batches):
            self.network.parameters.flat[:] = flat
            self._state = state.copy()
            single = self._plan(1)
            losses, correct = train_batches(single)
            if not self._went_well(losses):
                after = self.network.parameters.flat.copy()
                self.network.parameters.flat[:] = flat
                self._state = state
                layer, cause = explain(single, after)
                self.diverged = DivergenceEvent(self.steps + 1, self.epoch + 1, self.samples, layer, cause)
                self._note("divergence", layer=layer, cause=cause)
                return self.diverged
            event = self._count(single, losses, correct)
            flat, state = self.network.parameters.flat.copy(), self._state.copy()
        # A kernel may round one long run and several short ones differently, so near the limit none of the
        # single batches may fail.
        return event

    def _went_well(self, losses: np.ndarray) -> bool:
        """Return whether all losses and parameters are finite."""
        return is_finite(losses) and is_finite(self.network.parameters.flat)

    def _adopt(self, network: Network, state: OptimiserState | None) -> None:
        """Train this network from now on, with the given state of the optimiser or a new one."""
        spec = network.spec
        self.network = network
        self._state = state or self._optimiser.new_state(network.parameters.flat)
        self._gradient = Parameters(spec.layers, spec.biases, dtype=spec.dtype)
        self._targets = self.preprocessing.target_table(spec.layers[-1], spec.dtype)

    def _note(self, event: str, **facts: Any) -> None:
        """Add an event with the counters to the history."""
        self.history.append(
            {"event": event, "epoch": self.epoch, "step": self.steps, "samples": self.samples, **facts}
        )
