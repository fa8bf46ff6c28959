"""The one that acts: hears the learner's choices, trains in slices, publishes snapshots.

    choice -> LabState -> Runner -> trainer.step() -> Snapshot -> LabState.snapshot -> views

Nothing else trains, predicts or watches for effects. ``Runner`` puts the parts together; each has a file:
``slices`` (how work is cut up), ``context`` (what they all work with), ``throughput`` and ``learning``
(training), ``publisher`` (snapshots), ``pad`` (who reads it), ``pictures`` (finished while no network
learns), ``past`` (going back), ``switcher`` (one network for another), ``answers`` (questions that change
nothing).
"""

from web.runner.background import yield_to_loop
from web.runner.runner import Runner

__all__ = ["Runner", "yield_to_loop"]
