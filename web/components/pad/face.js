// What is seen of the pad: the strokes on its canvas, the 28 x 28 that the network sees, what it reads, and the keyboard's
// cursor. Nothing here knows where strokes come from or who reads them.

import { Voice } from "./voice.js"

export const BOX = 500 // strokes lie in a box of this width and height
export const GRID = 28 // cells a side, for drawing with the keys
const PEN = 30 // width of the line on the pad, in the box's units; for the eye only

const EMPTY = { pixels: new Uint8Array(GRID * GRID), probabilities: [], prediction: "", remark: "" }

export class Face {
  #strokes = []
  #picture = null
  #reading = EMPTY

  // `busy()` tells whether a stroke is being drawn.
  constructor(root, busy) {
    const find = (selector) => root.querySelector(selector)
    this.root = root
    this.canvas = find(".lab-pad canvas")
    this.undo = find(".lab-pad-undo")
    this.clear = find(".lab-pad-clear")
    this.cursor = find(".cursor")
    this.hint = find(".hint")
    this.small = find(".pixels")
    this.digit = find(".lab-prediction")
    this.sure = find(".sure")
    this.voice = new Voice(find(".reading"), busy)
    this.bars = [...root.querySelectorAll(".bars li")].map((bar) => ({
      bar,
      length: bar.querySelector("b"),
      share: bar.querySelector(".share"),
    }))

    // As many pixels as the screen shows of the canvas, also where it is dense, zoomed, or another one suddenly. Only the browser
    // knows them exactly; but where a density is put on, as by its developer tools, it gives them without.
    const resized = new ResizeObserver(([entry]) => {
      const about = Math.round(entry.contentRect.width * (this.canvas.currentCSSZoom ?? 1) * devicePixelRatio)
      const exact = entry.devicePixelContentBoxSize?.[0].inlineSize ?? about
      const side = Math.abs(exact - about) <= 2 ? exact : about
      if (side && side !== this.canvas.width) this.canvas.width = this.canvas.height = side
      this.#paint()
    })
    try {
      resized.observe(this.canvas, { box: "device-pixel-content-box" })
    } catch {
      // not in WebKit
      resized.observe(this.canvas)
    }
    // The ink is the page's: when its colours change (boot/page/theme.js), so does what is drawn.
    document.addEventListener("inkling:theme", () => {
      this.#paint()
      this.#paintPixels()
    })
  }

  // picture: 784 bytes to be seen in place of strokes, or null.
  draw(strokes, picture) {
    if (strokes !== this.#strokes || picture !== this.#picture) this.voice.changed()
    this.#strokes = strokes
    this.#picture = picture
    this.#paint()
    this.hint.hidden = strokes.length > 0 || picture !== null
    this.undo.disabled = this.clear.disabled = !this.hint.hidden
  }

  // pixels: 784 bytes, 255 for full ink. probabilities: ten shares. prediction: the digit as text, or "". remark: what to say
  // in place of how sure it is, or "".
  show(reading) {
    this.#reading = { ...EMPTY, ...reading }
    this.#paintPixels()
    const { probabilities, prediction, remark } = this.#reading
    const percent = (share) => `${Math.round(100 * share)} %`
    setText(this.digit, prediction)
    this.bars.forEach(({ bar, length, share }, digit) => {
      const part = probabilities[digit] ?? 0
      bar.classList.toggle("read", prediction === String(digit))
      length.style.width = `${100 * part}%`
      setText(share, prediction === "" ? "" : part < 0.01 ? "<1 %" : percent(part))
    })
    setText(this.sure, remark || (prediction === "" ? "" : `${percent(probabilities[prediction])} sure`))
    this.voice.heard(this.#reading)
  }

  // row and column of the grid, or null for no cursor.
  showCursor(cell, down) {
    this.cursor.hidden = cell === null
    this.cursor.classList.toggle("down", down)
    if (cell) Object.assign(this.cursor.style, { top: `${(cell.row / GRID) * 100}%`, left: `${(cell.column / GRID) * 100}%` })
  }

  get #ink() {
    return getComputedStyle(this.root).color
  }

  #paint() {
    const scale = this.canvas.width / BOX
    const pen = this.canvas.getContext("2d")
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height)
    if (this.#picture) {
      pen.imageSmoothingEnabled = false
      pen.drawImage(this.#inked(document.createElement("canvas"), this.#picture), 0, 0, this.canvas.width, this.canvas.height)
    }
    pen.strokeStyle = this.#ink
    pen.lineWidth = PEN * scale
    pen.lineCap = pen.lineJoin = "round"
    for (const stroke of this.#strokes) {
      pen.beginPath()
      pen.moveTo(stroke[0][0] * scale, stroke[0][1] * scale)
      for (const [x, y] of stroke.length > 1 ? stroke.slice(1) : stroke) pen.lineTo(x * scale, y * scale)
      pen.stroke()
    }
  }

  #paintPixels() {
    this.#inked(this.small, this.#reading.pixels)
  }

  // `target`, a canvas, with 784 bytes of ink on it.
  #inked(target, pixels) {
    target.width = target.height = GRID
    const image = new ImageData(GRID, GRID)
    new Uint8Array(pixels).forEach((value, i) => {
      image.data[4 * i + 3] = value
    })
    const pen = target.getContext("2d")
    pen.putImageData(image, 0, 0)
    pen.globalCompositeOperation = "source-in" // the page's ink wherever there is any
    pen.fillStyle = this.#ink
    pen.fillRect(0, 0, GRID, GRID)
    return target
  }
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}
