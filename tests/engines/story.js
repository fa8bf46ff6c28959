// Does what a person does first, in any browser: load, train, pause, draw, imagine, and, after a reload, find the work again.
// firefox.mjs and webkit.py evaluate this in the page. Returns what the page showed, or throws an error that says what was
// missing.
// biome-ignore lint/correctness/noUnusedVariables: it is called by what evaluates this file
async function story(again) {
  const root = document.documentElement
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
  async function until(what, seen, seconds = 60) {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(100)) if (await seen()) return
    throw new Error(
      `not within ${seconds} s: ${what}; the page is ${root.dataset.lab}: ${[...document.querySelectorAll(".lab-error")]
        .map((line) => line.textContent)
        .join(" ")}`,
    )
  }
  // Panel's widgets are inside open shadow roots.
  /** @param {string} selector @param {ParentNode} within @returns {HTMLElement} */
  function find(selector, within = document) {
    const here = /** @type {HTMLElement} */ (within.querySelector(selector))
    if (here) return here
    for (const element of within.querySelectorAll("*")) {
      const inside = element.shadowRoot && find(selector, element.shadowRoot)
      if (inside) return inside
    }
    return null
  }
  const press = (selector) => {
    const element = find(selector)
    const button = element.matches("button") ? element : find("button", element.shadowRoot ?? element)
    button.click()
  }
  function draw(points) {
    const canvas = find("canvas", find(".lab-pad").shadowRoot ?? find(".lab-pad"))
    const box = canvas.getBoundingClientRect()
    const send = (type, [x, y]) =>
      canvas.dispatchEvent(
        new PointerEvent(type, {
          clientX: box.left + x * box.width,
          clientY: box.top + y * box.height,
          button: 0,
          buttons: type === "pointerup" ? 0 : 1,
          pointerId: 1,
          pointerType: "mouse",
          isPrimary: true,
          bubbles: true,
          composed: true,
          cancelable: true,
        }),
      )
    for (const [i, point] of points.entries()) send(i ? "pointermove" : "pointerdown", point)
    send("pointerup", points.at(-1))
  }

  await until("ready", () => ["ready", "failed"].includes(root.dataset.lab), 240)
  if (root.dataset.lab === "failed") throw new Error(document.querySelector(".lab-error").textContent)
  const seen = async () => await window.inkling.snapshot()
  if (!again) {
    press(".lab-play")
    await until("training", async () => (await seen()).samples > 5000)
    press(".lab-pause")
    await until("paused", async () => !(await seen()).running)
    draw([
      [0.5, 0.15],
      [0.5, 0.4],
      [0.5, 0.6],
      [0.5, 0.85],
    ])
    await until("a reading of what was drawn", async () => (await seen()).prediction !== null)
    const picture = await window.inkling.command("backquery", { method: "logit", target: 3 })
    if (picture.image.length !== 784 || !find(".lab-imagine [data-digit='3']")) throw new Error("no picture of a 3")
    await pause(3000) // the page saves the work within two seconds
  }
  const { samples, prediction, kernel } = await seen()
  return JSON.stringify({
    samples,
    prediction,
    kernel,
    footer: find(".foot").textContent.trim().slice(0, 60),
    arithmetic: find(".blurb")?.textContent,
    alerts: document.querySelectorAll(".lab-error").length,
  })
}
