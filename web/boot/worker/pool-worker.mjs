// Runs one worker of the pool (web/sweeps/pool.py): a separate Python with NumPy and our own wheel, but without Panel.
// web/sweeps/worker_main.py answers every message. Texts are JSON; the digits come once, as typed arrays.
//
// The Python worker starts it, not the page. So the digits don't pass through the thread that draws, and when the page's Python
// ends, the browser ends its workers too.

import "../messages.js"
import { checkAgainst, checkedFetch } from "./verified-fetch.mjs"

const base = new URL("../../", import.meta.url).href
let desk // the Python module web/sweeps/worker_main.py, once it is imported

// Rejects with an error that names the first file that can't be fetched. Pyodide would wait for ever for some missing files,
// and says little about others.
const missing = new Promise((_, refuse) => {
  const refused = (error) => {
    refuse(error)
    return new Promise(() => {}) // never settles: the start ends here
  }
  checkAgainst(base).catch(refused)
  self.fetch = (input, init) => checkedFetch(input, init).catch(refused)
})

async function open() {
  const get = (name) => self.fetch(`${base}pyodide/${name}`)
  const [{ loadPyodide }, lock] = await Promise.all([
    import(base + "pyodide/pyodide.mjs"),
    get("pyodide-lock.json").then((response) => response.json()),
    ...["pyodide.mjs", "pyodide.asm.mjs"].map(get), // checks their hashes, which an import does not
  ])
  lock.packages.inkling.depends = ["numpy"] // the core needs nothing else; Panel is not loaded here
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
