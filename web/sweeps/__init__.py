"""Trains many networks at once in a pool of workers, to compare the values of one setting."""
