// Shows a labelled slider over a list of stops. While the handle moves, only the text follows; Python is told of the stop where
// it is let go.

export function render({ model, el }) {
  el.innerHTML = `
    <label data-tip><span class="name"></span><output aria-live="off"></output>
      <input type="range" min="0" step="1"></label>`
  const label = el.querySelector("label")
  const name = el.querySelector(".name")
  const value = el.querySelector("output")
  const input = el.querySelector("input")

  let held = false // whether the handle is being dragged: then it is not moved

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
  // Ends a press that has moved nothing. After a press that has moved the handle, `change` comes first, in the same turn.
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
