// What Bokeh's and Panel's widgets lack for a person at a keyboard or a screen reader (ARIA Authoring Practices, "Tabs", "Button"
// and "Disclosure"): a tab hears presses only and comes after what it opens; which of several buttons is chosen and whether a card
// is open is there to be seen, and not said.
//
// Runs between their scripts and the first drawing: the views draw with what is added to them here, whenever they do.

;(() => {
  // `then(view)` after `method` of a model's views.
  function after(model, method, then) {
    const view = window.Bokeh?.Models.get(model)?.prototype.default_view.prototype
    if (!view) return // a script didn't come, which page.js says
    const own = view[method]
    view[method] = function (...parameters) {
      own.apply(this, parameters)
      then(this)
    }
  }

  for (const group of ["RadioButtonGroup", "CheckboxButtonGroup"]) {
    after(group, "_update_active", (view) => {
      for (const button of view._buttons) button.ariaPressed = button.classList.contains("bk-active")
    })
  }

  for (const method of ["render", "_collapse"]) {
    after("panel.models.layout.Card", method, ({ button_el, model }) => {
      button_el.ariaExpanded = !model.collapsed
    })
  }

  // Arrows, Home and End go from one tab to the next, Enter and space open it; the Tab key stops at the one in front, and goes on
  // into what that shows.
  const TABS = "panel.models.tabs.Tabs"
  const STEPS = { ArrowLeft: (at) => at - 1, ArrowRight: (at) => at + 1, Home: () => 0, End: () => -1 }

  after(TABS, "_update_headers", (view) => {
    view.headers_wrapper_el.role = "tablist"
    view.headers_wrapper_el.ariaLabel = "More"
    view.shadow_el.prepend(view.header_el)
    for (const [at, tab] of view.header_els.entries()) {
      tab.role = "tab"
      tab.addEventListener("keydown", (event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return // the browser's own
        if (event.key === "Enter" || event.key === " ") tab.click()
        else if (event.key in STEPS) view.header_els.at(STEPS[event.key](at) % view.header_els.length).focus()
        else return
        event.preventDefault()
      })
    }
    tell(view)
  })
  after(TABS, "update_active", tell)

  function tell({ model, header_els, child_views }) {
    for (const [at, tab] of header_els.entries()) {
      tab.ariaSelected = at === model.active
      tab.tabIndex = at === model.active ? 0 : -1
      child_views[at].el.role = "tabpanel"
      child_views[at].el.ariaLabel = tab.textContent
    }
  }
})()
