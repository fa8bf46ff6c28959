// Connects the page's pad (pad.js) to Python: strokes go to the model, and the model's reading is shown. This component draws
// nothing itself, so nothing jumps when Panel draws its part of the page again.

export function render({ model }) {
  let gone = false
  model.on("remove", () => {
    gone = true
  })

  function join(pad) {
    if (gone) return
    let sent = null
    const show = () => {
      const { pixels, probabilities, prediction, remark } = model
      pad.show({ pixels, probabilities, prediction, remark })
    }
    model.on("strokes", () => {
      if (model.strokes !== sent) pad.set(model.strokes)
    })
    const showPicture = () => pad.setPicture(new Uint8Array(model.picture))
    model.on("picture", showPicture)
    if (model.picture.byteLength) showPicture()
    model.on(["pixels", "probabilities", "prediction", "remark"], show)
    if (model.strokes.length) pad.set(model.strokes)
    if (model.prediction) show()
    // The early reader's answer for the strokes drawn so far stays until Python has read them.
    pad.join(
      (strokes) => {
        sent = strokes
        model.strokes = strokes
      },
      () => {
        model.wiped += 1
      },
    )
  }

  // The page is drawn before Python is ready (boot/page/hydrate.js), so joining waits for Python to listen. In a page that is
  // served by Python, it listens from the start.
  const ready = globalThis.inkling?.ready ?? Promise.resolve()
  ready.then(
    () => {
      const root = /** @type {HTMLElement & { pad?: import("./pad.js").Pad }} */ (document.querySelector(".pad"))
      if (root.pad) join(root.pad)
      else root.addEventListener("pad-opened", () => join(root.pad), { once: true })
    },
    () => {},
  )
}
