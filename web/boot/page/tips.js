// Explains every control in a sentence. The sentence is shown beside the control that is pointed at or has the keyboard's
// focus, and screen readers get it as the control's description. It is in `data-tip` on an element, or in `--tip`, a quoted
// string that views/controls.py gives to Panel's widgets.
//
// On a touch screen the sentence is shown when a finger rests on a control, or taps its name; the control does not change.
//
// The sentence disappears on Escape and stays while the pointer is on it (WCAG 1.4.13).

;(() => {
  const WAIT = 500 // milliseconds that the pointer must rest on a control; the keyboard's focus shows it at once
  const HOLD = 450 // milliseconds that a finger must rest; the browser opens its own menu after a little longer
  const STILL = 10 // pixels that a resting finger may move
  const CONTROLS = "button, input, select, summary, [role=slider], [role=tab]"

  const bubble = document.createElement("div")
  bubble.className = "tip"
  bubble.id = "tip"
  bubble.setAttribute("role", "tooltip")
  bubble.popover = "manual" // above a dialog too
  bubble.hidden = true

  let owner, timer

  // Finds the innermost element that has a sentence. `--tip` is inherited, also into shadow roots, so any control inside has
  // it.
  function find(path) {
    for (const element of path) {
      if (!(element instanceof Element)) continue
      if (element instanceof HTMLElement && element.dataset.tip) return { element, text: element.dataset.tip }
      if (element.matches(`${CONTROLS}, label`)) {
        const quoted = getComputedStyle(element).getPropertyValue("--tip").trim()
        if (quoted) return { element, text: JSON.parse(quoted) }
      }
    }
  }

  function show({ element, text }) {
    hide()
    owner = element
    bubble.textContent = text
    bubble.hidden = false
    if (!bubble.isConnected) document.body.append(bubble)
    bubble.showPopover?.()
    const place = element.getBoundingClientRect()
    const { width, height } = bubble.getBoundingClientRect()
    const left = Math.max(8, Math.min(place.left + place.width / 2 - width / 2, innerWidth - width - 8))
    const above = place.top - height - 6
    const size = Number(getComputedStyle(bubble).getPropertyValue("--size")) || 1 // window pixels in one of the bubble's pixels
    bubble.style.left = `${left / size}px`
    bubble.style.top = `${(above > 4 ? above : place.bottom + 6) / size}px`
  }

  function hide() {
    clearTimeout(timer)
    if (owner) bubble.hidePopover?.()
    bubble.hidden = true
    owner = undefined
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || event.composedPath().includes(bubble)) return
    const found = find(event.composedPath())
    if (found?.element === owner && owner) return
    hide()
    if (found) timer = setTimeout(show, WAIT, found)
  })

  function focused(event) {
    const path = event.composedPath()
    const found = find(path)
    if (!found) return hide()
    path[0].setAttribute("aria-description", found.text)
    if (path[0].matches(":focus-visible") && found.element !== owner) show(found)
  }

  // ---- touch -----------------------------------------------------------------------------------------------------------

  // The last touch: where it began, the slider under it and its value, the element whose sentence it closed, and whether it has
  // rested long enough to ask for a sentence.
  let touch

  function begin(event) {
    clearTimeout(touch?.timer)
    touch = undefined
    const closed = owner
    hide()
    const path = event.composedPath()
    const found = event.pointerType === "touch" && find(path)
    if (!found) return
    const slider = path.find((node) => node.type === "range")
    touch = { x: event.clientX, y: event.clientY, slider, value: slider?.value, closed, asked: false }
    touch.timer = setTimeout(ask, HOLD, found)
  }

  function ask(found) {
    touch.asked = true
    restore()
    show(found)
  }

  function restore() {
    if (touch.slider && touch.slider.value !== touch.value) {
      touch.slider.value = touch.value
      touch.slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }))
    }
  }

  function end(event) {
    if (!touch || touch.asked) return
    const moved = Math.hypot(event.clientX - touch.x, event.clientY - touch.y) > STILL
    if (event.type !== "pointermove" || moved) clearTimeout(touch.timer)
  }

  // Stops the events that the browser makes of a touch that has asked, so that the control does not change.
  function swallow(event) {
    if (!touch?.asked || !event.isTrusted) return
    event.stopImmediatePropagation()
    if (event.cancelable) event.preventDefault()
    if (event.target.shadowRoot || event.composedPath()[0] === touch.slider) restore()
  }

  // Shows the sentence when the name of a slider or a list is tapped. Such a name is a label that does nothing by itself; the
  // name of a checkbox ticks it, so that is left alone.
  function tapped(event) {
    if (event.pointerType !== "touch" || !touch) return
    const path = event.composedPath()
    const first = path.find((node) => node.matches?.(`${CONTROLS}, label`))
    if (!first?.matches("label") || /checkbox|radio|file/.test(first.control?.type)) return
    const found = find(path)
    if (!found) return
    event.preventDefault()
    if (found.element !== touch.closed) show(found)
  }

  for (const type of ["mousedown", "click", "contextmenu", "input", "change"]) window.addEventListener(type, swallow, true)
  for (const type of ["pointermove", "pointerup", "pointercancel"]) document.addEventListener(type, end, { passive: true })
  document.addEventListener("click", tapped)

  window.inkling.onFocus(focused, hide)
  document.addEventListener("pointerdown", begin)
  document.addEventListener("scroll", hide, { capture: true, passive: true })
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide()
  })
})()
