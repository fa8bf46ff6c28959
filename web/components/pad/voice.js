// Tells a screen reader what is read in a drawing: "reads as 7, 98 percent". The bars and the digit change with every stroke,
// and also while the network learns, too often to be read aloud. The sentence waits until the drawing has come to rest, and is
// said again only for another drawing, or when a slower reader corrects it.

const REST = 500 // milliseconds without another reading
const CURRENT = 3000 // milliseconds after the last stroke in which another digit is a correction

// `region` is the live region; `busy()` tells whether a stroke is being drawn.
export class Voice {
  #said = "" // the digit that was said last
  #drawn = 0 // when the drawing last changed
  #fresh = false // whether nothing has been said about it yet
  #timer = null

  constructor(region, busy) {
    this.region = region
    this.busy = busy
  }

  changed() {
    this.#drawn = performance.now()
    this.#fresh = true
  }

  // Takes a reading, as face.js shows it.
  heard({ prediction, probabilities, remark }) {
    if (prediction === "") {
      clearTimeout(this.#timer)
      this.#said = this.region.textContent = ""
      return
    }
    const corrects = prediction !== this.#said && performance.now() - this.#drawn < CURRENT
    if (!this.#fresh && !corrects) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (this.busy()) return // a new stroke has begun, and another reading will follow it
      this.#said = prediction
      this.#fresh = false
      this.region.textContent = sentence(prediction, probabilities[prediction], remark)
    }, REST)
  }
}

function sentence(digit, share, remark) {
  const sure = remark ? remark.replace(" %", " percent") : `${Math.round(100 * share)} percent`
  return `reads as ${digit}, ${sure}`
}
