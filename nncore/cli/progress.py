"""A progress bar on standard error, drawn by tqdm.

There is no bar if tqdm is not installed, or if standard error is not a terminal.
"""

from __future__ import annotations

from typing import Any


class Progress:
    """A bar that counts up to ``total`` ``unit``s; fractions are allowed. Use it as a context manager."""

    def __init__(self, total: float, unit: str) -> None:
        self._bar: Any = None
        try:
            from tqdm import tqdm
        except ImportError:
            return
        # disable=None: no bar when standard error goes to a file or a pipe.
        layout = "{l_bar}{bar}| {n:.2f}/{total:g} " + unit + " [{elapsed}<{remaining}{postfix}]"
        self._bar = tqdm(total=total, disable=None, bar_format=layout, leave=False)

    def to(self, done: float, **facts: str) -> None:
        """Show that ``done`` of the total is done, with some facts beside the bar."""
        if self._bar is not None:
            self._bar.set_postfix(facts, refresh=False)
            self._bar.update(done - self._bar.n)

    def write(self, line: str) -> None:
        """Print a line of results to standard output, above the bar."""
        if self._bar is None or self._bar.disable:
            print(line, flush=True)
        else:
            self._bar.write(line)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.close()
