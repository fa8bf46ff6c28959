// Lists every message between threads, tabs and views. Each channel has a sender and a receiver; the table gives the names of
// its messages and the types of their fields. This is a classic script and the page's first; the pool's workers import it,
// TypeScript takes the types of senders and handlers from it, and tests/web/test_messages.py checks JavaScript and Python
// against it.
//
// A field whose name ends in "?" may be missing. Types are those that `kindOf` below returns; "|" means "or".

// biome-ignore format: a message a line
const INKLING_MESSAGES = /** @type {const} */ ({
  // From the page (page.js, watchdog.js, joined-views.js) to its worker (worker.mjs). A view that joined another adds `view`.
  toWorker: {
    start: {
      base: "string", search: "string", place: "number", own: "number", session: "string", again: "boolean", thrifty: "boolean",
      plan: "object", drawn: "string|null", reader: "port|null", served: "boolean", latency: "number", port: "port",
    },
    call: { id: "number", name: "string", args: "string", "view?": "number" },  // args: JSON
    beat: {},
    follow: { "view?": "number" },
    fetch_late: {},
    join: { view: "number", port: "port", search: "string" },
    leave: { view: "number" },
  },
  // From the worker to the page (page.js) and the views that joined it. With `view`, a message is for that view alone. A
  // message that page.js does not handle becomes an event `inkling:NAME` on the document, with the message as `detail`.
  toPage: {
    // sent by the worker's JavaScript
    progress: { text: "string", "done?": "number", "total?": "number" },  // bytes
    start: { way: "string" },
    kept: { file: "string" },
    place: { place: "number", "lock?": "string" },
    ready: { "view?": "number" },
    answer: { id: "number", "value?": "string", "error?": "string", view: "number" },  // value: JSON
    beat: {},
    died: {},
    failed: { text: "string", "view?": "number" },
    // sent by Python (with `post`) and by the worker's JavaScript
    problem: { text: "string", "retry?": "boolean", "about?": "string", "view?": "number" },
    // sent by Python
    mended: { text: "string" },
    status: { value: "string", "view?": "number" },
    published: {},
    choices: { query: "string", view: "number" },
    reload: { query: "string", view: "number" },
    restored: { at: "number", trained: "boolean" },  // at: seconds since 1970
    set_aside: { at: "number", number: "number" },
    ask_digits: { count: "number", bytes: "number" },
    download: { name: "string", data: "string", view: "number" },  // data: base64
    announce: { text: "string" },
    // sent by the page that started the worker, to itself and the views that joined it
    silent: { value: "boolean" },
  },
  // Panel's own protocol, on a separate port for each view: from the worker to Panel's page script, and back. We added `adopt`.
  toPanel: {
    render: { docs_json: "string", render_items: "string", root_ids: "string" },
    adopt: {},
    patch: { patch: "object", buffers: "object", "msg_id?": "string" },
    idle: {},
  },
  fromPanel: {
    rendered: {},
    patch: { patch: "object" },
    location: { location: "string" },
  },
  // From the page to the worker that reads a kept image (image-reader.mjs), and from that worker, through `port`, to start.mjs.
  toImageReader: { read: { base: "string", image: "object", port: "port" } },
  fromImageReader: { image: { bytes: "bytes|null" } },
  // From the page (offline.js) to the service worker, and back. The two may come from different builds.
  toServiceWorker: { take_over: {}, pace: { gentle: "boolean" } },
  fromServiceWorker: {
    keeping: { done: "number", total: "number" },  // bytes
    not_kept: { text: "string" },
  },
  // From a tab's worker that wants a place in the storage (store.mjs) to all tabs, and back from the page of the tab that has
  // that place. The tabs may come from different builds.
  betweenTabs: {
    asked: { lock: "string" },
    alive: { lock: "string" },
  },
  // From Python's pool (web/sweeps/pool.py) to its workers (web/sweeps/worker_main.py), and back. Messages are sent as JSON
  // text, with the digits' bytes beside it, so that Python needs no JavaScript objects on either side.
  toPool: {
    open: { kernel: "string", train: "object", test: "object", buffers: "array" },
    run: { job: "object", buffers: "array" },
  },
  fromPool: {
    progress: { share: "number" },
    done: { value: "object|null" },
    failed: { text: "string" },
  },
  // Events `inkling:NAME` on the document, between the scripts of one page, in addition to those made from `toPage`.
  inPage: {
    theme: { theme: "string" },
    size: {},
    restarted: { why: "string" },
  },
})

globalThis.inklingMessages = (() => {
  // Compares the names of classes, not the classes: an object from another frame has that frame's classes.
  const CLASSES = { MessagePort: "port", Uint8Array: "bytes", Array: "array" }
  const kindOf = (value) => (value === null ? "null" : (CLASSES[value?.constructor?.name] ?? typeof value))

  function fault(channel, { type, ...fields }) {
    if (!Object.hasOwn(INKLING_MESSAGES[channel], type)) return "is not known"
    for (const [key, kinds] of Object.entries(INKLING_MESSAGES[channel][type])) {
      const name = key.replace("?", "")
      const value = fields[name]
      delete fields[name]
      if (value === undefined ? key !== name : kinds.split("|").includes(kindOf(value))) continue
      return `needs ${name}: ${kinds}, and not ${kindOf(value)}`
    }
    const [other] = Object.keys(fields)
    return other && `has no field ${other}`
  }

  // Returns the message. Throws an Error that says what is wrong if its name or its fields are not in the channel's table.
  function checked(channel, message) {
    const wrong = fault(channel, message ?? {})
    if (wrong) throw new Error(`the message ${message?.type} (${channel}) ${wrong}`)
    return message
  }

  return { checked, post: (target, channel, message, transfer = []) => target.postMessage(checked(channel, message), transfer) }
})()
