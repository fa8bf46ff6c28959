"""What is drawn on the pad: which network reads it, and the learner's own drawings."""
