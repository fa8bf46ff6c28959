"""Test that every shown measure is of the shown network, or says how old it is, or is left out."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from nncore.metrics import evaluate, predict_pixels
from tests.web.conftest import SEVEN, Bench, public, until
from web.keeping.store import MemoryStore
from web.lab import Lab
from web.runner.background import TURNS
from web.runner.evaluator import Evaluator
from web.runs.learning_curves import Curves
from web.state.snapshot import Evaluation, Snapshot
from web.views.reader_card import own_card, summary
from web.views.tabs.mistakes import View
from web.views.train import measures


def truth(lab: Lab) -> float:
    """Compute the test accuracy of the shown network."""
    experiment = lab.runner.experiment
    assert experiment.test is not None
    return evaluate(experiment.shown, experiment.test, experiment.run.preprocessing).accuracy


async def measured(lab: Lab) -> None:
    await until(lambda: public(lab)["evaluated_at"] == public(lab)["samples"])


def measure(samples: int, accuracy: float, edits: int = 0) -> Evaluation:
    return Evaluation(samples, samples / 600, accuracy, accuracy, 1.0, (0.0, 1.0), 1.0, edits)


async def trained(lab: Lab) -> None:
    await lab.command("set", {"reader": "yours"})
    await lab.command("draw", SEVEN)
    for _ in range(4):
        await lab.command("epoch")
    await measured(lab)
    assert truth(lab) > 0.9 and public(lab)["calibrated"] is not None


@pytest.mark.parametrize("edit", [{"layers": [784, 1, 10]}, {"activation": "sigmoid"}, {"layers": [784, 10]}])
def test_an_edit_while_paused_forgets_the_measures_and_takes_them_again(
    experiment: Bench, edit: dict
) -> None:
    async def story(lab: Lab) -> None:
        await trained(lab)
        await lab.command("set", edit)
        now = public(lab)
        assert [now[name] for name in ("test_accuracy", "train_accuracy", "evaluated_at", "calibrated")] == [
            None
        ] * 4
        assert lab.state.snapshot.readings is None
        with pytest.raises(ValueError, match="measured"):
            await lab.command("mistakes")
        await measured(lab)
        assert public(lab)["test_accuracy"] == pytest.approx(truth(lab))
        matrix = np.array((await lab.command("mistakes"))["matrix"])
        assert matrix.trace() / matrix.sum() == pytest.approx(truth(lab))
        assert lab.state.snapshot.reading is not None and public(lab)["calibrated"] is not None

    experiment.run(story)


def test_an_edit_during_a_pass_is_not_answered_with_the_network_before(
    experiment: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edit while measuring: no result of the network before the edit is shown."""
    monkeypatch.setattr("web.runner.training_loop.SLICE", 0.0)  # a pass takes many turns

    async def story(lab: Lab) -> None:
        await trained(lab)
        for neurons in (100, 50, 1):
            await lab.command("set", {"layers": [784, neurons, 10]})
            for _ in range(TURNS):
                await asyncio.sleep(0)
            assert public(lab)["test_accuracy"] is None
        await measured(lab)
        assert public(lab)["test_accuracy"] == pytest.approx(truth(lab))
        # The curve keeps two points at this place: one before the edits and one after all of them.
        last = [point for point in lab.state.snapshot.evaluations if point.samples == public(lab)["samples"]]
        assert [point.edits for point in last] == [0, 3]

    experiment.run(story)


def test_an_edit_while_it_trains_is_measured_within_the_same_epoch(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"batch_size": 1, "learning_rate": 1e-9, "optimiser": "sgd"})
        await lab.command("play")
        await until(lambda: public(lab)["test_accuracy"] is not None)
        await lab.command("set", {"layers": [784, 1, 10]})
        assert public(lab)["evaluated_at"] is None
        edited = public(lab)["samples"]
        await until(lambda: public(lab)["evaluated_at"] is not None)
        assert public(lab)["evaluated_at"] >= edited
        assert public(lab)["test_accuracy"] == pytest.approx(truth(lab), abs=0.02)
        await lab.command("pause")

    experiment.run(story)


