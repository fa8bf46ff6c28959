// Shows the slider over the training so far. Its right end is now; a handle at the right end stays there while training goes
// on.

const SEND_EVERY = 60 // milliseconds between two messages while the handle is dragged

export function render({ model, el }) {
  el.innerHTML = `
    <div class="room"><div class="track">
      <label for="moment">Rewind</label>
      <span class="moment"></span>
      <span class="buttons"><button type="button" class="lab-branch">Continue from here</button>
        <button type="button" class="lab-now">Back to now</button></span>
      <input id="moment" class="lab-rewind" type="range" min="0" step="1">
    </div></div>`
  const slider = el.querySelector("input")
  const text = el.querySelector(".moment")
  const buttons = el.querySelector(".buttons")
  let held = false // whether the handle is being dragged: then neither it nor its scale is changed
  let timer = null

  function fill() {
    const past = model.place >= 0
    buttons.classList.toggle("away", !past)
    text.textContent = model.about
    slider.setAttribute("aria-valuetext", past ? model.about : "now")
    if (held) return
    slider.disabled = model.trained === 0
    slider.max = Math.max(1, model.trained)
    // A hundred presses of an arrow key go from one end to the other.
    slider.step = Math.max(1, Math.floor(model.trained / 100))
    // Python's place belongs to an earlier request until it has heard of the latest one.
    if (model.heard === model.asked) slider.value = past ? model.place : slider.max
  }

  function send() {
    clearTimeout(timer)
    timer = null
    const value = Number(slider.value)
    model.asked = value + Number(slider.step) > Number(slider.max) ? -1 : value
  }

  function release() {
    held = false
    fill()
  }

  slider.addEventListener("pointerdown", () => {
    held = true
  })
  slider.addEventListener("input", () => {
    held = true
    timer ??= setTimeout(send, SEND_EVERY)
  })
  slider.addEventListener("change", () => {
    send()
    release()
  })
  // Ends a press that has moved nothing. After a press that has moved the handle, `change` comes first, in the same turn.
  for (const end of ["pointerup", "pointercancel"]) slider.addEventListener(end, () => setTimeout(release))
  // Both buttons disappear when they are pressed, so the focus moves to the slider.
  el.querySelector(".lab-branch").addEventListener("click", () => {
    model.branches += 1
    slider.focus()
  })
  el.querySelector(".lab-now").addEventListener("click", () => {
    model.asked = -1
    slider.value = slider.max // at once, because an arrow key may be pressed before Python answers
    slider.focus()
  })
  model.on(["trained", "place", "heard", "about"], fill)
  fill()
}
