// The sketch pad. It belongs to the page and not to Panel, so that it takes strokes at once, long before Python has started.
// Python joins it later (panel.js), and nothing on the screen moves.
//
// Strokes are kept as points: lists of [x, y] in a 500 x 500 box, y down. The reader turns them into 28 x 28 pixels, as MNIST
// was made.

import { BOX, Face } from "./face.js"
import { drawWithKeys } from "./keys.js"

const TELL_EVERY = 50 // milliseconds between two answers while the pen is down

export class Pad {
  #strokes = []
  #drawing = false // a stroke is being drawn
  #pointer = null // the pointer that draws it; null if the keys do
  #timer = null
  /** @type {(strokes: number[][][]) => void} */
  #tell = () => {} // called with the strokes when they have changed
  #wipe = () => {} // called when a picture is removed from the pad
  #picture = null // 784 bytes that are shown while there are no strokes
  #joined = false // whether Python has joined

  constructor(root) {
    this.face = new Face(root, () => this.busy)
    this.#drawWithPointers(this.face.canvas)
    drawWithKeys(this, this.face)
    this.face.undo.addEventListener("click", () => this.undo())
    this.face.clear.addEventListener("click", () => this.clear())
    this.#put([])
  }

  get strokes() {
    return this.#strokes
  }
  get busy() {
    return this.#drawing
  }

  // ---- readers ------------------------------------------------------------------------------------------------------

  // Lets `read` answer until Python joins: it turns strokes into a reading for `show`.
  answerEarly(read) {
    if (this.#joined) return
    this.#tell = (strokes) => this.show(read(strokes))
    if (this.#strokes.length) this.#tellNow()
  }

  // Lets Python answer from now on. `tell` is called with the strokes whenever they change, at once if there are some, and
  // calls `show` when it has read them; `wipe` is called when a picture is removed from the pad.
  join(tell, wipe) {
    this.#joined = true
    this.#tell = tell
    this.#wipe = wipe
    if (this.#strokes.length) this.#tellNow()
  }

  show(reading) {
    this.face.show(reading)
  }

  // Puts strokes from Python on the pad, unless a stroke is being drawn.
  set(strokes) {
    if (!this.#drawing) this.#put(strokes)
  }

  // Puts a picture from Python on the pad: 784 bytes, or none to remove it.
  setPicture(pixels) {
    this.#picture = pixels.length ? pixels : null
    this.#put(this.#strokes)
  }

  // ---- strokes ------------------------------------------------------------------------------------------------------

  // Begins a stroke and returns true; returns false while another stroke is being drawn.
  begin(point) {
    if (this.#drawing) return false
    this.#drawing = true
    this.#change([...this.#strokes, [point]], false)
    return true
  }

  extend(points) {
    this.#change([...this.#strokes.slice(0, -1), [...this.#strokes.at(-1), ...points]], false)
  }

  end() {
    this.#drawing = false
    this.#tellNow()
  }

  undo() {
    this.#leave(this.#strokes.slice(0, -1))
  }

  clear() {
    this.#leave([])
  }

  #leave(strokes) {
    if (this.#drawing) return
    if (this.#picture && !this.#strokes.length) this.#wipe()
    else this.#change(strokes, true)
  }

  #put(strokes) {
    this.#strokes = strokes
    this.face.draw(strokes, strokes.length ? null : this.#picture)
  }

  #change(strokes, now) {
    this.#put(strokes)
    if (now) this.#tellNow()
    else this.#timer ??= setTimeout(() => this.#tellNow(), TELL_EVERY)
  }

  #tellNow() {
    clearTimeout(this.#timer)
    this.#timer = null
    this.#tell(this.#strokes)
  }

  // ---- pointers: mouse, finger and pen ------------------------------------------------------------------------------

  #drawWithPointers(canvas) {
    const clamp = (value) => Math.min(BOX, Math.max(0, Math.round(10 * value) / 10))
    const place = ({ clientX, clientY }) => {
      const box = canvas.getBoundingClientRect()
      return [clamp(((clientX - box.left) / box.width) * BOX), clamp(((clientY - box.top) / box.height) * BOX)]
    }

    canvas.addEventListener("pointerdown", (event) => {
      // Button 0 is the left button, a finger or a pen's tip. A second finger, or the palm beside the pen, draws nothing.
      if (event.button !== 0 || !this.begin(place(event))) return
      this.#pointer = event.pointerId
      try {
        canvas.setPointerCapture(event.pointerId) // the stroke goes on beyond the pad's edge
      } catch {
        /* a script's made-up pointer can't be captured, and need not be */
      }
    })
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== this.#pointer) return
      // All positions that the device has reported, not one for each frame, so that quick curves stay round.
      const moves = event.getCoalescedEvents?.() ?? []
      this.extend((moves.length ? moves : [event]).map(place))
    })
    const lifted = (event) => {
      if (event.pointerId !== this.#pointer) return
      this.#pointer = null
      this.end()
    }
    canvas.addEventListener("pointerup", lifted)
    canvas.addEventListener("lostpointercapture", lifted) // ends the stroke even if the pointer was taken away
    canvas.addEventListener("pointercancel", (event) => {
      // The browser has found that this was no drawing, but a palm or a gesture for the system.
      if (event.pointerId !== this.#pointer) return
      lifted(event)
      this.undo()
    })
  }
}

// Returns the page's pad. The first import of this file opens it. It is also `element.pad`, for scripts that can't import.
/** @returns {Pad} */
export function pagePad() {
  const root = /** @type {HTMLElement & { pad?: Pad }} */ (document.querySelector(".pad"))
  if (!root.pad) {
    root.pad = new Pad(root)
    root.dispatchEvent(new Event("pad-opened"))
  }
  return root.pad
}

pagePad()
