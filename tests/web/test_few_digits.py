"""Test devices with little memory: they keep fewer digits, and the page says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.datasets.growing import GrowingDataset
from nncore.datasets.shards import write_shards
from tests.web.conftest import Bench, made_up, public
from web import lab as lab_module
from web.lab import Lab
from web.runs import experiment as experiment_module
from web.views.dataset_choice import DatasetChoice

SAYS = "for want of memory"


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """Write four training shards of 150 digits and one test shard, and return their folder."""
    write_shards(made_up(600, 1), made_up(200, 2), tmp_path, shard_size=150)
    return tmp_path


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make 200 digits few, so that the 600 here are many."""
    monkeypatch.setattr(lab_module, "FEW", 200)
    monkeypatch.setattr(experiment_module, "FEW", 200)


def line(lab: Lab) -> str:
    return DatasetChoice(lab)._line(lab.state.snapshot)


def fetched(experiment: Bench) -> list[str]:
    """Record the names of the shards' files that are fetched from now on."""
    names: list[str] = []
    plain = experiment.source._fetch

    async def fetch(name: str) -> bytes:
        names.append(name)
        return await plain(name)

    experiment.source._fetch = fetch
    return names


@pytest.mark.parametrize(("gigabytes", "count"), [(2, 200), (0.25, 200), (4, 600), (None, 600)])
def test_a_device_that_says_so_keeps_fewer(experiment: Bench, gigabytes: float | None, count: int) -> None:
    experiment.lab.know_memory(gigabytes)
    names = fetched(experiment)

    async def story(lab: Lab) -> None:
        train = lab.runner.experiment.train
        assert train is not None and len(train) == public(lab)["train_size"] == count
        assert np.array_equal(train.pixels, made_up(600, 1).pixels[:count]), "the first ones"
        assert (SAYS in line(lab)) == (count == 200)
        assert len([name for name in names if "train" in name]) == (4 if count == 200 else 8)
        await lab.command("epoch")
        assert public(lab)["samples"] == count

    experiment.run(story)
    assert experiment.problems() == []


def too_large(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the allocation of room for more than ``limit`` digits fail."""
    plain = GrowingDataset._make_room

    def make_room(self: GrowingDataset, count: int, there: Any) -> None:
        if max(count, self._count) > limit:
            raise MemoryError
        plain(self, count, there)

    monkeypatch.setattr(GrowingDataset, "_make_room", make_room)


def test_a_failed_allocation_leaves_fewer(experiment: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail to make room for all digits: the page works with fewer."""
    too_large(250, monkeypatch)

    async def story(lab: Lab) -> None:
        assert (public(lab)["train_size"], public(lab)["test_size"]) == (200, 200)
        assert SAYS in line(lab)
        await lab.command("epoch")
        assert public(lab)["samples"] == 200

    experiment.run(story)
    assert experiment.problems() == []


def test_without_room_for_a_few_the_page_says_so_and_lives(
    experiment: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_large(100, monkeypatch)

    async def story(lab: Lab) -> None:
        assert lab.runner.experiment.train is None
        assert (await lab.call("snapshot", None))["train_size"] == 0

    experiment.run(story)
    assert any("no memory for 150 digits" in problem for problem in experiment.problems())
