// Keeps everything on the page in its place while the page starts. A classic script in <head>, because it must get the message
// `render`, which removes the drawn page, before Panel's script does.
//
// Widgets are drawn before their style sheets have loaded. They stay hidden and take no room (look/page.css) until all are
// drawn, all have their style sheets, and no height has changed from one frame to the next. Where Python has another page to
// show (hydrate.js), the drawn page is removed first; each part keeps its height meanwhile, so that the parts below don't jump.

;(() => {
  const root = document.documentElement
  const PATIENCE = 5000 // milliseconds after which the page is shown as it is
  const FRAME = 100 // milliseconds that a frame counts for at most, so that a slow machine gets more time
  const UNSEEN = 500 // milliseconds between two checks whether the tab is hidden
  const held = ".card, .foot, .bar-preset"

  const dressed = (within) =>
    [...within.querySelectorAll("*")].every((element) =>
      element.shadowRoot ? dressed(element.shadowRoot) : element.localName !== "link" || element.sheet,
    )

  // Resolves after the next frame was laid out and resize observers were called. A hidden tab has no frames: there it resolves
  // soon.
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
    // Lets the heights go once Python's page is ready and drawn, or has failed.
    const soon = () => setTimeout(() => requestAnimationFrame(letGo), 500)
    window.inkling.ready.then(soon, soon)
  })
})()
