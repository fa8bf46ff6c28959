"""Test the pool of workers, with threads and with fake workers that die, refuse a job or stop answering."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nncore.jobs import Job, JobResult, run_job
from nncore.network import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.training import TrainingSpec
from tests.messages import check
from tests.web.conftest import made_up
from web.sweeps.pool import Event, Failed, Finished, Pool, PoolError, Progress, pool_size
from web.sweeps.thread_workers import ThreadPort
from web.sweeps.worker_main import JobRunner, packed, unpacked

TRAIN, TEST = made_up(120, 1), made_up(60, 2)
RESULT = {"accuracy": 0.5, "interval": [0.4, 0.6], "loss": 1.0, "samples": 120}


def jobs(count: int) -> list[Job]:
    """Return ``count`` jobs that differ in their seed alone."""
    network = NetworkSpec((784, 12, 10), ("tanh", "softmax"))
    training = TrainingSpec(learning_rate=0.01, batch_size=20, epochs=2)
    return [Job(network, Preprocessing(), replace(training, seed=seed)) for seed in range(count)]


def run(pool: Pool, work: Sequence[Job]) -> list[Event]:
    events: list[Event] = []
    asyncio.run(pool.run(work, "numpy", TRAIN, TEST, events.append))
    return events


def results(events: list[Event]) -> dict[int, JobResult]:
    return {event.place: event.result for event in events if isinstance(event, Finished)}


class Office:
    """Open fake workers that reply as a script says.

    ``script(worker, job)`` returns a worker's reply to the opening (``job`` is None) or to a job, such as
    "done" or "failed"; "" means that it does not reply.
    """

    def __init__(self, script: Callable[[int, int | None], str]) -> None:
        self.script = script
        self.opened: list[Any] = []

    def open(self, receive: Callable[[str], None]) -> Any:
        port = _Port(self, len(self.opened), receive)
        self.opened.append(port)
        return port

    @property
    def running(self) -> int:
        return sum(not port.closed for port in self.opened)


class _Port:
    def __init__(self, office: Office, number: int, receive: Callable[[str], None]) -> None:
        self._office, self._number, self._receive = office, number, receive
        self.closed = False
        self.buffers: list[int] = []
        self.jobs: list[int] = []

    def post(self, text: str, buffers: Sequence[np.ndarray]) -> None:
        assert not self.closed
        message = json.loads(text)
        self.buffers += [buffer.nbytes for buffer in buffers]
        job = message["job"]["training"]["seed"] if message["type"] == "run" else None
        if job is not None:
            self.jobs.append(job)
        if kind := self._office.script(self._number, job):
            value = RESULT if job is not None else None
            reply = {"type": kind, "value": value, "text": f"worker {self._number} broke"}
            asyncio.get_running_loop().call_soon(self._receive, json.dumps(reply))

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    "cores, memory, workers",
    [(1, None, 1), (2, None, 1), (3, None, 2), (16, None, 4), (16, 8, 4), (16, 4, 2), (16, 1, 1), (2, 8, 1),
     (8, 0.25, 1)],
)  # fmt: skip
def test_the_size_of_the_pool_follows_cores_and_memory(cores: int, memory: float, workers: int) -> None:
    assert pool_size(cores, memory) == workers


def test_results_do_not_depend_on_the_number_of_workers() -> None:
    work = jobs(5)
    alone = {place: run_job(job, TRAIN, TEST) for place, job in enumerate(work)}
    assert len({result.loss for result in alone.values()}) == 5
    for size in (1, 2, 3):
        assert results(run(Pool(ThreadPort, size), work)) == alone


def test_progress_comes_before_the_end() -> None:
    events = run(Pool(ThreadPort, 1), jobs(1))
    first, last = events[0], events[-1]
    assert isinstance(first, Progress) and 0 < first.share < 1
    assert isinstance(last, Finished) and last.result.seconds > 0


def test_every_worker_gets_the_digits_once_and_is_closed_at_the_end() -> None:
    office = Office(lambda worker, job: "done")
    assert set(results(run(Pool(office.open, 3), jobs(7)))) == set(range(7))
    assert [port.buffers for port in office.opened] == 3 * [[120 * 784, 120, 60 * 784, 60]]
    assert sorted(job for port in office.opened for job in port.jobs) == list(range(7))
    assert all(port.jobs for port in office.opened) and office.running == 0


def test_no_more_workers_than_jobs() -> None:
    office = Office(lambda worker, job: "done")
    run(Pool(office.open, 4), jobs(2))
    assert len(office.opened) == 2


@pytest.mark.parametrize(
    "reply, reason",
    [
        ("failed", "worker 0 broke"),
        ("", "it has not answered for 0.05 s"),
        ("busy", "it sent an unknown message: 'busy'"),
    ],
)
def test_the_job_of_a_worker_that_dies_is_done_by_another(reply: str, reason: str) -> None:
    office = Office(lambda worker, job: reply if (worker, job) == (0, 1) else "done")
    events = run(Pool(office.open, 1, silence=0.05), jobs(3))
    assert [event for event in events if isinstance(event, Failed)] == [Failed(1, reason, final=False)]
    assert set(results(events)) == {0, 1, 2}
    assert [port.jobs for port in office.opened] == [[0, 1], [2, 1]] and office.running == 0


def test_a_job_that_kills_every_worker_is_given_up_and_the_others_are_done() -> None:
    office = Office(lambda worker, job: "failed" if job == 0 else "done")
    events = run(Pool(office.open, 2), jobs(4))
    faults = [event for event in events if isinstance(event, Failed)]
    assert [(fault.place, fault.final) for fault in faults] == [(0, False), (0, True)]
    assert set(results(events)) == {1, 2, 3}


def test_where_one_worker_cannot_be_opened_the_others_do_its_share() -> None:
    office = Office(lambda worker, job: "done" if worker == 0 else "failed")
    assert set(results(run(Pool(office.open, 3), jobs(5)))) == set(range(5))
    assert office.opened[0].jobs == list(range(5)) and office.running == 0


@pytest.mark.parametrize("reply, reason", [("failed", r"worker \d broke"), ("", "it has not answered")])
def test_without_any_worker_nothing_hangs(reply: str, reason: str) -> None:
    office = Office(lambda worker, job: reply)
    with pytest.raises(PoolError, match=f"no worker could be started: {reason}"):
        run(Pool(office.open, 2, silence=0.05), jobs(3))
    assert len(office.opened) == 4 and office.running == 0


def test_cancelling_closes_all_workers_at_once() -> None:
    office = Office(lambda worker, job: "done" if job is None else "")

    async def story() -> None:
        task = asyncio.ensure_future(Pool(office.open, 2).run(jobs(4), "numpy", TRAIN, TEST, print))
        while sum(len(port.jobs) for port in office.opened) < 2:
            await asyncio.sleep(0)
        assert office.running == 2
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert office.running == 0

    asyncio.run(story())


def test_an_error_of_the_listener_closes_all_workers() -> None:
    office = Office(lambda worker, job: "done")

    def tell(event: Event) -> None:
        raise KeyError(event)

    with pytest.raises(KeyError):
        asyncio.run(Pool(office.open, 2).run(jobs(4), "numpy", TRAIN, TEST, tell))
    assert office.running == 0


def test_a_closed_thread_ends_its_job_early() -> None:
    long = [replace(job, training=replace(job.training, epochs=100_000)) for job in jobs(1)]
    threads: list[ThreadPort] = []

    def opened(receive: Callable[[str], None]) -> Any:
        threads.append(ThreadPort(receive))
        return threads[-1]

    async def story() -> None:
        begun = asyncio.Event()
        task = asyncio.ensure_future(
            Pool(opened, 1).run(long, "numpy", TRAIN, TEST, lambda event: begun.set())
        )
        await asyncio.wait_for(begun.wait(), 30)
        task.cancel()
        await asyncio.wait({task})

    asyncio.run(story())
    [thread] = threads
    thread._thread.shutdown(wait=True)  # returns, so the job did not run on


def test_digits_cross_unchanged() -> None:
    about, buffers = packed(TRAIN)
    again = unpacked(json.loads(json.dumps(about)), *(buffer.tobytes() for buffer in buffers))
    assert (again.name, again.shape, again.classes, again.max_value) == ("made up", (28, 28), 10, 255)
    assert np.array_equal(again.pixels, TRAIN.pixels) and np.array_equal(again.labels, TRAIN.labels)


def test_what_a_worker_cannot_do_is_said_and_not_raised() -> None:
    about, buffers = packed(TRAIN)
    opening = {"type": "open", "kernel": "abacus", "train": about, "test": about}
    replies: list[dict[str, Any]] = []
    JobRunner().answer(json.dumps(opening), buffers * 2, lambda text: replies.append(json.loads(text)))
    [reply] = replies
    assert reply["type"] == "failed" and "backend 'abacus' is not known" in reply["text"]


def test_a_worker_fails_at_a_message_that_it_does_not_know() -> None:
    replies: list[dict[str, Any]] = []
    JobRunner().answer(json.dumps({"type": "rest"}), [], lambda text: replies.append(json.loads(text)))
    assert replies == [{"type": "failed", "text": "ValueError: a worker was sent an unknown message: 'rest'"}]


def test_pool_and_workers_keep_to_the_table_of_messages() -> None:
    """Run two real jobs, one of which fails, and check every message and its fields against the table."""
    names: list[str] = []

    def heard(channel: str, text: str, **beside: Any) -> None:
        message = json.loads(text) | beside
        check(channel, message)
        names.append(message["type"])

    class CheckedPort(ThreadPort):
        def _reply(self, text: str) -> None:
            heard("fromPool", text)
            super()._reply(text)

        def post(self, text: str, buffers: Sequence[np.ndarray]) -> None:
            heard("toPool", text, buffers=list(buffers))
            super().post(text, buffers)

    good = jobs(1)[0]
    bad = replace(good, network=NetworkSpec((64, 12, 10), ("tanh", "softmax")))  # for smaller pictures
    run(Pool(CheckedPort, 1), [good, bad])
    assert set(names) == {"open", "run", "progress", "done", "failed"}
