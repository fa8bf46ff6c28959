// The slider over the training so far. Its right end is now; while it is there, it stays there as training goes on.

const SEND_EVERY = 60  // milliseconds between two messages while the handle is dragged
const images = (count) => `${count.toLocaleString("en")} images`

export function render({ model, el }) {
  el.innerHTML = `
    <div class="rewind">
      <label for="moment">Rewind</label>
      <input id="moment" class="lab-rewind" type="range" min="0" step="1">
      <span class="moment"></span>
      <button type="button" class="lab-branch" hidden>Continue from here</button>
      <button type="button" class="lab-now" hidden>Back to now</button>
    </div>`
  const slider = el.querySelector("input")
  const text = el.querySelector(".moment")
  const branch = el.querySelector(".lab-branch")
  const now = el.querySelector(".lab-now")
  let held = false    // somebody has the handle: don't move it under their hand
  let timer = null

  function fill() {
    slider.disabled = model.trained === 0
    slider.max = Math.max(1, model.trained)
    slider.title = model.about
    // As fine as a hundred presses of an arrow key.
    slider.step = Math.max(1, Math.floor(model.trained / 100))
    const past = model.shown >= 0
    if (!held) slider.value = past ? model.shown : slider.max
    branch.hidden = now.hidden = !past
    text.classList.toggle("now", !past)
    text.textContent = past ? `at ${images(model.shown)}` : model.about
    slider.setAttribute("aria-valuetext", past ? `at ${images(model.shown)}` : "now")
  }

  function send() {
    timer = null
    const value = Number(slider.value)
    model.asked = value + Number(slider.step) > model.trained ? -1 : value
  }

  slider.addEventListener("input", () => {
    held = true
    timer ??= setTimeout(send, SEND_EVERY)
  })
  slider.addEventListener("change", () => {
    held = false
    clearTimeout(timer)
    send()
  })
  branch.addEventListener("click", () => { model.branches += 1 })
  now.addEventListener("click", () => {
    model.asked = -1
    slider.focus()
  })
  model.on(["trained", "shown", "about"], fill)
  fill()
}
