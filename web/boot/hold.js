// Nothing on the page moves while it starts. A classic script in <head>: the message that has everything taken away must be
// heard here first.
//
// Panel draws its part of the page twice: as it was when the site was built, and again with Python behind it. The first time,
// widgets are there before their style sheets, and are hidden until those have come: the browser's `load` waits for them. The
// second time, all is taken away first, and what stands below would jump up and down again: each frame keeps its height.

(() => {
  const root = document.documentElement
  const held = ".card, .foot, .bar-preset"

  root.dataset.drawn = "no"
  window.addEventListener("load", () => { delete root.dataset.drawn })

  const settle = () => document.querySelectorAll(held).forEach((frame) => { frame.style.minHeight = "" })

  window.inkling.panelPort.addEventListener("message", ({ data }) => {
    if (data.type !== "render") return
    for (const frame of document.querySelectorAll(held)) frame.style.minHeight = `${frame.offsetHeight}px`
    // Once all is ready and drawn, or has failed: then nothing is held any more.
    const soon = () => setTimeout(() => requestAnimationFrame(settle), 500)
    window.inkling.ready.then(soon, soon)
  })
})()
