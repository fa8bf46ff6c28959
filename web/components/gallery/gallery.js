// Shows many small digits, each with a caption. The Tab key stops here once; the arrow keys go from picture to picture, and
// Enter chooses one.

export function render({ model, el }) {
  el.innerHTML = '<div class="lab-gallery" role="group" aria-label="Digits; arrow keys go from one to the next"></div>'
  const gallery = el.firstElementChild
  let buttons = []

  function show() {
    const count = model.images.byteLength / 784
    if (buttons.length !== count) {
      gallery.innerHTML = Array.from(
        { length: count },
        () => '<button type="button"><canvas width="28" height="28"></canvas><span></span></button>',
      ).join("")
      buttons = [...gallery.children]
      buttons.forEach((button, at) => {
        button.tabIndex = at ? -1 : 0
        button.addEventListener("click", () => {
          model.pressed = { at, count: (model.pressed.count ?? 0) + 1 }
        })
      })
    }
    const ink = getComputedStyle(el).getPropertyValue("--ink") || "#000"
    const pixels = new Uint8Array(model.images)
    buttons.forEach((button, i) => {
      const image = new ImageData(28, 28)
      for (let j = 0; j < 784; j++) image.data[4 * j + 3] = pixels[784 * i + j]
      const pen = button.firstElementChild.getContext("2d")
      pen.globalCompositeOperation = "source-over"
      pen.putImageData(image, 0, 0)
      pen.globalCompositeOperation = "source-in"
      pen.fillStyle = ink
      pen.fillRect(0, 0, 28, 28)
    })
    caption()
  }

  function caption() {
    buttons.forEach((button, i) => {
      button.lastElementChild.textContent = model.captions[i] ?? ""
      // The visible caption comes first, so that people who control the page by voice can say what they see.
      button.setAttribute("aria-label", `${model.captions[i] ?? ""}: ${model.labels[i] ?? ""}`)
      button.setAttribute("aria-pressed", i === model.chosen)
    })
  }

  gallery.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target)
    const columns = buttons.filter((button) => button.offsetTop === buttons[0].offsetTop).length
    const to = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + columns,
      ArrowUp: at - columns,
      Home: 0,
      End: buttons.length - 1,
    }[event.key]
    if (at < 0 || to === undefined) return
    event.preventDefault()
    if (!buttons[to]) return
    buttons[at].tabIndex = -1
    buttons[to].tabIndex = 0
    buttons[to].focus()
  })

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

  model.on(["images", "captions", "labels"], soon)
  model.on("chosen", caption)
  document.addEventListener("inkling:theme", show)
  model.on("remove", () => document.removeEventListener("inkling:theme", show))
  show()
}
