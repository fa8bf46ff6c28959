"""Set up a lab on 800 generated digits, for quick tests without a browser or MNIST."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.datasets import Dataset
from nncore.datasets.shards import write_shards
from tests.messages import check
from web.delivery.site_files import ShardSource, folder_fetch
from web.lab import Lab

SEVEN = [[[120, 130], [380, 110], [240, 430]]]  # strokes


def made_up(count: int, seed: int) -> Dataset:
    """Return ``count`` noisy images of ten classes that are easy to learn: each class has its bright bar."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = rng.integers(0, 40, (count, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 4 : 2 * label + 6] = 255
    return Dataset("made up", images.reshape(count, 784), labels)


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """Write two training shards of 300 digits and one test shard of 200, and return their folder."""
    write_shards(made_up(600, 1), made_up(200, 2), tmp_path, shard_size=300)
    return tmp_path


class Bench:
    """Hold a lab and the messages that it sent to the page; ``run`` drives the lab with a coroutine."""

    def __init__(self, shards: Path) -> None:
        self.messages: list[dict[str, Any]] = []
        self.draws = True
        self.lab = Lab(self.hear)
        self.source = ShardSource(folder_fetch(shards))

    def hear(self, **message: Any) -> None:
        """Take a message as the page does: refuse a wrong one, and tell the lab that a snapshot is drawn."""
        check("toPage", message)
        self.messages.append(message)
        if message["type"] == "published" and self.draws:
            asyncio.get_running_loop().call_soon(self.lab.runner.publisher.page_has_drawn)

    def run(self, story: Any) -> Any:
        """Begin the lab, wait until all digits have arrived, and return what ``story(lab)`` returns."""

        async def told() -> Any:
            await self.lab.begin(self.source)
            self.lab.follow()
            while self.lab.arriving:
                await asyncio.sleep(0.01)
            return await story(self.lab)

        return asyncio.run(told())

    def problems(self) -> list[str]:
        return [message["text"] for message in self.messages if message["type"] == "problem"]


@pytest.fixture
def experiment(shards: Path) -> Bench:
    return Bench(shards)


async def until(condition: Any, seconds: float = 20) -> None:
    """Wait until ``condition()`` holds; raise AssertionError if it does not within ``seconds``."""
    for _ in range(int(seconds / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


def public(lab: Lab) -> dict[str, Any]:
    """Return the lab's snapshot as scripts get it."""
    return lab.state.snapshot.public()
