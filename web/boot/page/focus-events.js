// Reports every change of focus, also inside shadow roots. A change between two controls of one shadow root sends no event
// outside it, so a listener is added to each root that the focus enters.

/** @param {(event: FocusEvent) => void} came @param {(event: FocusEvent) => void} left */
window.inkling.onFocus = (came, left) => {
  const heard = new WeakSet()

  function listen(root) {
    if (heard.has(root)) return
    heard.add(root)
    root.addEventListener("focusin", hear)
    root.addEventListener("focusout", left)
  }

  function hear(event) {
    for (const node of event.composedPath()) if (node instanceof ShadowRoot) listen(node)
    came(event)
  }

  listen(document)
}
