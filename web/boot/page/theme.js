// What must be so before anything is painted: the theme, the size of everything, and which parts of the page are shown (`?view=`,
// `?hide=`). A classic script in <head>, before the style sheets, which do the rest by the attributes that are set here.
//
// The theme follows the system until the learner chooses one; the choice is remembered in this browser. Whoever draws with
// colours of its own listens for `inkling:theme` on the document.

;(() => {
  const root = document.documentElement
  const KEY = "inkling-theme"
  const system = matchMedia("(prefers-color-scheme: dark)")

  // A browser that refuses storage (some do in private windows) still has a theme; it forgets the choice.
  function remembered(key) {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }

  // null forgets it.
  function remember(key, value) {
    try {
      if (value === null) localStorage.removeItem(key)
      else localStorage.setItem(key, value)
    } catch {
      /* not remembered, then */
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
  // Views of one session (joined-views.js) are drawn with the same colours: what is chosen in one holds in all.
  window.addEventListener("storage", ({ key }) => {
    if (key === KEY && window.inklingSession.name) follow()
  })

  // Only a choice that differs from the system's is kept: back to the same, the page follows it again.
  document.addEventListener("click", (event) => {
    if (!(/** @type {Element} */ (event.target).closest?.(".lab-theme"))) return
    const theme = root.dataset.theme === "dark" ? "light" : "dark"
    remember(KEY, theme === (system.matches ? "dark" : "light") ? null : theme)
    show(theme)
  })

  const parameters = new URLSearchParams(location.search)

  // ---- size ------------------------------------------------------------------------------------------------------------
  // On a large window everything is drawn larger (`--size`), up to twice: the one screen of a small one fills it. The presentation
  // size is a quarter larger than that. Media queries know nothing of it, so `data-narrow` holds the widths that the page has no
  // room for, and the style sheets ask for those.

  const SIZE_KEY = "inkling-size"
  const SIZES = ["normal", "large"]
  const LARGER = 1.25
  const [WIDTH, HEIGHT, MOST] = [1422, 826, 2] // the window that is filled at size 1, and the largest size
  const WIDTHS = [1260, 1209, 1191, 1140, 1000, 991, 943, 925, 865, 799, 785, 760, 631, 577, 559, 505, 433, 379]

  let fitting = 0
  let density = devicePixelRatio

  function fit() {
    // A browser's own zoom changes the density: what it makes larger is not made smaller here.
    if (!fitting || density === devicePixelRatio) {
      fitting = Math.max(1, Math.min(innerWidth / WIDTH, innerHeight / HEIGHT, MOST))
    }
    density = devicePixelRatio
    const size = Math.round(fitting * (root.dataset.size === "large" ? LARGER : 1) * 1000) / 1000
    root.style.setProperty("--size", String(size))
    // Bokeh draws its numbers on a canvas, in the window's own pixels, and can't calculate.
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
