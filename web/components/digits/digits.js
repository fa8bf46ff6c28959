// Shows rows of ten pictures, one for each digit: the picture that the network imagines, what it reads in it, and how sure it
// is. A pixel of 0 is the page's background and one of 1 is ink, in both themes. A press, or Enter, opens a picture large.

export function render({ model, el }) {
  el.innerHTML = '<div class="rows"></div>'
  const rows = el.querySelector(".rows")
  let figures = []

  // ---- the rows, made again when other methods are shown ----------------------------------------------------------------

  function lay() {
    rows.innerHTML = model.methods
      .map(
        (method) => `
      <p class="method"${model.methods.length > 1 ? "" : " hidden"}>${method}</p>
      <div class="lab-imagine" data-method="${method}" role="group"
        aria-label="What the network imagines by ${method}; arrow keys go from digit to digit">${Array.from(
          { length: 10 },
          (_, digit) => `
        <figure data-digit="${digit}" data-reads="" data-confidence="">
          <button type="button" tabindex="${digit ? -1 : 0}" data-tip="What a ${digit} looks like to the network. Press to see it large and to mix digits"><canvas width="28" height="28"></canvas></button>
          <figcaption><b>${digit}</b><span><i class="verdict"></i><i class="read"></i><i class="sure"></i></span></figcaption>
        </figure>`,
        ).join("")}</div>`,
      )
      .join("")
    figures = [...rows.querySelectorAll("figure")]
    for (const row of rows.querySelectorAll(".lab-imagine")) row.addEventListener("keydown", walk)
    figures.forEach((figure, i) => {
      const method = model.methods[Math.floor(i / 10)]
      figure.querySelector("button").addEventListener("click", () => {
        model.pressed = { method, digit: i % 10, count: (model.pressed.count ?? 0) + 1 }
      })
    })
  }

  // Moves the focus inside a row with the arrow keys; the Tab key stops once in each row.
  function walk(event) {
    const buttons = [...event.currentTarget.querySelectorAll("button")]
    const at = buttons.indexOf(event.target)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: 9 }[event.key]
    if (at < 0 || to === undefined) return
    event.preventDefault()
    const next = buttons[(to + 10) % 10]
    buttons[at].tabIndex = -1
    next.tabIndex = 0
    next.focus()
  }

  // ---- what they show ---------------------------------------------------------------------------------------------------

  function paint() {
    const ink = getComputedStyle(el).getPropertyValue("--ink") || "#000"
    const pixels = new Uint8Array(model.images)
    figures.forEach((figure, i) => {
      const image = new ImageData(28, 28)
      for (let j = 0; j < 784; j++) image.data[4 * j + 3] = pixels[784 * i + j]
      const pen = figure.querySelector("canvas").getContext("2d")
      pen.putImageData(image, 0, 0)
      pen.globalCompositeOperation = "source-in" // keeps each pixel's opacity and gives it the colour of the page's ink
      pen.fillStyle = ink
      pen.fillRect(0, 0, 28, 28)
      pen.globalCompositeOperation = "source-over"
    })
  }

  function caption() {
    figures.forEach((figure, i) => {
      const reads = model.reads[i]
      if (reads === undefined) return
      const digit = i % 10
      const sure = Math.round(100 * model.confidences[i])
      figure.dataset.reads = reads
      figure.dataset.confidence = model.confidences[i]
      figure.classList.toggle("right", reads === digit)
      figure.querySelector(".verdict").textContent = reads === digit ? "✓ " : "reads "
      figure.querySelector(".read").textContent = `${reads} · `
      figure.querySelector(".sure").textContent = `${sure} %`
      figure
        .querySelector("button")
        .setAttribute("aria-label", `The network's picture of ${digit}: it reads ${reads}, ${sure} % sure. Look closer`)
    })
  }

  function show() {
    if (
      rows.querySelectorAll(".lab-imagine").length !== model.methods.length ||
      model.methods.some((method) => !rows.querySelector(`[data-method="${method}"]`))
    )
      lay()
    paint()
    caption()
  }

  // Draws once when the properties of one message from Python have all arrived; they arrive one after the other.
  let due = false
  function soon() {
    if (due) return
    due = true
    queueMicrotask(() => {
      due = false
      show()
    })
  }

  model.on(["images", "reads", "confidences", "methods"], soon)
  document.addEventListener("inkling:theme", paint)
  model.on("remove", () => document.removeEventListener("inkling:theme", paint))
  show()
}
