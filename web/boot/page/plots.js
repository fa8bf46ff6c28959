// Fits Bokeh's plots to this page: the room for the numbers on the left grows with the page (`--size`, boot/page/theme.js), so
// that plots above one another line up, and on a touch screen plots have no drag tool, which would stop the finger from
// scrolling.
//
// Changes Bokeh's views before the first drawing, like aria.js.

;(() => {
  const LEFT = 46 // pixels at size 1, as in curve_figure (web/views/curves.py)
  const size = () => Number(document.documentElement.style.getPropertyValue("--size")) || 1
  const touched = matchMedia("(pointer: coarse)").matches
  const plots = new Set()

  // Sets a plot's left margin in this window only; Python is not told.
  const fit = (model) => model.setv({ min_border_left: Math.round(LEFT * size()) }, { sync: false })

  window.inkling.bokeh.then(() => {
    const view = window.Bokeh.Models.get("Figure").prototype.default_view.prototype
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
  })
  document.addEventListener("inkling:size", () => plots.forEach(fit))
})()
