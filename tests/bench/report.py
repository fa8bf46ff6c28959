"""Writes the results of the benchmark as a table in Markdown and a plot."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench.contestants import Contestant
from tests.bench.live import Live
from tests.bench.tasks import TASKS

# Title of a ratio, the two contestants, the task, and the ratio to reach (issue 4 of the project).
TARGETS = (
    ("Inkling / jax-js", "relaxed", "jax", "batch-100", 8),
    ("Inkling / TensorFlow.js", "relaxed", "tfjs", "batch-100", 40),
    ("Inkling in the browser / PyTorch", "relaxed", "torch", "batch-100", 2),
    ("Inkling in the browser / PyTorch", "relaxed", "torch", "batch-1", 15),
    ("Inkling / best rival in the browser", "relaxed", "rival", "batch-32", 18),
    ("Inkling without relaxed SIMD / jax-js", "simd", "jax", "batch-100", 6.5),
    ("Inkling / the rule naively in NumPy", "relaxed", "naive", "rashid", 30),
    ("native Inkling / PyTorch", "native", "torch", "batch-1", 10),
    ("native Inkling / PyTorch", "native", "torch", "batch-32", 5),
    ("native Inkling / PyTorch", "native", "torch", "batch-100", 2),
)
RIVALS = ("jax", "tfjs", "convnet")
COLOURS = {"Inkling": "#2e4a62", "other": "#c9a227"}


class Report:
    """The speeds by contestant and task, with the machine on which they were measured."""

    def __init__(
        self,
        contestants: Sequence[Contestant],
        speeds: dict[tuple[str, str], float],
        live: Live,
        browser: str,
        rounds: int,
    ) -> None:
        self.contestants, self.speeds, self.live = contestants, speeds, live
        self.browser, self.rounds = browser, rounds

    def table(self) -> str:
        """Return two tables: images a second, then the ratios in ``TARGETS``."""
        lines = [
            f"Images a second, medians of {self.rounds} rounds; {machine()}; {self.browser}.",
            "",
            "| | " + " | ".join(task.title for task in TASKS) + " |",
            "| --- |" + " ---: |" * len(TASKS),
        ]
        for contestant in self.contestants:
            cells = (self.speeds.get((contestant.name, task.name)) for task in TASKS)
            text = " | ".join("" if speed is None else f"{speed:,.0f}" for speed in cells)
            lines.append(f"| {contestant.title} | {text} |")
        lines += ["", "| ratio | task | measured | to reach |", "| --- | --- | ---: | ---: |"]
        for title, ours, theirs, task, target in TARGETS:
            ratio = self.speeds[ours, task] / self._speed(theirs, task)
            name = next(t.title for t in TASKS if t.name == task)
            lines.append(f"| {title} | {name} | {ratio:.1f} | {target} |")
        lines += ["", *self.live.lines(self.speeds[self.live.kernel, "batch-100"])]
        return "\n".join(lines) + "\n"

    def write(self, folder: Path) -> None:
        """Write ``kernels.md``, ``kernels.json`` and ``kernels.svg``."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "kernels.md").write_text(self.table(), encoding="utf-8")
        plain = {f"{name} {task}": round(speed) for (name, task), speed in self.speeds.items()}
        about = {
            "machine": machine(),
            "browser": self.browser,
            "rounds": self.rounds,
            "live": asdict(self.live),
        }
        (folder / "kernels.json").write_text(
            json.dumps({**about, "images_per_second": plain}, indent=1) + "\n"
        )
        self._plot(folder / "kernels.svg")

    def _speed(self, name: str, task: str) -> float:
        names = RIVALS if name == "rival" else (name,)
        return max(self.speeds[n, task] for n in names)

    def _plot(self, path: Path) -> None:
        """Plot a bar for every contestant in every task, on a logarithmic axis."""
        import matplotlib

        matplotlib.use("svg")
        from matplotlib import pyplot

        figure, axes = pyplot.subplots(1, len(TASKS), figsize=(4 * len(TASKS), 3.6), sharey=True)
        titles = [contestant.title for contestant in self.contestants]
        for axis, task in zip(axes, TASKS, strict=True):
            for row, contestant in enumerate(self.contestants):
                speed = self.speeds.get((contestant.name, task.name))
                if speed is not None:
                    colour = COLOURS["Inkling" if contestant.title.startswith("Inkling") else "other"]
                    axis.barh(row, speed, color=colour)
                    axis.text(speed, row, f" {speed:,.0f}", va="center", fontsize=7)
            axis.set_xscale("log")
            axis.set_title(task.title, fontsize=9)
            axis.set_xlabel("images a second", fontsize=8)
            axis.spines[["top", "right"]].set_visible(False)
            axis.margins(x=0.2)
        axes[0].set_yticks(range(len(titles)), titles, fontsize=8)
        axes[0].invert_yaxis()
        figure.tight_layout()
        figure.savefig(path)
        pyplot.close(figure)


def machine() -> str:
    """Return the processor, the system and the version of Python, as text."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file() and (model := re.search(r"model name\s*: (.+)", info.read_text())):
        processor = model[1]
    return f"{processor}, {platform.system()}, Python {platform.python_version()}"
