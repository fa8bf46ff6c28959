"""Keeps the earlier name of ``nncore.surgery.reshape`` for scripts that the page has handed out."""

from nncore.surgery.reshape import towards as towards
