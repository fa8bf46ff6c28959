// Shows a tour of six steps through the page. It begins with the button "?" and ends at any point with Escape, the cross or a
// press beside it. It points at parts of the page and changes nothing. A first-time visitor sees a dot on the button.

;(() => {
  const KEY = "inkling-toured"
  // How to read what a control does; the page says this nowhere else.
  const ASKING = matchMedia("(pointer: coarse)").matches
    ? "Tap an underlined name, or hold a finger on any control, to read what it does."
    : "Point at any control to read what it does."
  const STEPS = [
    [
      ".card-pad",
      "Draw a digit",
      "Draw with mouse, finger or pen. The small picture is what the network gets: your strokes, made " +
        "28 × 28 as MNIST was made. The bars say how likely it finds each digit.",
    ],
    [
      ".card-train",
      "Let it learn",
      "Train shows it the digits, a mini-batch at a time. Watch the two curves part: how well it does on " +
        "digits that it learns from, and on 10,000 that it never learns from. Pause, step and change things whenever you like.",
    ],
    [
      ".card-network",
      "Change the network",
      "More neurons, another activation, a higher learning rate: you can change most things while it learns. " +
        "A change that begins a new network says so, and Undo brings the old one back. " +
        ASKING,
    ],
    [
      ".card-imagine",
      "Run it backwards",
      "What does a 3 look like to it? Each picture is an answer turned around, and under it is what the " +
        "network reads in its own picture. With logit and transpose that is often another digit. Can you see why?",
    ],
    [
      ".card-tabs",
      "Look closer",
      "Below are the tabs: compare settings and runs, see the mistakes, look at single neurons and much more. " +
        "They take no computing time until you open them.",
    ],
    [
      ".bar",
      "Keep it, pass it on",
      "Presets are the networks of well-known books. Share copies a link with all your choices, Save and Open keep " +
        "networks as files. Everything happens in this browser: nothing that you draw or open leaves it.",
    ],
  ]

  const storage = (act) => {
    try {
      return act()
    } catch {
      return null
    }
  }

  let panel, mark, at, before

  function make() {
    panel = document.createElement("div")
    panel.className = "tour"
    panel.setAttribute("role", "dialog")
    panel.setAttribute("aria-labelledby", "tour-title")
    panel.setAttribute("aria-describedby", "tour-text")
    panel.innerHTML = `<h2 id="tour-title"></h2><p id="tour-text"></p>
      <div class="tour-steps"><span></span><button type="button" class="tour-back">Back</button>
      <button type="button" class="tour-next"></button><button type="button" class="tour-end" aria-label="Leave the tour">✕</button></div>`
    mark = document.createElement("div")
    mark.className = "tour-mark"
    panel.querySelector(".tour-back").addEventListener("click", () => go(at - 1))
    panel.querySelector(".tour-next").addEventListener("click", () => go(at + 1))
    panel.querySelector(".tour-end").addEventListener("click", leave)
  }

  // Returns the steps whose part of the page is visible: a teacher may have hidden some (`?hide=`).
  const steps = () => STEPS.filter(([selector]) => document.querySelector(selector)?.getClientRects().length)

  function go(step) {
    const all = steps()
    if (step >= all.length || step < 0) return leave()
    at = step
    const [selector, title, text] = all[at]
    panel.querySelector("h2").textContent = title
    panel.querySelector("p").textContent = text
    panel.querySelector("span").textContent = `${at + 1} of ${all.length}`
    panel.querySelector(".tour-back").disabled = at === 0
    const next = panel.querySelector(".tour-next")
    next.textContent = at === all.length - 1 ? "Done" : "Next"
    const target = /** @type {HTMLElement} */ (document.querySelector(selector))
    target.scrollIntoView({ block: target.offsetHeight > innerHeight ? "start" : "nearest" })
    place()
    next.focus({ preventScroll: true })
  }

  // Places the panel beside the part that it points at if there is room, else below it, above it, or at the foot of the window.
  function place() {
    if (at === undefined) return
    const { left, top, right, bottom, width, height } = document.querySelector(steps()[at][0]).getBoundingClientRect()
    const size = Number(getComputedStyle(panel).getPropertyValue("--size")) || 1 // window pixels in one of the panel's pixels
    const put = (element, box) => {
      for (const [side, length] of Object.entries(box)) element.style[side] = `${length / size}px`
    }
    put(mark, { left, top, width, height })
    const own = panel.getBoundingClientRect()
    const gap = 12
    const fit = (value, size, room) => Math.max(gap, Math.min(value, room - size - gap))
    let place
    if (right + gap + own.width < innerWidth) place = [right + gap, top]
    else if (left - gap - own.width > 0) place = [left - gap - own.width, top]
    else if (bottom + gap + own.height < innerHeight) place = [left, bottom + gap]
    else if (top - gap - own.height > 0) place = [left, top - gap - own.height]
    else place = [left, innerHeight]
    put(panel, { left: fit(place[0], own.width, innerWidth), top: fit(place[1], own.height, innerHeight) })
  }

  function begin() {
    if (at !== undefined) return leave()
    if (!panel) make()
    before = document.activeElement
    document.body.append(mark, panel)
    storage(() => localStorage.setItem(KEY, "yes"))
    delete document.documentElement.dataset.untoured
    go(0)
  }

  function leave() {
    if (at === undefined) return
    at = undefined
    panel.remove()
    mark.remove()
    before?.focus({ preventScroll: true })
  }

  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest?.(".lab-help")) begin()
    else if (at !== undefined && !event.composedPath().includes(panel)) leave()
  })
  document.addEventListener("keydown", (event) => {
    if (at === undefined) return
    if (event.key === "Escape") leave()
    if (event.key === "ArrowRight") go(at + 1)
    if (event.key === "ArrowLeft" && at > 0) go(at - 1)
  })
  addEventListener("resize", place)
  addEventListener("scroll", place, { passive: true })

  if (!storage(() => localStorage.getItem(KEY))) document.documentElement.dataset.untoured = ""
})()
