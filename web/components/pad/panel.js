// Python's end of the page's pad (pad.js): strokes go to the model, and what the model says is shown. There is nothing to
// draw, and so nothing that could jump when Panel draws its part of the page anew.

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
    // What the early reader said of strokes drawn so far stays until Python has read them.
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

  // The page is drawn before Python is there (boot/page/hydrate.js), and only then does anybody listen. (A page served by Python has
  // that from the start.)
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
