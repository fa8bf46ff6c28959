// Runs Inkling itself and a naive NumPy version of the same rules, in one Pyodide; the contestant's name chooses between them.
import { answer, bytes } from "./contestant.mjs"
// @ts-expect-error: the benchmark puts it beside this file
import { loadPyodide } from "./pyodide.mjs"

const data = "/home/pyodide/data"
const python = await loadPyodide({
  packageBaseUrl: new URL(".", self.location.href).href,
  env: { HOME: "/home/pyodide", BENCH_DATA: data },
})
python.FS.mkdir(data)
await python.loadPackage("numpy", { messageCallback() {} })
python.unpackArchive((await bytes("nncore.zip")).buffer, "zip", { extractDir: "/home/pyodide" })
const fetched = async (name) => python.FS.writeFile(`${data}/${name}`, await bytes(name))
await fetched("images.bin")
await fetched("labels.bin")
const inside = python.pyimport("inside")

answer({
  async check(task, name) {
    await fetched(`weights-${task.name}.bin`)
    return inside.check(name, python.toPy(task))
  },
  measure: (task, seconds, name) => inside.measure(name, python.toPy(task), seconds),
})
