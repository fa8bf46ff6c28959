// One worker of the pool (web/sweeps/pool.py): a Python of its own, with NumPy and our own wheel but without Panel. It answers
// every message through web/sweeps/worker_main.py; texts are JSON, and the digits come as typed arrays once.
//
// It is started by the Python worker and not by the page: the digits go from one to the other without passing through the
// thread that draws, and when the page's Python goes, its workers go with it.

import "../messages.js"
import { checkAgainst, checkedFetch } from "./verified-fetch.mjs"

const base = new URL("../../", import.meta.url).href
let desk // web/sweeps/worker_main.py, when it is there

// Pyodide waits for ever for some files that don't come, and says little about others: the first one is named here.
const missing = new Promise((_, refuse) => {
  const refused = (error) => {
    refuse(error)
    return new Promise(() => {}) // there is no going on
  }
  checkAgainst(base).catch(refused)
  self.fetch = (input, init) => checkedFetch(input, init).catch(refused)
})

async function open() {
  const get = (name) => self.fetch(`${base}pyodide/${name}`)
  const [{ loadPyodide }, lock] = await Promise.all([
    import(base + "pyodide/pyodide.mjs"),
    get("pyodide-lock.json").then((response) => response.json()),
    ...["pyodide.mjs", "pyodide.asm.mjs"].map(get), // imports can't be checked on their way
  ])
  lock.packages.inkling.depends = ["numpy"] // what the core needs; the lab itself, with Panel, stays where it is
  const python = await loadPyodide({
    indexURL: base + "pyodide/",
    packageBaseUrl: base + "pyodide/",
    lockFileContents: lock,
    packages: ["inkling"],
    env: { HOME: "/home/pyodide" },
  })
  return python.pyimport("web.sweeps.worker_main")
}

const { checked } = self.inklingMessages

function reply(text) {
  checked("fromPool", JSON.parse(text))
  self.postMessage(text)
}

self.onmessage = async ({ data: { text, buffers } }) => {
  try {
    checked("toPool", { ...JSON.parse(text), buffers })
    desk ??= await Promise.race([open(), missing])
    desk.answer(text, buffers, reply)
  } catch (error) {
    const reason = String(error.message ?? error)
      .trim()
      .split("\n")
      .at(-1)
    reply(JSON.stringify({ type: "failed", text: reason }))
  }
}
