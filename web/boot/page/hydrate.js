// Connects Python to the page that Bokeh has drawn already. Bokeh draws from index.html the same page that Python's image holds
// (web/build/drawn.py), so Python need not send it again. Changes that the learner makes before Python is ready are collected
// and sent to it.
//
// Where Python has another page to show (the address chooses something, or Python starts again after a crash), Panel's script
// removes the drawn page and draws Python's.

;(() => {
  const inkling = window.inkling
  const port = inkling.panelPort
  let waiting = [] // changes made before Python is ready; null once they are sent
  let page // Bokeh's document of the page as it was drawn first

  // Sends or collects a change. `send_change` is a function of Panel's script (the build checks that it exists).
  // `document_ready` is left out: Python learns from the message `rendered` that the page is drawn.
  function hear(event) {
    if (!waiting) window.send_change(page, event)
    else if (event.msg_data?.event_name !== "document_ready") waiting.push(event)
  }

  // Ends the present task, so that the page answers before the next begins.
  inkling.breath = () =>
    new Promise((rested) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = rested
      port2.postMessage(null)
    })

  // Resolves when Bokeh is there (web/build/bokeh/start.mjs calls `hasBokeh`), before anything is drawn.
  inkling.bokeh = new Promise((resolve) => {
    inkling.hasBokeh = resolve
  })
  const parsed = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve))

  // Draws the page: index.html has Bokeh's document, and the elements to draw its parts in (web/build/drawn.py).
  async function draw() {
    await Promise.all([inkling.bokeh, parsed])
    await inkling.breath() // aria.js and plots.js change the views first
    const [documents, items] = ["document", "items"].map((name) => document.getElementById(`drawn-${name}`).textContent)
    const [views] = await window.Bokeh.embed.embed_items(documents, JSON.parse(items))
    page = [...views.roots.values()][0].model.document
    page.on_change(hear, false)
    port.drawn()
  }
  draw()

  function send(events) {
    if (!events.length) return
    port.busy = true
    port.postMessage({ type: "patch", patch: page.create_json_patch(events) })
  }

  port.addEventListener("message", (event) => {
    const { data } = /** @type {MessageEvent<Message<"toPanel">>} */ (event)
    if (data.type === "render") {
      page?.remove_on_change(hear)
      waiting = null
    } else if (data.type === "adopt") {
      port.jsdoc = page
      inkling.shown.then(() => {
        // not before the page is shown: `rendered` makes it ready
        port.postMessage({ type: "rendered" })
        send(waiting)
        waiting = null
      })
    }
  })
})()
