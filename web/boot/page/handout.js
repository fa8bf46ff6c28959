// Makes the page that is printed instead of the screen (look/print.css), for handing out in class. It is made when the browser
// is about to print, from the screen: the settings, the measures, the curves, the drawing and the ten pictures.

;(() => {
  // Yields all elements that match a selector, also inside shadow roots.
  function* within(root, selector) {
    yield* root.querySelectorAll(selector)
    for (const { shadowRoot } of root.querySelectorAll("*")) if (shadowRoot) yield* within(shadowRoot, selector)
  }
  const first = (selector) => within(document, selector).next().value

  function make(tag, className, ...children) {
    const element = document.createElement(tag)
    element.className = className
    element.append(...children)
    return element
  }

  // Copies canvases that lie on one another into a new canvas. Not into an image: that might not be loaded when printing
  // begins.
  function copy(canvases, description = "") {
    const { width, height } = canvases[0]
    const picture = Object.assign(document.createElement("canvas"), { width, height, ariaLabel: description })
    picture.setAttribute("role", "img")
    const pen = picture.getContext("2d")
    for (const canvas of canvases) if (canvas.width && canvas.height) pen.drawImage(canvas, 0, 0)
    return picture
  }

  const captioned = (picture, text) => make("figure", "", picture, make("figcaption", "", text))

  function measures() {
    const pairs = [...within(document, ".measures > div")].map((pair) => pair.cloneNode(true))
    return make("dl", "handout-measures", ...pairs)
  }

  function settings() {
    const list = first(".settings")?.cloneNode(true) ?? make("dl", "settings")
    list.hidden = false
    return list
  }

  function curves() {
    const plots = [...within(document.querySelector(".card-train"), "[aria-label$='by epochs']")]
    const figures = plots.map((plot) => {
      const name = plot.ariaLabel
      return captioned(copy([...within(plot.shadowRoot, "canvas")], name), `${name}. Thick: test digits; thin: training.`)
    })
    return make("div", "handout-curves", ...figures)
  }

  function drawing() {
    const read = document.querySelector(".lab-prediction").textContent
    const sure = document.querySelector(".pad .sure").textContent
    if (!read) return ""
    return captioned(copy([document.querySelector(".lab-pad canvas")]), `The drawing, read as ${read}: ${sure}`)
  }

  function imagined() {
    const rows = [...within(document, ".lab-imagine")].map((row) =>
      make(
        "div",
        "handout-digits",
        ...[...row.querySelectorAll("figure")].map((figure) => {
          const text = figure.querySelector("figcaption span").textContent
          return captioned(copy([figure.querySelector("canvas")]), `${figure.dataset.digit}: ${text}`)
        }),
      ),
    )
    return make("div", "", make("h2", "", "What each digit looks like to this network"), ...rows)
  }

  addEventListener("beforeprint", () => {
    document.querySelector(".handout")?.remove()
    const title = make("h1", "", "Inkling")
    const top = make("div", "handout-top", make("div", "", make("h2", "", "Settings"), settings()), drawing())
    const address = make("p", "handout-address", location.href)
    document.body.append(make("section", "handout", title, measures(), top, curves(), imagined(), address))
  })
  addEventListener("afterprint", () => document.querySelector(".handout")?.remove())
})()
