// Keeps the page's address up to date with the learner's choices (web/state/address.py writes the query), and copies it for
// Share. The tab's history entry also gets the tab's place in the storage, so that a reload restores the learner's work instead
// of opening the address as a link (web/keeping/autosave.py).

;(() => {
  const PAUSE = 250 // milliseconds without a change; some browsers limit how often a page changes its address

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
      // the clipboard needs https and a permission
      window.inkling.say("This link opens the page as chosen now:", location.href)
    }
  })
})()
