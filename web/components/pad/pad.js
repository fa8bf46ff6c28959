// The sketch pad. It belongs to the page and not to Panel, because it takes strokes from the first moment, long before Python
// is there to ask Panel for one; when Python comes, it joins (panel.js), and nothing on the screen moves.
//
// Strokes stay points: lists of [x, y] in a 500 x 500 box, y down. Whoever reads them makes the 28 x 28 as MNIST was made.

import { BOX, Face } from "./face.js"
import { drawWithKeys } from "./keys.js"

const TELL_EVERY = 50 // milliseconds between two answers while the pen is down

export class Pad {
  #strokes = []
  #drawing = false // a stroke is being drawn
  #pointer = null // by this pointer; null: by the keys
  #timer = null
  /** @type {(strokes: number[][][]) => void} */
  #tell = () => {} // told of the strokes when they have changed
  #wipe = () => {} // told when a picture is done away with
  #picture = null // 784 bytes that stand on the pad until somebody draws
  #joined = false

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

  // ---- who reads ----------------------------------------------------------------------------------------------------

  // `read` turns strokes into what `show` takes, until Python joins.
  answerEarly(read) {
    if (this.#joined) return
    this.#tell = (strokes) => this.show(read(strokes))
    if (this.#strokes.length) this.#tellNow()
  }

  // From now on `tell` gets the strokes, those that are there already too, and answers with `show` when it can;
  // `wipe` is called when the picture is done away with.
  join(tell, wipe) {
    this.#joined = true
    this.#tell = tell
    this.#wipe = wipe
    if (this.#strokes.length) this.#tellNow()
  }

  show(reading) {
    this.face.show(reading)
  }

  // Strokes from elsewhere; while somebody draws, theirs are kept.
  set(strokes) {
    if (!this.#drawing) this.#put(strokes)
  }

  // A picture from elsewhere: 784 bytes, or none.
  setPicture(pixels) {
    this.#picture = pixels.length ? pixels : null
    this.#put(this.#strokes)
  }

  // ---- strokes ------------------------------------------------------------------------------------------------------

  // Whether a stroke begins: not while another is drawn.
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
      // 0 is the left button, a finger or a pen's tip; a second finger or the palm beside the pen draws nothing.
      if (event.button !== 0 || !this.begin(place(event))) return
      this.#pointer = event.pointerId
      try {
        canvas.setPointerCapture(event.pointerId) // the stroke goes on beyond the pad's edge
      } catch {
        /* a pointer that a script made up can't be captured, and need not be */
      }
    })
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== this.#pointer) return
      // Every position that the device reported, not one a frame: quick curves stay round.
      const moves = event.getCoalescedEvents?.() ?? []
      this.extend((moves.length ? moves : [event]).map(place))
    })
    const lifted = (event) => {
      if (event.pointerId !== this.#pointer) return
      this.#pointer = null
      this.end()
    }
    canvas.addEventListener("pointerup", lifted)
    canvas.addEventListener("lostpointercapture", lifted) // whatever took the pointer away, the stroke is over
    canvas.addEventListener("pointercancel", (event) => {
      // The browser says that this was no drawing: a palm, or a gesture of the system's.
      if (event.pointerId !== this.#pointer) return
      lifted(event)
      this.undo()
    })
  }
}

// The page's pad. It is opened here, by whoever imports this file first; `element.pad` is it for those who can't import.
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
