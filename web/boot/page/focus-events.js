// Hears where the focus goes, also inside shadow roots. A change of focus between two controls of one shadow root isn't heard
// outside of it, so each root that the focus comes through is listened to from then on.

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
