"""The table of runs."""

from web.components.runs.runs import RunTable

__all__ = ["RunTable"]
