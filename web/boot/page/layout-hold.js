// Nothing on the page moves while it starts. A classic script in <head>: the message that has everything taken away must be
// heard here first.
//
// When the page is drawn, widgets are there before their style sheets: they are hidden, and take no room (look/page.css), until
// every one is drawn and dressed, and no size has changed from one frame to the next. Where Python has another page to show
// (adopt.js), all is taken away first, and what stands below would jump up and down: each frame keeps its height.

;(() => {
  const root = document.documentElement
  const PATIENCE = 5000 // milliseconds: what has not come by then is told of, and all else is shown
  const FRAME = 100 // milliseconds that a frame counts for at most: a machine that is still drawing needs all the longer
  const UNSEEN = 500 // milliseconds between two looks whether anybody looks
  const held = ".card, .foot, .bar-preset"

  const dressed = (within) =>
    [...within.querySelectorAll("*")].every((element) =>
      element.shadowRoot ? dressed(element.shadowRoot) : element.localName !== "link" || element.sheet,
    )

  // The next frame has been laid out, and who hears of sizes has been told of them; in a tab that nobody sees there are no frames.
  const nextFrame = () =>
    new Promise((/** @type {(value?: void) => void} */ resolve) => {
      const unseen = setInterval(() => {
        if (document.hidden) done()
      }, UNSEEN)
      const done = () => {
        clearInterval(unseen)
        resolve()
      }
      requestAnimationFrame(() => setTimeout(done))
    })

  async function settled() {
    const frames = [...document.querySelectorAll("[data-root-id]")]
    const drawn = () =>
      frames.every((frame) => frame.firstElementChild) &&
      window.Bokeh.index.roots.every((view) => view.has_finished()) &&
      frames.every(dressed)
    const sizes = () => frames.map((frame) => /** @type {HTMLElement} */ (frame.firstElementChild).offsetHeight).join()
    let left = PATIENCE
    for (let before, now; left > 0; before = now) {
      now = drawn() ? sizes() : ""
      if (now && now === before) return
      const began = performance.now()
      await nextFrame()
      const took = performance.now() - began
      left -= document.hidden ? took : Math.min(took, FRAME)
    }
  }

  root.dataset.drawn = "no"
  window.inkling.shown = new Promise((/** @type {(value?: void) => void} */ resolve) => {
    window.addEventListener("load", async () => {
      await settled()
      delete root.dataset.drawn
      resolve()
    })
  })

  const letGo = () =>
    document.querySelectorAll(held).forEach((frame) => {
      frame.style.minHeight = ""
    })

  window.inkling.panelPort.addEventListener("message", (event) => {
    const { data } = /** @type {MessageEvent<Message<"toPanel">>} */ (event)
    if (data.type !== "render") return
    for (const frame of document.querySelectorAll(held)) frame.style.minHeight = `${frame.offsetHeight}px`
    // Once all is ready and drawn, or has failed: then nothing is held any more.
    const soon = () => setTimeout(() => requestAnimationFrame(letGo), 500)
    window.inkling.ready.then(soon, soon)
  })
})()
