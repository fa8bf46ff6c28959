// Shows neurons as pictures of their incoming weights: blue below zero, paper at zero, orange above, on one symmetric scale
// that is shown. A bar under each picture is the neuron's activation for the drawing on the pad. Pointing at a picture, or
// going there with the arrow keys, shows its numbers; the pointer also shows single weights.

const COLOURS = [
  [33, 102, 172],
  [246, 243, 238],
  [200, 90, 10],
] // below, zero, above

// The 511 colours from one end of the scale to the other, each as the four bytes of a pixel. A table, because up to 37,000
// weights are drawn at a time.
const PALETTE = new Uint32Array(
  new Uint8ClampedArray(
    Array.from({ length: 511 }, (_, i) => {
      const share = (i - 255) / 255
      const end = share < 0 ? COLOURS[0] : COLOURS[2]
      return [...COLOURS[1].map((middle, c) => middle + (end[c] - middle) * Math.abs(share)), 255]
    }).flat(),
  ).buffer,
)

export function render({ model, el }) {
  el.innerHTML = `
    <div class="lab-neurons">
      <p class="scale"><span class="low"></span><i></i><span class="high"></span><span class="word">weight</span></p>
      <p class="numbers" role="status"></p>
      <div class="pictures" role="group" aria-label="Neurons; arrow keys go from one to the next"></div>
    </div>`
  const pictures = el.querySelector(".pictures")
  const numbers = el.querySelector(".numbers")
  let tiles = []
  let weights = new Int16Array()
  let at = -1 // index of the neuron whose numbers are shown, or -1
  let pixel = -1 // index of its weight under the pointer, or -1

  const signed = (value, digits = 3) => (value < 0 ? "−" : "") + Math.abs(value).toPrecision(digits)

  function lay() {
    pictures.innerHTML = model.numbers
      .map(() => '<button type="button"><canvas></canvas><span class="name"></span><span class="gives"><b></b></span></button>')
      .join("")
    tiles = [...pictures.children]
    tiles.forEach((tile, i) => {
      tile.tabIndex = i ? -1 : 0
      tile.addEventListener("focus", () => read(i, -1))
      tile.addEventListener("pointerleave", () => read(-1, -1))
      tile.addEventListener("pointermove", (event) => {
        const box = tile.firstElementChild.getBoundingClientRect()
        const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
        const lines = Math.ceil(model.inputs / model.width)
        const inside = x >= 0 && x < 1 && y >= 0 && y < 1
        const place = Math.floor(y * lines) * model.width + Math.floor(x * model.width)
        read(i, inside && place < model.inputs ? place : -1)
      })
    })
  }

  function paint() {
    if (tiles.length !== model.numbers.length) lay()
    weights = new Int16Array(new Uint8Array(model.weights).slice().buffer)
    const { inputs, width } = model
    if (weights.length !== inputs * tiles.length) return
    const lines = Math.ceil(inputs / width)
    const step = model.limit > 0 ? (model.top / 32767 / model.limit) * 255 : 0
    tiles.forEach((tile, i) => {
      const canvas = tile.firstElementChild
      if (canvas.width !== width || canvas.height !== lines) [canvas.width, canvas.height] = [width, lines]
      const image = new ImageData(width, lines)
      const dots = new Uint32Array(image.data.buffer)
      for (let j = 0; j < inputs; j++) {
        dots[j] = PALETTE[255 + Math.max(-255, Math.min(255, Math.round(weights[i * inputs + j] * step)))]
      }
      canvas.getContext("2d").putImageData(image, 0, 0)
      tile.querySelector(".name").textContent = `${model.numbers[i]}`
    })
    el.querySelector(".low").textContent = `≤ ${signed(-model.limit, 2)}`
    el.querySelector(".high").textContent = `≥ ${signed(model.limit, 2)}`
    activate()
  }

  function activate() {
    const most = Math.max(1e-9, ...model.gives.map(Math.abs))
    tiles.forEach((tile, i) => {
      const value = model.gives[i]
      const bar = tile.querySelector(".gives b")
      bar.style.width = value === undefined ? 0 : `${(100 * Math.abs(value)) / most}%`
      bar.classList.toggle("below", value < 0)
      tile.setAttribute("aria-label", words(i))
    })
    if (at >= 0) read(at, pixel)
  }

  function words(i) {
    const parts = [`Neuron ${model.numbers[i]} of ${model.layer}`]
    if (model.biases.length) parts.push(`bias ${signed(model.biases[i])}`)
    if (model.uses.length) parts.push(`use ${signed(model.uses[i])}`)
    if (model.gives.length) parts.push(`gives ${signed(model.gives[i])} now`)
    return parts.join(" · ")
  }

  function read(i, place) {
    ;[at, pixel] = [i, place]
    numbers.textContent = "Point at a neuron, or go there with the arrow keys, to read its numbers."
    if (i < 0) return
    let text = words(i)
    if (place >= 0) {
      const weight = (weights[i * model.inputs + place] / 32767) * model.top
      const { pixels, width } = model
      const from = pixels ? `row ${Math.floor(place / width) + 1}, column ${(place % width) + 1}` : `neuron ${place + 1} below`
      text += ` · weight from ${from}: ${signed(weight)}`
    }
    numbers.textContent = text
  }

  pictures.addEventListener("keydown", (event) => {
    const from = tiles.indexOf(event.target)
    const columns = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length
    const to = {
      ArrowRight: from + 1,
      ArrowLeft: from - 1,
      ArrowDown: from + columns,
      ArrowUp: from - columns,
      Home: 0,
      End: tiles.length - 1,
    }[event.key]
    if (from < 0 || to === undefined) return
    event.preventDefault()
    if (!tiles[to]) return
    tiles[from].tabIndex = -1
    tiles[to].tabIndex = 0
    tiles[to].focus()
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

  model.on(["weights", "numbers", "inputs", "width", "top", "limit", "biases", "uses"], soon)
  model.on("gives", activate)
  paint()
  read(-1, -1)
}
