"""Keeps the table of runs across visits: one entry of the store, with a line of JSON for each run.

It contains no networks; only the present network is kept, in entries of its own. A run of an earlier visit
can be begun again with its choices.
"""

from __future__ import annotations

import asyncio

from web.keeping.store import Store
from web.runner import Runner
from web.runner.background import yield_to_loop
from web.runs.run_codec import decode_summary, encode_summary
from web.runs.run_log import RunSummary, lasting
from web.state.choices import Choices
from web.state.dataset_options import with_digits_there

RUNS = "runs"


class KeptRunTable:
    """Keeps ``state.runs`` in ``store``; unchanged lines are not encoded again."""

    def __init__(self, runner: Runner, store: Store) -> None:
        self._runner, self._store = runner, store
        self._lines: dict[int, tuple[RunSummary, bytes]] = {}
        self._kept: tuple[RunSummary, ...] = ()
        self._asked = self._kept
        self._ready = False  # nothing is written before everything has been read

    async def read(self, restored: int) -> int:
        """Add the runs of earlier visits to the table.

        Args:
            restored: number of the restored run, or 0.

        Returns:
            The number of lines that are unusable.

        Raises:
            StoreError: if the browser refuses.
        """
        data = await self._store.get(RUNS) or b""
        usual, records, bad = Choices.usual(offers=self._runner.state.offers), [], 0
        for line in data.splitlines():
            try:
                records.append(_read(line, usual))
            except (ValueError, TypeError):
                bad += 1
            await yield_to_loop()
        new = self._runner.state.runs
        if records:
            self._runner.experiment.count_from(max(record.number for record in records))
            self._runner.log.bring_back(records, restored)
        self._ready = True
        self._kept = () if new or bad else self._runner.state.runs
        return bad

    async def entries(self) -> dict[str, bytes]:
        """Return the entry to be written, made in slices; empty if it is saved already. Call ``written``
        afterwards."""
        records = self._runner.state.runs
        if not self._ready or records is self._kept:
            return {}
        lines: dict[int, tuple[RunSummary, bytes]] = {}
        for record in records:
            known = self._lines.get(record.number)
            if known is None or known[0] is not record:
                known = record, encode_summary(record)
                await asyncio.sleep(0)
            lines[record.number] = known
        self._lines, self._asked = lines, records
        return {RUNS: b"\n".join(line for _, line in lines.values())}

    def written(self) -> None:
        """Note that the last result of ``entries`` has been saved."""
        self._kept = self._asked


def _read(line: bytes, usual: Choices) -> RunSummary:
    """Return the run in a line of the table.

    Args:
        usual: choices that are changed to the run's, to check them; a data set that is not on offer, such as
            a file opened on another visit, is replaced.

    Raises:
        ValueError, TypeError: if the line is no run, or its choices are no longer legal.
    """
    record = decode_summary(line)
    usual.changed(**lasting(with_digits_there(record.choices, usual.offers)))
    return record
