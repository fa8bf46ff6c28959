"""Defines the contestants of the benchmark: each can check itself and be measured, in any host."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.bench.tasks import TASKS, Task

HERE = Path(__file__).parent
ALL = tuple(task.name for task in TASKS)
MINI_BATCH = tuple(task.name for task in TASKS if task.rule == "gradient")


class Host(Protocol):
    """The place where contestants run: a worker in the browser, or a process."""

    def ask(self, method: str, *arguments: Any) -> float: ...


@dataclass(frozen=True)
class Contestant:
    """One row of the table. ``tasks`` holds the names of the tasks that it can do."""

    name: str
    title: str
    host: Host
    tasks: Sequence[str]
    kernel: str = ""

    def check(self, task: Task) -> float:
        """Return the mean loss of the first ten batches."""
        return self.host.ask("check", task.plain(), self.kernel)

    def measure(self, task: Task, seconds: float) -> float:
        """Return the images trained on in a second."""
        return self.host.ask("measure", task.plain(), seconds, self.kernel)


class Worker:
    """A web worker that ``page/index.html`` starts from ``file``."""

    def __init__(self, page: Any, file: str) -> None:
        self._page = page
        self._number = page.evaluate("file => start(file)", file)

    def ask(self, method: str, *arguments: Any) -> float:
        return self._page.evaluate("call => ask(...call)", [self._number, method, *arguments])


class Process:
    """A process that runs ``native.py``."""

    def __init__(self, process: subprocess.Popen[str], title: str) -> None:
        self._process, self._title = process, title
        self.version = self._answer().strip()

    def ask(self, method: str, *arguments: Any) -> float:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([method, *arguments]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(
                f"{self._title} ended with code {self._process.wait()}; its last words are above"
            )
        return line


@contextmanager
def native(python: Path, which: str, data: Path, root: Path) -> Iterator[Process]:
    """Run ``native.py torch`` or ``native.py inkling`` with this Python, on one thread."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    process = subprocess.Popen(
        [str(python), str(HERE / "native.py"), which],
        env={**os.environ, **threads, "BENCH_DATA": str(data), "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Process(process, f"native.py {which}")
    finally:
        process.kill()
        process.wait()


def in_the_browser(page: Any, versions: dict[str, str]) -> list[Contestant]:
    """Return the contestants in the page's workers: Inkling with each kernel, the naive rules, and the rivals
    from npm, whose ``versions`` are given by package."""
    inkling = Worker(page, "inkling.mjs")
    rivals = (
        ("jax", f"jax-js {versions['@jax-js/jax']}, WebAssembly", "jax.mjs"),
        ("tfjs", f"TensorFlow.js {versions['@tensorflow/tfjs']}, WebAssembly", "tfjs.mjs"),
        ("convnet", f"ConvNetJS {versions['convnetjs']}", "convnet.mjs"),
    )
    return [
        Contestant("relaxed", "Inkling, relaxed SIMD", inkling, ALL, "relaxed"),
        Contestant("simd", "Inkling, SIMD", inkling, ALL, "simd"),
        Contestant("numpy", "Inkling, NumPy", inkling, ALL, "numpy"),
        Contestant("naive", "naive NumPy", inkling, ALL, "naive"),
        *(Contestant(name, title, Worker(page, file), MINI_BATCH) for name, title, file in rivals),
    ]


def on_the_host(inkling: Process, torch: Process) -> list[Contestant]:
    return [
        Contestant("native", "Inkling, native kernel", inkling, ALL, "native"),
        Contestant("native-numpy", f"Inkling, native {inkling.version}", inkling, ALL, "numpy"),
        Contestant("torch", f"{torch.version}, native, one thread", torch, MINI_BATCH),
    ]
