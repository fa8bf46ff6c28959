// Views of one embedding page that share a network: `?session=name`. The first of them starts Python (it leads), the others join
// it; when it goes, another leads. A classic script in <head>, before page.js, which asks here before it starts a worker.
//
// Frames of one origin in one page run on one thread and reach one another as objects, also within a page of another origin, so
// two can't begin to lead at the same time. What the leader's worker says comes to its page, which passes it on; only Panel's
// protocol has a port of its own from each view to the worker (worker.mjs). Another tab is not reached: a session there is its own.

;(() => {
  const GONE_AFTER = 500 // milliseconds between two looks whether the view that leads is still there
  const OF_THE_LEADER = ["beat", "kept", "place", "died", "failed"] // messages that are about its worker
  const FIRST = 1 // the number of a view that leads

  const asked = new URLSearchParams(location.search).getAll("session").at(-1) ?? ""
  const name = /^[A-Za-z0-9_-]{1,40}$/.test(asked) ? asked : "" // of another Python tells (web/state/address.py)
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

  // Joins the view that leads, if there is one; returns what stands in for the worker then. `view` has its `port` for Panel, what
  // follows "?" in its address as `search`, and what is called: `hear` with every message, `again` with the reason when another
  // worker follows or none is there any more.
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
  const unmended = new Map() // problems that a view which joins later has to hear of, by their text
  let count = FIRST
  /** @type {JoiningView["hear"]} */
  let hear // of this view
  let way // how Python started

  // `worker` is the one that this view has started, or null when it ends.
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

  // A message from the worker goes to the view that it names, or to all.
  function deliver(data) {
    if (data.type === "start") way = data
    if (data.type === "problem" && data.retry && !data.view) unmended.set(data.text, data)
    if (data.type === "mended") unmended.delete(data.text)
    if ((data.view ?? FIRST) === FIRST) hear(data)
    if (data.view ? data.view === FIRST : OF_THE_LEADER.includes(data.type)) return
    for (const [number, view] of others) if ((data.view ?? number) === number) view.hear(data)
  }

  // Another worker follows here: the others join that.
  function again(why) {
    const views = [...others.values()]
    others.clear()
    for (const view of views) view.again(why)
  }

  // Python can't be started here: all say so, and a view that is opened from now on tries for itself.
  function end(text) {
    session.worker = null
    for (const view of others.values()) view.hear({ type: "failed", text })
    others.clear()
  }
})()
