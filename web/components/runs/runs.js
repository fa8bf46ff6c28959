// Shows the table of runs as a plain HTML table. Rows are sorted here; everything else is asked of Python.

export function render({ model, el }) {
  el.innerHTML = `<div class="scroll" tabindex="0" role="region" aria-label="Runs">
      <table><thead><tr></tr></thead><tbody></tbody></table></div>
    <p class="empty">Nothing has been trained yet. Every run and every network of a sweep will be listed here.</p>`
  const head = el.querySelector("thead tr")
  const body = el.querySelector("tbody")
  let sorted = { column: -1, down: false } // -1: in the order in which they were begun, newest first
  let count = 0

  const ask = (wish) => {
    model.asked = { ...wish, count: ++count }
  }

  function make(tag, text, attributes = {}) {
    const element = document.createElement(tag)
    element.textContent = text
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    return element
  }

  function drawHead() {
    const [compare, name, back] = ["Compare", "Name", "Bring back"].map((label) => make("th", label, { scope: "col" }))
    back.className = "back"
    head.replaceChildren(compare, name)
    model.columns.forEach((label, column) => {
      const cell = make("th", "", { scope: "col" })
      const button = make("button", label, { type: "button", "data-tip": `Sort by ${label}` })
      if (sorted.column === column) {
        cell.setAttribute("aria-sort", sorted.down ? "descending" : "ascending")
        button.append(make("span", sorted.down ? " ↓" : " ↑", { "aria-hidden": "true" }))
      }
      button.addEventListener("click", () => {
        sorted = { column, down: sorted.column === column ? !sorted.down : true }
        drawHead()
        draw()
        head.querySelectorAll("button")[column].focus()
      })
      cell.append(button)
      head.append(cell)
    })
    head.children[2].after(back) // "Bring back" comes after the first result
  }

  const unknown = (value) => value === null || value === undefined || Number.isNaN(value)
  const ordered = () => {
    if (sorted.column < 0) return [...model.rows].reverse()
    const key = (row) => row.cells[sorted.column].value
    const sign = sorted.down ? -1 : 1
    return [...model.rows].sort((a, b) => {
      const [x, y] = [key(a), key(b)]
      if (unknown(x) || unknown(y)) return Number(unknown(x)) - Number(unknown(y)) // unknown values come last
      return sign * (x < y ? -1 : x > y ? 1 : 0)
    })
  }

  function drawRow(row) {
    const line = make("tr", "", { "data-run": row.run })
    const pick = make("input", "", {
      type: "checkbox",
      "aria-label": `Compare ${row.name}`,
      "data-tip": "Pick two runs to see their curves and in what they differ",
    })
    pick.checked = model.picked.includes(row.run)
    pick.addEventListener("change", () =>
      ask({
        pick: pick.checked ? [...model.picked, row.run].slice(-2) : model.picked.filter((run) => run !== row.run),
      }),
    )
    const name = make("input", "", {
      type: "text",
      maxlength: 60,
      "aria-label": `Name of ${row.name}`,
      class: "name",
      "data-tip": "A name of your own for this run",
    })
    name.value = row.name
    name.addEventListener("change", () => {
      if (name.value.trim()) ask({ rename: row.run, name: name.value })
      else name.value = row.name
    })
    const box = make("td", "")
    box.append(pick)
    const title = make("th", "", { scope: "row" })
    title.append(name)
    const back = make("td", row.present ? "now" : "", { class: "back" })
    if (!row.present) {
      const words = row.kept ? "Network" : "Choices"
      const hint = row.kept ? "Its network and its choices come back" : "A new network begins with its choices"
      const button = make("button", words, {
        type: "button",
        class: "lab-reload",
        "data-tip": hint,
        "aria-label": `${hint}: ${row.name}`,
      })
      button.addEventListener("click", () => ask({ reload: row.run }))
      back.append(button)
    }
    const [result, ...others] = row.cells.map(({ text }) => make("td", text))
    line.append(box, title, result, back, ...others)
    return line
  }

  // A row that has not changed, or has the focus, keeps its element, so that a name that is being typed is not lost.
  let drawn = new Map()

  function draw() {
    el.querySelector(".scroll").hidden = !model.rows.length
    el.querySelector(".empty").hidden = model.rows.length > 0
    const next = new Map()
    const focused = el.getRootNode().activeElement
    for (const row of ordered()) {
      const key = JSON.stringify(row)
      const before = drawn.get(row.run)
      if (before && (before.key === key || before.line.contains(focused))) {
        next.set(row.run, before)
      } else {
        const line = drawRow(row)
        before?.line.replaceWith(line)
        next.set(row.run, { key, line })
      }
    }
    drawn = next
    const lines = [...next.values()].map(({ line }) => line)
    if (lines.length !== body.children.length || lines.some((line, i) => line !== body.children[i])) {
      body.replaceChildren(...lines)
    }
    showPicked()
  }

  function showPicked() {
    for (const [run, { line }] of drawn) line.querySelector("input[type=checkbox]").checked = model.picked.includes(run)
  }

  model.on("columns", drawHead)
  model.on("rows", draw)
  model.on("picked", showPicked)
  drawHead()
  draw()
}
