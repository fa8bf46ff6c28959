"""Files that arrive: shards of digits, shipped networks, the learner's own files."""
