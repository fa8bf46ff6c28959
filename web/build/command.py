"""The command line of ``python build.py``: its options, and the line that sums up the build."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from web.build.errors import BuildError
from web.build.progress import size
from web.build.serve import serve
from web.build.stages import Options, Result, build


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    p = argparse.ArgumentParser(
        prog="build.py",
        description="Build Inkling as a static site: a folder that any web server serves as it is.",
    )
    p.add_argument(
        "--serve", action="store_true", help="serve the site when it is built, and print the address"
    )
    p.add_argument("--port", type=int, default=8000, help="the port for --serve (default: 8000)")
    p.add_argument(
        "--mnist", type=Path, metavar="DIR", help="a folder with MNIST's four idx files, plain or .gz"
    )
    p.add_argument(
        "--out", type=Path, metavar="DIR", default=Options.out, help="where to build (default: dist)"
    )
    p.add_argument("--offline", action="store_true", help="use the cache alone, never the network")
    p.add_argument("--quick", action="store_true", help="compress less: for work on the site, not to publish")
    p.add_argument(
        "--no-image",
        action="store_true",
        help="make no memory image: 14 MB less to host, and every visit imports Python's packages",
    )
    return p


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, and serve if asked to.

    Returns:
        the exit code: 0, or 1 after one sentence on stderr, or 130 after an interruption.
    """
    options = parser().parse_args(arguments)
    started = time.perf_counter()
    try:
        result = build(
            Options(options.out, options.mnist, options.offline, options.quick, not options.no_image)
        )
        print(summary(result, time.perf_counter() - started))
        if options.serve:
            serve(result.out, options.port)
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("build.py: interrupted; the last finished site is untouched", file=sys.stderr)
        return 130
    return 0


def summary(result: Result, seconds: float) -> str:
    """Return one line on the result: its folder, files, bytes, digits and the time that it took."""
    digits = result.digits
    count = digits.train_count + digits.test_count
    small = ", the small set" if digits.small else ""
    return (
        f"\n{result.out}: {result.files} files, {size(result.bytes)}, {count:,} digits "
        f"({digits.train_count:,} to train on, {digits.test_count:,} to test on{small}), in {seconds:.1f} s"
    )
