// A worker that reads the image of an earlier visit (kept-image.mjs) while another one starts Pyodide. The browser answers in
// several turns, each some tens of milliseconds after the last, and a worker that starts Pyodide has few.

import { readKept } from "./kept-image.mjs"

/** @param {MessageEvent<Message<"toImageReader">>} event */
self.onmessage = async ({ data: { base, image, port } }) => {
  const bytes = await readKept(base, image)
  port.postMessage(/** @satisfies {Message<"fromImageReader">} */ ({ type: "image", bytes }), bytes ? [bytes.buffer] : [])
  self.close()
}
