"""What the benchmarks in the browser work with: a folder with digits, first weights, workers, rivals and the
built site."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from nncore.datasets import Dataset
from nncore.kernels.compiler import WASM, compile_wasm
from nncore.network import Network, NetworkSpec
from nncore.presets import PRESETS
from tests.bench.tasks import FAST, TASKS, Task
from web.build.fetch import ROOT, Inputs, cache_folder
from web.build.pins import read_pins

HERE = Path(__file__).parent
RIVALS = HERE / "rivals.toml"


def write_workbench(folder: Path, train: Dataset) -> None:
    """Put everything that the page's workers need into ``folder``."""
    _write_data(folder, train)
    _write_page(folder)


def build_site(out: Path, mnist: Path) -> None:
    """Build the site into ``out`` by the user's own command."""
    command = [sys.executable, str(ROOT / "build.py"), "--out", str(out), "--mnist", str(mnist)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _write_data(folder: Path, train: Dataset) -> None:
    """Write the digits and the first weights as plain bytes, for all contestants."""
    train.pixels.tofile(folder / "images.bin")
    train.labels.tofile(folder / "labels.bin")
    for task in (*TASKS, FAST):
        weights = Network.create(_spec_of(task), seed=1).parameters.flat
        weights.tofile(folder / f"weights-{task.name}.bin")


def _spec_of(task: Task) -> NetworkSpec:
    if task.rule == "preset":
        return PRESETS[task.name].network
    rashid = task.rule == "rashid"
    loss = "half_squared_error" if rashid else "softmax_cross_entropy"
    activations = ("sigmoid", "sigmoid" if rashid else "softmax")
    return NetworkSpec(task.layers, activations, loss, initialiser="rashid", biases=not rashid)


def _write_page(folder: Path) -> None:
    """Write the page: its workers, Pyodide, the rivals, and nncore with its kernels as one archive."""
    shutil.copytree(HERE / "page", folder, dirs_exist_ok=True)
    pyodide = [p for p in read_pins() if p.use in ("runtime", "lock") or p.distribution == "numpy"]
    for pins, cache in (
        (pyodide, cache_folder()),
        (read_pins(RIVALS), cache_folder() / "rivals"),
    ):
        for path in Inputs(cache, offline=False, say=print).get(pins).values():
            shutil.copy(path, folder)
    with zipfile.ZipFile(folder / "nncore.zip", "w") as archive:
        for path in (ROOT / "nncore").rglob("*.py"):
            archive.write(path, path.relative_to(ROOT))
        for name in ("inside.py", "naive.py"):
            archive.write(HERE / name, name)
        for kernel in WASM:
            compile_wasm(kernel, folder / f"{kernel}.wasm")
            archive.write(folder / f"{kernel}.wasm", f"nncore/kernels/{kernel}.wasm")
