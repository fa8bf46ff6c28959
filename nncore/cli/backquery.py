"""Run a saved network backwards: its own picture of each digit, and its own reading of that picture."""

from __future__ import annotations

import argparse

import numpy as np

from nncore.backquery import BACKQUERIES, BackQuery
from nncore.backquery import backquery as ask
from nncore.cli.common import DONE, add_kernel, add_model, choose_kernel, listed, open_model, per_cent

HELP = "a saved network's own pictures of the digits"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to ``parser``."""
    add_model(parser)
    methods = "; ".join(f"{name}: {method.blurb}" for name, method in BACKQUERIES.items())
    parser.add_argument(
        "--method", choices=list(BACKQUERIES), default="logit", help=f"{methods} (default: logit)"
    )
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--digits", type=listed(int), metavar="N,N,...", help="which digits (default: all)")
    asked.add_argument(
        "--target", type=listed(float), metavar="X,X,...", help="any outputs instead, one a class"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="of the gradient method's first image (default: 0)"
    )
    parser.add_argument("--out", metavar="FILE.png", help="draw the row of pictures (needs matplotlib)")
    add_kernel(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    choose_kernel(arguments.kernel)
    saved = open_model(arguments.model, arguments)
    digits = arguments.digits or range(saved.network.spec.layers[-1])
    targets = [np.array(arguments.target)] if arguments.target else list(digits)
    options = {"seed": arguments.seed} if arguments.method == "gradient" else {}
    answers = [
        ask(saved.network, target, arguments.method, saved.preprocessing, **options) for target in targets
    ]
    for answer in answers:
        print(caption(answer, bool(arguments.target)))
    if not arguments.target:
        print(f"{sum(a.reads == a.asked for a in answers)} of {len(answers)} read as the digit asked for")
    if arguments.out:
        from nncore.pictures import save_row

        titles = [f"{a.asked} → {a.reads}" for a in answers]
        save_row(arguments.out, [a.image for a in answers], titles, saved.preprocessing.input_range)
        print(f"drawn to {arguments.out}")
    return DONE


def caption(answer: BackQuery, free: bool) -> str:
    """Return a line on one picture: the digit asked for (or free outputs), and the reading."""
    asked = "asked for these outputs" if free else f"asked for {answer.asked}"
    return f"{asked}: reads {answer.reads}, {per_cent(answer.confidence)} sure"
