// Shows the weights to the ten outputs: a line for each digit, a column for each neuron of the layer below. Blue is below zero,
// paper zero, orange above; the scale is symmetric and shown. Pointing at a cell, or the arrow keys, show its number.

const COLOURS = [
  [33, 102, 172],
  [246, 243, 238],
  [200, 90, 10],
] // below, zero, above

export function render({ model, el }) {
  el.innerHTML = `
    <div class="lab-outputs">
      <p class="scale"><span class="low"></span><i></i><span class="high"></span><span class="number" role="status"></span></p>
      <div class="lines"><div class="digits" aria-hidden="true">${[...Array(10).keys()].map((digit) => `<span>${digit}</span>`).join("")}</div>
        <canvas role="slider" tabindex="0" aria-label="Weights to the outputs; arrow keys go to other neurons and digits"
          aria-valuemin="1" aria-valuemax="1" aria-valuenow="1"></canvas></div>
    </div>`
  const canvas = el.querySelector("canvas")
  const number = el.querySelector(".number")
  let values = new Float32Array()
  let [column, digit] = [-1, 0]
  const signed = (value, digits = 3) => (value < 0 ? "−" : "") + Math.abs(value).toPrecision(digits)

  function paint() {
    values = new Float32Array(new Uint8Array(model.values).slice().buffer)
    const count = model.numbers.length
    if (!count || values.length !== 10 * count) return
    if (canvas.width !== count) [canvas.width, canvas.height] = [count, 10]
    const limit = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1
    const image = new ImageData(count, 10)
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < 10; j++) {
        const share = values[10 * i + j] / limit
        const end = share < 0 ? COLOURS[0] : COLOURS[2]
        const place = 4 * (j * count + i)
        for (let c = 0; c < 3; c++) image.data[place + c] = COLOURS[1][c] + (end[c] - COLOURS[1][c]) * Math.abs(share)
        image.data[place + 3] = 255
      }
    }
    canvas.getContext("2d").putImageData(image, 0, 0)
    canvas.setAttribute("aria-valuemax", count)
    el.querySelector(".low").textContent = signed(-limit, 2)
    el.querySelector(".high").textContent = signed(limit, 2)
    tell()
  }

  function tell() {
    const value = values[10 * column + digit]
    number.textContent = model.word
    if (column < 0 || value === undefined) return
    const text = `${model.word} of neuron ${model.numbers[column]} for ${digit}: ${signed(value)}`
    number.textContent = text
    canvas.setAttribute("aria-valuenow", column + 1)
    canvas.setAttribute("aria-valuetext", text)
  }

  function point(to, line) {
    column = Math.min(model.numbers.length - 1, to)
    digit = Math.max(0, Math.min(9, line))
    tell()
  }

  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect()
    point(
      Math.floor(((event.clientX - box.left) / box.width) * canvas.width),
      Math.floor(((event.clientY - box.top) / box.height) * 10),
    )
  })
  canvas.addEventListener("pointerleave", () => point(-1, 0))
  canvas.addEventListener("focus", () => point(Math.max(0, column), digit))
  canvas.addEventListener("keydown", (event) => {
    const to = {
      ArrowRight: [column + 1, digit],
      ArrowLeft: [Math.max(0, column - 1), digit],
      ArrowDown: [column, digit + 1],
      ArrowUp: [column, digit - 1],
      Home: [0, digit],
      End: [model.numbers.length - 1, digit],
    }[event.key]
    if (!to) return
    event.preventDefault()
    point(...to)
  })

  // Draws once when the properties of one message from Python have all arrived; they arrive one after the other.
  let due = false
  function soon() {
    if (due) return
    due = true
    queueMicrotask(() => {
      due = false
      paint()
    })
  }

  model.on(["values", "numbers", "word"], soon)
  paint()
}
