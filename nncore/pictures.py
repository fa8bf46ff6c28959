"""Saves pictures for the command line, drawn by matplotlib, which is imported only when one is requested."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np

from nncore.datasets import Dataset
from nncore.network import Network

DOTS = 120  # per inch
WEIGHTS = {"cmap": "RdBu_r", "vmin": -8, "vmax": 8}  # the scale of the source that pictures every weight


class PictureError(ValueError):
    """A picture cannot be drawn; the message gives the reason."""


def figure(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Return a figure and its axes, like ``matplotlib.pyplot.subplots``, but without a screen.

    Raises:
        PictureError: if matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise PictureError("pictures need matplotlib: pip install matplotlib") from error
    size = kwargs.pop("figsize")
    canvas = FigureCanvasAgg(Figure(figsize=size, layout="constrained"))
    return canvas.figure, canvas.figure.subplots(*args, squeeze=False, **kwargs)


def save_figure(picture: Any, path: str | Path) -> Path:
    """Save a figure; the same figure gives the same bytes."""
    # matplotlib would write its version into the file.
    picture.savefig(path, dpi=DOTS, metadata={"Software": None} if str(path).endswith(".png") else None)
    return Path(path)


def square(vector: np.ndarray) -> np.ndarray:
    """Return ``(d,)`` as a square image.

    Raises:
        PictureError: if d is no square number.
    """
    side = isqrt(len(vector))
    if side * side != len(vector):
        raise PictureError(f"{len(vector)} inputs are no square image")
    return vector.reshape(side, side)


def save_row(
    path: str | Path, images: Sequence[np.ndarray], titles: Sequence[str], limits: tuple[float, float]
) -> Path:
    """Save images ``(d,)`` side by side in grey, each under its title.

    Ink is dark on white, as in Rashid's book. ``limits`` are the values of white and of black.
    """
    picture, axes = figure(1, len(images), figsize=(1.2 * len(images), 1.5))
    for axis, image, title in zip(axes[0], images, titles, strict=True):
        axis.imshow(square(image), cmap="Greys", vmin=limits[0], vmax=limits[1], interpolation="nearest")
        axis.set_title(title, fontsize=9)
        axis.set_axis_off()
    return save_figure(picture, path)


def save_images(path: str | Path, dataset: Dataset, count: int) -> Path:
    """Save the first ``count`` images of a data set in rows of ten, with their labels."""
    shown = dataset.take(slice(count))
    rows = -(-len(shown) // 10)
    picture, axes = figure(rows, 10, figsize=(8, 0.95 * rows))
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, image, label in zip(axes.flat, shown.images, shown.labels, strict=False):
        axis.imshow(image, cmap="Greys", vmin=0, vmax=dataset.max_value, interpolation="nearest")
        axis.set_title(str(label), fontsize=8)
    return save_figure(picture, path)


def save_hidden(path: str | Path, network: Network) -> Path:
    """Save the weights of each neuron of the first hidden layer as an image, with its bias under it."""
    weights, columns = network.weights[0], 10
    side, rows = len(square(weights[:, 0])), -(-weights.shape[1] // columns)
    # All images are on one sheet with gaps, because hundreds of axes would take matplotlib a minute.
    cell, gap = side + 1 + side // 6, 1 + side // 6
    sheet = np.full((rows * cell, columns * cell), np.nan)
    picture, axes = figure(figsize=(columns, rows + 0.5))
    for neuron in range(weights.shape[1]):
        top, left = cell * (neuron // columns), cell * (neuron % columns)
        sheet[top : top + side, left : left + side] = square(weights[:, neuron])
        if network.biases:
            bias = f"{network.biases[0][neuron]:+.2f}"
            axes[0, 0].text(left + side / 2, top + side + gap / 2, bias, ha="center", va="center", fontsize=6)
    shown = axes[0, 0].imshow(sheet, interpolation="nearest", **WEIGHTS)
    axes[0, 0].set_axis_off()
    picture.colorbar(shown, ax=axes[0, 0], shrink=0.8)
    return save_figure(picture, path)


def save_output(path: str | Path, network: Network) -> Path:
    """Save the weights of the last layer as a matrix: a row an output, a column a neuron, the biases last."""
    matrix = network.weights[-1].T
    if network.biases:
        matrix = np.column_stack([matrix, network.biases[-1]])
    rows, columns = matrix.shape
    picture, axes = figure(figsize=(max(4.0, 0.45 * columns) if columns < 40 else 16.0, 0.42 * rows + 0.8))
    shown = axes[0, 0].imshow(
        matrix, aspect="auto" if columns >= 40 else "equal", interpolation="nearest", **WEIGHTS
    )
    axes[0, 0].set_yticks(range(rows))
    axes[0, 0].set_ylabel("output")
    axes[0, 0].set_xlabel("hidden neuron" + (", bias last" if network.biases else ""))
    picture.colorbar(shown, ax=axes[0, 0], shrink=0.8)
    return save_figure(picture, path)


def save_reading(path: str | Path, one: Dataset, outputs: np.ndarray) -> Path:
    """Save one image beside its outputs, with the digit read and the true one as the title."""
    picture, axes = figure(1, 2, figsize=(6, 3))
    axes[0, 0].imshow(one.images[0], cmap="Greys", vmin=0, vmax=one.max_value, interpolation="nearest")
    axes[0, 0].set_axis_off()
    axes[0, 1].barh(range(len(outputs)), outputs)
    axes[0, 1].set_yticks(range(len(outputs)))
    axes[0, 1].invert_yaxis()
    axes[0, 1].set_xlabel("output")
    picture.suptitle(f"read as {outputs.argmax()}, is {one.labels[0]}")
    return save_figure(picture, path)


def save_sweep(path: str | Path, rates: Sequence[float], accuracies: np.ndarray) -> Path:
    """Save a plot of accuracy over learning rate.

    Args:
        accuracies: ``(rates, seeds)``, 0 to 1: a dot for each, and a line through the means.
    """
    picture, axes = figure(figsize=(6, 4))
    axis = axes[0, 0]
    for column in accuracies.T:
        axis.plot(rates, 100 * column, "o", color="0.7", markersize=4)
    axis.plot(rates, 100 * accuracies.mean(axis=1), "o-")
    axis.set_xlabel("learning rate")
    axis.set_ylabel("test accuracy, %")
    axis.grid(alpha=0.3)
    return save_figure(picture, path)
