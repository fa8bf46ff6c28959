// Shows quiet lines at the foot of the window, for news that is no error: the last visit's work is restored, there is a new
// version, a slow connection needs a decision. It also helps to keep the learner's work: it remembers this tab's place in the
// browser's storage, and asks Python to save before the page is hidden.
//
// A classic script in <head>, so that it misses none of the worker's messages (page.js turns them into events).

;(() => {
  const inkling = window.inkling
  const parsed = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }))
  /** @type {<Name extends keyof EventsByName>(name: Name, act: (detail: EventsByName[Name]["detail"]) => void) => void} */
  const on = (name, act) => document.addEventListener(`inkling:${name}`, (/** @type {any} */ event) => act(event.detail))
  const BRIEF = 20_000 // milliseconds after which a `brief` line disappears

  // Shows a line and removes an earlier one with the same name. Buttons are [label, function]; a press on any of them, or on
  // the cross, removes the line. A `brief` line disappears by itself, but not while the pointer or the focus is on it.
  function note(name, text, buttons = [], { brief = false } = {}) {
    dismiss(name)
    const line = document.createElement("p")
    line.className = "lab-note"
    line.dataset.note = name
    const words = document.createElement("span")
    words.textContent = text
    line.append(words)
    const acts = document.createElement("span")
    acts.className = "note-acts"
    if (buttons.length) line.append(acts)
    for (const [label, act] of [...buttons, ["×", () => {}]]) {
      const button = document.createElement("button")
      button.type = "button"
      button.textContent = label
      if (label === "×") button.setAttribute("aria-label", "Dismiss")
      button.addEventListener("click", () => {
        line.remove()
        act()
      })
      ;(label === "×" ? line : acts).append(button)
    }
    parsed.then(() => document.querySelector(".notes").append(line))
    const fade = () => (line.matches(":hover, :focus-within") ? setTimeout(fade, 2000) : line.remove())
    if (brief) setTimeout(fade, BRIEF)
  }

  function dismiss(name) {
    document.querySelector(`.lab-note[data-note="${name}"]`)?.remove()
  }

  function fresh() {
    note("fresh", "Start afresh: the network, its curves, your drawings and choices in this tab will be gone for good.", [
      ["Start afresh", () => inkling.command("fresh").catch(() => {})],
      ["Keep them", () => {}],
    ])
  }

  // Returns the time, with the date if it is not today's.
  function moment(seconds) {
    const then = new Date(seconds * 1000)
    const time = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    return then.toDateString() === new Date().toDateString() ? time : `${then.toLocaleDateString()}, ${time}`
  }

  let restarted = "" // a sentence that says why Python was started again, or "" if it was not
  let told = true // whether the learner knows that Python is running again
  on("silent", ({ value }) => {
    if (value) note("restored", "Python has not answered for some seconds. If it stays silent it is started again.")
    else dismiss("restored")
  })
  on("restarted", ({ why }) => {
    restarted = why
    told = false
    note("restored", `${why} Python is being started again.`)
  })
  on("ready", () => {
    if (!told) note("restored", `${restarted} Python was started again.`)
    told = true
  })
  on("restored", ({ at, trained }) => {
    const what = trained ? "Your network" : "Your work"
    const text = `${what} from ${moment(at)} is back.`
    told = true
    if (restarted) note("restored", `${restarted} Python was started again. ${text}`)
    else note("restored", text, [["Start afresh", fresh]], { brief: true })
  })
  on("set_aside", ({ at, number }) =>
    note(
      "aside", // not "restored": the notice about a silent Python uses that name and would replace this one
      `This link opens another network than yours from ${moment(at)}, which is kept under Runs.`,
      [["Bring mine back", () => inkling.command("recall", { number }).catch(() => {})]],
    ),
  )
  on("place", ({ place }) => {
    inkling.place.set(place)
    if (place > 1 && !restarted) {
      note("place", "Inkling is open in another tab too. This one keeps its own network and drawings.", [], { brief: true })
    }
  })
  on("ask_digits", ({ count, bytes }) =>
    note(
      "digits",
      `This connection seems to be slow or metered: the other ${count.toLocaleString("en")} digits are ${Math.ceil(bytes / 1e6)} MB.`,
      [["Fetch them", () => inkling.command("fetch_digits").catch(() => {})]],
    ),
  )
  on("mended", ({ text }) => {
    ;[...document.querySelectorAll(".problems > *")].find((shown) => shown.dataset.text === text)?.remove()
  })
  on("reload", ({ query }) => location.replace(location.pathname + (query && `?${query}`)))

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) inkling.save()
  })
  window.addEventListener("pagehide", () => inkling.save())
  parsed.then(() => document.querySelector(".lab-fresh").addEventListener("click", fresh))

  Object.assign(inkling, { note, dismiss })
})()
