
// The first script of all, inside the page itself (policy.py puts it there and allows its hash): it says so when another
// doesn't come, is damaged or keeps everybody waiting, when the page itself was cut short, and when it was opened as a file,
// where none of the others may load.
(() => {
  const WAIT = 30_000
  const root = document.documentElement
  const seen = new Set()

  const addressOf = (element) => element.src || (element.rel === "stylesheet" && element.href)
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

  function fail(text) {
    if (window.inkling) return window.inkling.fail(text)
    root.dataset.lab = "failed"
    const show = () => say(text)
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show)
    else show()
  }

  if (location.protocol === "file:") {
    return fail("Inkling needs a web server, however small: browsers don't start Python from a file. In the folder of this page "
      + "run `python -m http.server`, then open the address it prints.")
  }

  // Such errors don't bubble, so they are caught on their way down.
  addEventListener("error", ({ target }) => {
    const address = target !== window && addressOf(target)
    if (address) fail(`The page is not complete: ${nameOf(address)} did not come, or is damaged.`)
  }, true)

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.getElementById("end")) fail("The page is not complete: index.html was cut short.")
  })

  setTimeout(() => {
    if (document.readyState !== "loading") return
    const come = new Set(performance.getEntriesByType("resource").map(({ name }) => name))
    const waiting = [...document.querySelectorAll("script[src], link[rel=stylesheet]")].map(addressOf).filter((address) => !come.has(address))
    if (!document.body) stop()  // nothing can be shown while the browser waits for the page's head
    if (waiting.length) say(`The page still waits for ${nameOf(waiting.at(-1))}.`)
  }, WAIT)
})()
