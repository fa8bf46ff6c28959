"""Runs in a worker of the pool: keeps the digits, and runs the jobs that it is sent, one at a time.

In the page it is a web worker with its own Python (``boot/worker/pool-worker.mjs``), which loads the core and
this file but neither Panel nor the rest of the lab; elsewhere it is a thread (``web.sweeps.thread_workers``).
Messages are JSON text; the digits' bytes are sent once. ``boot/messages.js`` lists the messages' fields
(``toPool``, ``fromPool``):

    open    ->  done
    run     ->  progress, progress, ..., done
    either  ->  failed, if there was an error
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from nncore import ops
from nncore.datasets import Dataset
from nncore.jobs import Job, run_job

REPORT_EVERY = 0.1  # seconds between two messages on the progress of a job
Reply = Callable[[str], None]
Bytes = bytes | np.ndarray


def packed(dataset: Dataset) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Return a data set as plain values and two flat arrays of uint8: pixels and labels."""
    about = {name: getattr(dataset, name) for name in ("name", "shape", "classes", "max_value")}
    return about, [dataset.pixels.ravel(), dataset.labels]


def unpacked(about: dict[str, Any], pixels: Bytes, labels: Bytes) -> Dataset:
    """Return the data set that ``packed`` took apart."""
    height, width = about["shape"]
    images = np.frombuffer(pixels, np.uint8).reshape(-1, height * width)
    return Dataset(
        pixels=images, labels=np.frombuffer(labels, np.uint8), **about | {"shape": (height, width)}
    )


class JobRunner:
    """Answers the messages to one worker."""

    def __init__(self) -> None:
        self._digits: tuple[Dataset, Dataset]

    def answer(self, text: str, buffers: Sequence[Bytes], reply: Reply) -> None:
        """Answer a message; a job is answered by several messages on its progress and one with its result.

        Args:
            text: the message, as JSON.
            buffers: pixels and labels of the training digits, then of the test digits; empty for a job.
            reply: takes an answer, as JSON.
        """
        message = json.loads(text)
        answer: dict[str, Any] = {"type": "done", "value": None}
        try:
            if message["type"] == "open":
                self._open(message, buffers)
            elif message["type"] == "run":
                answer["value"] = self._run(message["job"], reply)
            else:
                raise ValueError(f"a worker was sent an unknown message: {message['type']!r}")
        except Exception as error:  # the pool reports it, and gives the job to another worker
            answer = {"type": "failed", "text": f"{type(error).__name__}: {error}"}
        reply(json.dumps(answer))

    def _open(self, message: dict[str, Any], buffers: Sequence[Bytes]) -> None:
        """Choose the kernel and keep the digits."""
        ops.use(message["kernel"])
        self._digits = (
            unpacked(message["train"], buffers[0], buffers[1]),
            unpacked(message["test"], buffers[2], buffers[3]),
        )

    def _run(self, job: dict[str, Any], reply: Reply) -> dict[str, Any]:
        """Run a job and return its result as plain values."""
        due = 0.0

        def report(share: float) -> None:
            nonlocal due
            if (now := time.perf_counter()) >= due:
                due = now + REPORT_EVERY
                reply(json.dumps({"type": "progress", "share": share}))

        return asdict(run_job(Job(**job), *self._digits, report, time.perf_counter))


_desk = JobRunner()


def answer(text: str, buffers: Sequence[Any], reply: Reply) -> None:
    """Answer a message that ``boot/worker/pool-worker.mjs`` passes on.

    Args:
        text, reply: as for ``JobRunner.answer``.
        buffers: JavaScript's buffers.
    """
    _desk.answer(text, [buffer.to_bytes() for buffer in buffers], reply)
