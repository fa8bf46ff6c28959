"""Computes the axes of the learning curves: the epochs that are shown and the scales that fit them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from web.runs.run_log import RunSummary
from web.state.snapshot import Snapshot

Span = tuple[float, float]
"""The start and the end of an axis."""

READS_WELL = 0.85  # the training accuracy above which the lowest four fifths of the axis are empty
NARROWEST = 0.02  # the smallest number of epochs after zooming in


def rounded_up(epochs: float) -> int:
    """Return the whole number of epochs at which an axis ends, at least ``epochs``.

    Up to 5 every number is used, up to 10 every second, up to 20 every fourth, and so on. A fast network
    trains two epochs a second, and each new end makes Bokeh draw the plot again.
    """
    step = 2 ** max(0, math.ceil(math.log2(max(epochs, 1) / 5)))
    return step * math.ceil(max(epochs, 1) / step)


def whole_run(snapshot: Snapshot, earlier: Sequence[RunSummary], all_runs: bool) -> Span:
    """Return the epochs of the present run; with ``all_runs`` those of the longest run that is drawn."""
    ends = [snapshot.learning[-1].epoch] if snapshot.learning else []
    if all_runs:
        ends += [run.evaluations[-1].epoch for run in earlier]
    return 0, rounded_up(max(ends, default=1))


def later_half(shown: Span, snapshot: Snapshot) -> Span:
    """Return the second half of ``shown``, up to the present end of the run."""
    start, end = shown
    if snapshot.learning and snapshot.learning[-1].epoch > start:
        end = min(end, snapshot.learning[-1].epoch)
    return (end - max((end - start) / 2, NARROWEST), end)


def fitting(values: Iterable[float], default: Span, least: float, bounds: Span) -> Span:
    """Return an axis that holds ``values`` with a little room; ``default`` if there are none.

    Args:
        least: the smallest room above and below. bounds: limits that the axis never passes.
    """
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return default
    low, high = min(finite), max(finite)
    room = max(least, (high - low) / 12)
    return max(bounds[0], low - room), min(bounds[1], high + room)


def points_within(snapshot: Snapshot, name: str, shown: Span) -> list[float]:
    """Return the values of ``name`` (``accuracy`` or ``loss``) within ``shown``, of training and test."""
    start, end = shown
    learned = [getattr(p, name) for p in snapshot.learning if start <= p.epoch <= end]
    return learned + [getattr(e, f"test_{name}") for e in snapshot.evaluations if start <= e.epoch <= end]


def accuracy_span(snapshot: Snapshot) -> Span:
    """Return the axis for the accuracies of a whole run.

    Above ``READS_WELL`` that is the last fifth, from 0.8 to 1: the differences are there.
    """
    recent = snapshot.learning[len(snapshot.learning) // 2 :]
    reads_well = bool(recent) and min(point.accuracy for point in recent) > READS_WELL
    return (0.8 if reads_well else 0.0), 1.0


def loss_span(losses: Sequence[float]) -> Span:
    """Return a linear axis for losses, from 0 to the next tenth."""
    return 0.0, max(0.1, math.ceil(10 * max(losses, default=1.0)) / 10)


def log_loss_span(losses: Sequence[float]) -> Span:
    """Return a logarithmic axis for losses, to the next half of a power of ten on either side."""
    low, high = max(min(losses, default=0.01), 1e-6), max(max(losses, default=1.0), 1e-5)
    return 10 ** (math.floor(2 * math.log10(low)) / 2), 10 ** (math.ceil(2 * math.log10(high)) / 2)


def compared_spans(first: RunSummary, second: RunSummary) -> dict[str, Span]:
    """Return axes for two runs side by side: ``epochs``, ``accuracy`` and ``loss`` (of the test digits).

    The first measurements of a run are far from all later ones and would take up most of the axis. The axes
    are therefore fitted to the later three quarters of each run, and the earlier part leaves the plot at its
    edge.
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
