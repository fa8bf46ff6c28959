// Runs tests of the kernels inside Pyodide under Node: the same code as in the page, without the browser.
// Arguments: the folder with Pyodide and NumPy's wheel; a folder with pytest, nncore (with its WebAssembly
// kernels) and tests; a kernel; test files. Exits with pytest's own code.
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const [inputs, work, kernel, ...files] = process.argv.slice(2)
const { loadPyodide } = await import(pathToFileURL(join(inputs, "pyodide.mjs")).href)
const python = await loadPyodide({ indexURL: inputs, packageBaseUrl: inputs, env: { KERNEL: kernel, HOME: "/home/pyodide" } })
await python.loadPackage("numpy", { messageCallback() {} })
python.FS.mkdirTree("/work")
python.mountNodeFS("/work", work)
python.globals.set("files", files)
process.exit(
  python.runPython(`
import os, sys
os.chdir("/work")
sys.path.insert(0, "/work")
import pytest
int(pytest.main(["-q", "-p", "no:cacheprovider", "--import-mode=importlib", "--noconftest", *files]))
`),
)
