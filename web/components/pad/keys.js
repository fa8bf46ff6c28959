// Lets the learner draw with the keyboard, on a grid of 28 x 28 cells: the arrow keys move a cursor, Space or Enter puts the
// pen down and lifts it, Backspace removes a stroke, Delete clears the pad, Escape lifts the pen and leaves. A screen reader
// says where the cursor is once it rests, so that holding an arrow key down does not announce every cell.

import { BOX, GRID } from "./face.js"

const REST = 300 // milliseconds without a move until the place is announced
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

// Adds drawing with the keys to `pad`, an object with begin(point), extend(points), end(), undo() and clear(). `face` shows the
// cursor.
export function drawWithKeys(pad, face) {
  const surface = face.canvas.parentElement
  const voice = surface.querySelector(".says")
  const cell = { row: GRID / 2, column: GRID / 2 }
  let down = false
  let timer = null

  const middle = (index) => ((index + 0.5) / GRID) * BOX
  const point = () => [middle(cell.column), middle(cell.row)]
  const within = (index) => Math.min(GRID - 1, Math.max(0, index))

  function announce(delay, note = "") {
    face.showCursor(cell, down)
    clearTimeout(timer)
    const place = `row ${cell.row + 1}, column ${cell.column + 1}, pen ${down ? "down" : "up"}`
    timer = setTimeout(() => {
      voice.textContent = note ? `${note}, ${place}` : place
    }, delay)
  }

  function lift() {
    if (!down) return
    down = false
    pad.end()
  }

  function toggle() {
    if (down) lift()
    else down = pad.begin(point())
    announce(0)
  }

  function move([rows, columns], steps) {
    for (let step = 0; step < steps; step++) {
      cell.row = within(cell.row + rows)
      cell.column = within(cell.column + columns)
      if (down) pad.extend([point()])
    }
    announce(REST)
  }

  function act(event) {
    if (event.key in MOVES) move(MOVES[event.key], event.shiftKey ? 4 : 1)
    else if (event.key === " " || event.key === "Enter") {
      if (!event.repeat) toggle()
    } else if (event.key === "Backspace") {
      lift()
      pad.undo()
      announce(0, "stroke taken back")
    } else if (event.key === "Delete") {
      lift()
      pad.clear()
      announce(0, "cleared")
    } else if (event.key === "Escape") {
      lift()
      surface.blur()
    } else return false
    return true
  }

  surface.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (!act(event)) return
    event.preventDefault()
    surface.classList.add("by-keys") // hides the hint, which would cover the drawing
  })
  // A click focuses the pad too, but only the keyboard's focus shows the cursor.
  surface.addEventListener("focus", () => {
    if (surface.matches(":focus-visible")) announce(REST)
  })
  surface.addEventListener("blur", () => {
    lift()
    clearTimeout(timer)
    surface.classList.remove("by-keys")
    face.showCursor(null, false)
  })
}
