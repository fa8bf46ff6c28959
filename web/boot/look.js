// What must be so before anything is painted: the theme, and which parts of the page are shown (`?view=`, `?hide=`). A classic
// script in <head>, before the style sheets, which do the rest by the attributes that are set here.
//
// The theme follows the system until the learner chooses one; the choice is remembered in this browser. Whoever draws with
// colours of its own listens for `inkling:theme` on the document.

(() => {
  const root = document.documentElement
  const KEY = "inkling-theme"
  const system = matchMedia("(prefers-color-scheme: dark)")

  // A browser that refuses storage (some do in private windows) still has a theme; it forgets the choice.
  function remembered() {
    try { return localStorage.getItem(KEY) } catch { return null }
  }

  function show(theme) {
    root.dataset.theme = theme
    document.dispatchEvent(new CustomEvent("inkling:theme", { detail: { theme } }))
  }

  const follow = () => show(["light", "dark"].includes(remembered()) ? remembered() : system.matches ? "dark" : "light")
  follow()
  system.addEventListener("change", follow)
  // Views of one session (session.js) are drawn with the same colours: what is chosen in one holds in all.
  window.addEventListener("storage", ({ key }) => { if (key === KEY && window.inklingSession.name) follow() })

  // Only a choice that differs from the system's is kept: back to the same, the page follows it again.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".lab-theme")) return
    const theme = root.dataset.theme === "dark" ? "light" : "dark"
    try {
      if (theme === (system.matches ? "dark" : "light")) localStorage.removeItem(KEY)
      else localStorage.setItem(KEY, theme)
    } catch { /* not remembered, then */ }
    show(theme)
  })

  const parameters = new URLSearchParams(location.search)
  const parts = (name) => (parameters.get(name) ?? "").split(",").filter((part) => /^[a-z]+$/.test(part)).join(" ")
  root.dataset.hide = parts("hide")
  if (["pad", "train", "imagine"].includes(parts("view"))) root.dataset.view = parts("view")
})()
