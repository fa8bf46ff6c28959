// Shows a confusion matrix: a row for each digit, a column for what it was read as. Every cell shows its number; the colour
// repeats it, blue for right and orange for wrong, which colour-blind people can tell apart. The Tab key enters and leaves the
// matrix, the arrow keys go from cell to cell.

const DIGITS = [...Array(10).keys()]
const MOST = 75 // per cent of the full colour, at most, so that the number on it stays readable

export function render({ model, el }) {
  el.innerHTML = `
    <div class="lab-confusion" role="grid" aria-label="Confusion matrix: rows are what was written, columns what was read">
      <div role="row" class="heads"><span role="columnheader" class="corner">written ↓ read →</span>${DIGITS.map(
        (digit) => `<span role="columnheader">${digit}</span>`,
      ).join("")}</div>
      ${DIGITS.map(
        (row) =>
          `<div role="row"><span role="rowheader">${row}</span>${DIGITS.map(
            (column) => `<button type="button" role="gridcell" data-cell="${row}-${column}" tabindex="-1"></button>`,
          ).join("")}</div>`,
      ).join("")}
    </div>`
  const cells = [...el.querySelectorAll("button")]
  let here = 0
  cells[here].tabIndex = 0

  function show() {
    const counts = model.counts
    const worst = Math.max(1, ...counts.filter((_, i) => i % 11))
    cells.forEach((cell, i) => {
      const [row, column, count] = [Math.floor(i / 10), i % 10, counts[i] ?? 0]
      const all = counts.slice(10 * row, 10 * row + 10).reduce((sum, one) => sum + one, 0)
      const right = row === column
      const share = right ? count / Math.max(1, all) : Math.sqrt(count / worst)
      cell.textContent = count || "·"
      cell.style.setProperty("--share", `${(MOST * share).toFixed(0)}%`)
      cell.classList.toggle("right", right)
      cell.setAttribute("aria-label", `${count} of ${all} written ${row}, read as ${column}${right ? ", right" : ""}`)
    })
  }

  function mark() {
    const [row, column] = model.chosen
    for (const [i, cell] of cells.entries()) cell.setAttribute("aria-selected", i === 10 * row + column)
  }

  function go(to) {
    cells[here].tabIndex = -1
    here = to
    cells[here].tabIndex = 0
    cells[here].focus()
  }

  cells.forEach((cell, i) => {
    cell.addEventListener("click", () => {
      go(i)
      const again = model.chosen[0] === Math.floor(i / 10) && model.chosen[1] === i % 10
      model.chosen = again ? [] : [Math.floor(i / 10), i % 10]
    })
    cell.addEventListener("keydown", (event) => {
      const [row, column] = [Math.floor(i / 10), i % 10]
      const to = {
        ArrowRight: [row, column + 1],
        ArrowLeft: [row, column - 1],
        ArrowDown: [row + 1, column],
        ArrowUp: [row - 1, column],
        Home: [row, 0],
        End: [row, 9],
      }[event.key]
      if (!to) return
      event.preventDefault()
      go(10 * Math.min(9, Math.max(0, to[0])) + Math.min(9, Math.max(0, to[1])))
    })
  })

  model.on("counts", show)
  model.on("chosen", mark)
  show()
  mark()
}
