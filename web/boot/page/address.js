// The address says what was chosen (web/state/address.py writes it, this puts it into the address bar), and Share copies it.
// The entry in the tab's history is marked with the tab's place in the storage: a reload of it opens no link (web/keeping/autosave.py).

;(() => {
  const PAUSE = 250 // milliseconds without a change; a slider under way would fill some browsers' quota of changes

  let query, timer

  function write() {
    clearTimeout(timer)
    if (query === undefined) return
    const state = { ...history.state, inklingPlace: window.inkling.place.get() }
    history.replaceState(state, "", location.pathname + (query && "?" + query) + location.hash)
    query = undefined
  }

  document.addEventListener("inkling:choices", ({ detail }) => {
    query = detail.query
    clearTimeout(timer)
    timer = setTimeout(write, PAUSE)
  })

  document.addEventListener("click", async (event) => {
    if (!(/** @type {Element} */ (event.target).closest?.(".lab-share"))) return
    write()
    try {
      await navigator.clipboard.writeText(location.href)
      window.inkling.say("Link copied: it opens this page with everything chosen as it is now.")
    } catch {
      // no clipboard without https, or not allowed
      window.inkling.say("This link opens the page as chosen now:", location.href)
    }
  })
})()
