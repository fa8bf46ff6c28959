// Python's side of the page: starts Python, runs the app, and speaks two protocols - Panel's (render, patch, idle) over the port
// that page.js hands in, and our own (progress, ready, status, problem, answer).
//
// Several views of one embedding page may show the lab (joined-views.js): view 1 started this worker, others join, each with a
// port of its own for Panel's protocol. Messages of our own protocol all come and go by way of view 1's page; `view` says whose
// they are.

import * as fetching from "./fetching.mjs"
import { startPython } from "./start.mjs"
import { openStore } from "./store.mjs"

const { toPage } = fetching

let browser // web/browser/
let thrifty // whether this connection is slow or costs by the byte
let opened // a promise of what boot/worker/store.mjs opens: where the learner's work is kept
let begun // a promise: the last visit's work and the first digits are there; the page is drawn meanwhile
let quiet // does what can wait until everything works
let follows = false // whether that has been asked for
let linked = false // whether changes of the page are sent to the views
let drawnFirst // called when Python has drawn its page for view 1
const first = new Promise((resolve) => {
  drawnFirst = resolve
})
const joining = new Map() // of every other view what follows "?" in its address, by number

/** @param {MessagePort} port @param {Message<"toPanel">} message */
const toPanel = (port, message) => port.postMessage(message)

// Panel's page script listens at the other end of a view's port. Until it has drawn the page, patches wait.
class View {
  #waiting = []
  constructor(port) {
    this.port = port
  }
  patch(message) {
    if (this.#waiting) this.#waiting.push(message)
    else toPanel(this.port, message)
  }
  drawn() {
    for (const message of this.#waiting ?? []) toPanel(this.port, message)
    this.#waiting = null
  }
}
const views = new Map() // by number

function openView(number, port) {
  views.set(number, new View(port))
  port.onmessage = (/** @type {MessageEvent<Message<"fromPanel">>} */ { data }) => PANEL[data.type](data, number)
}

// `from` is the view where the change was made, if it was in one.
function sendPatch(patch, buffers, msg_id, from) {
  for (const [number, view] of views) if (number !== from) view.patch({ type: "patch", patch, buffers, msg_id })
}

function link() {
  if (!linked) browser.link((patch, buffers, msg_id) => sendPatch(patch, buffers, msg_id))
  linked = true
}

/** @param {Message<"toWorker", "start">} message */
async function start({ base, search, place, own, session, again, plan, drawn, reader, served, latency, port, thrifty: asked }) {
  thrifty = asked
  opened = openStore(base, place, session)
  opened.then(
    ({ slot, lock }) => toPage({ type: "place", place: slot, lock }),
    () => {},
  )
  const { python, afterwards } = await startPython(base, search, plan, { thrifty, reader, served, latency })
  quiet = afterwards
  browser = python.pyimport("web.browser")
  const page = await browser.open_lab(base, search, (message) => toPage(JSON.parse(message)))
  const [docs_json, render_items, root_ids, mark] = page.toJs()
  page.destroy()
  openView(1, port)
  if (mark === drawn) toPanel(port, { type: "adopt" })
  else toPanel(port, { type: "render", docs_json, render_items, root_ids })
  begun = opened.then((store) => browser.begin(store, again || store.slot === own))
  drawnFirst()
  await begun
}

// What was held back for view 1 goes out first: the new view is drawn as all is now.
/** @param {Message<"toWorker", "join">} message */
async function join({ view, port, search }) {
  joining.set(view, search)
  await first
  if (!joining.has(view)) return // it has left
  try {
    link()
    await browser.join(view, search, sendPatch, (docs_json, render_items, root_ids) => {
      openView(view, port)
      toPanel(port, { type: "render", docs_json, render_items, root_ids })
    })
  } catch (error) {
    console.warn(error)
    toPage({ type: "failed", view, text: `This view could not join the session: ${lastLine(error)}.` })
  }
}

/** @param {Message<"toWorker", "leave">} message */
function leave({ view }) {
  joining.delete(view)
  views.delete(view)
  browser?.leave(view)
}

// What Panel's page script sends. Upstream's worker answers `idle` before the patch is applied; we wait, so that a slider's
// last position is never overtaken by an earlier one.
/** @type {{ [Name in keyof Channels["fromPanel"]]: (message: any, view: number) => unknown }} */
const PANEL = {
  async rendered(_message, view) {
    views.get(view)?.drawn()
    link()
    await begun
    toPage({ type: "ready", view })
    if (joining.has(view)) browser.welcome(view, joining.get(view))
  },
  async patch({ patch }, view) {
    try {
      await browser.apply_patch(patch, view)
    } finally {
      const port = views.get(view)?.port
      if (port) toPanel(port, { type: "idle" })
    }
  },
  location() {},
}

// The page has shown that all is ready: what it can do without comes now.
function follow() {
  if (follows) return
  follows = true
  browser.follow(thrifty)
  quiet()
  quiet = () => {} // what it holds on to is large
}

/** @param {Message<"toWorker", "call">} message */
async function answerCall({ id, name, args, view = 1 }) {
  try {
    toPage({ type: "answer", view, id, value: await browser.call(name, args, view) })
  } catch (error) {
    toPage({ type: "answer", view, id, error: lastLine(error) })
  }
}

// A sign of life, from Python too where it is there: after a fatal error the worker lives, and Python doesn't.
function answerBeat() {
  try {
    browser?.alive()
    toPage({ type: "beat" })
  } catch (error) {
    console.warn(error)
    toPage({ type: "died" })
  }
}

// Who uses damaged bytes may stumble before their hash has been compared, which then says which file it is.
const named = () =>
  Promise.race([
    fetching.faulted.catch(() => {}),
    new Promise((resolve) => {
      setTimeout(resolve, 1000)
    }),
  ])

// A Python error arrives as its whole traceback; its last line is what a person needs.
function lastLine(error) {
  const line = String(error.message ?? error)
    .trim()
    .split("\n")
    .at(-1)
  return line.replace(/^(\w+\.)*\w*(Error|Exception): /, "")
}

// The page checks what it sends (boot/messages.js), so that this worker, which has no byte to spare, need not.
/** @type {{ [Name in keyof Channels["toWorker"]]: (message: any) => unknown }} */
const HANDLERS = { start: begin, call: answerCall, beat: answerBeat, follow, join, leave }

self.onmessage = (/** @type {MessageEvent<Message<"toWorker">>} */ { data }) => HANDLERS[data.type](data)

async function begin(message) {
  try {
    await Promise.race([start(message), fetching.faulted])
  } catch (error) {
    console.warn(error)
    await named()
    toPage({ type: "failed", text: `Inkling could not start: ${fetching.fault ?? lastLine(error)}.` })
  }
}
