// Reports a page that can't start: a script or style sheet is missing, damaged or very late, the page itself was cut short, or
// it was opened as a file, where its other scripts may not load. This is the first script of all, inside the page itself
// (policy.py puts it there and allows its hash).
;(() => {
  const WAIT = 30_000
  const root = document.documentElement
  const seen = new Set()

  const NEEDED = "script[src], link[rel=stylesheet], link[rel=modulepreload]"
  const addressOf = (element) => element.matches?.(NEEDED) && (element.src || element.href)
  const nameOf = (address) => address.replace(new URL(".", location.href).href, "")

  function say(text) {
    if (seen.has(text)) return
    seen.add(text)
    const line = Object.assign(document.createElement("div"), { className: "lab-error", textContent: `${text} ` })
    line.setAttribute("role", "alert")
    const button = Object.assign(document.createElement("button"), { textContent: "Try again" })
    button.addEventListener("click", () => location.reload())
    line.append(button)
    if (!document.body) root.append(document.createElement("body"))
    const list = document.querySelector(".problems") ?? document.body
    list.prepend(line)
  }

  // Replaces this page by an empty one. To stop loading is not enough: Chromium does not draw a page before it has read its
  // end.
  function beginAnew() {
    document.open()
    document.write("<!doctype html><html lang=en data-lab=failed><title>Inkling</title><body>")
    document.close()
  }

  function fail(text) {
    if (window.inkling) return window.inkling.fail(text)
    root.dataset.lab = "failed"
    const show = () => say(text)
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show)
    else show()
  }

  if (location.protocol === "file:") {
    return fail(
      "Inkling needs a web server, however small: browsers don't start Python from a file. In the folder of this page " +
        "run `python -m http.server`, then open the address it prints.",
    )
  }

  // Errors of loading don't bubble, so they are caught in the capture phase.
  addEventListener(
    "error",
    ({ target }) => {
      const address = addressOf(target)
      const told = () => fail(`The page is not complete: ${nameOf(address)} did not come, or is damaged.`)
      // A module also fails when a module that it imports fails. That one is preloaded and reports its own error first.
      if (address) setTimeout(told, /** @type {HTMLScriptElement} */ (target).type === "module" ? 500 : 0)
    },
    true,
  )

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.getElementById("end")) fail("The page is not complete: index.html was cut short.")
  })

  setTimeout(() => {
    if (document.readyState === "complete") return
    const come = new Set(performance.getEntriesByType("resource").map(({ name }) => name))
    const waiting = [...document.querySelectorAll(NEEDED)].map(addressOf).filter((address) => !come.has(address))
    if (!document.body) beginAnew() // nothing can be shown while the browser waits for the page's head
    if (waiting.length) say(`The page still waits for ${nameOf(waiting.at(-1))}.`)
  }, WAIT)
})()
