// The page's side of service-worker.js: has the site kept once the lab is ready, says in the footer when it is, and asks before
// a new version takes over. Where there are no service workers (an address without https, some private windows) the page
// works as before, with a network.

;(() => {
  const inkling = window.inkling
  const { checked, post } = window.inklingMessages
  const AGAIN = [15_000, 60_000, 300_000] // milliseconds until another attempt, if nobody asks sooner
  const UPDATES = 3_600_000
  const QUIET = 20_000 // milliseconds without training and drawing
  const workers = navigator.serviceWorker
  if (!workers) return

  const line = document.querySelector(".lab-offline")
  let attempts = 0

  function keep() {
    workers.register("./service-worker.js", { updateViaCache: "none" }).then(follow, (error) => {
      line.textContent = ""
      console.info(`Inkling is not kept for opening offline: ${error.message}`)
      again()
    })
  }

  function again() {
    const wait = AGAIN[attempts++]
    if (wait === undefined) return
    const timer = setTimeout(retry, wait)
    window.addEventListener("online", retry, { once: true })
    function retry() {
      clearTimeout(timer)
      window.removeEventListener("online", retry)
      keep()
    }
  }

  // A registration has a worker that installs, one that waits for its turn, and one that is active.
  function follow(registration) {
    if (!registration) return // a browser told to have none, for a test
    if (registration.installing) watch(registration.installing)
    else if (registration.waiting && workers.controller) offer(registration.waiting)
    else if (registration.active) kept()
    registration.onupdatefound = () => watch(registration.installing)
    setInterval(() => registration.update().catch(() => {}), UPDATES)
  }

  // While the network trains, the worker that installs takes little of the machine.
  let installing
  function pace() {
    if (installing) post(installing, "toServiceWorker", { type: "pace", gentle: inkling.turns.isTraining() })
  }
  inkling.turns.onTraining(pace)

  function watch(worker) {
    installing = worker
    pace()
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed" && workers.controller) offer(worker)
      else if (worker.state === "installed" || worker.state === "activated") kept()
      else if (worker.state === "redundant") again()
    })
  }

  function kept() {
    line.textContent = "Works offline"
    inkling.dismiss("not-kept")
  }

  function offer(worker) {
    kept()
    inkling.note("update", "A new version of Inkling is ready. Every open Inkling tab will load it; your work is kept.", [
      ["Update now", () => post(worker, "toServiceWorker", { type: "take_over" })],
    ])
  }

  // The new worker serves files of the new build: a page of the old one must not go on with them.
  let controlled = Boolean(workers.controller)
  workers.addEventListener("controllerchange", async () => {
    if (controlled) {
      await Promise.race([inkling.save(), new Promise((resolve) => setTimeout(resolve, 2000))])
      location.reload()
    }
    controlled = true
  })

  workers.addEventListener("message", (/** @type {MessageEvent<Message<"fromServiceWorker">>} */ { data }) => {
    checked("fromServiceWorker", data)
    if (data.type === "keeping") {
      line.textContent =
        data.done < data.total
          ? `Keeping Inkling for opening offline: ${Math.floor(data.done / 1e6)} of ${Math.ceil(data.total / 1e6)} MB`
          : "Works offline"
    } else if (data.type === "not_kept") {
      line.textContent = ""
      inkling.note("not-kept", `Inkling can't be opened offline yet: ${data.text}.`, [["Try again", keep]])
    }
  })

  inkling.ready.then(
    async () => {
      if (!inkling.thrifty || (await workers.getRegistration())) return inkling.turns.atRest(keep, QUIET)
      inkling.note(
        "keep",
        "This connection seems to be slow or metered. Keeping all of Inkling for opening offline takes some 75 MB.",
        [["Keep it", keep]],
      )
    },
    () => {},
  )
})()
