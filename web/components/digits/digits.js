// A row of ten pictures, one a digit: what the network imagines, what it reads in its own picture, and how sure it is.
// The network's 0 is the page's background and its 1 is ink, in both themes.

export function render({ model, el }) {
  el.innerHTML = `<div class="lab-imagine">${Array.from({ length: 10 }, (_, digit) => `
    <figure data-digit="${digit}" data-reads="" data-confidence="">
      <canvas width="28" height="28" role="img" aria-label="The network's picture of ${digit}"></canvas>
      <figcaption><b>${digit}</b><span></span></figcaption>
    </figure>`).join("")}</div>`
  const row = el.querySelector(".lab-imagine")
  const figures = [...el.querySelectorAll("figure")]

  function paint() {
    const style = getComputedStyle(el)
    const [paper, ink] = ["--paper", "--ink"].map((name) => rgb(style.getPropertyValue(name) || (name === "--ink" ? "#000" : "#fff")))
    const pixels = new Uint8Array(model.images)
    figures.forEach((figure, digit) => {
      const image = new ImageData(28, 28)
      for (let i = 0; i < 784; i++) {
        const share = pixels[784 * digit + i] / 255
        for (let channel = 0; channel < 3; channel++)
          image.data[4 * i + channel] = paper[channel] + share * (ink[channel] - paper[channel])
        image.data[4 * i + 3] = 255
      }
      figure.querySelector("canvas").getContext("2d").putImageData(image, 0, 0)
    })
  }

  function caption() {
    row.dataset.method = model.method
    figures.forEach((figure, digit) => {
      const reads = model.reads[digit]
      if (reads === undefined) return
      const confidence = model.confidences[digit]
      figure.dataset.reads = reads
      figure.dataset.confidence = confidence
      figure.classList.toggle("right", reads === digit)
      figure.querySelector("span").textContent =
        `${reads === digit ? "✓ reads" : "reads"} ${reads} · ${Math.round(100 * confidence)} %`
    })
  }

  model.on("images", paint)
  model.on(["reads", "confidences", "method"], caption)
  const scheme = matchMedia("(prefers-color-scheme: dark)")
  scheme.addEventListener("change", paint)
  model.on("remove", () => scheme.removeEventListener("change", paint))
  paint()
  caption()
}

function rgb(color) {
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = 1
  const pen = canvas.getContext("2d")
  pen.fillStyle = color
  pen.fillRect(0, 0, 1, 1)
  return pen.getImageData(0, 0, 1, 1).data
}
