// Shows a line at the foot of the window that says what was just done, and removes it after a while: `inkling.say(text)`. A
// second argument is shown as a text to copy by hand. Screen readers read the line politely; nothing else on the page moves.

;(() => {
  const STAYS = 5000 // milliseconds; a line with something to copy stays until it is closed

  let line, timer

  function make() {
    line = document.createElement("div")
    line.className = "said"
    line.setAttribute("role", "status")
    document.body.append(line)
    return line
  }

  function close() {
    clearTimeout(timer)
    line?.replaceChildren()
  }

  window.inkling.say = (text, field) => {
    close()
    const words = document.createElement("span")
    words.textContent = text
    ;(line ?? make()).append(words)
    if (field === undefined) {
      timer = setTimeout(close, STAYS)
      return
    }
    const input = document.createElement("input")
    Object.assign(input, { value: field, readOnly: true, ariaLabel: text })
    const button = document.createElement("button")
    button.textContent = "Close"
    button.addEventListener("click", close)
    line.append(input, button)
    input.select()
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close()
  })
})()
