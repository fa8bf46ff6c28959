"""Replaces the present run by another: restart, undo, reload, branch, file, or earlier visit.

Each of these keeps the old run in the log, makes another run the present one, gives the state its choices,
and drops all measures and pictures of the old run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nncore.network import Network
from web.pad.readers import Reader
from web.runner.context import RunnerContext
from web.runner.publisher import Publisher
from web.runner.training_loop import TrainingLoop
from web.runs.resumable import ResumableRun, SavedSession
from web.state.dataset_options import with_digits_there
from web.state.reader_choices import YOURS
from web.state.snapshot import Evaluation


class RunSwitcher:
    """Exchanges the present run.

    Attributes:
        under_way: whether the state is getting the choices of a network that is there already; watchers of
            choices then do nothing.
    """

    def __init__(self, context: RunnerContext, publisher: Publisher, learning: TrainingLoop) -> None:
        self._context, self._publisher, self._training_loop = context, publisher, learning
        self._state, self._experiment, self._log = context.state, context.experiment, context.log
        self.under_way = False

    # --- from the seed

    def reset(self) -> None:
        """Begin again from the seed with the present choices; ``undo`` brings the old network back."""
        self._leave()
        kept = self._experiment.begin()
        self._state.notice = "A new network begins; the old one is kept." if kept else ""
        self._begin_anew()

    def new_seed(self) -> None:
        """Begin again with other first weights: those of the next seed."""
        self._state.choose(seed=(self._state.seed + 1) % 2**31)

    def choose(self, **choices: Any) -> None:
        """Set choices; the present preset, chosen again, also begins a new network with all of its choices.

        Raises:
            ValueError: as ``LabState.choose`` does; nothing has changed then.
        """
        if choices.get("preset") != self._state.preset:
            self._state.choose(**choices)
            return
        self.under_way = True
        try:
            self._state.choose(**choices)
        finally:
            self.under_way = False
        self.reset()

    def cure(self) -> None:
        """Apply the remedy of the diagnosis, to the present network or to a new one.

        A new network trains if the old one did; ``undo`` brings the old one back as it was.

        Raises:
            ValueError: if nothing is wrong, or no remedy is known.
        """
        found = self._context.doctor.found
        if found is None or not found.remedy:
            raise ValueError("there is no remedy: no fault is known that other settings would fix")
        if not found.anew:
            self._state.choose(**found.remedy)
            return
        running = self._state.running
        self._leave()
        self.under_way = True
        try:
            self._state.choose(**found.remedy)
        finally:
            self.under_way = False
        kept = self._experiment.begin()
        self._state.notice = "A new network begins; the network that didn't learn is kept." if kept else ""
        self._begin_anew()
        self._state.running = running

    # --- from earlier in this visit

    def undo(self) -> None:
        """Exchange the present run with the previous one; do nothing if there is none."""
        if self._experiment.previous is None:
            return
        self._leave()
        self._bring_back(self._experiment.bring_back(), "The network from before is back.")

    def reload(self, number: int) -> None:
        """Bring back the run ``number`` as it was when it was left.

        If its network is not kept, or it was a network of a sweep, a new network begins with its choices.

        Raises:
            ValueError: if there is no such run.
        """
        record = self._log.find(number)
        if record is None:
            raise ValueError(f"there is no run {number!r}")
        if number == self._experiment.run.number:
            return
        if (kept := self._log.kept(number)) is None:
            self._state.choose(**with_digits_there(record.choices, self._state.offers))
            if self._experiment.run.samples:  # no choice changed, so no new network has begun
                self.reset()
            self._state.notice = f"{record.name}: a new network begins with its choices."
            return
        self._leave()
        self._bring_back(self._experiment.resume(kept, number), f"{record.name} is back.")

    def branch(self) -> None:
        """Continue from the moment that ``state.rewind`` names, in a new run.

        The run so far is set aside and can be brought back.

        Raises:
            RuntimeError: if the present is shown.
        """
        # The moment on the screen may still be another, because it follows ``state.rewind`` a little later.
        wanted = self._state.rewind
        moment = None if wanted is None else self._experiment.run.history.nearest(wanted)
        if moment is None:
            raise RuntimeError("rewind first: the network shown is the present one")
        self._leave()
        choices = self._experiment.branch(moment)
        self._bring_back(choices, f"Goes on from {moment.samples:,} images; the run from before is kept.")

    # --- from elsewhere

    def open(self, kept: ResumableRun) -> None:
        """Continue a network from a file, whose choices must be legal; ``undo`` brings the present one back.

        Raises:
            RuntimeError: if its training digits have not arrived yet.
        """
        if self._experiment.digits(kept.choices.get("dataset", "mnist"))[0] is None:
            raise RuntimeError("its digits have not arrived yet: wait until the page is ready")
        self._leave()
        choices = self._experiment.resume(kept, self._experiment.next_number())
        self._bring_back(choices, f"{kept.name} is open; the network from before is kept.")
        self._training_loop.work_on()

    def adopt(self, network: Network, reader: Reader, samples: int, evaluation: Evaluation) -> None:
        """Make a fine-tuned network the present one; ``undo`` brings the old one back.

        Args:
            network, reader, samples, evaluation: as for ``Experiment.adopted``.
        """
        self._leave()
        kept = self._experiment.adopted(network, reader, samples, evaluation)
        choices = self._experiment.resume(kept, self._experiment.next_number())
        self._bring_back(choices, "Your network has been taught your digits.")
        if self._state.reader in self._context.readers.shipped:
            self._state.choose(reader=YOURS)

    def restore(self, saved: SavedSession) -> None:
        """Continue the session of an earlier visit: its choices, its drawing, its network.

        Raises:
            ValueError: if its parts contradict each other or are no longer legal; the present run and its
                choices stay then.
        """
        self._leave()
        left = self._log.kept(saved.number)
        if left is not None and left.moment.samples != saved.samples:
            saved = replace(saved, number=0)  # this visit has trained it further, so the saved one is another
        before = self._state.choices()
        self.under_way = True
        try:
            self._state.choose(**with_digits_there(saved.choices, self._state.offers))
            spec, _, _ = self._state.core_settings()
            if spec.layers != saved.network.spec.layers or spec.activations != saved.network.spec.activations:
                raise ValueError("its choices do not fit its network")
            if saved.progress is not None:
                saved.progress.check(saved.training.make_optimiser(), saved.network.parameters.flat)
            self._experiment.restore(saved)
        except ValueError:
            self._state.choose(**before)
            raise
        finally:
            self.under_way = False
        self._state.param.update(strokes=saved.strokes, picture=saved.picture)
        self._begin_anew()

    # --- steps that all of them share

    def _leave(self) -> None:
        """Stop training, end a rewind, and keep the present run in the log."""
        self._state.rewind = None
        self._state.running = False
        self._log.keep(self._experiment.run)

    def _bring_back(self, choices: dict[str, Any], notice: str) -> None:
        """Give the state the choices of the new present run, and the run the digits that it lacks.

        Args:
            choices: the run's choices.
            notice: a sentence for the page.
        """
        self.under_way = True
        try:
            self._state.choose(**choices)
        finally:
            self.under_way = False
        self._experiment.catch_up()
        self._state.notice = notice
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Drop all measures and pictures of the old network, and begin those of the new one."""
        self._state.staged = {}
        self._state.undoable = self._experiment.previous is not None
        self._context.evaluator.forget()
        self._context.doctor.forget()
        self._training_loop.forget()
        self._publisher.forget()
        self._context.backqueries.begin()
        if not self._context.evaluator.known:
            self._training_loop.work_on()
        self._publisher.publish()
