"""Let a network read one image of the test set, and print the picture, the outputs and the true digit.

Without --index it reads all of them and prints how many it read rightly.
"""

from __future__ import annotations

import argparse

import numpy as np

from nncore.cli.common import (
    DONE,
    CommandError,
    add_data,
    add_kernel,
    add_model,
    check_fit,
    choose_kernel,
    data_for,
    open_model,
    per_cent,
    test_part,
)
from nncore.metrics import evaluate

HELP = "read one test image, or all"
SHADES = " .:-=+*#%@"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to ``parser``."""
    add_model(parser)
    add_data(parser)
    parser.add_argument("--index", type=int, metavar="N", help="which test image, counted from 0")
    parser.add_argument("--out", metavar="FILE.png", help="also draw it (needs matplotlib)")
    add_kernel(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    choose_kernel(arguments.kernel)
    saved = open_model(arguments.model, arguments)
    dataset = test_part(saved, data_for(saved.network, arguments), arguments.data)
    check_fit(saved.network, dataset)
    if arguments.index is None:
        result = evaluate(saved.network, dataset, saved.preprocessing)
        print(f"{per_cent(result.accuracy)}: {result.correct:,} of {result.count:,} test images read rightly")
        return DONE
    if not 0 <= arguments.index < len(dataset):
        raise CommandError(f"--index {arguments.index}: there are test images 0 to {len(dataset) - 1}")
    one = dataset.take([arguments.index])
    outputs = evaluate(saved.network, one, saved.preprocessing).outputs[0]
    print(text_picture(one.images[0], one.max_value))
    for label, output in enumerate(outputs):
        print(f"{label}  {output:8.4f}  {'#' * round(30 * float(np.clip(output, 0, 1)))}")
    print(f"read as {outputs.argmax()}, is {one.labels[0]}")
    if arguments.out:
        from nncore.pictures import save_reading

        save_reading(arguments.out, one, outputs)
        print(f"drawn to {arguments.out}")
    return DONE


def text_picture(image: np.ndarray, max_value: int) -> str:
    """Return the picture in characters, two a pixel.

    A line of text is twice as high as a character is wide.
    """
    shades = image.astype(int) * (len(SHADES) - 1) // max_value
    return "\n".join("".join(SHADES[shade] * 2 for shade in row).rstrip() for row in shades)
