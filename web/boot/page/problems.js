// Shows what went wrong, in words, in the list under the header: lines that stay until they are dismissed or mended. Also
// tells of messages that are not as the table has them. A classic script in <head>, before all that may have a problem.

;(() => {
  const { checked } = window.inklingMessages

  const whenParsed = new Promise((resolve) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resolve, { once: true })
    else resolve(null)
  })

  // about: a name for what was tried; the next problem with the same takes its place.
  /** @param {string} text @param {{ retry?: boolean, about?: string }} options */
  async function show(text, { retry = false, about } = {}) {
    await whenParsed
    const list = document.querySelector(".problems")
    if (about) forget(about)
    if ([...list.querySelectorAll("[data-text]")].some((shown) => shown.dataset.text === text)) return
    const item = document.createElement("div")
    item.className = "lab-error"
    item.setAttribute("role", "alert")
    item.dataset.text = text
    if (about) item.dataset.about = about
    const words = document.createElement("span")
    words.textContent = text
    const button = document.createElement("button")
    button.textContent = retry ? "Try again" : "Dismiss"
    button.addEventListener("click", () => (retry ? location.reload() : item.remove()))
    item.append(words, button)
    list.append(item)
  }

  function forget(about) {
    document.querySelector(`.problems [data-about="${about}"]`)?.remove()
  }

  // A message that is not in the table (messages.js), or not as it says there, is told of and goes no further.
  /** @template {Channel} C @param {C} channel @param {Message<C>} message */
  function understood(channel, message) {
    try {
      return checked(channel, message)
    } catch (error) {
      console.error(error)
      show(`The page and its Python don't understand one another: ${error.message}.`, { retry: true })
      return null
    }
  }

  window.inklingProblems = { show, forget, understood }
})()
