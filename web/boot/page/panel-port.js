// The port to Python for Panel's page script, which would talk to a Worker of its own; behind this one, one worker can follow
// another. A MessagePort keeps messages until somebody listens, so nothing is lost while Bokeh's JavaScript is still on its way,
// nor before the page is drawn as it came (hydrate.js), which a quick Python may outrun.

;(() => {
  const { post } = window.inklingMessages

  class PanelPort extends EventTarget {
    #listen
    #drawn = false
    /** @type {MessagePort} */
    port
    busy = false
    queue = []
    jsdoc // Bokeh's document, when Panel's script has one
    connect(port) {
      if (this.port) this.port.onmessage = null // a late word of a worker that is gone
      Object.assign(this, { port, busy: false, queue: [] })
      this.#open()
    }
    drawn() {
      this.#drawn = true
      this.#open()
    }
    postMessage(message) {
      post(this.port, "fromPanel", message)
    }
    set onmessage(listen) {
      this.#listen = listen
      this.#open()
    }
    #open() {
      if (this.#drawn && this.#listen)
        this.port.onmessage = (event) => {
          if (!window.inklingProblems.understood("toPanel", event.data)) return
          this.dispatchEvent(new MessageEvent("message", { data: event.data }))
          return this.#listen(event)
        }
    }
  }

  window.inklingPanelPort = new PanelPort()
})()
