"""The one that acts: hears the learner's choices, trains in slices, publishes snapshots.

    choice -> LabState -> Runner -> trainer.step() -> Snapshot -> LabState.snapshot -> views

Nothing else trains, predicts or watches for effects. Work is done in slices of about 30 ms with a breath
between them (``asyncio.sleep(0)``), so that strokes, sliders and Pause are served at once; evaluation and the
back-query's pictures are cut into the same slices and take a bounded share of the time while an epoch is
under way.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nncore import ops
from nncore.backquery import BackQuery, backquery
from nncore.datasets import Dataset
from nncore.datasets.strokes import to_pixels
from nncore.gate import Gate
from nncore.network import Network
from nncore.storage import SavedNetwork
from nncore.training import DivergenceEvent, Trainer
from web.evaluator import EvaluationPass, Evaluator
from web.frames import framed
from web.history import Moment
from web.imaginer import Imaginer
from web.insight import Insight
from web.mixing import Mixing
from web.offers import Offer
from web.readers import YOURS, Reader, Readers, inputs_for, inspected, pad_pixels
from web.repeat import Recipe, recipe
from web.runs import RunLog
from web.saved import Saved
from web.snapshot import Evaluation, Reading, SeenStage, Snapshot
from web.state import CHOICES, DISTORTIONS, RESTART_CHOICES, SHAPE_CHOICES, LabState
from web.workbench import Kept, Workbench

SLICE = 0.03  # seconds of work between two breaths
# While somebody draws, and for so many seconds after, slices are short and hold nothing but learning: a
# stroke waits for several of them on its way here and back, and is to be read within a tenth of a second.
DRAWING, SHORT_SLICE = 0.5, 0.008
PUBLISH_EVERY = 0.2  # seconds between snapshots while training; one costs the page 10 to 20 ms
PATIENCE = 2.0  # seconds to wait for a page that doesn't answer, such as one in the background
TURNS = 8  # of the event loop between two slices
SPEED_WINDOW = 1.5  # seconds over which images a second are averaged


class Runner:
    """Trains the network that ``state`` asks for on the digits that have arrived.

    Args:
        ask_page: called after a snapshot that training published; whoever draws it calls ``page_has_drawn``
            when that is done. Until then no other is published: a machine too busy to draw shows fewer
            snapshots, never old ones. None where nobody answers.
    """

    def __init__(self, state: LabState, ask_page: Callable[[], None] | None = None) -> None:
        self.state = state
        self._ask_page = ask_page
        self._page_draws = False
        self._drawn = -DRAWING  # when the pad changed last
        self.bench = Workbench(state)
        self._task: asyncio.Task[None] | None = None
        self._stop_at: int | None = None  # an epoch to end at; None: until somebody presses Pause
        self._bringing_back = False
        self._evaluator = Evaluator(self.bench)
        self._imaginer = Imaginer(self.bench, state)
        self._insight = Insight(self.bench, state)
        self._finishing: asyncio.Task[None] | None = None
        self.log = RunLog(state, self.bench.next_number)
        self._looking_back: asyncio.Task[None] | None = None
        self.readers = Readers()
        self._mixing = Mixing(state)
        self._forget()
        state.param.watch(self._on_choices, list(CHOICES))
        state.param.watch(self._on_running, "running")
        state.param.watch(self._on_rewind, "rewind")
        state.param.watch(self._on_pad, ["strokes", "picture"])
        state.param.watch(self._on_asked, "asked")
        state.param.watch(lambda *_: self.publish(), ["looking", "inspecting"])
        self.publish()

    # --- what arrives

    def add_train(self, shard: Dataset) -> None:
        """Digits to train on; they join a run under way at its next epoch."""
        self.bench.add_train(shard)
        self.publish()

    def add_test(self, shard: Dataset) -> None:
        """Digits to measure with."""
        self.bench.add_test(shard)
        self._evaluator.forget()
        self.publish()

    def add_reader(self, name: str, saved: SavedNetwork) -> None:
        """A shipped network that can read the pad; its percentages are calibrated already."""
        self.readers.shipped[name] = Reader(name, saved.network, saved.preprocessing, temperature=1.0)
        self.publish()

    def add_gate(self, saved: SavedNetwork) -> None:
        """The network that tells what is no digit. ``ValueError`` for one that doesn't."""
        self.readers.gate = Gate.of(saved)
        self.publish()

    # --- what the learner does

    def _on_choices(self, *events: Any) -> None:
        changed = {event.name for event in events}
        if self._bringing_back:
            return
        if changed <= {"reader", "pen_steps"}:
            self.publish()
            return
        self.to_now()
        if changed & {"preset", *RESTART_CHOICES}:
            self.reset()
            return
        if changed & set(SHAPE_CHOICES):
            self._tell(self.bench.reshape())
        self.bench.edit(changed)
        if changed & set(DISTORTIONS):
            self._batches = 1  # a batch may take many times as long now
        if changed & {"method", *SHAPE_CHOICES}:
            self._imaginer.begin()
        self._finish_pictures()
        self.publish()

    def _on_pad(self, *events: Any) -> None:
        """What was drawn last is on the pad: strokes, or a picture."""
        self._drawn = time.perf_counter()
        for event in events:
            if event.new and event.name == "strokes":
                self.state.picture = b""
            elif event.new:
                self.state.strokes = []
        self.publish()

    def _on_asked(self, *_: Any) -> None:
        self._imaginer.portray()
        self._finish_pictures()
        self.publish()

    def _on_running(self, *_: Any) -> None:
        if self.state.running:
            self.to_now()
            waits = "Begins with the first digits, which are on their way."
            self._tell("" if self.bench.run.trainer else waits)
            self._work_on()
        self.publish()

    def step(self) -> None:
        """One mini-batch, then pause.

        Raises:
            RuntimeError: if no digits have arrived yet.
        """
        self._need_digits()
        self.to_now()
        self.state.running = False
        self._batches = 1
        self.bench.run.remember()
        self._learn()
        self.bench.run.remember()
        self._imaginer.settle()
        self._finish_pictures()
        self.log.note(self.bench.run)
        self.publish()

    async def epoch(self) -> None:
        """Train to the end of this epoch and measure; returns when that is done, or when somebody pauses.

        Raises:
            RuntimeError: if no digits have arrived yet.
        """
        self._stop_at = self._need_digits().epoch + 1
        self.state.running = True
        while self._task is not None and not self._task.done():
            await asyncio.sleep(0.01)

    def reset(self) -> None:
        """Begin again from the seed with the present choices; ``undo`` brings the old network back."""
        self._leave()
        kept = self.bench.begin()
        self.state.notice = "A new network begins; the old one is kept." if kept else ""
        self._after_exchange()

    def undo(self) -> None:
        """Exchange the present network with the one before the last restart."""
        if self.bench.previous is None:
            return
        self._leave()
        self._bring_back(self.bench.bring_back(), "The network from before is back.")

    def new_seed(self) -> None:
        """Begin again from other first weights: those of the next seed."""
        self.state.choose(seed=(self.state.seed + 1) % 2**31)

    def reload(self, number: int) -> None:
        """Bring back the run of this number as it was when it was left; of one whose network is not kept, and
        of a network of a sweep, the choices, with which a new network begins.

        Raises:
            ValueError: if there is no such run.
        """
        record = self.log.find(number)
        if record is None:
            raise ValueError(f"there is no run {number!r}")
        if number == self.bench.run.number:
            return
        if (kept := self.log.kept(number)) is None:
            self.state.choose(**record.choices)
            if self.bench.run.samples:  # they were chosen already
                self.reset()
            self.state.notice = f"{record.name}: a new network begins with its choices."
            return
        self._leave()
        self._bring_back(self.bench.resume(kept, number), f"{record.name} is back.")

    def kept(self) -> Kept:
        """The network that is shown, with all that it takes to go on with it.

        Raises:
            RuntimeError: if no digits have arrived yet.
        """
        self._need_digits()
        run = self.bench.run
        return run.kept(self.bench.moment or run.now())

    def open(self, kept: Kept) -> None:
        """Go on with a network from a file, whose choices are known to be legal; ``undo`` brings the present
        one back.

        Raises:
            RuntimeError: if the digits that it goes with have not arrived yet.
        """
        if self.bench.digits(kept.choices.get("dataset", "mnist"))[0] is None:
            raise RuntimeError("its digits have not arrived yet: wait until the page is ready")
        self._leave()
        choices = self.bench.resume(kept, self.bench.next_number())
        self._bring_back(choices, f"{kept.name} is open; the network from before is kept.")
        self._work_on()

    def put_digits(self, offer: Offer, train: Dataset, test: Dataset) -> None:
        """Offer other digits, and begin to learn from them."""
        self.bench.put(offer.name, train, test)
        self.state.offers = self.state.offers | {offer.name: offer}
        if self.state.dataset == offer.name:
            self.state.choose(layers=(offer.pixels, *self.state.layers[1:]))
            self.reset()
        else:
            self.state.choose(dataset=offer.name)

    def _work_on(self) -> None:
        """Have the work done that there is: training, or, while paused, measuring what is there."""
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._work())
            self._task.add_done_callback(self._ended)

    def restore(self, saved: Saved) -> None:
        """Go on from what was kept of an earlier visit: its choices, its strokes, its network.

        Raises:
            ValueError: if it doesn't fit together or isn't legal any more; nothing has changed then.
        """
        self._leave()
        before = self.state.choices()
        self._bringing_back = True
        try:
            self.state.choose(**self._with_digits_there(saved.choices))
            spec, _, _ = self.state.experiment()
            if spec.layers != saved.network.spec.layers or spec.activations != saved.network.spec.activations:
                raise ValueError("its choices are not of its network")
            if saved.progress is not None:
                saved.progress.check(saved.training.make_optimiser(), saved.network.parameters.flat)
            self.bench.restore(saved)
        except ValueError:
            self.state.choose(**before)
            raise
        finally:
            self._bringing_back = False
        self.state.strokes = saved.strokes
        self._after_exchange()

    def adopt(self, network: Network, reader: Reader, samples: int, evaluation: Evaluation) -> None:
        """Put a network on the bench that was made of ``reader``'s, after ``samples`` images in all and with
        this measure of it; ``undo`` brings the present one back."""
        self._leave()
        kept = self.bench.adopted(network, reader, samples, evaluation)
        self._bring_back(
            self.bench.resume(kept, self.bench.next_number()), "Your network has been taught your digits."
        )
        if self.state.reader in self.readers.shipped:
            self.state.choose(reader=YOURS)

    def _with_digits_there(self, choices: dict[str, Any]) -> dict[str, Any]:
        """``choices`` with others that fit in place of digits that aren't here, as those of a file which was
        opened on an earlier visit."""
        offers = self.state.offers
        if choices.get("dataset", "mnist") in offers:
            return choices
        fitting = [offer.name for offer in offers.values() if offer.pixels == choices["layers"][0]]
        return choices | {"dataset": (fitting or ["mnist"])[0]}

    def imagine(self, target: Any, method: str) -> BackQuery:
        """Run the network that is shown backwards from ``target`` (a digit, or ten numbers)."""
        return backquery(self.bench.shown, target, method, self.bench.run.preprocessing)

    def _leave(self) -> None:
        """The present run is about to be exchanged for another."""
        self.to_now()
        self.state.running = False
        self.log.keep(self.bench.run)

    def _bring_back(self, choices: dict[str, Any], notice: str) -> None:
        """The bench has the network that these choices belong to; so has the state then."""
        self._bringing_back = True
        try:
            self.state.choose(**choices)
        finally:
            self._bringing_back = False
        self.bench.catch_up()
        self.state.notice = notice
        self._after_exchange()

    # --- the past

    def _on_rewind(self, *_: Any) -> None:
        """Show another moment. A slider says where it stands many times a second: what the page can't draw in
        time is left out."""
        if self.state.rewind is None:
            self._show_moment(None)
            return
        self.state.running = False
        if self._looking_back is None or self._looking_back.done():
            try:
                self._looking_back = asyncio.get_running_loop().create_task(self._look_back())
                self._looking_back.add_done_callback(self._ended)
            except RuntimeError:  # no loop: a test, or a script
                self._show_moment(self.bench.run.history.nearest(self.state.rewind))

    async def _look_back(self) -> None:
        while (wanted := self.state.rewind) is not None:
            moment = self.bench.run.history.nearest(wanted)
            if moment is not self.bench.moment:
                self._show_moment(moment)
                self._ask()
                began = time.perf_counter()
                await asyncio.sleep(0)
                while self._page_draws and time.perf_counter() - began < PATIENCE:
                    await asyncio.sleep(0.01)
                continue
            # The slider rests.
            self._imaginer.settle()
            self._finish_pictures()
            await self._work_on_past(wanted)
            if self.state.rewind == wanted and self.bench.moment is moment:
                return

    async def _work_on_past(self, wanted: int) -> None:
        """Find the accuracy of the moment that is shown, if it wasn't measured then; give up when another
        is wanted."""
        run, moment = self.bench.run, self.bench.moment
        train, test = self.bench.train, self.bench.test
        if moment is None or train is None or test is None:
            return
        if any(known.samples == moment.samples for known in run.curves.evaluations):
            return
        passing = EvaluationPass(moment.network, run.preprocessing, train, test, moment.samples, moment.at)
        while self.state.rewind == wanted and self.bench.run is run:
            if (evaluation := passing.advance(SLICE)) is not None:
                run.curves.add_evaluation(evaluation)
                self.publish()
                return
            await breathe()

    def _show_moment(self, moment: Moment | None) -> None:
        if moment is self.bench.moment:
            return
        self.bench.moment = moment
        self._imaginer.follow()
        self._finish_pictures()
        self.publish()

    def to_now(self) -> None:
        """Leave the past, if it is shown."""
        self.state.rewind = None

    def branch(self) -> None:
        """Go on from the moment that is shown; the run so far is set aside and can be brought back.

        Raises:
            RuntimeError: if it is the present that is shown.
        """
        if self.bench.moment is None:
            raise RuntimeError("rewind first: the network shown is the present one")
        moment = self.bench.moment
        self._leave()
        choices = self.bench.branch(moment)
        self._bring_back(choices, f"Goes on from {moment.samples:,} images; the run from before is kept.")

    def recipe(self) -> Recipe:
        """All that it takes to repeat the present run elsewhere.

        Raises:
            RuntimeError: if no digits have arrived yet.
            NotRepeatable: if the run didn't begin from its seed.
        """
        trainer, run = self._need_digits(), self.bench.run
        history = (*run.past, *trainer.history)
        return recipe(
            history,
            run.preprocessing,
            trainer.steps,
            name=run.name,
            kernel=ops.current(),
            dataset=run.choices["dataset"],
        )

    def neuron(self, layer: Any, neuron: Any) -> dict[str, Any]:
        """The weights, the bias (None in a network without) and the outgoing weights (None of an output) of
        one neuron; both count from 1.

        Raises:
            ValueError: if there is no such neuron.
        """
        network, sizes = self.bench.shown, self.bench.shown.spec.layers[1:]
        if layer not in range(1, len(sizes) + 1):
            raise ValueError(f"layer must be from 1 to {len(sizes)}, not {layer!r}")
        if neuron not in range(1, sizes[layer - 1] + 1):
            raise ValueError(f"neuron must be from 1 to {sizes[layer - 1]}, not {neuron!r}")
        bias = network.parameters.bias(layer - 1)
        return {
            "weights": network.weights[layer - 1][:, neuron - 1].tolist(),
            "bias": None if bias is None else float(bias[neuron - 1]),
            "outgoing": None if layer == len(sizes) else network.weights[layer][neuron - 1].tolist(),
        }

    def test_digit(self, index: int) -> bytes:
        """The pixels of one test digit, 784 bytes.

        Raises:
            ValueError: if there is no such digit.
        """
        count = len(self.bench.test) if self.bench.test else 0
        if not isinstance(index, int) or not 0 <= index < count:
            raise ValueError(f"test must be the number of a test digit, from 0 to {count - 1}, not {index!r}")
        assert self.bench.test is not None
        digits = self.bench.test
        return framed(digits.pixels[index : index + 1], digits.max_value).tobytes()

    def _tell(self, notice: str) -> None:
        """Say what just happened, in a sentence; it is nothing that could be undone."""
        self.state.param.update(notice=notice, undoable=False)

    def _after_exchange(self) -> None:
        self.state.staged = {}
        self.state.undoable = self.bench.previous is not None
        self._evaluator.forget()
        self._forget()
        self.publish()

    def _forget(self) -> None:
        """Another network is on the bench: its speed and its pictures are not known yet."""
        self._batches = 1
        self._speed: deque[tuple[float, int]] = deque()
        self._published = 0.0
        self._sliced = 0.0
        self._noted: object = None
        self._imaginer.begin()
        self._finish_pictures()

    def _need_digits(self) -> Trainer:
        if self.bench.run.trainer is None:
            raise RuntimeError("no digits have arrived yet: wait until the page is ready")
        return self.bench.run.trainer

    # --- slices

    async def _work(self) -> None:
        """Train until paused, then measure what is there; a breath after every slice."""
        self._sliced = time.perf_counter()
        while self.state.running:
            if self.bench.run.trainer is not None:
                self._slice()
            await breathe()
        while not self.state.running and not self._evaluator.up_to_date:
            self._evaluator.turn(SLICE, paused=True)
            await breathe()
        self._speed.clear()
        self.log.note(self.bench.run)
        self._imaginer.settle()
        self.publish()
        self._finish_pictures()

    def _finish_pictures(self) -> None:
        """Let unfinished pictures be finished, unless training does it by the way."""
        idle = self._finishing is None or self._finishing.done()
        if idle and self._unfinished and not self.state.running:
            self._finishing = asyncio.ensure_future(self._imagine_on())
            self._finishing.add_done_callback(self._ended)

    @property
    def _unfinished(self) -> bool:
        return self._imaginer.busy or self._insight.busy

    async def _imagine_on(self) -> None:
        while self._unfinished and not self.state.running:
            self._imaginer.turn(SLICE)
            self._insight.turn(SLICE)
            if time.perf_counter() - self._published >= PUBLISH_EVERY:
                self.publish()
            await breathe()
        self.publish()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """An error in the work is a fault of ours: it is told, and the lab goes on being usable."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.state.running = False
            self.state.problem = f"Training stopped by an error in Inkling: {type(error).__name__}: {error}"

    def _slice(self) -> None:
        run = self.bench.run
        run.remember()
        if time.perf_counter() - self._drawn < DRAWING:
            self._learn(SHORT_SLICE)
        else:
            self._learn()
            self._evaluator.turn(SLICE)
            self._imaginer.turn(SLICE, learning=True)
            self._insight.turn(SLICE)
        now = time.perf_counter()
        run.seconds += now - self._sliced
        self._sliced = now
        waited = now - self._published
        if waited >= PUBLISH_EVERY and (not self._page_draws or waited >= PATIENCE):
            self.publish()
            self._ask()

    def _ask(self) -> None:
        """Wait with the next snapshot until the page has drawn this one."""
        if self._ask_page is not None:
            self._page_draws = True
            self._ask_page()

    def page_has_drawn(self) -> None:
        """The page has caught up with the snapshot that it was asked about."""
        self._page_draws = False

    def _learn(self, time_for_it: float = SLICE) -> None:
        """One slice of training: as many mini-batches as fit into so many seconds, never past the epoch's
        end."""
        run, trainer = self.bench.run, self._need_digits()
        before = trainer.samples
        self._mixing.attach(trainer)
        self._mixing.turn(time_for_it / 3)
        began = time.perf_counter()
        event = trainer.step(self._batches)
        seconds = time.perf_counter() - began
        if isinstance(event, DivergenceEvent):
            self.state.running = False
            self._tell(f"Training stopped in step {event.step:,}: {event.cause}")
            return
        run.curves.add_step(event.samples - before, event.loss, event.accuracy)
        self._evaluator.note_training(seconds, event.epoch_ended)
        self._speed.append((began + seconds, event.samples))
        while self._speed[-1][0] - self._speed[0][0] > SPEED_WINDOW:
            self._speed.popleft()
        if event.batch_count == self._batches:  # not cut short by the epoch's end
            # Towards what would have filled the slice, at most twice as many: first steps are slow for other
            # reasons.
            self._batches = max(1, min(2 * self._batches, round(self._batches * time_for_it / seconds)))
        if event.epoch_ended and self._stop_at is not None and trainer.epoch >= self._stop_at:
            self._stop_at, self.state.running = None, False

    # --- what is shown

    def reader(self) -> Reader:
        """Who reads the pad now."""
        run, passes = self.bench.run, self.bench.run.curves.evaluations
        temperature = passes[-1].temperature if passes else None
        own = Reader(YOURS, self.bench.shown, run.preprocessing, temperature)
        return self.readers.chosen(self.state.reader, own, trained=run.samples > 0)

    def _read_pad(self, reader: Reader) -> Reading | None:
        """What ``reader`` says about the pad, and what the pad makes the neurons of the learner's network
        do."""
        pixels = pad_pixels(self.state.strokes, self.state.picture)
        if pixels is None:
            return None
        inputs = inputs_for(self.bench.shown, self.bench.run.preprocessing, to_pixels(pixels))
        activations = tuple(layer[0] for layer in self.bench.shown.forward(inputs).activations)
        return replace(self.readers.read(pixels, reader), activations=activations)

    def _inspected(self, reader: Reader) -> tuple[SeenStage, ...]:
        return inspected(self.state.strokes, self.state.pen_steps, reader) if self.state.inspecting else ()

    def _images_per_second(self) -> float | None:
        if len(self._speed) < 2:
            return None
        (start, first), (end, last) = self._speed[0], self._speed[-1]
        return (last - first) / (end - start)

    def publish(self) -> None:
        """Put what is so now into ``state.snapshot``."""
        bench, run = self.bench, self.bench.run
        run.curves.mark(run.epoch)
        learning, evaluations = run.curves.learning, run.curves.evaluations
        if evaluations and evaluations[-1] is not self._noted:
            self._noted = evaluations[-1]
            self.log.note(run)
        reader = self.reader()
        self._published = time.perf_counter()
        then, curves = self.bench.moment, run.curves
        if then is not None:
            curves = run.curves.until(then.at)
        self.state.snapshot = Snapshot(
            run=run.number,
            epoch=then.epoch if then else run.trainer.epoch if run.trainer else 0,
            epoch_progress=(then or run.trainer).epoch_progress if run.trainer else 0.0,
            samples=then.samples if then else run.samples,
            loss=curves.learning[-1].loss if curves.learning else None,
            images_per_second=self._images_per_second(),
            seconds=run.seconds,
            running=self.state.running,
            kernel=ops.current(),
            dataset=bench.train.name if bench.train else "",
            train_size=len(bench.train) if bench.train else 0,
            test_size=len(bench.test) if bench.test else 0,
            spec=self.bench.shown.spec,
            steps=run.trainer.steps if run.trainer else 0,
            learning_rate=run.trainer.learning_rate if run.trainer else self.state.learning_rate,
            layers=self.bench.shown.spec.layers,
            activations=self.bench.shown.spec.activations,
            parameter_count=self.bench.shown.spec.parameter_count,
            evaluation=curves.evaluations[-1] if curves.evaluations else None,
            evaluations=evaluations,
            learning=learning,
            reading=self._read_pad(reader),
            reader=reader.name,
            readers=self.readers.names,
            readings=self._evaluator.readings,
            stages=self._inspected(reader),
            images=self._imaginer.images,
            portrait=self._imaginer.portrait,
            neurons=self._insight.look(),
            input_range=run.preprocessing.input_range,
            moments=tuple(moment.samples for moment in run.history.moments),
            moments_bytes=run.history.bytes,
            rewound=then.samples if then else None,
            trained=run.samples,
        )
        if self._insight.busy:
            self._finish_pictures()


async def breathe() -> None:
    """Let everybody else have their turn.

    A press or a stroke passes through several tasks on its way here (the worker's message, Panel's event, the
    callback), and each hop takes one turn of the loop; with a single turn between two slices it would wait
    for as many slices.
    """
    for _ in range(TURNS):
        await asyncio.sleep(0)
