// The page is drawn once. What Bokeh draws from index.html is the page as Python's image has it (web/build/drawn.py), so when
// Python comes it takes that over, instead of sending the same for another drawing. What the learner has done to it by then -
// chosen, moved, opened - waits and is sent.
//
// Where Python has another page to show (its address chose something, or it is a start after a crash), Panel's script takes all
// away and draws that.

;(() => {
  const inkling = window.inkling
  const port = inkling.panelPort
  let waiting = [] // changes before Python was there; null: nobody waits any more
  let page // Bokeh's document of the page as it was drawn first

  // `send_change` is a function of Panel's script (the build checks that it is there). That the page is drawn, Python hears
  // from elsewhere.
  function hear(event) {
    if (!waiting) window.send_change(page, event)
    else if (event.msg_data?.event_name !== "document_ready") waiting.push(event)
  }

  // The page hands in what embeds it.
  inkling.drawn = (embedding) => {
    embedding.then(([views]) => {
      page = [...views.roots.values()][0].model.document
      page.on_change(hear, false)
      port.drawn()
    })
  }

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
        // what nobody sees is not ready
        port.postMessage({ type: "rendered" })
        send(waiting)
        waiting = null
      })
    }
  })
})()
