// Shows the activation of every neuron for the drawing on the pad: a strip of cells for each layer, in the network's own order.
// Paper is zero, orange above, blue below; each layer has one symmetric scale, which is shown. Pointing at a cell, or moving
// along a strip with the arrow keys, shows its number.

const COLUMNS = 100 // cells in a line, at most
const ROW = 12 // height of a line on the screen, in pixels
const COLOURS = [
  [33, 102, 172],
  [246, 243, 238],
  [200, 90, 10],
] // below, zero, above

function colour(share) {
  const end = share < 0 ? COLOURS[0] : COLOURS[2]
  return COLOURS[1].map((middle, i) => middle + (end[i] - middle) * Math.min(1, Math.abs(share)))
}

export function render({ model, el }) {
  el.innerHTML = '<div class="lab-activations"></div>'
  const room = el.firstElementChild
  let strips = []

  function lay() {
    room.innerHTML = model.layers
      .map(
        ([label, count]) => `
      <div class="layer"><p><b>${label}</b><span class="limit"></span><span class="number"></span></p>
        <canvas role="slider" tabindex="0" aria-label="Neuron of ${label}" aria-valuemin="1" aria-valuemax="${count}"
          aria-valuenow="1"></canvas></div>`,
      )
      .join("")
    let start = 0
    strips = [...room.children].map((part, layer) => {
      const count = model.layers[layer][1]
      const columns = Math.min(count, COLUMNS)
      const canvas = part.querySelector("canvas")
      canvas.width = columns
      canvas.height = Math.ceil(count / columns)
      canvas.style.height = `${ROW * canvas.height + 2}px`
      const strip = { part, canvas, start, count, columns, at: -1 }
      start += count
      canvas.addEventListener("pointermove", (event) => {
        const box = canvas.getBoundingClientRect()
        const column = Math.floor(((event.clientX - box.left) / box.width) * columns)
        const row = Math.floor(((event.clientY - box.top) / box.height) * canvas.height)
        point(strip, row * columns + column)
      })
      canvas.addEventListener("pointerleave", () => point(strip, -1))
      canvas.addEventListener("focus", () => point(strip, Math.max(0, strip.at)))
      canvas.addEventListener("blur", () => point(strip, -1))
      canvas.addEventListener("keydown", (event) => {
        const to = {
          ArrowRight: strip.at + 1,
          ArrowLeft: strip.at - 1,
          ArrowDown: strip.at + columns,
          ArrowUp: strip.at - columns,
          Home: 0,
          End: count - 1,
        }[event.key]
        if (to === undefined) return
        event.preventDefault()
        point(strip, Math.min(count - 1, Math.max(0, to)))
      })
      return strip
    })
    paint()
  }

  function values() {
    const bytes = new Uint8Array(model.values)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  }

  function point(strip, at) {
    strip.at = at >= 0 && at < strip.count ? at : -1
    tell(strip)
  }

  function tell(strip) {
    const value = values()[strip.start + strip.at]
    const known = strip.at >= 0 && value !== undefined
    const text = known ? `neuron ${strip.at + 1}: ${value.toFixed(3)}` : ""
    strip.part.querySelector(".number").textContent = text
    if (strip.at >= 0) {
      strip.canvas.setAttribute("aria-valuenow", strip.at + 1)
      strip.canvas.setAttribute("aria-valuetext", known ? text : "nothing on the pad")
    }
  }

  function paint() {
    const all = values()
    for (const strip of strips) {
      const mine = all.subarray(strip.start, strip.start + strip.count)
      const limit = mine.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const image = new ImageData(strip.canvas.width, strip.canvas.height)
      for (let i = 0; i < strip.count; i++) {
        image.data.set([...colour(limit && mine.length ? mine[i] / limit : 0), 255], 4 * i)
      }
      strip.canvas.getContext("2d").putImageData(image, 0, 0)
      strip.part.querySelector(".limit").textContent = limit ? `zero is paper, full colour ±${limit.toPrecision(2)}` : ""
      tell(strip)
    }
  }

  model.on("layers", lay)
  model.on("values", paint)
  lay()
}
