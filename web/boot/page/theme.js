// Sets the theme, the size of everything and the parts of the page to show (`?view=`, `?hide=`) before anything is painted. A
// classic script in <head>, before the style sheets, which use the attributes that are set here.
//
// The theme follows the system until the learner chooses one; the choice is remembered in this browser. Scripts that draw with
// the theme's colours listen for `inkling:theme` on the document.

;(() => {
  const root = document.documentElement
  const KEY = "inkling-theme"
  const system = matchMedia("(prefers-color-scheme: dark)")

  // Reads a remembered choice. A browser may refuse storage (some do in private windows); then nothing is remembered.
  function remembered(key) {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }

  // Remembers a choice, or forgets it if the value is null.
  function remember(key, value) {
    try {
      if (value === null) localStorage.removeItem(key)
      else localStorage.setItem(key, value)
    } catch {
      /* the browser refuses storage: the choice lasts until the page is closed */
    }
  }

  function show(theme) {
    root.dataset.theme = theme
    document.dispatchEvent(new CustomEvent("inkling:theme", { detail: { theme } }))
  }

  const chosen = () => ["light", "dark"].find((theme) => theme === remembered(KEY))
  const follow = () => show(chosen() ?? (system.matches ? "dark" : "light"))
  follow()
  system.addEventListener("change", follow)
  // Views of one session (joined-views.js) share their theme: a choice in one view changes all of them.
  window.addEventListener("storage", ({ key }) => {
    if (key === KEY && window.inklingSession.name) follow()
  })

  // Only a choice that differs from the system's theme is kept; after choosing the system's, the page follows the system again.
  document.addEventListener("click", (event) => {
    if (!(/** @type {Element} */ (event.target).closest?.(".lab-theme"))) return
    const theme = root.dataset.theme === "dark" ? "light" : "dark"
    remember(KEY, theme === (system.matches ? "dark" : "light") ? null : theme)
    show(theme)
  })

  const parameters = new URLSearchParams(location.search)

  // ---- size ------------------------------------------------------------------------------------------------------------
  // In a large window everything is drawn larger (`--size`), up to twice, so that the page fills the window. The presentation
  // size is another quarter larger. Media queries don't take `--size` into account, so `data-narrow` lists the breakpoints that
  // the page is not wider than, and the style sheets use that list.

  const SIZE_KEY = "inkling-size"
  const SIZES = ["normal", "large"]
  const LARGER = 1.25
  const [WIDTH, HEIGHT, MOST] = [1422, 826, 2] // the window that the page fills at size 1, and the largest size
  const WIDTHS = [1260, 1209, 1191, 1140, 1000, 991, 943, 925, 865, 799, 785, 760, 631, 577, 559, 505, 433, 379]

  let fitting = 0
  let density = devicePixelRatio

  function fit() {
    // The browser's own zoom changes the density and makes the window smaller in CSS pixels. That must not change the size, or
    // zooming in would be undone here.
    if (!fitting || density === devicePixelRatio) {
      fitting = Math.max(1, Math.min(innerWidth / WIDTH, innerHeight / HEIGHT, MOST))
    }
    density = devicePixelRatio
    const size = Math.round(fitting * (root.dataset.size === "large" ? LARGER : 1) * 1000) / 1000
    root.style.setProperty("--size", String(size))
    // Bokeh draws its numbers on a canvas, in the window's own pixels, and does not understand calc().
    for (const label of ["axis", "major"]) root.style.setProperty(`--bk-${label}-label-text-font-size`, `${11 * size}px`)
    root.dataset.narrow = WIDTHS.filter((width) => innerWidth / size <= width).join(" ")
    document.dispatchEvent(new CustomEvent("inkling:size"))
  }

  function resize(size) {
    root.dataset.size = size
    const button = document.querySelector(".lab-size")
    if (button) button.ariaPressed = String(size === "large")
    fit()
  }

  const asked = [parameters.get("size"), remembered(SIZE_KEY)].find((size) => SIZES.includes(size))
  resize(asked ?? "normal")
  addEventListener("resize", fit)
  document.addEventListener("DOMContentLoaded", () => resize(root.dataset.size))
  document.addEventListener("click", (event) => {
    if (!(/** @type {Element} */ (event.target).closest?.(".lab-size"))) return
    const size = root.dataset.size === "large" ? "normal" : "large"
    remember(SIZE_KEY, size === "large" ? size : null)
    resize(size)
  })

  // ---- parts -----------------------------------------------------------------------------------------------------------

  const parts = (name) =>
    (parameters.get(name) ?? "")
      .split(",")
      .filter((part) => /^[a-z]+$/.test(part))
      .join(" ")
  root.dataset.hide = parts("hide")
  if (["pad", "train", "imagine"].includes(parts("view"))) root.dataset.view = parts("view")
})()
