// A labelled range input over a list of stops. While the handle moves, only the text follows; Python hears of the stop at which
// it was left.

export function render({ model, el }) {
  el.innerHTML = `
    <label data-tip><span class="name"></span><output aria-live="off"></output>
      <input type="range" min="0" step="1"></label>`
  const label = el.querySelector("label")
  const name = el.querySelector(".name")
  const value = el.querySelector("output")
  const input = el.querySelector("input")

  let held = false // somebody has the handle: it stays under their hand

  function say(text) {
    value.textContent = text
    input.setAttribute("aria-valuetext", text)
  }

  function show() {
    name.textContent = model.label
    label.dataset.tip = model.tip
    input.setAttribute("aria-label", model.label)
    if (held) return
    input.max = Math.max(1, model.texts.length - 1)
    input.value = model.index
    say(model.shown)
  }

  function release() {
    held = false
    show()
  }

  input.addEventListener("pointerdown", () => {
    held = true
  })
  // A press that moved nothing is followed by no change; one that did, by a change in the same turn.
  for (const end of ["pointerup", "pointercancel"]) input.addEventListener(end, () => setTimeout(release))
  input.addEventListener("input", () => say(model.texts[input.valueAsNumber]))
  input.addEventListener("change", () => {
    held = false
    if (model.index === input.valueAsNumber) show()
    else model.index = input.valueAsNumber
  })
  model.on(["label", "tip", "texts", "index", "shown"], show)
  show()
}
