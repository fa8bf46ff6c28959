// Moves the keyboard's focus to the nearest control when the focused control goes away. A press often hides or disables its own
// button: Pause takes the place of Train, a dismissed line disappears, nothing is left to delete. The browser would then focus
// the page as a whole, where Enter does nothing and the Tab key begins at the top.
//
// The nearest control is in the smallest part of the page that still has a usable one: the next control there, else the
// previous. Where a whole bar or line is gone, the focus returns to the control that had it before. A control that was only
// disabled gets the focus back when it is enabled again, unless the focus has moved on by then.

;(() => {
  const CONTROL = "button, select, input, textarea, a[href], summary, [tabindex]:not(.bk-events)" // no plot: Enter does nothing there
  // The search goes outwards no further than these parts of the page.
  const REGION = "[data-root-id], .notes, .problems, .said, dialog, .tour, header, footer, main, body"
  const REMEMBERED = 20
  const SETTLED = 150 // milliseconds
  const PATIENCE = 3000,
    LOOK_EVERY = 50 // milliseconds: while Panel draws a part of the page again

  let place = null // where the focused element is: { element, path, sign }, path from the element outwards
  let standIn = null // { element, place }: element has the focus while the control at place is disabled
  let byPointer = false
  let handedOver = false // whether the focus was moved here since the last key press
  const before = [] // elements that had the focus, the latest last

  function focused() {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return element
  }

  const seen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0
  const usable = (element) => element.isConnected && !element.disabled && element.type !== "hidden" && seen(element)
  const typed = (element) => element.matches("textarea, input:not([type=range], [type=checkbox], [type=radio], [type=button])")
  // After a touch, text fields are not offered: focusing one would open the phone's keyboard.
  const offered = (element) =>
    element.matches(CONTROL) && element.tabIndex >= 0 && usable(element) && !(byPointer && typed(element))

  // ---- places: an element's parents through the shadow roots, and a sign that tells it from its neighbours ------------------

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
      if (sign(element) === wanted) return element // the same control, drawn again
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
    // A better control may appear a moment later, because Python's changes arrive one after another.
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
    // A whole part that disappeared may be drawn again soon, for example when Python shows another page.
    const frame = place.path.find(({ parent }) => parent.matches?.("[data-root-id]"))?.parent
    const redrawn = !place.element.isConnected && frame && !frame.firstElementChild
    if (!found && redrawn && waiting < PATIENCE) setTimeout(() => check(waiting + LOOK_EVERY), LOOK_EVERY)
    else {
      // Who points at things needs no focus at the top of the page; it would only show a tip there.
      const first = () => (byPointer ? null : nearest({ parent: document.body, node: document.body, at: 0 }, ""))
      const other = found ?? earlier() ?? first()
      if (other) give(other, place)
    }
  }

  // A hidden or removed element changes its size to none; a disabled one gets an attribute.
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

  // Handles a lost focus. The control may have gone away, or the learner has pressed on an empty part of the page.
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
      // Holding Enter down repeats it. The repeats must not press the button that has taken the focus over.
      else if (handedOver && event.key === "Enter") {
        event.preventDefault()
        event.stopPropagation()
      }
    },
    true,
  )
})()
