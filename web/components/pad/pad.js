// The sketch pad. Strokes stay points: what goes to Python is where the pen was, in a 500 x 500 box, and Python makes the
// 28 x 28 of them as MNIST was made. What is drawn here is only for the eye.

const BOX = 500
const PEN = 30             // width of the line on the pad, in the box's units
const SEND_EVERY = 50      // milliseconds between two messages while the pen is down

export function render({ model, el }) {
  el.innerHTML = `
    <div class="sketch">
      <div class="lab-pad"><canvas width="${BOX}" height="${BOX}" aria-label="Sketch pad: draw a digit with mouse, finger or pen"
        role="img"></canvas><span class="hint">Draw a digit</span></div>
      <div class="seen">
        <canvas class="pixels" width="28" height="28" role="img" aria-label="The 28 by 28 pixels that the network sees"></canvas>
        <span class="caption">what the network sees</span>
        <output class="lab-prediction" aria-live="polite"></output>
        <span class="sure"></span>
      </div>
      <div class="buttons">
        <button type="button" class="lab-pad-undo">Undo</button>
        <button type="button" class="lab-pad-clear">Clear</button>
      </div>
      <ol class="bars" aria-label="How likely each digit is">${
        Array.from({ length: 10 }, (_, digit) =>
          `<li data-digit="${digit}"><span>${digit}</span><i><b></b></i><span class="share"></span></li>`).join("")}</ol>
    </div>`

  const canvas = el.querySelector(".lab-pad canvas")
  const hint = el.querySelector(".hint")
  const small = el.querySelector(".pixels")
  const digit = el.querySelector(".lab-prediction")
  const sure = el.querySelector(".sure")
  const undo = el.querySelector(".lab-pad-undo")
  const clear = el.querySelector(".lab-pad-clear")
  const bars = [...el.querySelectorAll(".bars li")]

  // What was drawn before Python was up survives the moment when Panel draws the page anew.
  const kept = (globalThis.inklingDrawing ??= { strokes: [] })
  let strokes = model.strokes.length ? model.strokes : kept.strokes
  let drawing = null         // the pointer that is down
  let sendTimer = null
  let sent = null

  // ---- drawing ------------------------------------------------------------------------------------------------------

  const ink = () => getComputedStyle(el).getPropertyValue("--ink") || "#000"

  function paint() {
    const scale = canvas.width / BOX
    const pen = canvas.getContext("2d")
    pen.clearRect(0, 0, canvas.width, canvas.height)
    const picture = shownPicture()
    if (picture) {
      pen.imageSmoothingEnabled = false
      pen.drawImage(inked(document.createElement("canvas"), picture), 0, 0, canvas.width, canvas.height)
    }
    pen.strokeStyle = pen.fillStyle = ink()
    pen.lineWidth = PEN * scale
    pen.lineCap = pen.lineJoin = "round"
    for (const stroke of strokes) {
      pen.beginPath()
      pen.moveTo(stroke[0][0] * scale, stroke[0][1] * scale)
      for (const [x, y] of stroke.length > 1 ? stroke.slice(1) : stroke) pen.lineTo(x * scale, y * scale)
      pen.stroke()
    }
    hint.hidden = strokes.length > 0 || picture !== null
    undo.disabled = clear.disabled = !hint.hidden
  }

  // A picture that was sent here, until somebody draws or clears.
  const shownPicture = () => strokes.length || model.picture.byteLength !== 784 ? null : model.picture

  function inked(target, pixels) {
    target.width = target.height = 28
    const image = new ImageData(28, 28)
    new Uint8Array(pixels).forEach((value, i) => { image.data[4 * i + 3] = value })
    const pen = target.getContext("2d")
    pen.putImageData(image, 0, 0)
    pen.globalCompositeOperation = "source-in"  // the page's ink wherever there is any
    pen.fillStyle = ink()
    pen.fillRect(0, 0, 28, 28)
    return target
  }

  const paintPixels = () => inked(small, model.pixels)

  function showReading() {
    digit.textContent = model.prediction
    bars.forEach((bar, i) => {
      const share = model.probabilities[i] ?? 0
      const read = model.prediction === String(i)
      bar.classList.toggle("read", read)
      bar.querySelector("b").style.width = `${100 * share}%`
      bar.querySelector(".share").textContent =
        model.prediction === "" ? "" : share < 0.01 ? "<1 %" : `${Math.round(100 * share)} %`
    })
    const best = model.prediction === "" ? null : model.probabilities[Number(model.prediction)]
    sure.textContent = model.remark || (best === null ? "" : `${Math.round(100 * best)} % sure`)
  }

  // ---- strokes to Python ----------------------------------------------------------------------------------------------

  function send() {
    clearTimeout(sendTimer)
    sendTimer = null
    sent = kept.strokes = strokes.map((stroke) => stroke.map(([x, y]) => [x, y]))
    model.strokes = sent
  }

  function changed({ now }) {
    paint()
    if (now) send()
    else sendTimer ??= setTimeout(send, SEND_EVERY)
  }

  const clamp = (value) => Math.min(BOX, Math.max(0, Math.round(10 * value) / 10))

  function point(event) {
    const box = canvas.getBoundingClientRect()
    return [clamp((event.clientX - box.left) / box.width * BOX), clamp((event.clientY - box.top) / box.height * BOX)]
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (drawing !== null || event.button !== 0) return
    drawing = event.pointerId
    canvas.setPointerCapture(drawing)
    strokes = [...strokes, [point(event)]]
    changed({ now: false })
  })
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drawing) return
    // Every position that the device reported, not one a frame: quick curves stay round.
    const moves = event.getCoalescedEvents?.() ?? []
    strokes.at(-1).push(...(moves.length ? moves : [event]).map(point))
    changed({ now: false })
  })
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== drawing) return
      drawing = null
      changed({ now: true })
    })
  }
  function wipe(left) {
    if (shownPicture()) model.wiped += 1
    else { strokes = left; changed({ now: true }) }
  }
  undo.addEventListener("click", () => wipe(strokes.slice(0, -1)))
  clear.addEventListener("click", () => wipe([]))

  // ---- from Python ----------------------------------------------------------------------------------------------------

  model.on("strokes", () => {
    if (model.strokes === sent || drawing !== null) return
    strokes = kept.strokes = model.strokes
    paint()
  })
  model.on("picture", paint)
  model.on("pixels", paintPixels)
  model.on(["probabilities", "prediction", "remark"], showReading)

  // The canvas has as many pixels as the screen shows of it, and its ink the page's colour.
  const repaint = () => { paint(); paintPixels() }
  const resized = new ResizeObserver(([{ contentRect }]) => {
    const side = Math.round(contentRect.width * devicePixelRatio)
    if (side && side !== canvas.width) canvas.width = canvas.height = side
    repaint()
  })
  resized.observe(canvas)
  document.addEventListener("inkling:theme", repaint)
  model.on("remove", () => { resized.disconnect(); document.removeEventListener("inkling:theme", repaint) })

  repaint()
  showReading()
  // Panel listens to this model only after it has been drawn.
  if (strokes.length && !model.strokes.length) globalThis.inkling?.ready.then(send)
}
