// The keyboard's focus is never dropped. A button that is pressed is often put away by what it does: Pause stands where Train
// stood, a line that is dismissed is gone, nothing is left to delete. A browser then gives the focus to the page as a whole, where
// the next press of Enter does nothing and the Tab key begins at the top. Here it goes on to the nearest control instead.
//
// Nearest: in the smallest part of the page that still has a control to offer, which for one of a pair is the other one; the
// next there, or else the one before. Where a whole bar or line is gone, the focus goes back to where it was before. A control
// that was only disabled for a while gets it back, unless it has moved on.

;(() => {
  const CONTROL = "button, select, input, textarea, a[href], summary, [tabindex]:not(.bk-events)" // no plot: Enter does nothing there
  // Parts of the page that are left, and not searched further, when they have nothing to offer.
  const REGION = "[data-root-id], .notes, .problems, .said, dialog, .tour, header, footer, main, body"
  const REMEMBERED = 20
  const SETTLED = 150 // milliseconds
  const PATIENCE = 3000,
    LOOK_EVERY = 50 // milliseconds: for a part that Panel draws anew

  let place = null // of the focused element: { element, path, sign }, path from the element outwards
  let standIn = null // { element, place }: has the focus in place of one that is disabled
  let byPointer = false
  let handedOver = false // since a key went down last
  const before = [] // elements that had the focus, the last one last

  function focused() {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return element
  }

  const seen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0
  const usable = (element) => element.isConnected && !element.disabled && element.type !== "hidden" && seen(element)
  const typed = (element) => element.matches("textarea, input:not([type=range], [type=checkbox], [type=radio], [type=button])")
  // A press of a finger must not open the keyboard of a phone.
  const offered = (element) =>
    element.matches(CONTROL) && element.tabIndex >= 0 && usable(element) && !(byPointer && typed(element))

  // ---- places: a chain of parents through the shadow roots, and what tells a control from its neighbours --------------------

  const parentOf = (node) => node.parentNode ?? node.host
  const sign = (element) =>
    [
      element.localName,
      element.ariaLabel ?? element.textContent.trim(),
      element.className,
      element.getRootNode().host?.className,
    ].join("|")

  function placeOf(element) {
    const path = []
    for (let node = element; parentOf(node) && node !== document.body; node = parentOf(node)) {
      const parent = parentOf(node)
      path.push({ parent, node, at: [...parent.children].indexOf(node) })
    }
    return { element, path, sign: sign(element) }
  }

  function* inside(node) {
    for (const child of [...(node.shadowRoot?.children ?? []), ...node.children]) {
      yield child
      yield* inside(child)
    }
  }

  function nearest({ parent, node, at }, wanted) {
    const here = node.parentNode === parent || node.host === parent ? node : parent.children[at]
    let passed = false,
      last = null,
      next = null
    for (const element of inside(parent)) {
      if (element === here) passed = true
      if (!offered(element)) continue
      if (sign(element) === wanted) return element // the same control, drawn anew
      if (passed) next ??= element
      else last = element
    }
    return next ?? last
  }

  function inRegion({ path, sign }) {
    for (const step of path) {
      if (!step.parent.isConnected) continue
      const found = nearest(step, sign)
      if (found) return found
      if (step.parent.matches?.(REGION)) return null
    }
    return null
  }

  const earlier = () => before.findLast((element) => element !== place?.element && offered(element))

  // ---- losing the focus, and handing it over ---------------------------------------------------------------------------------

  const lost = () => {
    const now = focused()
    return place && !usable(place.element) && (!now || now === document.body || now === place.element)
  }

  function give(element, from, again = true) {
    standIn = from.element.disabled ? { element, place: from } : null
    handedOver = true
    element.focus({ preventScroll: true })
    // What came in its place may be shown a moment later: Python's changes arrive one after another.
    if (again)
      setTimeout(() => {
        if (!handedOver || focused() !== element || usable(from.element)) return
        const found = inRegion(from)
        if (found && found !== element) give(found, from, false)
      }, SETTLED)
  }

  function check(waiting = 0) {
    if (standIn && focused() === standIn.element && usable(standIn.place.element)) {
      const back = standIn.place.element
      standIn = null
      back.focus({ preventScroll: true })
      return
    }
    if (!lost()) return
    const found = inRegion(place)
    // A part that is taken away whole may be drawn anew in a moment, as when Python has another page to show.
    const frame = place.path.find(({ parent }) => parent.matches?.("[data-root-id]"))?.parent
    const redrawn = !place.element.isConnected && frame && !frame.firstElementChild
    if (!found && redrawn && waiting < PATIENCE) setTimeout(() => check(waiting + LOOK_EVERY), LOOK_EVERY)
    else {
      const other = found ?? earlier() ?? nearest({ parent: document.body, node: document.body, at: 0 }, "")
      if (other) give(other, place)
    }
  }

  // What is put away or taken out has no size any more, and what is disabled has an attribute.
  const sizes = new ResizeObserver(() => check())
  const attributes = new MutationObserver(() => check())

  function watch() {
    sizes.disconnect()
    attributes.disconnect()
    for (const at of [place, standIn?.place]) {
      if (!at) continue
      sizes.observe(at.element)
      attributes.observe(at.element, { attributeFilter: ["disabled"] })
    }
  }

  function came(event) {
    const path = event.composedPath()
    if (path[0] === place?.element) return
    place = placeOf(path[0])
    if (standIn?.element !== path[0]) standIn = null
    before.push(path[0])
    if (before.length > REMEMBERED) before.shift()
    watch()
  }

  // Gone by itself, or taken away by the person, who has pressed beside everything.
  function left() {
    setTimeout(() => {
      if (lost()) check()
      else if (place && focused() === document.body && usable(place.element) && document.hasFocus()) place = standIn = null
    })
  }

  window.inkling.onFocus(came, left)
  addEventListener(
    "pointerdown",
    () => {
      byPointer = true
    },
    true,
  )
  addEventListener(
    "keydown",
    (event) => {
      byPointer = false
      if (!event.repeat) handedOver = false
      // A key that is held down presses the button that it was put on, and not also the one that came in its place.
      else if (handedOver && event.key === "Enter") {
        event.preventDefault()
        event.stopPropagation()
      }
    },
    true,
  )
})()
