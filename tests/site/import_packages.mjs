// Loads Pyodide and packages from a built site, under Node, and runs a Python script there. Arguments: the site's
// pyodide/ folder, the packages (with commas), the script. An error is one line on stderr and exit code 1.
import { pathToFileURL } from "node:url"
import { fail } from "../../web/build/fail.mjs"

const [folder, packages, script] = process.argv.slice(2)
Object.assign(globalThis, { XMLHttpRequest: class {} }) // Panel imports the name; nothing here uses it
try {
  const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href)
  const python = await loadPyodide({ indexURL: folder })
  await python.loadPackage(packages.split(","), { messageCallback() {} })
  python.runPython(script)
} catch (error) {
  fail(error)
}
