// The page's own side, before and around Panel: it starts the Python worker, and another if that one dies, says how far loading
// has come, and keeps the promise of `window.inkling` (README, "Driving the page from outside").
//
// A classic script in <head>, so that the worker starts before the megabytes of Bokeh's JavaScript are fetched.
//
//   document  <- Panel's protocol, over a MessagePort ->  worker.mjs  <->  web/browser/  <->  the app
//             <- progress, ready, status, problem, answer (this file) ->

;(() => {
  const root = document.documentElement
  const base = new URL("../../", /** @type {HTMLScriptElement} */ (document.currentScript).src)
  const session = window.inklingSession
  const { checked, post } = window.inklingMessages
  const problems = window.inklingProblems
  const panelPort = window.inklingPanelPort

  function fail(text) {
    if (root.dataset.lab === "failed") return
    root.dataset.lab = "failed"
    if (session.name) worker?.terminate() // what it holds is free for another view
    session.end(text)
    problems.show(text, { retry: true })
    refuse(new Error(text))
  }

  // ---- calls to Python ----------------------------------------------------------------------------------------------

  let accept, refuse
  /** @type {Promise<void>} */
  const ready = new Promise((resolve, reject) => {
    accept = resolve
    refuse = reject
  })
  ready.catch(() => {}) // a page that nobody drives from outside is no unhandled rejection
  let up = ready // of the present worker
  let isUp = false
  const waiting = new Map()
  let count = 0
  /** @type {LabWorker | Worker} */
  let worker // or, in a view that joined another one (joined-views.js), what stands in for it

  async function call(name, args) {
    await up
    return new Promise((resolve, reject) => {
      waiting.set(++count, { resolve, reject })
      post(worker, "toWorker", { type: "call", id: count, name, args: JSON.stringify(args ?? null) })
    })
  }

  /** @param {Message<"toPage", "answer">} message */
  function answer({ id, value, error }) {
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) resolve(JSON.parse(value))
    else reject(new Error(error))
  }

  const connection = navigator.connection // not in every browser
  const thrifty =
    Boolean(connection?.saveData) || connection?.type === "cellular" || (connection?.effectiveType ?? "4g") !== "4g"
  window.addEventListener("online", () => call("online").catch(() => {}))

  // This tab's place in the browser's storage (store.mjs), from 1, or 0. A session has places of its own. In a frame of another
  // site's page the browser may forbid to remember it.
  const PLACE = session.name ? `inkling-place ${session.name}` : "inkling-place"
  const place = {
    get() {
      try {
        return Number(sessionStorage.getItem(PLACE))
      } catch {
        return 0
      }
    },
    set(number) {
      try {
        sessionStorage.setItem(PLACE, number)
      } catch {
        /* it does */
      }
    },
  }

  window.inkling = {
    ready,
    place,
    fail,
    thrifty,
    snapshot: () => call("snapshot"),
    command: (name, args) => call("command", { name, args: args ?? null }),
    panelPort,
    forgetProblem: problems.forget,
    save: async () => {
      if (["ready", "training"].includes(root.dataset.lab)) await call("save").catch(() => {})
    },
  }

  // ---- progress -----------------------------------------------------------------------------------------------------

  // It is told ten times a second: what comes before the line is on the page is left out.
  /** @param {Message<"toPage", "progress">} message */
  function showProgress({ text, done, total }) {
    const bar = /** @type {HTMLProgressElement} */ (document.querySelector(".lab-progress-bar"))
    const words = document.querySelector(".lab-progress-text")
    if (!words) return
    words.textContent = total ? `${text} · ${(Math.min(done, total) / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB` : text
    if (total) bar.value = Math.min(1, done / total)
    else bar.removeAttribute("value")
  }

  // ---- the theme (boot/page/theme.js): figures are drawn by Bokeh from Python's colours -------------------------------------

  const tellAppearance = () => call("appearance", { dark: root.dataset.theme === "dark" }).catch(() => {})
  document.addEventListener("inkling:theme", tellAppearance)

  // ---- the worker ---------------------------------------------------------------------------------------------------

  // Python waits with the next snapshot until this one is on the screen. A page in the background draws nothing and doesn't
  // answer; Python trains on meanwhile, publishes now and then, and hears as soon as somebody looks again.
  let owing = false
  function answerWhenDrawn() {
    if (!owing || document.hidden) return
    requestAnimationFrame(() =>
      setTimeout(() => {
        if (!owing) return
        owing = false
        call("drawn").catch(() => {})
      }),
    )
  }
  document.addEventListener("visibilitychange", answerWhenDrawn)

  // Where the browser allows it; without, the second visit is as slow as the first.
  const KEPT = "inkling-image"
  const QUIET = 3000 // milliseconds after everything works
  const remember = (key, value) => {
    try {
      localStorage.setItem(key, value)
    } catch {
      /* it doesn't */
    }
  }
  const remembered = (key) => {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }

  /** @type {{ [Name in keyof Channels["toPage"]]?: (message: Message<"toPage", Name>) => unknown }} */
  const HANDLERS = {
    progress: showProgress,
    start: ({ way }) => {
      root.dataset.labStart = way
    },
    kept: ({ file }) => remember(KEPT, file),
    ready() {
      root.dataset.lab = "ready"
      root.dataset.labPad = "ready"
      if (session.worker) watchWorker()
      isUp = true
      accept()
      announce({ type: "ready" })
      tellAppearance()
      const present = worker
      setTimeout(() => post(present, "toWorker", { type: "follow" }), 100) // what is ready is drawn first
      if (session.worker) window.inkling.turns.atRest(() => post(present, "toWorker", { type: "fetch_late" }), QUIET)
    },
    published() {
      owing = true
      answerWhenDrawn()
    },
    status: ({ value }) => {
      if (root.dataset.lab !== "failed") root.dataset.lab = value
    },
    problem: ({ text, retry, about }) => problems.show(text, { retry, about }),
    failed: ({ text }) => fail(text),
    died: () => restart(),
    beat() {},
    answer,
  }

  // What another file of boot/ does something about comes as an event: `choices` as `inkling:choices`, and so on.
  /** @param {Message<"toPage"> | Message<"inPage">} data */
  const announce = (data) => document.dispatchEvent(new CustomEvent(`inkling:${data.type}`, { detail: data }))
  /** @param {Message<"toPage">} data */
  function hear(data) {
    const act = /** @type {(message: Message<"toPage">) => unknown} */ (HANDLERS[data.type] ?? announce)
    if (problems.understood("toPage", data)) act(data)
  }

  const SILENCE = 30_000 // milliseconds without a first word

  // Restarted at most so often: what dies again at once is not helped by it.
  const RESTARTS = 3,
    WITHIN = 300_000
  let giveUpAfter = 12_000 // milliseconds without a word from a worker that is up
  const STARTING = 90_000 // and from one that starts, which imports for seconds on end
  const restarts = []
  let unwatch

  function watchWorker() {
    unwatch()
    unwatch = inklingWatch(/** @type {Worker} */ (worker), {
      noticed: 2000, // said half a second later, or, by a busy machine, a second or two
      limit: giveUpAfter,
      isGone: hasLetGo,
      silent: () => session.deliver({ type: "silent", value: true }),
      back: () => session.deliver({ type: "silent", value: false }),
      gone: () => restart(),
    })
  }

  // A worker begins as a blob: such a worker is under this page's Content-Security-Policy, and one that is loaded from an
  // address is not (it answers to its own headers, which static hosts don't let one set).
  function startModules(names) {
    const source = names.map((name) => `import ${JSON.stringify(new URL(name, base).href)}`).join("\n")
    return new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" })
  }

  // Has the image of an earlier visit read, for the port that is handed back.
  function startReader({ image }) {
    const { port1, port2 } = new MessageChannel()
    const reader = startModules(["boot/image/image-reader.mjs"])
    post(reader, "toImageReader", { type: "read", base: base.href, image, port: port1 }, [port1])
    return port2
  }

  // Joins the view that runs Python for this session, or starts it here.
  function begin() {
    const panel = new MessageChannel()
    panelPort.connect(panel.port1)
    worker = session.join({ port: panel.port2, search: location.search, hear, again: beginAgain })
    if (!worker) startWorker(panel.port2)
  }

  function startWorker(port) {
    const plan = JSON.parse(document.querySelector("#start-plan").textContent) // by the build, web/build/start.py
    const reader = remembered(KEPT) === plan.image?.file ? startReader(plan) : null
    // All its modules by name, or they would be found one behind the other.
    const born = startModules(plan.modules)
    worker = born
    session.lead(worker, hear)
    let heard = false
    born.addEventListener("message", ({ data }) => {
      heard = true
      if (born === worker) session.deliver(data)
    })
    born.addEventListener("error", (event) => {
      // Once it is up, an error is no death; if it is one, silence will tell.
      if (root.dataset.lab !== "booting") return
      inklingWorkerFault(base).then((fault) =>
        fail(`The Python worker could not start: ${fault ?? (event.message || "it did not load")}.`),
      )
    })
    setTimeout(async () => {
      const fault = heard || born !== worker ? null : await inklingWorkerFault(base)
      if (fault) fail(`The Python worker could not start: ${fault}.`)
    }, SILENCE)
    unwatch = inklingWatch(born, {
      noticed: STARTING,
      limit: STARTING,
      gone: () => fail("Python has said nothing for a minute and a half while starting: it may hang, or a file may not come."),
    })
    const own = history.state?.inklingPlace ?? 0 // the place whose choices this page wrote into the address (address.js)
    const served = Boolean(navigator.serviceWorker?.controller)
    const answers = /** @type {PerformanceResourceTiming[]} */ (
      ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
    )
    const latency = Math.min(...answers.map(({ requestStart, responseStart }) => responseStart - requestStart))
    const drawn = again ? null : plan.drawn // the mark of what the page shows
    post(
      born,
      "toWorker",
      {
        type: "start",
        base: base.href,
        search: location.search,
        place: place.get(),
        own,
        session: session.name,
        again,
        thrifty,
        plan,
        drawn,
        reader,
        served,
        latency,
        port,
      },
      [port, ...(reader ? [reader] : [])],
    )
  }

  // A worker holds the lock on its place in the browser's storage as long as it lives (boot/worker/store.mjs).
  let lock
  async function hasLetGo() {
    if (!lock || !navigator.locks) return false
    const { held } = await navigator.locks.query()
    return !held.some(({ name }) => name === lock)
  }
  document.addEventListener("inkling:place", ({ detail }) => {
    lock = detail.lock
  })

  // Another tab asks whether this one lives or is being closed (store.mjs); the worker may be too busy to say.
  const tabs = new BroadcastChannel("inkling tabs")
  tabs.addEventListener("message", ({ data }) => {
    const { type, lock: wanted } = checked("betweenTabs", data)
    if (type === "asked" && lock && wanted === lock) post(tabs, "betweenTabs", { type: "alive", lock })
  })

  // Another worker in place of one that is dead or hangs. Its lab brings back what the old one kept (web/keeping/autosave.py).
  function restart() {
    const now = Date.now()
    restarts.push(now)
    if (restarts.filter((moment) => now - moment < WITHIN).length > RESTARTS) {
      letGo("Python stopped answering.")
      return fail("Python stopped answering again and again. What you did until then is kept.")
    }
    giveUpAfter *= 2 // perhaps this machine is slower than most
    session.worker = null
    beginAgain("Python had stopped answering.")
    session.again("Python had stopped answering.")
  }

  // Of the worker, and of all that came from it. Calls that wait for an answer are refused.
  function letGo(why) {
    unwatch?.()
    unwatch = undefined
    worker.terminate()
    panelPort.busy = true // what becomes of the old document concerns nobody any more
    panelPort.jsdoc?.clear()
    for (const { reject } of waiting.values()) reject(new Error(why))
    waiting.clear()
  }

  let again = false
  function beginAgain(why) {
    letGo(`${why} Python was started again.`)
    again = true
    if (isUp)
      up = new Promise((resolve) => {
        accept = resolve
      })
    isUp = false
    root.dataset.lab = "booting"
    announce({ type: "restarted", why })
    begin()
  }

  // A page that is left lets go at once of its place in the browser's storage: the next one may be this tab's own reload.
  window.addEventListener("pagehide", () => {
    unwatch?.()
    session.worker = null
    worker?.terminate()
  })
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload()
  })

  const needs = {
    WebAssembly: "WebAssembly" in window,
    "module workers": "Worker" in window && "noModule" in HTMLScriptElement.prototype,
    "import maps and ES2022": "at" in Array.prototype && "structuredClone" in window,
  }
  const missing = Object.keys(needs).filter((name) => !needs[name])

  if (missing.length) {
    fail(`This browser lacks ${missing.join(", ")}. Inkling runs in Chrome and Edge 114, Firefox 115, Safari 16.4 and later.`)
  } else if (location.protocol !== "file:") {
    // of which guard.js has told
    begin()
  }
})()
