// Tells a screen reader how the training goes (web/runner/announcer.py): the event `inkling:announce` on the document has the
// `text`. The live region is in the page from the start, because some screen readers don't read a region that is added with its
// text.

document.addEventListener("inkling:announce", ({ detail: { text } }) => {
  document.querySelector(".lab-voice").textContent = text
})
