// Shows one imagined picture large, in a dialog. The browser's own <dialog> keeps the focus inside, closes on Escape and gives
// the focus back. The request (a method and ten shares) goes to Python; the film that comes back is played and scrubbed here.

const FRAME = 40 // milliseconds a step while the film runs
const ASK_AFTER = 120 // milliseconds after the last move of a slider until Python is asked
const PNG_SCALE = 10 // width in the saved file of each of the 28 x 28 pixels

export function render({ model, el }) {
  el.innerHTML = `
    <dialog class="lab-portrait" aria-labelledby="portrait-title">
      <div class="top"><h2 id="portrait-title"></h2><button type="button" class="lab-portrait-close" data-tip="Back to the page" aria-label="Close">✕</button></div>
      <div class="picture">
        <canvas width="28" height="28" role="img"></canvas>
        <p class="verdict" role="status"></p>
        <div class="film">
          <button type="button" class="play" data-tip="Show the steps from grey to the picture">▶<span class="hidden"> Play the film</span></button>
          <input type="range" class="lab-portrait-step" data-tip="The picture after this step" min="0" max="0" value="0" aria-label="Step">
          <span class="step"></span>
        </div>
      </div>
      <div class="asked">
        <div class="methods" data-tip="Three ways to run the network backwards, from a digit to a picture." role="radiogroup" aria-label="Method">${model.methods
          .map((method) => `<label><input type="radio" name="portrait-method" value="${method}"><span>${method}</span></label>`)
          .join("")}</div>
        <p class="hint">How much of each digit? Try half 3, half 8.</p>
        <div class="shares" data-tip="How much of this digit the network is asked for">${Array.from(
          { length: 10 },
          (_, digit) => `
          <label><b>${digit}</b><input type="range" min="0" max="1" step="0.05" data-digit="${digit}"
            aria-label="How much of ${digit}"><output aria-live="off"></output></label>`,
        ).join("")}</div>
      </div>
      <div class="end">
        <button type="button" class="lab-portrait-to-pad" data-tip="Put the picture on the pad, where the network reads it">Send to pad</button>
        <button type="button" class="lab-portrait-save" data-tip="Download the picture">Save PNG</button>
        <button type="button" class="lab-portrait-again" data-tip="The picture is of the network as it was when you asked">Ask again</button>
        <p class="note"></p>
      </div>
    </dialog>`

  const dialog = el.querySelector("dialog")
  const canvas = dialog.querySelector("canvas")
  const verdict = dialog.querySelector(".verdict")
  const film = dialog.querySelector(".film")
  const scrub = dialog.querySelector(".lab-portrait-step")
  const sliders = [...dialog.querySelectorAll(".shares input")]
  const radios = [...dialog.querySelectorAll(".methods input")]
  const steps = () => model.frames.byteLength / 784
  const say = (message) => {
    model.pressed = { ...message, count: (model.pressed.count ?? 0) + 1 }
  }

  // ---- the picture --------------------------------------------------------------------------------------------------------

  function frame(step) {
    const image = new ImageData(28, 28)
    const pixels = new Uint8Array(model.frames).subarray(784 * step, 784 * (step + 1))
    pixels.forEach((value, i) => {
      image.data[4 * i + 3] = value
    })
    return image
  }

  function paint() {
    const last = steps() - 1
    scrub.max = last
    const step = Math.min(scrub.valueAsNumber, last)
    if (last < 0) return
    const pen = canvas.getContext("2d")
    pen.putImageData(frame(step), 0, 0)
    pen.globalCompositeOperation = "source-in"
    pen.fillStyle = getComputedStyle(el).getPropertyValue("--ink") || "#000"
    pen.fillRect(0, 0, 28, 28)
    pen.globalCompositeOperation = "source-over"
    const [reads, sure] = [model.reads[step], Math.round(100 * model.confidences[step])]
    verdict.textContent = reads === undefined ? "" : `The network reads ${reads} in it, ${sure} % sure`
    canvas.setAttribute("aria-label", verdict.textContent)
    dialog.dataset.reads = reads
    film.hidden = last === 0
    dialog.querySelector(".step").textContent = `step ${step} of ${last}`
  }

  let timer = null
  function stop() {
    clearInterval(timer)
    timer = null
    dialog.querySelector(".play").firstChild.data = "▶"
  }
  function play() {
    if (timer !== null) return stop()
    if (scrub.valueAsNumber >= steps() - 1) scrub.value = 0
    dialog.querySelector(".play").firstChild.data = "❚❚"
    timer = setInterval(() => {
      scrub.value = scrub.valueAsNumber + 1
      paint()
      if (scrub.valueAsNumber >= steps() - 1) stop()
    }, FRAME)
  }

  function arrived() {
    stop()
    scrub.max = Math.max(0, steps() - 1)
    scrub.value = scrub.max
    paint()
    // The film runs once by itself, unless the system is set to reduce motion.
    if (steps() > 1 && dialog.open && !matchMedia("(prefers-reduced-motion: reduce)").matches) play()
  }

  // ---- the request --------------------------------------------------------------------------------------------------------

  function title() {
    const parts = model.target.flatMap((share, digit) =>
      share > 0 ? [`${share === 1 ? "" : `${Math.round(100 * share)} % `}${digit}`] : [],
    )
    dialog.querySelector("h2").textContent = `Imagined: ${parts.join(" + ") || "nothing"}`
  }

  // Shows the picture pale until it is the one for the latest request.
  function wait() {
    dialog.toggleAttribute("data-asking", JSON.stringify(model.of) !== asks(model.method, model.target))
  }

  // The latest request, until Python confirms it. On a busy machine the answer to an earlier request may still arrive, and must
  // not move the sliders back while the learner drags them.
  let wish = null
  const asks = (method, target) => JSON.stringify([method, ...target])

  function showAsked() {
    wait()
    if (!model.method || wish === asks(model.method, model.target)) wish = null
    if (wish === null) showChosen()
    title()
    if (model.method && !dialog.open) dialog.showModal()
    if (!model.method && dialog.open) dialog.close()
  }

  function showChosen() {
    radios.forEach((radio) => {
      radio.checked = radio.value === model.method
    })
    sliders.forEach((slider, digit) => {
      if (slider.valueAsNumber !== model.target[digit]) slider.value = model.target[digit]
      slider.nextElementSibling.textContent = `${Math.round(100 * model.target[digit])} %`
    })
  }

  function ask() {
    const shares = sliders.map((slider) => slider.valueAsNumber)
    const whole = shares.filter((share) => share === 1).length === 1 && shares.filter((share) => share === 0).length === 9
    const method = radios.find((radio) => radio.checked)?.value ?? model.method
    const same = asks(method, shares) === asks(model.method, model.target)
    wish = same ? null : asks(method, shares)
    say({ action: "ask", method, target: whole ? shares.indexOf(1) : shares })
  }

  let asking = null
  for (const slider of sliders) {
    slider.addEventListener("input", () => {
      slider.nextElementSibling.textContent = `${Math.round(100 * slider.valueAsNumber)} %`
      wish = "not asked yet"
      clearTimeout(asking)
      asking = setTimeout(ask, ASK_AFTER)
    })
  }
  for (const radio of radios) radio.addEventListener("change", ask)
  scrub.addEventListener("input", () => {
    stop()
    paint()
  })
  dialog.querySelector(".play").addEventListener("click", play)
  dialog.querySelector(".lab-portrait-again").addEventListener("click", ask)
  dialog.querySelector(".lab-portrait-close").addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close()
  }) // a click beside the dialog
  dialog.addEventListener("close", () => {
    stop()
    clearTimeout(asking)
    if (model.method) say({ action: "close" })
  })

  // ---- to the pad, and to a file ------------------------------------------------------------------------------------------

  dialog.querySelector(".lab-portrait-to-pad").addEventListener("click", () => {
    say({ action: "to_pad", frame: scrub.valueAsNumber })
    dialog.close()
  })
  dialog.querySelector(".lab-portrait-save").addEventListener("click", () => {
    // Dark ink on white in both themes, because the file will be looked at elsewhere.
    const [small, large] = [document.createElement("canvas"), document.createElement("canvas")]
    small.width = small.height = 28
    large.width = large.height = 28 * PNG_SCALE
    small.getContext("2d").putImageData(frame(scrub.valueAsNumber), 0, 0)
    const pen = large.getContext("2d")
    pen.fillStyle = "#fff"
    pen.fillRect(0, 0, large.width, large.height)
    pen.imageSmoothingEnabled = false
    pen.drawImage(small, 0, 0, large.width, large.height)
    large.toBlob((blob) => {
      const link = document.createElement("a")
      link.href = URL.createObjectURL(blob)
      const [method, ...shares] = model.of // the request of the picture shown; a later one may still be open
      link.download = `imagined-${shares.flatMap((share, digit) => (share > 0 ? [digit] : [])).join("-") || "nothing"}-${method}.png`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 1000)
    })
  })

  model.on(["method", "target"], showAsked)
  model.on("frames", arrived)
  model.on("of", wait)
  model.on(["reads", "confidences"], paint)
  model.on("note", () => {
    dialog.querySelector(".note").textContent = model.note
  })
  document.addEventListener("inkling:theme", paint)
  model.on("remove", () => document.removeEventListener("inkling:theme", paint))
  showAsked()
  arrived()
}
