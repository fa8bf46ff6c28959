"""Check that what is done beside training takes a bounded share of the time, and comes often enough."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from nncore.presets import PRESETS
from tests.web.conftest import Bench
from web.lab import Lab
from web.runner import backquery_scheduler, evaluator, publisher


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the seconds that the scheduling modules read, to be changed."""
    now = [100.0]
    for module in (backquery_scheduler, evaluator, publisher):
        monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    return now


@pytest.mark.parametrize(
    ("cost", "wait"), [(0.001, 0.25), (0.03, 0.5), (0.9, 1.0)], ids=["quick", "slow", "very slow"]
)
def test_a_snapshot_comes_four_times_a_second_or_takes_its_share_or_comes_once_a_second(
    experiment: Bench, clock: list[float], cost: float, wait: float
) -> None:
    async def story(lab: Lab) -> None:
        source = lab.runner.publisher
        source._cost, source._published = cost, clock[0]
        clock[0] += wait - 0.01
        assert not source.due
        clock[0] += 0.02
        assert source.due

    experiment.run(story)


@pytest.mark.parametrize(("cost", "wait"), [(0.001, 0.25), (0.03, 0.6), (0.9, 1.0)])
def test_pictures_come_four_times_a_second_or_take_their_share_or_come_once_a_second(
    experiment: Bench, clock: list[float], cost: float, wait: float
) -> None:
    async def story(lab: Lab) -> None:
        pictures = lab.runner._context.backqueries
        pictures.follow()
        pictures._spend(cost)
        assert pictures._due - clock[0] == pytest.approx(wait)

    experiment.run(story)


def test_epochs_are_measured_as_far_as_the_share_allows(experiment: Bench, clock: list[float]) -> None:
    async def story(lab: Lab) -> None:
        measures = lab.runner._context.evaluator
        measures.forget()
        measures._spent = 0.35  # more than the first epochs may take
        measures.note_epoch()
        assert not measures.owes_epoch
        clock[0] += 1.0  # 0.3 s and 8 % of a second
        measures.note_epoch()
        assert measures.owes_epoch

    experiment.run(story)


def test_an_epoch_whose_measure_is_needed_is_measured_whatever_that_takes(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        measures = lab.runner._context.evaluator
        measures._spent = 1000.0
        measures.note_epoch(needed=True)
        assert measures.owes_epoch

    experiment.run(story)


@pytest.mark.parametrize("patience", [0, 3])
def test_early_stopping_and_the_comparison_with_the_source_need_their_epochs(
    experiment: Bench, monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    compared = PRESETS["rashid"].compared_after
    needed = {}

    async def story(lab: Lab) -> None:
        await lab.command("set", {"preset": "rashid", "patience": patience})
        trainer = lab.runner.experiment.run.need_trainer()

        def note(**how: Any) -> None:
            needed[trainer.epoch] = how["needed"]

        monkeypatch.setattr(lab.runner._context.evaluator, "note_epoch", note)
        for _ in range(compared + 1):
            await lab.command("epoch")

    experiment.run(story)
    assert needed == {epoch: bool(patience) or epoch == compared for epoch in range(1, compared + 2)}
