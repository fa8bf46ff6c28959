// Python's side of the page: loads Pyodide and the packages of the lock file, runs the app, and speaks two protocols - Panel's
// (render, patch, idle) over the port that page.js hands in, and our own (progress, ready, status, problem, answer).
//
// Loading is counted in bytes: `build.json` names every file of the site with its size, and every fetch made in here is
// measured as it streams.

import { checkAgainst, checkedFetch, checkedModule } from "./checked.mjs"

let base       // the folder of index.html, absolute
let panelPort  // Panel's page script listens at the other end
let browser    // web/browser.py
let thrifty    // whether this connection is slow or costs by the byte
let opened     // a promise of what boot/store.mjs opens: where the learner's work is kept

// ---- fetching, counted and named ------------------------------------------------------------------------------------

const plainFetch = self.fetch.bind(self)
const loading = { text: "Loading Python", done: 0, total: 0 }
let lastShown = 0

// The first file that doesn't come ends the start, by its name: of what follows from it, Pyodide reports some as an exit, and
// waits for the rest for ever.
let fault = null
let giveUp
const faulted = new Promise((_, reject) => { giveUp = reject })
faulted.catch(() => {})

function failed(error) {
  fault ??= error.message
  giveUp(error)
  throw error
}

function showLoading(now = performance.now()) {
  if (now - lastShown < 100) return
  lastShown = now
  self.postMessage({ type: "progress", ...loading })
}

async function countedFetch(input, init) {
  const counted = (bytes) => {
    loading.done += bytes
    showLoading()
  }
  return checkedFetch(input, init, { counted, failed }).catch(failed)
}

// How many bytes the start needs: the core files and, from the lock, the app's package with all it depends on.
async function startSize(list) {
  const [files, lock] = await Promise.all([list, plainFetch(base + "pyodide/pyodide-lock.json").then((answer) => answer.json())])
  const sizes = new Map(files.files.map((file) => [file.path, file.bytes]))
  const needed = new Set()
  const visit = (name) => {
    if (needed.has(name)) return
    needed.add(name)
    lock.packages[name].depends.forEach(visit)
  }
  visit("inkling")
  const names = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
  for (const name of needed) names.push(lock.packages[name].file_name)
  return names.reduce((sum, name) => sum + (sizes.get("pyodide/" + name) ?? 0), 0)
}

// ---- starting -------------------------------------------------------------------------------------------------------

function step(text) {
  Object.assign(loading, { text })
  self.postMessage({ type: "progress", text })
}

async function start({ search, place, thrifty: asked }) {
  thrifty = asked
  opened = import(base + "boot/store.mjs").then(({ openStore }) => openStore(base, place))
  opened.then((store) => self.postMessage({ type: "place", place: store.slot }), () => {})
  self.fetch = countedFetch
  const list = checkAgainst(base)
  list.catch(failed).catch(() => {})
  startSize(list).then((total) => { loading.total = total }, () => {})
  const modules = ["pyodide/pyodide.mjs", "pyodide/pyodide.asm.mjs"].map((name) => checkedModule(name, { failed }))
  const [address] = await Promise.all(modules).catch(failed)
  const { loadPyodide } = await import(address)
  const python = await loadPyodide({
    indexURL: base + "pyodide/",
    packages: ["inkling"],
    // Panel looks its style sheets up at a CDN unless told, before it is imported, where they are.
    env: { PANEL_CDN_ROOT: base + "static/panel/", HOME: "/home/pyodide" },
  })
  self.fetch = checkedFetch
  self.pythonMemory = () => python._module.HEAPU8.length  // for the soak test
  step("Importing NumPy")
  python.runPython("import numpy, numpy.random")
  step("Importing Panel")
  // Panel has one function made of text, which the page's policy forbids (web/build/page.py). This is the function.
  python.pyimport("pyodide.code").run_js = (text) => {
    if (!text.includes("entry[1] === undefined")) throw new Error(`no JavaScript is made of text here: ${text}`)
    return (entries) => Object.fromEntries([...entries].map(([name, value]) => [name, value ?? null]))
  }
  python.runPython("import panel, panel.io.pyodide")
  step("Opening the lab")
  browser = python.pyimport("web.browser")
  const page = await browser.open_lab(base, search, (message) => self.postMessage(JSON.parse(message)))
  const [docs_json, render_items, root_ids] = page.toJs()
  page.destroy()
  panelPort.onmessage = ({ data }) => PANEL[data.type](data)
  panelPort.postMessage({ type: "render", docs_json, render_items, root_ids })
}

// What Panel's page script sends. Upstream's worker answers `idle` before the patch is applied; we wait, so that a slider's
// last position is never overtaken by an earlier one.
const PANEL = {
  async rendered() {
    browser.link((patch, buffers, msg_id) => panelPort.postMessage({ type: "patch", patch, buffers, msg_id }))
    await browser.begin(await opened, thrifty)
    self.postMessage({ type: "ready" })
  },
  async patch({ patch }) {
    try {
      await browser.apply_patch(patch)
    } finally {
      panelPort.postMessage({ type: "idle" })
    }
  },
  location() {},
}

async function answerCall({ id, name, args }) {
  try {
    self.postMessage({ type: "answer", id, value: await browser.call(name, args) })
  } catch (error) {
    self.postMessage({ type: "answer", id, error: lastLine(error) })
  }
}

// A sign of life, from Python too where it is there: after a fatal error the worker lives, and Python doesn't.
function answerBeat() {
  try {
    browser?.alive()
    self.postMessage({ type: "beat" })
  } catch (error) {
    console.warn(error)
    self.postMessage({ type: "died" })
  }
}

// A Python error arrives as its whole traceback; its last line is what a person needs.
function lastLine(error) {
  const line = String(error.message ?? error).trim().split("\n").at(-1)
  return line.replace(/^(\w+\.)*\w*(Error|Exception): /, "")
}

// One file that doesn't come makes several of Pyodide's promises fail; the page has been told of it once.
self.addEventListener("unhandledrejection", (event) => { if (fault) event.preventDefault() })

self.onmessage = async ({ data }) => {
  if (data.type === "call") return answerCall(data)
  if (data.type === "beat") return answerBeat()
  base = data.base
  panelPort = data.port
  try {
    await Promise.race([start(data), faulted])
  } catch (error) {
    console.warn(error)
    self.postMessage({ type: "failed", text: `Inkling could not start: ${fault ?? lastLine(error)}.` })
  }
}
