// What Bokeh's plots need from this page: room for their numbers as large as the page is drawn (`--size`, boot/page/theme.js), so that
// plots above one another line up, and on a screen that is touched no tool that takes the finger's scrolling.
//
// Runs between Bokeh's scripts and the first drawing, like aria.js.

;(() => {
  const LEFT = 46 // pixels at size 1: what curve_figure (web/views/curves.py) has
  const size = () => Number(document.documentElement.style.getPropertyValue("--size")) || 1
  const touched = matchMedia("(pointer: coarse)").matches
  const plots = new Set()

  // Of this window alone: Python hears nothing of it.
  const fit = (model) => model.setv({ min_border_left: Math.round(LEFT * size()) }, { sync: false })

  const view = window.Bokeh?.Models.get("Figure")?.prototype.default_view.prototype
  if (!view) return // a script didn't come, which page.js says
  const { initialize, remove } = view

  view.initialize = function () {
    fit(this.model)
    if (touched) this.model.toolbar.setv({ active_drag: null }, { sync: false })
    plots.add(this.model)
    initialize.call(this)
  }
  view.remove = function () {
    plots.delete(this.model)
    remove.call(this)
  }
  document.addEventListener("inkling:size", () => plots.forEach(fit))
})()
