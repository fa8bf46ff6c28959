// Draws everything visible of the pad: the strokes on its canvas, the 28 x 28 pixels that the network sees, the reading, and
// the keyboard's cursor. It does not know where strokes come from or how they are read.

import { Voice } from "./voice.js"

export const BOX = 500 // strokes lie in a box of this width and height
export const GRID = 28 // cells a side, for drawing with the keys
const PEN = 30 // width of the line on the pad, in the box's units; the network's picture has its own pen

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

    // Gives the canvas as many pixels as it covers on the screen, also after zooming or a move to another screen. Only the
    // browser knows their exact number; but when developer tools simulate a density, its number leaves the density out, and our
    // estimate is used.
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
    // The ink has the page's colour, so everything is painted again when the theme changes (boot/page/theme.js).
    document.addEventListener("inkling:theme", () => {
      this.#paint()
      this.#paintPixels()
    })
  }

  // Draws strokes, or in their place a picture of 784 bytes; `picture` is null if there is none.
  draw(strokes, picture) {
    if (strokes !== this.#strokes || picture !== this.#picture) this.voice.changed()
    this.#strokes = strokes
    this.#picture = picture
    this.#paint()
    this.hint.hidden = strokes.length > 0 || picture !== null
    this.undo.disabled = this.clear.disabled = !this.hint.hidden
  }

  // Shows a reading. pixels: 784 bytes, 255 for full ink. probabilities: ten numbers from 0 to 1. prediction: the digit as
  // text, or "". remark: a text to show in place of the percentage, or "".
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

  // Shows the keyboard's cursor at a row and column of the grid, or hides it if `cell` is null.
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

  // Paints 784 bytes of ink on the canvas `target` and returns it.
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
