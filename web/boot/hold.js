// Panel draws its part of the page twice: as it was when the site was built, and again with Python behind it. In between it
// takes everything away, and what stands below would jump up and down again. So each frame keeps its height until the second
// drawing is there. A classic script in <head>: the message that has everything taken away must be heard here first.

(() => {
  const held = ".card, .foot, .bar-preset"
  const settle = () => document.querySelectorAll(held).forEach((frame) => { frame.style.minHeight = "" })

  window.inkling.panelPort.addEventListener("message", ({ data }) => {
    if (data.type !== "render") return
    for (const frame of document.querySelectorAll(held)) frame.style.minHeight = `${frame.offsetHeight}px`
    // Once all is ready and drawn, or has failed: then nothing is held any more.
    const soon = () => setTimeout(() => requestAnimationFrame(settle), 500)
    window.inkling.ready.then(soon, soon)
  })
})()
