"""Compare learning rates: train a new network for each rate and seed, and print the test accuracies."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence

import numpy as np

from nncore.cli.common import DONE, add_data, add_kernel, find_data, listed, per_cent
from nncore.cli.jobs import Outcome, PresetJob, run_jobs
from nncore.cli.progress import Progress
from nncore.presets import PRESETS, VARIANTS, find_preset
from nncore.presets.rashid import SWEEP_RATES

HELP = "compare learning rates"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to ``parser``."""
    parser.add_argument("--preset", default="rashid", choices=[*PRESETS, *VARIANTS], metavar="NAME",
                        help=f"one of {', '.join([*PRESETS, *VARIANTS])} (default: rashid)")  # fmt: skip
    add_data(parser)
    rates = ",".join(str(rate) for rate in SWEEP_RATES)
    parser.add_argument("--rates", type=listed(float), default=SWEEP_RATES, metavar="X,X,...",
                        help=f"learning rates (default: {rates})")  # fmt: skip
    parser.add_argument("--seeds", type=listed(int), default=[0], metavar="N,N,...", help="(default: 0)")
    parser.add_argument("--epochs", type=int, default=1, help="(default: 1)")
    parser.add_argument(
        "--workers", type=int, help="processes (default: one a core); the results don't depend on it"
    )
    parser.add_argument(
        "--out", metavar="FILE.png", help="plot accuracy against learning rate (needs matplotlib)"
    )
    parser.add_argument("--csv", metavar="FILE.csv", help="write the accuracies here")
    add_kernel(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    preset = find_preset(arguments.preset)
    find_data(arguments.data, preset.dataset)  # an error here comes once, and not from every worker
    jobs = [
        PresetJob(arguments.preset, seed, rate, arguments.epochs)
        for rate in arguments.rates
        for seed in arguments.seeds
    ]
    outcomes: dict[PresetJob, Outcome] = {}
    with Progress(len(jobs), "networks") as progress:
        for outcome in run_jobs(jobs, arguments.data, arguments.workers, arguments.kernel):
            outcomes[outcome.job] = outcome
            progress.to(len(outcomes), accuracy=per_cent(outcome.accuracy))
    accuracies = np.array([outcomes[job].accuracy for job in jobs]).reshape(len(arguments.rates), -1)
    for line in lines(arguments.rates, arguments.seeds, accuracies):
        print(line)
    for job in jobs:
        if why := outcomes[job].diverged:
            print(f"learning rate {job.learning_rate:g}, seed {job.seed}: diverged ({why})")
    if arguments.csv:
        write_csv(arguments.csv, [outcomes[job] for job in jobs])
    if arguments.out:
        from nncore.pictures import save_sweep

        save_sweep(arguments.out, arguments.rates, accuracies)
        print(f"drawn to {arguments.out}")
    return DONE


def lines(rates: Sequence[float], seeds: Sequence[int], accuracies: np.ndarray) -> list[str]:
    """Return the table: a line for each rate, with ``accuracies`` ``(rates, seeds)`` and their mean."""
    table = [["learning rate", "mean", *(f"seed {seed}" for seed in seeds)]]
    for rate, row in zip(rates, accuracies, strict=True):
        table.append([f"{rate:g}", per_cent(row.mean()), *map(per_cent, row)])
    return [f"{first:<13}" + "".join(f"{cell:>11}" for cell in rest) for first, *rest in table]


def write_csv(path: str, outcomes: list[Outcome]) -> None:
    """Write the outcomes as CSV, a line for each run."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["preset", "learning_rate", "seed", "epochs", "accuracy", "diverged"])
        for outcome in outcomes:
            job = outcome.job
            diverged = outcome.diverged or ""
            writer.writerow([job.preset, job.learning_rate, job.seed, job.epochs, outcome.accuracy, diverged])
