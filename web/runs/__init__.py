"""Holds runs: a run with its network, curves and past; the log of all runs; and the format in which runs are
saved."""
