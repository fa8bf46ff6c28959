// The worker that runs Python and the app. It speaks two protocols: Panel's (render, patch, idle) over the port that page.js
// hands in, and our own (progress, ready, status, problem, answer).
//
// Several views in one embedding page may show the lab (joined-views.js): view 1 started this worker, the others join it, each
// with its own port for Panel's protocol. All messages of our own protocol pass through view 1's page; `view` says to which
// view they belong.

import * as fetching from "./fetching.mjs"
import { startPython } from "./start.mjs"
import { openStore } from "./store.mjs"

const { toPage } = fetching

let browser // web/browser/
let thrifty // whether this connection is slow or costs by the byte
let opened // a promise of the storage (boot/worker/store.mjs) where the learner's work is kept
let begun // a promise: the last visit's work is restored and the first digits are loaded; the page is drawn meanwhile
let quiet // a function that does the work that nobody waits for
let follows = false // whether the page has asked for that work
let linked = false // whether Python's changes to the page are sent to the views
let drawnFirst // called when Python has drawn its page for view 1
const first = new Promise((resolve) => {
  drawnFirst = resolve
})
const joining = new Map() // the queries of the other views' addresses, by the view's number

/** @param {MessagePort} port @param {Message<"toPanel">} message */
const toPanel = (port, message) => port.postMessage(message)

// A view of the page. Panel's page script listens at the other end of its port; patches wait until that has drawn the page.
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

// Sends a change to all views except `from`, the view where it was made, if it was made in one.
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

// Lets another view join. Patches that waited for view 1 are sent first, so that the new view is drawn from the current state.
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

// Handles the messages of Panel's page script. Panel's own worker answers `idle` before the patch is applied; we answer after
// it, so that an earlier position of a slider never arrives after its last one.
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

// Begins the work that had to wait until the page was ready.
function follow() {
  if (follows) return
  follows = true
  browser.follow(thrifty)
}

// Nobody waits for anything: fetches modules that no start imports, and stores the memory image for the next visit.
function fetchLate() {
  quiet()
  quiet = () => {} // lets go of the large objects that the function held
}

/** @param {Message<"toWorker", "call">} message */
async function answerCall({ id, name, args, view = 1 }) {
  try {
    toPage({ type: "answer", view, id, value: await browser.call(name, args, view) })
  } catch (error) {
    toPage({ type: "answer", view, id, error: lastLine(error) })
  }
}

// Answers a request for a sign of life, and asks Python for one if it has started: after a fatal error the worker still lives,
// but Python does not.
function answerBeat() {
  try {
    browser?.alive()
    toPage({ type: "beat" })
  } catch (error) {
    console.warn(error)
    toPage({ type: "died" })
  }
}

// Waits up to a second for an error that names a file. Damaged bytes may cause an error before their hash has been compared,
// and the comparison says which file they came from.
const named = () =>
  Promise.race([
    fetching.faulted.catch(() => {}),
    new Promise((resolve) => {
      setTimeout(resolve, 1000)
    }),
  ])

// Returns the last line of an error. A Python error arrives as a whole traceback, and its last line says what is wrong.
function lastLine(error) {
  const line = String(error.message ?? error)
    .trim()
    .split("\n")
    .at(-1)
  return line.replace(/^(\w+\.)*\w*(Error|Exception): /, "")
}

// Messages are not checked here, because the page checks those that it sends (boot/messages.js), and every byte of this worker
// delays the start.
/** @type {{ [Name in keyof Channels["toWorker"]]: (message: any) => unknown }} */
const HANDLERS = { start: begin, call: answerCall, beat: answerBeat, follow, fetch_late: fetchLate, join, leave }

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
