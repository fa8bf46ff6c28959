"""Holds the pad's model: the networks that can read a drawing, and the learner's own drawings."""
