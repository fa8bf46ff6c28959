// Python's side of the page: starts Python, runs the app, and speaks two protocols - Panel's (render, patch, idle) over the port
// that page.js hands in, and our own (progress, ready, status, problem, answer).

import * as fetching from "./fetching.mjs"
import { startPython } from "./start.mjs"
import { openStore } from "./store.mjs"

let panelPort  // Panel's page script listens at the other end
let browser    // web/browser.py
let thrifty    // whether this connection is slow or costs by the byte
let opened     // a promise of what boot/store.mjs opens: where the learner's work is kept
let begun      // a promise: the last visit's work and the first digits are there; the page is drawn meanwhile
let quiet      // does what can wait until everything works

async function start({ base, search, place, own, plan, drawn, reader, served, latency, thrifty: asked }) {
  thrifty = asked
  opened = openStore(base, place)
  opened.then(({ slot, lock }) => self.postMessage({ type: "place", place: slot, lock }), () => {})
  const { python, afterwards } = await startPython(base, search, plan, { thrifty, reader, served, latency })
  quiet = afterwards
  browser = python.pyimport("web.browser")
  const page = await browser.open_lab(base, search, (message) => self.postMessage(JSON.parse(message)))
  const [docs_json, render_items, root_ids, mark] = page.toJs()
  page.destroy()
  panelPort.onmessage = ({ data }) => PANEL[data.type](data)
  panelPort.postMessage(mark === drawn ? { type: "adopt" } : { type: "render", docs_json, render_items, root_ids })
  begun = opened.then((store) => browser.begin(store, store.slot === own))
  await begun
}

// What Panel's page script sends. Upstream's worker answers `idle` before the patch is applied; we wait, so that a slider's
// last position is never overtaken by an earlier one.
const PANEL = {
  async rendered() {
    browser.link((patch, buffers, msg_id) => panelPort.postMessage({ type: "patch", patch, buffers, msg_id }))
    await begun
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

// The page has shown that all is ready: what it can do without comes now.
function follow() {
  browser.follow(thrifty)
  quiet()
  quiet = () => {}  // what it holds on to is large
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

// Who uses damaged bytes may stumble before their hash has been compared, which then says which file it is.
const named = () => Promise.race([
  fetching.faulted.catch(() => {}),
  new Promise((resolve) => { setTimeout(resolve, 1000) }),
])

// A Python error arrives as its whole traceback; its last line is what a person needs.
function lastLine(error) {
  const line = String(error.message ?? error).trim().split("\n").at(-1)
  return line.replace(/^(\w+\.)*\w*(Error|Exception): /, "")
}

self.onmessage = async ({ data }) => {
  if (data.type === "call") return answerCall(data)
  if (data.type === "beat") return answerBeat()
  if (data.type === "follow") return follow()
  panelPort = data.port
  try {
    await Promise.race([start(data), fetching.faulted])
  } catch (error) {
    console.warn(error)
    await named()
    self.postMessage({ type: "failed", text: `Inkling could not start: ${fetching.fault ?? lastLine(error)}.` })
  }
}
