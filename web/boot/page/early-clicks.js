// A press on Train, Step or Epoch before Python is ready counts: the button stays pressed, the line that says what is loading
// says what comes then, and it is done when Python is ready. A second press takes it back.

;(() => {
  const root = document.documentElement
  const COMMANDS = { "lab-play": ["play", "Train"], "lab-step": ["step", "Step"], "lab-epoch": ["epoch", "Epoch"] }
  const waiting = new Set() // class names, in the order of the presses

  // Panel's parts are in shadow roots, one in another, and may be drawn anew while the page starts (adopt.js): what a button
  // showed is gone then, so it is shown again until all is ready.
  const buttons = (part, name) =>
    [...part.querySelectorAll("*")].flatMap((element) => {
      if (!element.shadowRoot) return []
      const own = element.classList.contains(name) ? [...element.shadowRoot.querySelectorAll("button")] : []
      return [...own, ...buttons(element.shadowRoot, name)]
    })
  const touched = new Set()

  function show() {
    const card = document.querySelector(".card-train")
    for (const name of touched) {
      for (const button of buttons(card, name)) button.setAttribute("aria-pressed", waiting.has(name))
    }
  }
  const again = setInterval(() => {
    if (touched.size) show()
  }, 100)
  const over = () => {
    clearInterval(again)
    const card = document.querySelector(".card-train")
    for (const name of touched) for (const button of buttons(card, name)) button.removeAttribute("aria-pressed")
  }

  document.addEventListener(
    "click",
    (event) => {
      if (root.dataset.lab !== "booting") return
      const path = event.composedPath()
      const name = Object.keys(COMMANDS).find((known) =>
        path.some((element) => element instanceof Element && element.classList.contains(known)),
      )
      if (!name) return
      event.stopPropagation() // Panel's own part may hear it already, a moment before all is ready: it would count twice
      touched.add(name)
      if (!waiting.delete(name)) waiting.add(name)
      show()
      const labels = [...waiting].map((pressed) => COMMANDS[pressed][1])
      document.querySelector(".lab-progress-then").textContent = labels.length ? `then ${labels.join(", ")}` : ""
    },
    true,
  )

  window.inkling.ready.then(over, over)
  window.inkling.ready.then(
    async () => {
      for (const name of waiting) await window.inkling.command(COMMANDS[name][0])
    },
    () => {},
  )
})()
