"""One network for another: begin again, undo, reload, branch off, open a file, bring back an earlier visit.

Each leaves the present run in the log, puts another on the bench, gives the state the choices that belong to
it, and has everything that was known about the old one forgotten.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nncore.network import Network
from web.offers import with_digits_there
from web.readers import YOURS, Reader
from web.run import Kept
from web.runner.learning import Learning
from web.runner.parts import Parts
from web.runner.publisher import Publisher
from web.saved import Saved
from web.snapshot import Evaluation


class Exchange:
    """Exchanges the run on the bench.

    Attributes:
        under_way: while the state gets the choices of a network that is there already; whoever hears of them
            has nothing to do.
    """

    def __init__(self, parts: Parts, publisher: Publisher, learning: Learning) -> None:
        self._parts, self._publisher, self._learning = parts, publisher, learning
        self._state, self._bench, self._log = parts.state, parts.bench, parts.log
        self.under_way = False

    # --- from the seed

    def reset(self) -> None:
        """Begin again from the seed with the present choices; ``undo`` brings the old network back."""
        self._leave()
        kept = self._bench.begin()
        self._state.notice = "A new network begins; the old one is kept." if kept else ""
        self._begin_anew()

    def new_seed(self) -> None:
        """Begin again from other first weights: those of the next seed."""
        self._state.choose(seed=(self._state.seed + 1) % 2**31)

    def choose(self, **choices: Any) -> None:
        """Set choices; a preset that is chosen already begins a new network too, with all that it says.

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

    # --- from what this visit has seen

    def undo(self) -> None:
        """Exchange the present network with the one before the last restart."""
        if self._bench.previous is None:
            return
        self._leave()
        self._bring_back(self._bench.bring_back(), "The network from before is back.")

    def reload(self, number: int) -> None:
        """Bring back the run of this number as it was when it was left; of one whose network is not kept, and
        of a network of a sweep, the choices, with which a new network begins.

        Raises:
            ValueError: if there is no such run.
        """
        record = self._log.find(number)
        if record is None:
            raise ValueError(f"there is no run {number!r}")
        if number == self._bench.run.number:
            return
        if (kept := self._log.kept(number)) is None:
            self._state.choose(**with_digits_there(record.choices, self._state.offers))
            if self._bench.run.samples:  # they were chosen already
                self.reset()
            self._state.notice = f"{record.name}: a new network begins with its choices."
            return
        self._leave()
        self._bring_back(self._bench.resume(kept, number), f"{record.name} is back.")

    def branch(self) -> None:
        """Go on from the moment that is shown; the run so far is set aside and can be brought back.

        Raises:
            RuntimeError: if it is the present that is shown.
        """
        if self._bench.moment is None:
            raise RuntimeError("rewind first: the network shown is the present one")
        moment = self._bench.moment
        self._leave()
        choices = self._bench.branch(moment)
        self._bring_back(choices, f"Goes on from {moment.samples:,} images; the run from before is kept.")

    # --- from elsewhere

    def open(self, kept: Kept) -> None:
        """Go on with a network from a file, whose choices are known to be legal; ``undo`` brings the present
        one back.

        Raises:
            RuntimeError: if the digits that it goes with have not arrived yet.
        """
        if self._bench.digits(kept.choices.get("dataset", "mnist"))[0] is None:
            raise RuntimeError("its digits have not arrived yet: wait until the page is ready")
        self._leave()
        choices = self._bench.resume(kept, self._bench.next_number())
        self._bring_back(choices, f"{kept.name} is open; the network from before is kept.")
        self._learning.work_on()

    def adopt(self, network: Network, reader: Reader, samples: int, evaluation: Evaluation) -> None:
        """Put a network on the bench that was made of ``reader``'s, after ``samples`` images in all and with
        this measure of it; ``undo`` brings the present one back."""
        self._leave()
        kept = self._bench.adopted(network, reader, samples, evaluation)
        choices = self._bench.resume(kept, self._bench.next_number())
        self._bring_back(choices, "Your network has been taught your digits.")
        if self._state.reader in self._parts.readers.shipped:
            self._state.choose(reader=YOURS)

    def restore(self, saved: Saved) -> None:
        """Go on from what was kept of an earlier visit: its choices, its strokes, its network.

        Raises:
            ValueError: if it doesn't fit together or isn't legal any more; nothing has changed then.
        """
        self._leave()
        left = self._log.kept(saved.number)
        if left is not None and left.moment.samples != saved.samples:
            saved = replace(saved, number=0)  # it went on in this visit: where it stood before is another run
        before = self._state.choices()
        self.under_way = True
        try:
            self._state.choose(**with_digits_there(saved.choices, self._state.offers))
            spec, _, _ = self._state.experiment()
            if spec.layers != saved.network.spec.layers or spec.activations != saved.network.spec.activations:
                raise ValueError("its choices are not of its network")
            if saved.progress is not None:
                saved.progress.check(saved.training.make_optimiser(), saved.network.parameters.flat)
            self._bench.restore(saved)
        except ValueError:
            self._state.choose(**before)
            raise
        finally:
            self.under_way = False
        self._state.param.update(strokes=saved.strokes, picture=saved.picture)
        self._begin_anew()

    # --- what all of them do

    def _leave(self) -> None:
        """The present run is about to be exchanged for another."""
        self._state.rewind = None
        self._state.running = False
        self._log.keep(self._bench.run)

    def _bring_back(self, choices: dict[str, Any], notice: str) -> None:
        """The bench has the network that these choices belong to; so has the state then."""
        self.under_way = True
        try:
            self._state.choose(**choices)
        finally:
            self.under_way = False
        self._bench.catch_up()
        self._state.notice = notice
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Another network is on the bench: its accuracy, its speed and its pictures are not known yet."""
        self._state.staged = {}
        self._state.undoable = self._bench.previous is not None
        self._parts.evaluator.forget()
        self._learning.forget()
        self._publisher.forget()
        self._parts.imaginer.begin()
        if not self._parts.evaluator.known:
            self._learning.work_on()
        self._publisher.publish()
