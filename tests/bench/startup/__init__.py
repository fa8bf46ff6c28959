"""How long a start takes, beside a bare page and beside the same app packed the stock way.

``python -m tests.bench.startup`` measures; in reading order: ``link`` (a server with a bandwidth and a
latency), ``yardsticks`` (the two pages to compare with), ``visit`` (one opening of a page, timed by its own
clock), ``__main__`` (all of it in turn, the table, and the check).
"""
