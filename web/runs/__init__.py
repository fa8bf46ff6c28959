"""A run: its network, its curves, its past; the log of all runs; runs as bytes."""
