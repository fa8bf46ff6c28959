"""Measures how fast the page itself trains, with plots, back-query and pad: the speed that a learner gets.

Everything goes through ``window.inkling``, as a person's clicks would, in the site that ``build.py`` made.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

SECONDS = 10  # of training for the speed
MARKS = (0.97, 0.98)  # the time until each of these test accuracies is measured
PATIENCE = 60  # seconds that a run may take to its last mark
SEVEN = [[[120, 110], [380, 110]], [[380, 110], [220, 420]]]  # strokes on the pad
BARE = {  # the network of the benchmark's first task
    "layers": [784, 200, 10],
    "activation": "sigmoid",
    "optimiser": "sgd",
    "learning_rate": 0.1,
    "batch_size": 100,
}

_READY = """async (patience) => {
  const late = performance.now() + 1000 * patience;
  await inkling.ready;
  while ((await inkling.snapshot()).train_size < 60000) {
    if (performance.now() > late) throw new Error("the digits did not all arrive");
    await new Promise((done) => setTimeout(done, 100));
  }
}"""
_SPEED = """async ([choices, strokes, seconds]) => {
  const wait = (s) => new Promise((done) => setTimeout(done, 1000 * s));
  await inkling.command("set", choices);
  await inkling.command("draw", { strokes });
  await inkling.command("play", { epochs: 0 });
  await wait(2);
  const first = await inkling.snapshot(), began = performance.now();
  await wait(seconds);
  const last = await inkling.snapshot(), ended = performance.now();
  await inkling.command("pause");
  if (last.prediction === null) throw new Error("the pad has no reading");
  return { speed: (last.samples - first.samples) / ((ended - began) / 1000), kernel: last.kernel };
}"""
_RACE = """async ([seed, marks, patience]) => {
  await inkling.command("set", { preset: "fast", seed });
  await inkling.command("reset");
  const times = [], began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  await inkling.command("play", { epochs: 0 });
  while (times.length < marks.length && seconds() < patience) {
    const { test_accuracy } = await inkling.snapshot();
    while (test_accuracy !== null && test_accuracy >= marks[times.length]) times.push(seconds());
    await new Promise((done) => setTimeout(done, 10));
  }
  await inkling.command("pause");
  return times;
}"""


@dataclass(frozen=True)
class Live:
    """The measurements: ``speed`` in images a second, with ``kernel``; ``times[mark]``, the seconds from
    Train to that test accuracy, for each of the ``seeds`` that reached it."""

    kernel: str
    speed: float
    times: dict[float, list[float]]
    seeds: int

    def lines(self, bare: float) -> list[str]:
        """Return lines for the report; ``bare`` is the speed of the same training without a page."""
        share, epoch = self.speed / bare, 60_000 / self.speed
        lines = [
            f"The live page ({self.kernel} kernel; plots, back-query and pad on): {self.speed:,.0f} images a",
            f"second at batches of 100, {share:.0%} of the bare figure; an epoch of 60,000 in {epoch:.2f} s.",
            "",
        ]
        for mark, times in self.times.items():
            median = f"{statistics.median(times):.1f} s (median)" if times else "not reached"
            reached = f"reached with {len(times)} of {self.seeds} seeds"
            lines += [
                f"- preset `fast`, from Train to {mark:.0%} on the 10,000 test images: {median}, {reached}"
            ]
        return lines


def measure_live(page: Any, url: str, seeds: int = 5) -> Live:
    """Open the site at ``url`` in ``page``, wait for all digits, and measure."""
    page.goto(url)
    page.wait_for_function("window.inkling !== undefined")
    page.evaluate(_READY, PATIENCE)
    speed = page.evaluate(_SPEED, [BARE, SEVEN, SECONDS])
    races = [page.evaluate(_RACE, [seed, MARKS, PATIENCE]) for seed in range(seeds)]
    times = {mark: [race[i] for race in races if len(race) > i] for i, mark in enumerate(MARKS)}
    return Live(speed["kernel"], speed["speed"], times, seeds)
