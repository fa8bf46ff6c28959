"""Writes two pages to compare a start with: a bare page, and the same app with unchanged packages.

The bare page loads the published Pyodide in a worker and imports NumPy; nothing else is on it. The stock page
is the site with another start: it installs the published wheels, unpruned and as source, one after the other,
as the worker that ``panel convert`` writes does, but from this site instead of a CDN.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from web.build.exclusions import STAND_INS
from web.build.fetch import Inputs, cache_folder
from web.build.output import sealed
from web.build.pins import read_pins

CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")

BARE_PAGE = """<!DOCTYPE html><title>bare</title><p>Pyodide and NumPy</p><script>
const worker = new Worker("worker.mjs", { type: "module" })
worker.onmessage = () => { document.documentElement.dataset.lab = "ready" }
</script>"""
BARE_WORKER = """import { loadPyodide } from "./pyodide/pyodide.mjs"
const indexURL = new URL("./pyodide/", import.meta.url).href
const python = await loadPyodide({ indexURL, packageBaseUrl: indexURL })
await python.loadPackage("numpy", { messageCallback() {} })
python.runPython("import numpy")
self.postMessage("ready")
"""
STOCK_START = """export async function startPython(base) {
  const core = base + "stock/"
  const { loadPyodide } = await import(core + "pyodide.mjs")
  const python = await loadPyodide({ indexURL: core, env: { PANEL_CDN_ROOT: "./static/panel/" } })
  for (const name of %s) {
    const wheel = await (await fetch(core + name)).arrayBuffer()
    python.unpackArchive(wheel, "wheel")
  }
  const site = python._api.sitePackages + "/"
  for (const [name, text] of Object.entries(%s)) python.FS.writeFile(site + name, text)
  python.pyimport("pyodide.code").run_js = () => (entries) =>
    Object.fromEntries([...entries].map(([name, value]) => [name, value ?? null]))
  python.runPython("import panel, panel.io.pyodide")
  return { python, afterwards() {} }
}
"""


def _inputs() -> dict[str, Path]:
    return Inputs(cache_folder(), False, print).get(
        pin for pin in read_pins() if pin.use in ("runtime", "page", "lock")
    )


def write_bare(folder: Path) -> None:
    """Write the bare page to a new folder."""
    (folder / "pyodide").mkdir(parents=True)
    paths = _inputs()
    for name in (*CORE, next(name for name in paths if name.startswith("numpy"))):
        shutil.copyfile(paths[name], folder / "pyodide" / name)
    (folder / "index.html").write_text(BARE_PAGE)
    (folder / "worker.mjs").write_text(BARE_WORKER)


def write_stock(folder: Path, site: Path) -> None:
    """Write the site with the stock start to a new folder."""
    shutil.copytree(site, folder, ignore=shutil.ignore_patterns("start", "build.json"))
    paths = _inputs()
    (folder / "stock").mkdir()
    for name in CORE:
        shutil.copyfile(paths[name], folder / "stock" / name)
    wheels = [name for name in paths if name.endswith(".whl")]
    for name in wheels:
        shutil.copyfile(paths[name], folder / "stock" / name)
    [own] = (site / "pyodide").glob("inkling-*.whl")
    shutil.copyfile(own, folder / "stock" / own.name)
    stand_in = STAND_INS["panel"]
    (folder / "boot" / "start.mjs").write_text(
        STOCK_START % (json.dumps([*wheels, own.name]), json.dumps(stand_in))
    )
    # This start differs from the built site's, so the list of its files is empty.
    (folder / "build.json").write_text(json.dumps(sealed({"files": []})))
