"""Lists the tasks of the benchmark: three networks of sigmoids with softmax and cross-entropy, and the
network of the book."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Task:
    """A network and how it is trained; ``rule`` is ``gradient`` or the book's."""

    name: str
    title: str
    layers: tuple[int, int, int]
    batch: int
    rate: float
    rule: str = "gradient"

    def plain(self) -> dict:
        """Return the task as a dict for JSON."""
        return asdict(self)


TASKS = (
    Task("batch-100", "784-200-10, batches of 100", (784, 200, 10), 100, 0.1),
    Task("batch-32", "784-30-10, batches of 32", (784, 30, 10), 32, 0.1),
    Task("batch-1", "784-200-10, one by one", (784, 200, 10), 1, 0.01),
    Task("rashid", "784-200-10, the book's rule, one by one", (784, 200, 10), 1, 0.1, rule="rashid"),
)

# What the page opens with, for comparing the page with the bare kernel; no rival has its schedule.
FAST = Task("fast", "the preset Fast, batches of 100", (784, 200, 10), 100, 0.004, rule="preset")
