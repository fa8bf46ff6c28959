"""Measures how long a start takes, beside a bare page and beside the same app packed in the usual way.

``python -m tests.bench.startup`` measures. In reading order: ``link`` (a server with a bandwidth and a
latency), ``yardsticks`` (the two pages to compare with), ``visit`` (opens a page once and times it by the
page's own clock), ``__main__`` (measures all starts in turn, writes the table and checks the ratios).
"""
