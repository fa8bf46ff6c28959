// Makes Bokeh's and Panel's widgets usable with a keyboard and a screen reader (ARIA Authoring Practices, "Tabs", "Button" and
// "Disclosure"). Without this, tabs react to clicks only and come after their panel in the Tab order, and a screen reader does
// not say which of several buttons is chosen or whether a card is open.
//
// Bokeh's views are changed before the first drawing, so that every view is drawn with these changes.

;(() => {
  // Calls `then(view)` after every call of `method` of a model's views.
  function after(model, method, then) {
    window.inkling.bokeh.then(() => {
      const view = window.Bokeh.Models.get(model).prototype.default_view.prototype
      const own = view[method]
      view[method] = function (...parameters) {
        own.apply(this, parameters)
        then(this)
      }
    })
  }

  for (const group of ["RadioButtonGroup", "CheckboxButtonGroup"].map((name) => `panel.models.widgets.${name}`)) {
    after(group, "_update_active", (view) => {
      for (const button of view._buttons) button.ariaPressed = button.classList.contains("bk-active")
    })
  }

  for (const method of ["render", "_collapse"]) {
    after("panel.models.layout.Card", method, ({ button_el, model }) => {
      button_el.ariaExpanded = !model.collapsed
    })
  }

  // The arrow keys, Home and End move the focus between the tabs, Enter and Space open the focused tab. The Tab key stops at
  // the open tab only, then goes on into its panel.
  const TABS = "panel.models.tabs.Tabs"
  const STEPS = { ArrowLeft: (at) => at - 1, ArrowRight: (at) => at + 1, Home: () => 0, End: () => -1 }

  after(TABS, "_update_headers", (view) => {
    view.headers_wrapper_el.role = "tablist"
    view.headers_wrapper_el.ariaLabel = "More"
    view.shadow_el.prepend(view.header_el)
    for (const [at, tab] of view.header_els.entries()) {
      tab.role = "tab"
      tab.addEventListener("keydown", (event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return // the browser's own shortcuts
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
