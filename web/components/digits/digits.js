// A row of ten pictures, one a digit: what the network imagines, what it reads in its own picture, and how sure it is.
// The network's 0 is the page's background and its 1 is ink, in both themes.

export function render({ model, el }) {
  el.innerHTML = `<div class="lab-imagine">${Array.from({ length: 10 }, (_, digit) => `
    <figure data-digit="${digit}" data-reads="" data-confidence="">
      <canvas width="28" height="28" role="img" aria-label="The network's picture of ${digit}"></canvas>
      <figcaption><b>${digit}</b><span><i class="verdict"></i><i class="read"></i></span></figcaption>
    </figure>`).join("")}</div>`
  const row = el.querySelector(".lab-imagine")
  const figures = [...el.querySelectorAll("figure")]

  function paint() {
    const ink = getComputedStyle(el).getPropertyValue("--ink") || "#000"
    const pixels = new Uint8Array(model.images)
    figures.forEach((figure, digit) => {
      const image = new ImageData(28, 28)
      for (let i = 0; i < 784; i++) image.data[4 * i + 3] = pixels[784 * digit + i]
      const pen = figure.querySelector("canvas").getContext("2d")
      pen.putImageData(image, 0, 0)
      pen.globalCompositeOperation = "source-in"  // the page's ink, as dense as the network's 1
      pen.fillStyle = ink
      pen.fillRect(0, 0, 28, 28)
      pen.globalCompositeOperation = "source-over"
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
      figure.querySelector(".verdict").textContent = reads === digit ? "✓ " : "reads "
      figure.querySelector(".read").textContent = `${reads} · ${Math.round(100 * confidence)} %`
    })
  }

  model.on("images", paint)
  model.on(["reads", "confidences", "method"], caption)
  document.addEventListener("inkling:theme", paint)
  model.on("remove", () => document.removeEventListener("inkling:theme", paint))
  paint()
  caption()
}
