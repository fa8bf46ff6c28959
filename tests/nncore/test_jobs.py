"""Test jobs: a result depends on the job and the digits alone, not on the worker or on other jobs."""

import json
import os
from dataclasses import asdict, replace
from functools import partial
from itertools import count

import numpy as np
import pytest

from nncore import ops
from nncore.datasets import Dataset
from nncore.jobs import Job, JobResult, run_job
from nncore.network import NetworkSpec
from nncore.preprocessing import Preprocessing
from nncore.presets import PRESETS, VARIANTS, DataPlan
from nncore.processes import THREADS, run_jobs
from nncore.training_spec import TrainingSpec

JOB = Job(
    NetworkSpec((16, 8, 4), ("tanh", "softmax")),
    Preprocessing(),
    TrainingSpec(learning_rate=0.01, batch_size=10, epochs=2, seed=3),
)


def dots(images, seed):
    """Return images of 4 x 4 pixels in four classes: the label is the number of the bright row."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 4, images, dtype=np.uint8)
    pixels = rng.integers(0, 120, (images, 4, 4), dtype=np.uint8)
    pixels[np.arange(images), labels] += 100
    return Dataset("dots", pixels.reshape(images, 16), labels, shape=(4, 4), classes=4)


def digits(dataset):
    assert dataset == "mnist"
    return dots(200, 0), dots(100, 1)


def no_digits(dataset):
    raise OSError(f"no {dataset} here")


def with_rate(rate, seed=3):
    return replace(JOB, training=replace(JOB.training, learning_rate=rate, seed=seed))


# --- the job and its result as data


def test_a_job_goes_to_json_and_back():
    presets = {**PRESETS, **VARIANTS}.values()
    jobs = [Job(p.network, p.preprocessing, p.training, p.data, True) for p in presets]
    assert any(job.training.distortion for job in jobs) and any(job.data.turned for job in jobs)
    for job in jobs:
        again = Job(**json.loads(json.dumps(asdict(job))))
        assert again == job and hash(again) == hash(job)


def test_a_result_goes_to_json_and_back():
    result = JobResult(0.5, (0.4, 0.6), 1.25, 1000, "too fast", {"logit": 7}, 3.5)
    again = JobResult(**json.loads(json.dumps(asdict(result))))
    assert again == result and again.seconds == 3.5


def test_a_job_without_an_end_is_refused():
    """Refuse a job without a number of epochs, because it would never end."""
    with pytest.raises(ValueError, match="epochs of a job is None"):
        replace(JOB, training=TrainingSpec())


def test_what_comes_from_json_is_checked():
    """Refuse a job from JSON with an unknown optimiser."""
    values = asdict(JOB)
    with pytest.raises(ValueError, match="optimiser 'best' is not known"):
        Job(**values | {"training": values["training"] | {"optimiser": "best"}})


# --- run_job


def test_a_job_trains_and_measures():
    train, test = digits("mnist")
    shares, ticks = [], count(10)
    result = run_job(with_rate(0.03), train, test, shares.append, lambda: next(ticks))
    assert result.accuracy > 0.95 and result.interval[0] < result.accuracy <= result.interval[1]
    assert (result.samples, result.diverged, result.reads, result.seconds) == (400, None, {}, 1)
    assert shares == sorted(shares) and 0 < shares[0] < 0.1 and shares[-1] == 1


def test_the_same_job_gives_the_same_result_whatever_ran_before():
    train, test = digits("mnist")
    first = run_job(JOB, train, test)
    assert run_job(with_rate(0.01, seed=4), train, test) != first
    assert run_job(JOB, train, test, clock=iter([0.0, 9.0]).__next__) == first, "whatever time it took"


def test_a_job_may_take_some_of_the_digits():
    train, test = digits("mnist")
    some = run_job(replace(JOB, data=DataPlan(train=50)), train, test)
    assert some.samples == 100
    assert some == run_job(JOB, train.take(slice(50)), test)


def test_divergence_is_a_result():
    """Run a job that diverges: its result says so, is valid JSON, and comes out the same again."""
    network = NetworkSpec((16, 8, 4), ("relu", "softmax"))
    job = replace(JOB, network=network, training=replace(JOB.training, optimiser="sgd", learning_rate=1e30))
    result = run_job(job, *digits("mnist"))
    assert result.diverged and result.samples < 400
    assert 0 <= result.accuracy <= 1
    json.dumps(asdict(result), allow_nan=False)
    assert result == run_job(job, *digits("mnist"))


def test_back_queries_are_counted_where_asked_for():
    network = NetworkSpec((16, 8, 4), ("sigmoid", "softmax"))
    reads = run_job(replace(JOB, network=network, backqueries=True), *digits("mnist")).reads
    assert set(reads) == {"logit", "transpose", "gradient"}
    assert all(0 <= right <= 4 for right in reads.values())


def test_an_error_of_the_report_ends_the_job():
    """Raise an error in the report of progress: it ends the job and reaches the caller."""

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(JOB, *digits("mnist"), stop)


# --- run_jobs


@pytest.mark.slow
def test_results_do_not_depend_on_the_number_of_workers():
    jobs = [with_rate(rate, seed) for rate in (0.001, 0.01, 0.1) for seed in (1, 2)]
    alone = [run_job(job, *digits("mnist")) for job in jobs]
    assert len({result.loss for result in alone}) == len(jobs), "jobs that can be told apart"
    for workers in (1, 2):
        assert dict(run_jobs(jobs, digits, workers)) == dict(enumerate(alone))


@pytest.mark.slow
def test_workers_compute_with_the_arithmetic_in_use_on_one_thread():
    """Run jobs in workers: they use the backend in use here, and one thread for each library."""
    before = dict(os.environ)
    # Only this process knows the backend, so the error shows that the workers were told to use it.
    ops.register("here only", dict)
    ops.use("here only")
    try:
        with pytest.raises(ValueError, match="backend 'here only' is not known"):
            list(run_jobs([JOB], digits, 1))
    finally:
        ops.use("numpy")
    assert dict(os.environ) == before
    [(_place, result)] = run_jobs([JOB], partial(threads_as_images, THREADS), 1)
    assert result.samples == 2 * 10 * len(THREADS)


def threads_as_images(names, dataset):
    """Give a job ten training images for each thread that these libraries may start, to count the threads."""
    train, test = digits(dataset)
    return train.take(slice(10 * sum(int(os.environ[name]) for name in names))), test


@pytest.mark.parametrize("workers", [0, -1])
def test_a_number_of_workers_that_makes_no_sense_is_refused(workers):
    with pytest.raises(ValueError, match="workers is"):
        list(run_jobs([JOB], digits, workers))


def test_no_jobs_start_no_workers():
    assert list(run_jobs([], no_digits)) == []


def test_what_goes_wrong_in_a_worker_is_raised_here():
    with pytest.raises(OSError, match="no mnist here"):
        list(run_jobs([JOB, JOB], no_digits, 1))
