"""Brings files to the lab: shards of digits, shipped networks, and the learner's own files."""
