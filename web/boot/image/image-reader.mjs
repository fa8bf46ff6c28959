// A worker that reads the image of an earlier visit (kept-image.mjs) while another worker starts Pyodide. Reading takes several
// turns of the event loop, and the worker that starts Pyodide is too busy to get there quickly.

import { readKept } from "./kept-image.mjs"

/** @param {MessageEvent<Message<"toImageReader">>} event */
self.onmessage = async ({ data: { base, image, port } }) => {
  const bytes = await readKept(base, image)
  port.postMessage(/** @satisfies {Message<"fromImageReader">} */ ({ type: "image", bytes }), bytes ? [bytes.buffer] : [])
  self.close()
}
