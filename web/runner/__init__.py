"""The one that acts: hears the learner's choices, trains in slices, publishes snapshots.

    choice -> LabState -> Runner -> trainer.step() -> Snapshot -> LabState.snapshot -> views

Nothing else trains, predicts or watches for effects. ``Runner`` puts the parts together; each has a file:
``slices`` (how work is cut up), ``parts`` (what they all work with), ``tempo`` and ``learning`` (training),
``publisher`` (snapshots), ``pad`` (who reads it), ``pictures`` (finished while no network learns), ``past``
(going back), ``exchange`` (one network for another), ``answers`` (questions that change nothing).
"""

from web.runner.runner import Runner
from web.runner.slices import breathe

__all__ = ["Runner", "breathe"]
