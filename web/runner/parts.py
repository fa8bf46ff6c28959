"""What every part of the runner works with, made once and handed to each of them."""

from __future__ import annotations

from dataclasses import dataclass

from web.evaluator import Evaluator
from web.imaginer import Imaginer
from web.insight import Insight
from web.readers import Readers
from web.runner.stopping import Stopping
from web.runner.tempo import Tempo
from web.runs import RunLog
from web.state import LabState
from web.workbench import Workbench


@dataclass(frozen=True)
class Parts:
    """The choices, the network on the bench, and those that find something out about it."""

    state: LabState
    bench: Workbench
    log: RunLog
    readers: Readers
    tempo: Tempo
    stopping: Stopping
    evaluator: Evaluator
    imaginer: Imaginer
    insight: Insight

    @classmethod
    def of(cls, state: LabState) -> Parts:
        """Those of a lab with this state."""
        bench = Workbench(state)
        return cls(
            state,
            bench,
            RunLog(state, bench.next_number),
            Readers(),
            Tempo(),
            Stopping(state, bench),
            Evaluator(bench),
            Imaginer(bench, state),
            Insight(bench, state),
        )
