"""Bundles the objects that all parts of the runner share, so that each part takes one argument."""

from __future__ import annotations

from dataclasses import dataclass

from web.pad.readers import Readers
from web.runner.backquery_scheduler import BackQueryScheduler
from web.runner.evaluator import Evaluator
from web.runner.failure_watch import Doctor
from web.runner.neuron_inspector import NeuronInspector
from web.runner.stopping import Stopping
from web.runner.throughput import Throughput
from web.runs.experiment import Experiment
from web.runs.run_log import RunLog
from web.state.lab_state import LabState


@dataclass(frozen=True)
class RunnerContext:
    """The state, the experiment, and the objects that measure its network."""

    state: LabState
    experiment: Experiment
    log: RunLog
    readers: Readers
    throughput: Throughput
    stopping: Stopping
    evaluator: Evaluator
    backqueries: BackQueryScheduler
    inspector: NeuronInspector
    doctor: Doctor

    @classmethod
    def of(cls, state: LabState) -> RunnerContext:
        """Make the objects for a lab with this state."""
        experiment = Experiment(state)
        return cls(
            state,
            experiment,
            RunLog(state, experiment.next_number),
            Readers(),
            Throughput(),
            Stopping(state, experiment),
            Evaluator(experiment),
            BackQueryScheduler(experiment, state),
            NeuronInspector(experiment, state),
            Doctor(experiment),
        )
