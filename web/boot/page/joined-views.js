// Lets several views in one embedding page share a network: `?session=name`. The first view starts Python and leads; the others
// join it. When the leader goes, another view leads. A classic script in <head>, before page.js, which asks here before it
// starts a worker.
//
// Frames of one origin in one page run on one thread and can use one another's objects, even inside a page of another origin,
// so two views can't begin to lead at the same time. The leader's page passes its worker's messages on; only Panel's protocol
// has a port from each view directly to the worker (worker.mjs). A session of the same name in another tab is a separate one.

;(() => {
  const GONE_AFTER = 500 // milliseconds between two checks that the leader still exists
  const OF_THE_LEADER = ["beat", "kept", "place", "died", "failed"] // messages about the worker, for the leader alone
  const FIRST = 1 // the leader's number

  const asked = new URLSearchParams(location.search).getAll("session").at(-1) ?? ""
  const name = /^[A-Za-z0-9_-]{1,40}$/.test(asked) ? asked : "" // Python reports a wrong name (web/state/address.py)
  const base = new URL("../../", /** @type {HTMLScriptElement} */ (document.currentScript).src).href

  const { post } = window.inklingMessages
  /** @type {InklingSession} */
  const session = { name, base, worker: null, leader: null, lead, join, admit, dismiss, deliver, again, end }
  window.inklingSession = session

  // ---- a view that joins --------------------------------------------------------------------------------------------

  function* within(frame) {
    yield frame
    for (let i = 0; i < frame.length; i++) yield* within(frame[i])
  }

  function sessionOf(frame) {
    try {
      const found = frame.closed ? null : frame.inklingSession
      return found?.base === base ? found : null
    } catch {
      // of another origin
      return null
    }
  }

  function findLeader() {
    for (const frame of within(window.top)) {
      const found = sessionOf(frame)
      if (found && found !== session && found.name === name && found.worker) return { frame, found }
    }
    return null
  }

  // Joins the leader and returns an object to use in place of a worker; null if there is no leader. `view` has a `port` for
  // Panel, the query of its address as `search`, and two functions: `hear` is called with every message, `again` with a reason
  // when the leader's worker is replaced or gone.
  function join(view) {
    const leader = name && findLeader()
    if (!leader) return null
    const { frame, found } = leader
    session.leader = found
    const number = found.admit(view)
    const watch = setInterval(() => {
      if (sessionOf(frame) === found && found.worker) return
      view.again("The view that ran Python was closed.")
    }, GONE_AFTER)
    return {
      postMessage: (data) => {
        if (found.worker) post(found.worker, "toWorker", { ...data, view: number })
      },
      terminate() {
        clearInterval(watch)
        session.leader = null
        found.dismiss(number)
      },
    }
  }

  // ---- a view that leads --------------------------------------------------------------------------------------------

  const others = new Map() // the views that joined, by number
  const unmended = new Map() // problems that still hold, by their text: views that join later are told of them
  let count = FIRST
  /** @type {JoiningView["hear"]} */
  let hear // this view's own
  let way // how Python started

  // Makes this view the leader. `worker` is the worker that this view has started, or null after it has ended.
  function lead(worker, ownHear) {
    session.worker = worker
    hear = ownHear
    unmended.clear()
    way = undefined
  }

  function admit(view) {
    const number = ++count
    others.set(number, view)
    for (const message of [way, ...unmended.values()]) if (message) view.hear(message)
    post(session.worker, "toWorker", { type: "join", view: number, port: view.port, search: view.search }, [view.port])
    return number
  }

  function dismiss(number) {
    if (others.delete(number) && session.worker) post(session.worker, "toWorker", { type: "leave", view: number })
  }

  // Passes a message from the worker on to the view that it names, or to all.
  function deliver(data) {
    if (data.type === "start") way = data
    if (data.type === "problem" && data.retry && !data.view) unmended.set(data.text, data)
    if (data.type === "mended") unmended.delete(data.text)
    if ((data.view ?? FIRST) === FIRST) hear(data)
    if (data.view ? data.view === FIRST : OF_THE_LEADER.includes(data.type)) return
    for (const [number, view] of others) if ((data.view ?? number) === number) view.hear(data)
  }

  // Sends all other views away to join the worker that this view starts next.
  function again(why) {
    const views = [...others.values()]
    others.clear()
    for (const view of views) view.again(why)
  }

  // Tells all views that Python can't be started here. A view opened later tries to start its own.
  function end(text) {
    session.worker = null
    for (const view of others.values()) view.hear({ type: "failed", text })
    others.clear()
  }
})()
