"""Test the sweep from its command to its snapshots, with threads as workers."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from nncore.jobs import run_job
from tests.web.conftest import Bench, made_up, until
from web.lab import Lab
from web.state.lab_state import LabState
from web.state.sweep_snapshot import SweepPlan, SweepSnapshot
from web.sweeps.planning import planned
from web.sweeps.pool import Pool
from web.sweeps.thread_workers import ThreadPort
from web.views.sweep_results import summary, table
from web.views.tabs.sweep import progress

SMALL = {"setting": "learning_rate", "values": [0.001, 0.01], "seeds": 2}
LONG = {"setting": "learning_rate", "values": [0.001, 0.01], "epochs": 100}


def with_workers(shards: Path, size: int) -> Bench:
    experiment = Bench(shards)
    experiment.lab = Lab(lambda **message: experiment.messages.append(message), Pool(ThreadPort, size))
    return experiment


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer without its fields that depend on the machine."""
    results = [{**row, "seconds": None} for row in answer["results"]]
    return {**answer, "workers": None, "results": results}


def test_the_answer_has_what_a_network_trained_alone_reaches(experiment: Bench) -> None:
    """Sweep four networks: each result equals that of the same job run alone."""

    async def story(lab: Lab) -> tuple[dict[str, Any], SweepPlan]:
        await lab.command("set", {"layers": [784, 16, 10], "seed": 5})
        answer = await lab.command("sweep", SMALL)
        return answer, planned(lab.state)

    answer, plan = experiment.run(story)
    json.dumps(answer, allow_nan=False)
    assert (answer["values"], answer["seeds"], answer["epochs"]) == ([0.001, 0.01], [5, 6], 1)
    assert (answer["preset"], answer["cancelled"]) == (None, False)
    assert [(row["value"], row["seed"]) for row in answer["results"]] == [
        (0.001, 5), (0.001, 6), (0.01, 5), (0.01, 6)
    ]  # fmt: skip
    for row, job in zip(answer["results"], plan.jobs, strict=True):
        alone = run_job(job, made_up(600, 1), made_up(200, 2))
        assert (row["test_accuracy"], row["test_loss"]) == (alone.accuracy, alone.loss)
        assert row["interval"] == list(alone.interval)
        assert (row["samples"], row["error"], row["diverged"]) == (600, None, None)
        assert row["seconds"] > 0


@pytest.mark.slow
def test_results_do_not_depend_on_the_number_of_workers(shards: Path) -> None:
    async def story(lab: Lab) -> dict[str, Any]:
        return await lab.command("sweep", SMALL)

    answers = [with_workers(shards, size).run(story) for size in (1, 2, 4)]
    assert [answer["workers"] for answer in answers] == [1, 2, 4]
    assert plain(answers[0]) == plain(answers[1]) == plain(answers[2])


@pytest.mark.slow
def test_snapshots_tell_of_progress_and_only_new_ones_replace_old_ones(experiment: Bench) -> None:
    seen: list[SweepSnapshot] = []

    async def story(lab: Lab) -> None:
        lab.state.param.watch(lambda event: seen.append(event.new), "sweep")
        await lab.command("sweep", SMALL)

    experiment.run(story)
    assert [one.running for one in seen] == [True] * (len(seen) - 1) + [False]
    shares = [one.share for one in seen]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1
    done = [sum(outcome is not None for outcome in one.outcomes) for one in seen]
    assert done == sorted(done) and set(done) == {0, 1, 2, 3, 4}
    assert seen[-1].notice.startswith("4 of 4 networks in ")


