"""Runs the command line: ``python -m nncore`` (``nncore.cli``)."""

import sys

from nncore.cli import main

if __name__ == "__main__":
    sys.exit(main())
