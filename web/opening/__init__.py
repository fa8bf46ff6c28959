"""Opens files: networks at once, digits after the learner has seen what was found in them."""
