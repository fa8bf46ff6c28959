"""Which part of the learning curves the plots show: from which epoch to which, and the scales that fit it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from web.runs import RunRecord
from web.snapshot import Snapshot

Span = tuple[float, float]
"""Start and end of an axis."""

READS_WELL = 0.85  # the training accuracy above which the lowest four fifths of the axis are empty
NARROWEST = 0.02  # epochs that are left at least after zooming in


def rounded_up(epochs: float) -> int:
    """The whole number of epochs that an axis ends with: any up to 5, up to 10 every second, up to 20 every
    fourth, and so on. A fast network passes two in a second, and a new end draws the plot anew."""
    step = 2 ** max(0, math.floor(math.log2(max(epochs, 1) / 5)) + 1)
    return step * math.ceil(max(epochs, 1) / step)


def whole_run(snapshot: Snapshot, earlier: Sequence[RunRecord], all_runs: bool) -> Span:
    """The epochs of the present run; with ``all_runs`` those of the longest run that is drawn."""
    ends = [snapshot.learning[-1].epoch] if snapshot.learning else []
    if all_runs:
        ends += [run.evaluations[-1].epoch for run in earlier]
    return 0, rounded_up(max(ends, default=1))


def later_half(shown: Span, snapshot: Snapshot) -> Span:
    """The second half of ``shown`` as far as the present run has come in it."""
    start, end = shown
    if snapshot.learning and snapshot.learning[-1].epoch > start:
        end = min(end, snapshot.learning[-1].epoch)
    return (end - max((end - start) / 2, NARROWEST), end)


def fitting(values: Iterable[float], default: Span, least: float, bounds: Span) -> Span:
    """An axis that holds ``values`` with a little room; ``default`` where there are none.

    Args:
        least: the room above and below, at least. bounds: what the axis never goes beyond.
    """
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return default
    low, high = min(finite), max(finite)
    room = max(least, (high - low) / 12)
    return max(bounds[0], low - room), min(bounds[1], high + room)


def points_within(snapshot: Snapshot, name: str, shown: Span) -> list[float]:
    """The values of ``name`` (``accuracy`` or ``loss``), of training and test, at the epochs ``shown``."""
    start, end = shown
    learned = [getattr(p, name) for p in snapshot.learning if start <= p.epoch <= end]
    return learned + [getattr(e, f"test_{name}") for e in snapshot.evaluations if start <= e.epoch <= end]


def accuracy_span(snapshot: Snapshot) -> Span:
    """The accuracies of a whole run: once it reads well, the last fifth is where the difference is."""
    recent = snapshot.learning[len(snapshot.learning) // 2 :]
    reads_well = bool(recent) and min(point.accuracy for point in recent) > READS_WELL
    return (0.8 if reads_well else 0.0), 1.0


def loss_span(losses: Sequence[float]) -> Span:
    """Losses on a linear scale, from 0 to the next tenth."""
    return 0.0, max(0.1, math.ceil(10 * max(losses, default=1.0)) / 10)


def log_loss_span(losses: Sequence[float]) -> Span:
    """Losses on a logarithmic scale, to the next half of a power of ten on either side."""
    low, high = max(min(losses, default=0.01), 1e-6), max(max(losses, default=1.0), 1e-5)
    return 10 ** (math.floor(2 * math.log10(low)) / 2), 10 ** (math.ceil(2 * math.log10(high)) / 2)


def compared_spans(first: RunRecord, second: RunRecord) -> dict[str, Span]:
    """Axes for two runs side by side: ``epochs``, ``accuracy`` and ``loss`` (of the test digits).

    The first measures of a run are far from all later ones and would take the whole axis. So it is the later
    three quarters of each run that the axes are fitted to; what came before leaves the plot at its edge.
    """
    settled = [
        point
        for run in (first, second)
        for point in run.evaluations
        if point.epoch >= run.evaluations[-1].epoch / 4
    ]
    end = max((point.epoch for point in settled), default=1.0)
    return {
        "epochs": (0.0, end),
        "accuracy": fitting((p.test_accuracy for p in settled), (0.0, 1.0), 0.002, (0.0, 1.0)),
        "loss": fitting((p.test_loss for p in settled), (0.0, 1.0), 0.002, (0.0, math.inf)),
    }
