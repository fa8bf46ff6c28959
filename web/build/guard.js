// The first script of all, inside the page itself (policy.py puts it there and allows its hash): it says so when another
// doesn't come, is damaged or keeps everybody waiting, when the page itself was cut short, and when it was opened as a file,
// where none of the others may load.
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

  // An empty page in place of this one. To stop loading is not enough: Chromium draws no page whose end it has not read.
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

  // Such errors don't bubble, so they are caught on their way down.
  addEventListener(
    "error",
    ({ target }) => {
      const address = addressOf(target)
      const told = () => fail(`The page is not complete: ${nameOf(address)} did not come, or is damaged.`)
      // A module also fails when one that it imports does, which is preloaded and tells of itself.
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
