// Every control explained in a sentence: shown beside what is pointed at or reached with the keyboard, and given to screen
// readers as the control's description. The sentence is `data-tip` on an element, or `--tip`, a string in quotes, which Panel's
// widgets have from views/controls.py.
//
// It goes away with Escape and stays while the pointer is on it (WCAG 1.4.13).

(() => {
  const WAIT = 500  // milliseconds that the pointer rests first; the keyboard waits for nothing

  const bubble = document.createElement("div")
  bubble.className = "tip"
  bubble.id = "tip"
  bubble.setAttribute("role", "tooltip")
  bubble.hidden = true

  let owner, timer

  // The innermost element that has a sentence. `--tip` is inherited, also through shadow roots, so any element inside will do.
  function find(path) {
    for (const element of path) {
      if (!(element instanceof Element)) continue
      if (element.dataset.tip) return { element, text: element.dataset.tip }
      if (element.matches("button, input, select, [role=slider]")) {
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
    const place = element.getBoundingClientRect()
    const { width, height } = bubble.getBoundingClientRect()
    const left = Math.max(8, Math.min(place.left + place.width / 2 - width / 2, innerWidth - width - 8))
    const above = place.top - height - 6
    const size = getComputedStyle(bubble).getPropertyValue("--size") || 1  // its own pixels are so many times as large
    bubble.style.left = `${left / size}px`
    bubble.style.top = `${(above > 4 ? above : place.bottom + 6) / size}px`
  }

  function hide() {
    clearTimeout(timer)
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

  // A change of focus between two controls in one shadow root isn't heard outside of it: so each root that the focus comes
  // through is listened to from then on.
  const heard = new WeakSet()
  function listen(root) {
    if (heard.has(root)) return
    heard.add(root)
    root.addEventListener("focusin", focused)
    root.addEventListener("focusout", hide)
  }

  function focused(event) {
    const path = event.composedPath()
    path.filter((node) => node instanceof ShadowRoot).forEach(listen)
    const found = find(path)
    if (!found) return hide()
    path[0].setAttribute("aria-description", found.text)
    if (path[0].matches(":focus-visible") && found.element !== owner) show(found)
  }

  listen(document)
  document.addEventListener("pointerdown", hide)
  document.addEventListener("scroll", hide, { capture: true, passive: true })
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide() })
})()
