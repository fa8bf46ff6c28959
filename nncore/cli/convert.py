"""Convert a network to another format, or any digits that can be read into MNIST's idx files.

Networks of other programs are read too; --to writes a network for another program.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from pathlib import Path

from nncore.cli.common import DONE, CommandError, add_answers, answers_of, open_model
from nncore.datasets.idx import write_idx
from nncore.datasets.mnist import STEMS
from nncore.datasets.sources import load_data
from nncore.storage import EXPORTS, PRECISIONS, save

HELP = "a network to another format; digits: any source to idx"
ENDINGS = (".npz", ".json", ".safetensors")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to ``parser``."""
    parser.add_argument(
        "source", metavar="FROM", help="a network of any kind that opens, or digits that train takes"
    )
    parser.add_argument(
        "target", metavar="TO", help="a .npz, .json or .safetensors file for a network, a folder for digits"
    )
    add_answers(parser)
    parser.add_argument("--precision", choices=PRECISIONS, default="full",
                        help="of a network's weights in a .npz file (default: full)")  # fmt: skip
    told = "; ".join(f"{name}: {export.label} ({export.ending})" for name, export in EXPORTS.items())
    parser.add_argument(
        "--to", choices=EXPORTS, default="", help=f"a network's format: {told} (default: Inkling's own)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    target = Path(arguments.target)
    if target.suffix in ENDINGS:
        save(target, open_model(arguments.source, arguments), arguments.precision, arguments.to)
        print(f"{target}: {target.stat().st_size:,} bytes")
        return DONE
    if target.suffix:
        raise CommandError(f"{target}: a network is written to {' or '.join(ENDINGS)}, digits into a folder")
    data = load_data(arguments.source, answers_of(arguments))
    for sentence in data.notes:
        print(f"note: {sentence}", file=sys.stderr)
    target.mkdir(parents=True, exist_ok=True)
    for part, dataset in (("train", data.train), ("test", data.test)):
        if dataset is None:
            continue
        for stem, array in zip(STEMS[part], (dataset.images, dataset.labels), strict=True):
            (target / f"{stem}.gz").write_bytes(gzip.compress(write_idx(array), mtime=0))
        print(f"{target}: {len(dataset):,} {part} digits")
    return DONE
