// Lists the networks that were set aside when a link was opened. Deleting is for good, so the button asks once more first.

export function render({ model, el }) {
  el.innerHTML = `<section aria-label="Networks set aside"><h3>Set aside</h3><p></p><ul></ul></section>`
  const [section, about, list] = ["section", "p", "ul"].map((name) => el.querySelector(name))
  let count = 0
  const ask = (wish) => {
    model.asked = { ...wish, count: ++count }
  }

  function button(label, name, hint, act) {
    const made = document.createElement("button")
    made.type = "button"
    made.className = name
    made.textContent = label
    made.setAttribute("aria-label", hint)
    made.addEventListener("click", () => act(made))
    return made
  }

  const when = (seconds) => new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })

  function drawRow({ number, name, text, at }) {
    const line = document.createElement("li")
    line.dataset.aside = number
    const words = document.createElement("div")
    words.className = "words"
    const title = document.createElement("b")
    title.textContent = name
    const facts = document.createElement("span")
    facts.textContent = ` ${when(at)} · ${text}`
    words.append(title, facts)
    line.append(
      words,
      button("Bring back", "lab-recall", `Bring back ${name}; the present network is set aside`, () => ask({ recall: number })),
      button("Delete", "lab-forget-aside", `Delete ${name}`, (pressed) => {
        if (pressed.dataset.sure) return ask({ forget: number })
        pressed.dataset.sure = "asked"
        pressed.textContent = "Delete for good?"
        pressed.setAttribute("aria-label", `Delete ${name} for good?`)
      }),
    )
    return line
  }

  function draw() {
    const focused = el.getRootNode().activeElement?.closest?.("li")
    const place = [...list.children].indexOf(focused)
    section.hidden = !model.rows.length
    about.textContent = model.bounds
    list.replaceChildren(...model.rows.map(drawRow))
    // The row with the focus may be gone: the focus moves to the row that took its place.
    if (place >= 0) list.children[Math.min(place, list.children.length - 1)]?.querySelector("button").focus()
  }

  model.on(["rows", "bounds"], draw)
  draw()
}
