"""Checks that the shipped packages work in the page's Python without the files left out of their wheels.

The tests run under Node and cover packages that the page loads late or not at all; other tests check the page
in a browser.
"""

from __future__ import annotations

import json
from pathlib import Path

from web.build import node

SCRIPT = Path(__file__).with_name("import_packages.mjs")

WORKS = [
    # SciPy does `from numpy import *`, which needs every public name of NumPy, f2py among them.
    "import scipy.special; assert abs(scipy.special.expit(0.0) - 0.5) < 1e-12",
    "from scipy.linalg.blas import sgemm; assert sgemm(2.0, [[3.0]], [[4.0]])[0, 0] == 24",
    # Every kind of picture that the page opens, written and read by the page's Pillow.
    *(
        "import io; from PIL import Image; made = io.BytesIO(); "
        f"Image.new('L', (28, 28), 90).save(made, {kind!r}); made.seek(0); "
        "assert abs(Image.open(made).convert('L').getpixel((3, 3)) - 90) < 3"
        for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
    ),
    "import numpy as np; assert np.random.default_rng(1).permutation(9).sum() == 36",
    "import numpy as np; np.linalg.svd(np.eye(3)); np.fft.rfft(np.ones(8)); np.ma.masked; np.testing",
    "import panel as pn; pn.pane.Markdown('# A *heading*').get_root()",
    "import panel as pn; pn.Column(pn.widgets.FloatSlider(), pn.widgets.Select(options=['a'])).get_root()",
    "import bokeh.models, bokeh.palettes, bokeh.plotting; bokeh.plotting.figure().line([1], [2])",
    "import nncore.presets, nncore.training, nncore.backquery, nncore.storage, nncore.pen",
    "from importlib.metadata import metadata, version; assert version('bokeh'); metadata('panel')['Summary']",
    "import sys; assert 'pandas' not in sys.modules",
]
DOES_NOT = {
    "import pandas": "ModuleNotFoundError",
    "import scipy.special; assert False, 'oh'": "AssertionError",
}

TRY_EACH = """
import json
failed = {}
for statement in json.loads(%r):
    try:
        exec(statement, {})
    except Exception as error:
        failed[statement] = type(error).__name__
raise RuntimeError(json.dumps(failed))
"""


def test_the_shipped_packages_work(site: Path) -> None:
    """All packages share one Pyodide, which takes seconds to start. Some statements must fail, to prove that
    failures are noticed."""
    python = TRY_EACH % json.dumps([*WORKS, *DOES_NOT])
    said = node.run("node", [str(SCRIPT), str(site / "pyodide"), "inkling,scipy,pillow", python])
    assert said.startswith("RuntimeError: {"), said
    assert json.loads(said.removeprefix("RuntimeError: ")) == DOES_NOT
