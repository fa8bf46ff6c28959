"""Run the exported script that repeats a run, in another process: the weights must be equal to the bit."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from nncore import ops
from nncore.kernels import use_fastest
from nncore.network import Network
from nncore.storage import load
from tests.web.conftest import Bench, until
from web.lab import Lab
from web.program.export_script import NotRepeatable, recipe

ROOT = Path(__file__).parents[2]


def run_script(text: str, shards: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script on the digits in ``shards``, in a process of its own, and return the finished process."""
    (folder / "repeat.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "repeat.py", str(shards)],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return done


def repeated(text: str, shards: Path, folder: Path) -> np.ndarray:
    """Run a script and return the parameters that it ends with."""
    run_script(text, shards, folder)
    return load(folder / "repeated.npz").network.parameters.flat


def test_the_script_says_how_to_install_and_shows_how_far_it_is(
    experiment: Bench, shards: Path, tmp_path: Path
) -> None:
    async def story(lab: Lab) -> str:
        await lab.command("epoch")
        return await lab.command("script")

    text = experiment.run(story)
    address = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Source"]
    head = ast.get_docstring(ast.parse(text))
    assert head is not None and f'pip install "git+{address}"' in head and "pip install ." in head
    (tmp_path / "tqdm.py").write_text("raise ImportError('not there')")
    said = run_script(text, shards, tmp_path).stderr
    assert re.search(r"step 6 of 6: epoch 1, loss \d+\.\d{4}, [\d,]+ images/s", said), said
    pytest.importorskip("tqdm")
    (tmp_path / "tqdm.py").unlink()
    assert re.search(r"6/6 .*epoch 1, loss", run_script(text, shards, tmp_path).stderr)


def test_the_script_computes_with_the_fastest_kernel_where_the_pages_own_does_not_run(
    experiment: Bench, shards: Path, tmp_path: Path
) -> None:
    async def story(lab: Lab) -> tuple[str, np.ndarray]:
        await lab.command("epoch")
        return await lab.command("script"), lab.runner.experiment.run.network.parameters.flat.copy()

    text, flat = experiment.run(story)
    text = text.replace("PAGE_KERNEL = 'numpy'", "PAGE_KERNEL = 'relaxed'")
    before = ops.current()
    fastest = use_fastest()
    ops.use(before)
    assert f"with the kernel {fastest!r}" in run_script(text, shards, tmp_path).stderr
    assert np.allclose(load(tmp_path / "repeated.npz").network.parameters.flat, flat, atol=1e-4)


@pytest.mark.slow
def test_the_script_repeats_late_digits_edits_surgery_and_a_branch(
    experiment: Bench, shards: Path, tmp_path: Path
) -> None:
    async def story(lab: Lab) -> tuple[str, np.ndarray]:
        runner = lab.runner
        await lab.command("set", {"layers": [784, 40, 10], "batch_size": 50, "seed": 3})
        for _ in range(3):
            await lab.command("step")
        await lab.command("set", {"learning_rate": 0.02, "l2": 0.0001})
        await lab.command("step")
        await lab.command("set", {"layers": [784, 48, 12, 10]})
        await lab.command("epoch")
        await lab.command("set", {"batch_size": 20})
        await lab.command("step")
        middle = runner.experiment.run.history.moments[-2]
        await lab.command("rewind", middle.samples)
        await until(lambda: runner.experiment.moment is middle)
        runner.switcher.branch()
        for _ in range(2):
            await lab.command("step")
        assert runner.experiment.run.past, "it branched off"
        return await lab.command("script"), runner.experiment.run.network.parameters.flat.copy()

    text, flat = experiment.run(story)
    assert np.array_equal(repeated(text, shards, tmp_path), flat)


def test_the_notebook_holds_the_same_program(experiment: Bench, shards: Path, tmp_path: Path) -> None:
    async def story(lab: Lab) -> tuple[str, np.ndarray]:
        await lab.command("preset", "rashid")
        for _ in range(2):
            await lab.command("step")
        return await lab.command("notebook"), lab.runner.experiment.run.network.parameters.flat.copy()

    text, flat = experiment.run(story)
    book = json.loads(text)
    assert (book["nbformat"], {cell["cell_type"] for cell in book["cells"]}) == (4, {"markdown", "code"})
    code = "\n\n".join("".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code")
    code = code.replace("'path/to/mnist'", repr(str(shards)))
    assert np.array_equal(repeated(code, shards, tmp_path), flat)


def test_the_8x8_digits_need_no_folder(experiment: Bench, tmp_path: Path) -> None:
    async def story(lab: Lab) -> tuple[str, np.ndarray]:
        await lab.command("preset", "digits-from-scratch")
        await lab.command("step")
        return await lab.command("script"), lab.runner.experiment.run.network.parameters.flat.copy()

    text, flat = experiment.run(story)
    assert np.array_equal(repeated(text, Path("digits8x8"), tmp_path), flat)


def test_a_network_that_is_not_from_a_seed_is_not_claimed_to_be(experiment: Bench) -> None:
    """Ask for the script of a network that a seed can't give: it is refused."""

    async def story(lab: Lab) -> None:
        await lab.command("step")
        run = lab.runner.experiment.run
        assert run.trainer is not None
        facts = {"name": "", "kernel": "numpy", "dataset": "mnist"}
        history = [dict(event) for event in run.trainer.history]
        assert recipe(history, run.preprocessing, 1, **facts).steps == 1
        other = Network.create(run.network.spec, 99).parameters.flat
        assert not np.array_equal(other, run.network.parameters.flat)
        history[0]["first_weights"] += 1
        with pytest.raises(NotRepeatable, match="from a file"):
            recipe(history, run.preprocessing, 1, **facts)
        with pytest.raises(NotRepeatable, match="past"):
            recipe([*history, {"event": "resume"}], run.preprocessing, 1, **facts)

    experiment.run(story)
