"""Sweeps: many networks trained at once by a pool of workers."""
