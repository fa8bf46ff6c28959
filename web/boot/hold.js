// Nothing on the page moves while it starts. A classic script in <head>: the message that has everything taken away must be
// heard here first.
//
// When the page is drawn, widgets are there before their style sheets: they are hidden, and take no room (look/page.css), until
// every one is drawn and dressed, and no size has changed for a moment. Where Python has another page to show (adopt.js), all is
// taken away first, and what stands below would jump up and down: each frame keeps its height.

(() => {
  const root = document.documentElement
  const QUIET = 20  // milliseconds
  const PATIENCE = 5000  // what has not come by then is told of, and all else is shown
  const held = ".card, .foot, .bar-preset"

  const dressed = (within) => [...within.querySelectorAll("*")].every((element) => (
    element.shadowRoot ? dressed(element.shadowRoot) : element.localName !== "link" || element.sheet))

  root.dataset.drawn = "no"
  window.inkling.shown = new Promise((resolve) => {
    window.addEventListener("load", () => {
      const frames = [...document.querySelectorAll("[data-root-id]")]
      const drawn = () => frames.every((frame) => frame.firstElementChild)
        && window.Bokeh.index.roots.every((view) => view.has_finished()) && frames.every(dressed)
      const until = performance.now() + PATIENCE
      let before
      const look = () => {
        const sizes = drawn() ? frames.map(({ firstElementChild: view }) => view.offsetHeight).join() : undefined
        if ((!sizes || sizes !== before) && performance.now() < until) {
          before = sizes
          setTimeout(look, QUIET)
          return
        }
        delete root.dataset.drawn
        resolve()
      }
      look()
    })
  })

  const settle = () => document.querySelectorAll(held).forEach((frame) => { frame.style.minHeight = "" })

  window.inkling.panelPort.addEventListener("message", ({ data }) => {
    if (data.type !== "render") return
    for (const frame of document.querySelectorAll(held)) frame.style.minHeight = `${frame.offsetHeight}px`
    // Once all is ready and drawn, or has failed: then nothing is held any more.
    const soon = () => setTimeout(() => requestAnimationFrame(settle), 500)
    window.inkling.ready.then(soon, soon)
  })
})()