def test_within_an_epoch_a_pass_follows_three_seconds_or_twenty_times_its_own_length_after_the_last(
    experiment: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measure within an epoch: the next pass waits 3 s, or 20 times as long as the last one took."""
    clock = [100.0]
    monkeypatch.setattr("web.runner.evaluator.time.perf_counter", lambda: clock[0])

    async def story(lab: Lab) -> None:
        await lab.command("set", {"batch_size": 1})
        evaluator = Evaluator(lab.runner.experiment)

        def pass_after(seconds: float, takes: float) -> bool:
            """Wait ``seconds`` by the clock; return whether a pass begins, which lasts ``takes`` seconds."""
            clock[0] += seconds
            lab.runner.experiment.run.need_trainer().step()
            known = len(lab.runner.experiment.run.curves.evaluations)
            evaluator.turn(0.0)
            if evaluator._pass is None:
                return False
            evaluator._cost += takes
            clock[0] += takes
            while evaluator._pass is not None:
                evaluator.turn(0.0)
            return len(lab.runner.experiment.run.curves.evaluations) == known + 1

        assert not pass_after(1.4, 0.05), "while training has only begun, all the time is for it"
        assert pass_after(0.2, 0.05)
        assert not pass_after(2.8, 0.05)
        assert pass_after(0.2, 0.5)
        assert not pass_after(9.0, 0.5), "measuring would take more than a twentieth of the time"
        assert pass_after(0.6, 0.05)

    experiment.run(story)


def test_passes_longer_than_an_epoch_come_to_an_end(experiment: Bench) -> None:
    """Train epochs that are shorter than a pass: it still ends and gives a measure."""

    async def story(lab: Lab) -> None:
        evaluator, trainer = Evaluator(lab.runner.experiment), lab.runner.experiment.run.need_trainer()
        for _ in range(60):
            if trainer.step().epoch_ended:  # type: ignore[union-attr]
                evaluator.note_epoch()
            evaluator.turn(0.0)
        assert lab.runner.experiment.run.curves.evaluations

    experiment.run(story)


def test_while_it_trains_the_page_says_how_old_its_measures_are_and_calibrates_nothing(
    experiment: Bench,
) -> None:
    async def story(lab: Lab) -> None:
        await trained(lab)
        tab = View(lab)
        lab.state.tab = "mistakes"
        measured_then = public(lab)["samples"]
        fresh = lab.state.snapshot
        assert "measured at" not in measures(fresh) and " at " not in summary(fresh, {})
        assert "Calibrated" in own_card(fresh) and "since" not in tab._summary.object
        await lab.command("set", {"batch_size": 7})
        await lab.command("step")
        now = lab.state.snapshot
        assert (now.evaluation.samples, now.samples) == (measured_then, measured_then + 7)
        age = f"at {measured_then:,} images"
        assert f"measured {age}" in measures(now)
        assert summary(now, {}).endswith(f"% of test digits {age}") and age in own_card(now)
        assert "Not calibrated" in own_card(now) and now.reading.calibrated is None
        assert age in tab._summary.object and "from 7 more since" in tab._summary.object

    experiment.run(story)


def test_a_snapshot_without_a_measure_has_no_age() -> None:
    assert Snapshot(samples=5).measured_at == ""
    assert Snapshot(samples=177_800, evaluation=measure(177_700, 0.9)).measured_at == "at 177,700 images"
    assert Snapshot(samples=177_700, evaluation=measure(177_700, 0.9)).measured_at == ""


def test_a_network_edited_just_before_it_is_left_comes_back_without_the_old_measure(shards: Path) -> None:
    store = MemoryStore()

    async def leave(lab: Lab) -> None:
        await lab.keep_in(store)
        await trained(lab)
        await lab.command("set", {"layers": [784, 1, 10]})
        assert lab.autosave is not None and await lab.autosave.save()
        await lab.autosave.stop()

    Bench(shards).run(leave)
    second = Bench(shards)

    async def come_back() -> None:
        lab = second.lab
        await lab.keep_in(store)
        assert public(lab)["samples"] > 0 and public(lab)["evaluated_at"] is None
        await lab.begin(second.source)
        lab.follow()
        await measured(lab)
        assert public(lab)["test_accuracy"] == pytest.approx(truth(lab)) and truth(lab) < 0.9
        assert lab.autosave is not None
        await lab.autosave.stop()

    asyncio.run(come_back())


def test_a_moment_before_an_edit_keeps_its_own_measure(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await trained(lab)
        await lab.command("step")  # ends with the moment that a rewind finds
        moment = lab.runner.experiment.run.history.moments[-1]
        await lab.command("rewind", moment.samples)
        await measured(lab)
        before = public(lab)["test_accuracy"]
        assert before == pytest.approx(truth(lab))
        await lab.command("rewind", None)
        await lab.command("set", {"layers": [784, 1, 10]})
        await measured(lab)
        assert public(lab)["test_accuracy"] != before
        await lab.command("rewind", moment.samples)
        await until(lambda: public(lab)["rewound"] == moment.samples)
        assert public(lab)["test_accuracy"] == before

    experiment.run(story)


def test_curves_keep_one_measure_of_a_network_and_two_around_edits_in_a_row() -> None:
    """Add measures at one place: one stays from before the edits, and one from after them."""
    curves = Curves()
    for one in (measure(600, 0.5), measure(600, 0.6), measure(600, 0.3, 1), measure(600, 0.2, 2)):
        curves.add_evaluation(one)
    curves.add_evaluation(measure(1200, 0.7, 2))
    curves.add_evaluation(measure(0, 0.1))  # an earlier moment, measured late
    known = [(point.samples, point.edits, point.test_accuracy) for point in curves.evaluations]
    assert known == [(0, 0, 0.1), (600, 0, 0.6), (600, 2, 0.2), (1200, 2, 0.7)]


def test_the_record_of_a_run_has_no_accuracy_of_a_network_that_is_gone(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await trained(lab)
        await lab.command("set", {"layers": [784, 1, 10]})
        lab.runner.log.note(lab.runner.experiment.run)
        assert lab.state.runs[-1].test_accuracy is None
        await measured(lab)
        assert lab.state.runs[-1].test_accuracy == pytest.approx(truth(lab))

    experiment.run(story)


def test_predictions_agree_with_the_matrix_after_a_network_was_taught(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await trained(lab)
        await lab.command("draw", SEVEN)
        await lab.command("was", 7)
        await lab.command("teach")
        await measured(lab)
        assert public(lab)["test_accuracy"] == pytest.approx(truth(lab))
        View(lab)
        lab.state.tab = "mistakes"
        await until(lambda: lab.state.snapshot.readings is not None)
        readings, run = lab.state.snapshot.readings, lab.runner.experiment.run
        assert readings is not None
        outputs = predict_pixels(run.network, readings.digits.pixels, run.preprocessing)
        assert np.array_equal(readings.predicted, outputs.argmax(axis=1))

    experiment.run(story)
