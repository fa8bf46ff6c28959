"""Keeps the learner's work in the browser across visits: the network, its past, the table of runs, networks
set aside."""
