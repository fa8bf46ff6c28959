// Starts Pyodide under Node and runs pack_inside.py in it, so that the page's own Python, the same on every machine, makes the
// page's byte code. Arguments: the folder with Pyodide and the packing tools, the folder to work in, the script. An error is
// one line on stderr and exit code 1.
import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { fail } from "./fail.mjs"

const [inputs, work, script] = process.argv.slice(2).map((path) => resolve(path))
try {
  const { loadPyodide } = await import(pathToFileURL(join(inputs, "pyodide.mjs")).href)
  const python = await loadPyodide({
    indexURL: inputs,
    // -OO: byte code without assertions and docstrings. The fixed time and zone give the archives the same time stamps on every
    // machine, and byte code that holds a hash of its source instead of the source's time.
    args: ["-OO"],
    env: { HOME: "/home/pyodide", SOURCE_DATE_EPOCH: "315532800", TZ: "UTC", PYTHONHASHSEED: "0" },
  })
  for (const [at, folder] of [
    ["/inputs", inputs],
    ["/packing", work],
  ]) {
    python.FS.mkdirTree(at)
    python.mountNodeFS(at, folder)
  }
  python.runPython(readFileSync(script, "utf8"))
} catch (error) {
  fail(error)
}
