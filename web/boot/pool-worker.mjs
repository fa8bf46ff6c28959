// One worker of the pool (web/pool.py): a Python of its own, with NumPy and our own wheel but without Panel. It answers
// every message through web/job_worker.py; texts are JSON, and the digits come as typed arrays once.
//
// It is started by the Python worker and not by the page: the digits go from one to the other without passing through the
// thread that draws, and when the page's Python goes, its workers go with it.

const base = new URL("../", import.meta.url).href
let desk  // web/job_worker.py, or the promise of it

async function open() {
  const [{ loadPyodide }, lock] = await Promise.all([
    import(base + "pyodide/pyodide.mjs"),
    fetch(base + "pyodide/pyodide-lock.json").then((response) => response.json()),
  ])
  lock.packages.inkling.depends = ["numpy"]  // what the core needs; the lab itself, with Panel, stays where it is
  const python = await loadPyodide({
    indexURL: base + "pyodide/",
    packageBaseUrl: base + "pyodide/",
    lockFileContents: lock,
    packages: ["inkling"],
    env: { HOME: "/home/pyodide" },
  })
  return python.pyimport("web.job_worker")
}

self.onmessage = async ({ data: { text, buffers } }) => {
  try {
    desk = await (desk ?? open())
    desk.answer(text, buffers, (reply) => self.postMessage(reply))
  } catch (error) {
    const reason = String(error.message ?? error).trim().split("\n").at(-1)
    self.postMessage(JSON.stringify({ type: "failed", text: reason }))
  }
}
