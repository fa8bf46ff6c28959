// Nothing on the page moves while it starts. A classic script in <head>: the message that has everything taken away must be
// heard here first.
//
// When the page is drawn, widgets are there before their style sheets, and some come late: they are hidden until all is there
// (the browser's `load` waits for it) and no size has changed for a moment. Where Python has another page to show (adopt.js), all
// is taken away first, and what stands below would jump up and down: each frame keeps its height.

(() => {
  const root = document.documentElement
  const QUIET = 300  // milliseconds
  const held = ".card, .foot, .bar-preset"

  root.dataset.drawn = "no"
  window.addEventListener("load", () => {
    const show = () => {
      sizes.disconnect()
      delete root.dataset.drawn
    }
    let timer = null
    const sizes = new ResizeObserver(() => {
      clearTimeout(timer)
      timer = setTimeout(show, QUIET)
    })
    document.querySelectorAll("[data-root-id] > *").forEach((drawn) => sizes.observe(drawn))
    timer = setTimeout(show, QUIET)
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
