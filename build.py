"""``python build.py`` makes Inkling's site in ``dist/``; ``--serve`` serves it, ``--help`` lists the options.

The work is done in ``web/build/``; its ``__init__`` says what to read in which order.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said here, before an import fails less clearly
    sys.exit(f"build.py: needs Python 3.11 or newer, not {sys.version.split()[0]}")

try:
    from web.build.command import main
except ModuleNotFoundError as error:
    sys.exit(f'build.py: {error.name} is missing; install what the build needs: pip install -e ".[dev]"')

if __name__ == "__main__":
    sys.exit(main())
