"""Trains and measures the present network in slices, and publishes snapshots of it.

    choice -> LabState -> Runner -> trainer.step() -> Snapshot -> LabState.snapshot -> views

Only the runner trains, edits or exchanges the present network. Other folders train networks of their own:
``teaching`` trains copies, and hands one to the runner to replace the present network; ``sweeps`` trains new
networks in its workers. ``Runner`` puts the parts together, and each part has a file:

- ``context``: the objects that all parts share;
- ``background``: how work is cut into slices;
- ``training_loop``, ``throughput``, ``training_mix``, ``stopping``: training, its speed, the digits mixed in,
  and its end;
- ``evaluator``, ``failure_watch``: test accuracy, and the reasons why a network fails to learn;
- ``publisher``, ``announcer``: snapshots for the views, sentences for screen readers;
- ``pad_reading``, ``backquery_scheduler``, ``neuron_inspector``: the drawing, imagined pictures, neurons;
- ``idle_work``: finishes measures and pictures while no network learns;
- ``rewinder``, ``run_switcher``: earlier moments, and other runs;
- ``queries``: questions that change nothing.
"""

from web.runner.background import yield_to_loop
from web.runner.runner import Runner

__all__ = ["Runner", "yield_to_loop"]
