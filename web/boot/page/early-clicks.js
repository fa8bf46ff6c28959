// Remembers presses of Train, Step and Epoch until Python is ready, and carries them out then. Meanwhile the button stays
// pressed, and the loading line says what will follow. A second press of the same button cancels it.

;(() => {
  const root = document.documentElement
  const COMMANDS = { "lab-play": ["play", "Train"], "lab-step": ["step", "Step"], "lab-epoch": ["epoch", "Epoch"] }
  const waiting = new Set() // class names, in the order of the presses

  // Panel's widgets are in nested shadow roots and may be drawn again while the page starts (hydrate.js). A new button does not
  // look pressed, so the state is set again and again until Python is ready.
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
      event.stopPropagation() // Panel's widget may react already, shortly before Python is ready: the press would count twice
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