@pytest.mark.slow
def test_live_training_goes_on_meanwhile_and_is_not_touched(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("play", {"epochs": 0})
        await until(lambda: lab.runner.experiment.run.samples > 0)
        before, choices = lab.runner.experiment.run.samples, lab.state.choices()
        await lab.command("sweep", SMALL)
        assert lab.state.running and lab.runner.experiment.run.samples > before
        assert lab.state.choices() == choices
        await lab.command("pause")

    experiment.run(story)


@pytest.mark.slow
def test_cancel_keeps_what_is_done_and_a_new_sweep_can_begin(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        sweep = asyncio.ensure_future(lab.command("sweep", LONG))
        await until(lambda: lab.state.sweep.share > 0)
        with pytest.raises(RuntimeError, match="a sweep is running"):
            await lab.command("sweep", {"seeds": 3})
        assert lab.state.sweep_seeds == 1, "a sweep that was refused changes nothing"
        await lab.command("cancel_sweep")
        answer = await asyncio.wait_for(sweep, 60)
        assert answer["cancelled"] and answer["results"][-1]["test_accuracy"] is None
        assert not lab.state.sweep.running and lab.state.sweep.notice.startswith("Cancelled: ")
        await lab.command("cancel_sweep")  # without a sweep, this does nothing
        again = await lab.command("sweep", SMALL)
        assert not again["cancelled"] and None not in [row["test_accuracy"] for row in again["results"]]

    experiment.run(story)


@pytest.mark.parametrize("turns", range(1, 8))
def test_a_sweep_can_be_cancelled_at_any_time(experiment: Bench, turns: int) -> None:
    async def story(lab: Lab) -> None:
        sweep = asyncio.ensure_future(lab.command("sweep", LONG))
        for _ in range(turns):
            await asyncio.sleep(0)
        await lab.command("cancel_sweep")
        answer = await asyncio.wait_for(sweep, 60)
        assert answer["cancelled"] and not lab.state.sweep.running

    experiment.run(story)


@pytest.mark.slow
def test_commands_go_through_the_same_choices_as_the_fields(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("sweep", {"setting": "inputs", "values": ["unit", "binary"], "preset": "rashid"})
        state = lab.state
        assert (state.sweep_setting, state.sweep_values) == ("inputs", "unit, binary")
        assert (state.sweep_preset, state.sweep_seeds, state.sweep_epochs) == ("rashid", 1, 1)
        assert lab.state.preset == "fast"

    experiment.run(story)


def test_a_setting_brings_its_own_values() -> None:
    """Choose another setting to sweep: its usual values are filled in, unless some are given."""
    lab = Lab(lambda **message: None)
    lab.sweeper.choose(setting="hidden")
    assert lab.state.sweep_values == "10, 30, 100, 300"
    lab.sweeper.choose(setting="digits", values="5, 6")
    assert lab.state.sweep_values == "5, 6"


@pytest.mark.parametrize(
    "args, reason",
    [
        ({"setting": "luck"}, "setting to sweep 'luck' is not known"),
        ({"values": "a"}, "'a' is not a number"),
        ({"seeds": 0}, "seeds must be at least 1, not 0"),
        ({"epochs": 1.5}, "epochs must be an integer"),
        ({"preset": "huge"}, "preset does not accept 'huge'"),
        ({"workers": 2}, "a sweep has no 'workers'; it has preset, setting"),
        ({"setting": "digits", "values": [601]}, "training digits is 601; it must be at most 600"),
        ([1], "sweep takes choices by name"),
    ],
)
def test_a_bad_sweep_is_refused_with_a_reason(experiment: Bench, args: Any, reason: str) -> None:
    async def story(lab: Lab) -> None:
        with pytest.raises(ValueError, match=reason):
            await lab.command("sweep", args)
        assert not lab.state.sweep.running
        if isinstance(args, dict):
            assert reason.split(";")[0] in lab.state.sweep.problem
            assert 'role="alert"' in progress(lab.state.sweep)

    experiment.run(story)


def test_without_digits_it_says_so() -> None:
    async def story() -> None:
        lab = Lab(lambda **message: None)
        with pytest.raises(RuntimeError, match="no digits"):
            await lab.command("sweep", SMALL)
        assert "no digits" in lab.state.sweep.problem

    asyncio.run(story())


def test_a_diverged_network_is_a_result_and_says_why(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        await lab.command("set", {"optimiser": "sgd", "l2": 1.0})
        answer = await lab.command("sweep", {"values": [0.01, 100], "epochs": 5})
        fine, bad = answer["results"]
        assert fine["diverged"] is None and bad["diverged"]
        assert bad["samples"] < fine["samples"] == 3000
        assert "diverged: " in table(lab.state.sweep)

    experiment.run(story)


# --- the results on the page


def shown_sweep(**facts: Any) -> SweepSnapshot:
    state = LabState(sweep_preset="", sweep_values="0.1, 0.2", sweep_seeds=2)
    return SweepSnapshot(plan=planned(state), **facts)


def test_the_table_marks_the_best_mean_and_shows_the_spread(experiment: Bench) -> None:
    train, test = made_up(300, 1), made_up(200, 2)
    plan = planned(LabState(sweep_preset="", sweep_values="0.001, 0.0001", sweep_seeds=2))
    outcomes = tuple(run_job(job, train, test) for job in plan.jobs)
    known = summary(outcomes[:2])
    assert known and known.low <= known.mean <= known.high
    html = table(SweepSnapshot(plan=plan, outcomes=outcomes))
    assert html.index('class="best"') < html.index(">0.001<") < html.index(">0.0001<")
    assert f"{100 * known.mean:.2f} %" in html
    assert f"{100 * known.low:.2f} – {100 * known.high:.2f} %" in html


def test_what_failed_is_shown_as_text() -> None:
    html = table(shown_sweep(outcomes=("<b>out of memory</b>", None, None, None)))
    assert "failed: &lt;b&gt;out of memory&lt;/b&gt;" in html and 'class="best"' not in html


def test_progress_is_not_read_aloud_while_it_runs() -> None:
    """Show progress: screen readers announce it at the end only."""
    running = shown_sweep(outcomes=(None,) * 4, running=True, share=0.25, notice="1 of 4 networks.")
    assert 'aria-valuenow="25.0"' in progress(running) and 'role="status"' not in progress(running)
    assert 'role="status"' in progress(shown_sweep(outcomes=(None,) * 4, notice="4 of 4 networks in 3 s."))
    assert progress(SweepSnapshot()) == ""
