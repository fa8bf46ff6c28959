// Tells a screen reader how the training goes (web/runner/announcer.py): `inkling:announce` on the document, with `text`. The live region
// is in the page from the start, as a region that comes with its text isn't read by all of them.

document.addEventListener("inkling:announce", ({ detail: { text } }) => {
  document.querySelector(".lab-voice").textContent = text
})
