"""Describes the learner's choices and the snapshot that the views draw: values and checks, without effects.

No module here trains, draws or stores anything, so that commands, views and tests can share them.
"""
