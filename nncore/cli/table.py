"""Make the table of results in docs/core.md: each preset's claim, and the accuracy of several seeds here.

It takes a while on the full MNIST. With --results, finished runs are kept in a file, and an interrupted table
continues from there. The second table counts how many of its ten back-query images the network of the preset
"fast" reads as the digit asked for.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from nncore.backquery import BACKQUERIES
from nncore.cli.common import DONE, add_data, add_kernel, find_data, listed, per_cent
from nncore.cli.jobs import Outcome, PresetJob, run_jobs
from nncore.cli.progress import Progress
from nncore.presets import Preset, find_preset

HELP = "what every preset reaches, over several seeds, as Markdown"
ROWS = (
    "fast", "best", "rashid", "rashid-turned", "classic-feedforward", "classic-feedforward-50",
    "classic-feedforward-full", "digits-from-scratch", "samsel", "emil",
)  # fmt: skip
LOOKS_BACK = "fast"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to ``parser``."""
    add_data(parser)
    parser.add_argument("--presets", type=listed(str), default=ROWS, metavar="NAME,NAME,...",
                        help=f"(default: {', '.join(ROWS)})")  # fmt: skip
    parser.add_argument(
        "--seeds", type=listed(int), default=[1, 2, 3], metavar="N,N,...", help="(default: 1,2,3)"
    )
    parser.add_argument("--epochs", type=int, help="instead of each preset's own, for a quick look")
    parser.add_argument(
        "--workers", type=int, help="processes (default: one a core); the results don't depend on it"
    )
    parser.add_argument("--results", metavar="FILE", help="keep finished runs here, a JSON object a line")
    add_kernel(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    presets = [find_preset(name) for name in arguments.presets]
    if any(preset.dataset == "mnist" for preset in presets):
        find_data(arguments.data)  # an error here comes once, and not from every worker
    jobs = [
        PresetJob(preset.name, seed, epochs=arguments.epochs, backqueries=preset.name == LOOKS_BACK)
        for preset in presets
        for seed in arguments.seeds
    ]
    outcomes = known_results(arguments.results)
    waiting = [job for job in jobs if job not in outcomes]
    with Progress(len(jobs), "networks") as progress:
        progress.to(len(jobs) - len(waiting))
        for done, outcome in enumerate(
            run_jobs(waiting, arguments.data, arguments.workers, arguments.kernel), 1
        ):
            outcomes[outcome.job] = outcome
            keep_result(arguments.results, outcome)
            progress.to(
                len(jobs) - len(waiting) + done, last=f"{outcome.job.preset} {per_cent(outcome.accuracy)}"
            )
    for line in markdown(presets, [outcomes[job] for job in jobs]):
        print(line)
    return DONE


def markdown(presets: Sequence[Preset], outcomes: Sequence[Outcome]) -> list[str]:
    """Return both tables as lines of Markdown."""
    seeds = len(outcomes) // len(presets)
    lines = [
        f"| preset | layers | epochs | the source claims | test accuracy: mean of {seeds} (range) |",
        "| --- | --- | --- | --- | --- |",
    ]
    for preset in presets:
        own = [outcome for outcome in outcomes if outcome.job.preset == preset.name]
        shares = [100 * outcome.accuracy for outcome in own]
        layers = "-".join(str(neurons) for neurons in preset.network.layers)
        reached = f"{sum(shares) / len(shares):.2f} % ({min(shares):.2f} to {max(shares):.2f})"
        if diverged := sum(outcome.diverged is not None for outcome in own):
            reached += f", {diverged} diverged"
        epochs = own[0].job.epochs or preset.training.epochs
        lines.append(f"| {preset.name} | {layers} | {epochs} | {said(preset)} | {reached} |")
    looked = [outcome for outcome in outcomes if outcome.reads]
    if looked:
        lines += [
            "",
            f"| back-query of {LOOKS_BACK} | read as the digit asked for, of ten |",
            "| --- | --- |",
        ]
        for method in BACKQUERIES:
            lines.append(f"| {method} | {', '.join(str(outcome.reads[method]) for outcome in looked)} |")
    return lines


def said(preset: Preset) -> str:
    """Return the source's claim for a cell of the table, with the epochs or the time behind it."""
    if not preset.published:
        return "-"
    unusual = preset.published_time or preset.published_epochs
    return f"{preset.published} after {preset.published_after}" if unusual else preset.published


def known_results(path: str | None) -> dict[PresetJob, Outcome]:
    """Return the finished runs in a file; none if there is no file."""
    if path is None or not Path(path).exists():
        return {}
    outcomes = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        outcome = Outcome(**fields | {"job": PresetJob(**fields["job"])})
        outcomes[outcome.job] = outcome
    return outcomes


def keep_result(path: str | None, outcome: Outcome) -> None:
    """Add a finished run to the file, if there is one."""
    if path is not None:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")
