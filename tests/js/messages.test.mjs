// Checks that messages are refused when their name or their fields are not in the table (web/boot/messages.js).
import assert from "node:assert/strict"
import test from "node:test"
import "../../web/boot/messages.js"

/** @type {{ checked: (channel: string, message: any) => any, post: (target: any, channel: string, message: any) => void }} */
const { checked, post } = /** @type {any} */ (globalThis.inklingMessages) // looser than it is, for messages that are wrong on purpose

test("a message of the table is handed back as it is", () => {
  const message = { type: "problem", text: "No digits.", retry: true }
  assert.equal(checked("toPage", message), message)
  assert.deepEqual(message, { type: "problem", text: "No digits.", retry: true })
  checked("toPage", { type: "problem", text: "No digits.", about: undefined })
})

/** @type {[string, any, RegExp][]} */
const REFUSED = [
  ["toPage", { type: "busy", value: true }, /the message busy \(toPage\) is not known$/],
  ["toPage", { type: "constructor" }, /is not known/],
  ["toPage", { text: "without a name" }, /is not known/],
  ["toPage", null, /is not known/],
  ["toWorker", { type: "published" }, /is not known/],
  ["toPage", { type: "mended" }, /mended \(toPage\) needs text: string, and not undefined/],
  ["toPage", { type: "mended", text: 3 }, /needs text: string, and not number/],
  ["toPage", { type: "problem", text: "a", retry: "yes" }, /needs retry: boolean, and not string/],
  ["toPage", { type: "mended", text: "a", why: "b" }, /has no field why/],
  ["fromPool", { type: "done", value: [] }, /needs value: object\|null, and not array/],
]
for (const [channel, message, reason] of REFUSED) {
  test(`refused: ${JSON.stringify(message)} of ${channel}`, () => {
    assert.throws(() => checked(channel, message), reason)
  })
}

test("ports, bytes and null are told from other objects", () => {
  const { port1 } = new MessageChannel()
  const read = { type: "read", base: "./", image: {}, port: port1 }
  checked("toImageReader", read)
  assert.throws(() => checked("toImageReader", { ...read, port: {} }), /needs port: port, and not object/)
  assert.throws(() => checked("toImageReader", { ...read, image: port1 }), /needs image: object, and not port/)
  checked("fromImageReader", { type: "image", bytes: new Uint8Array(2) })
  checked("fromImageReader", { type: "image", bytes: null })
  assert.throws(() => checked("fromImageReader", { type: "image", bytes: "ab" }), /needs bytes: bytes\|null/)
  port1.close()
})

test("nothing wrong is posted", () => {
  const posted = []
  const target = { postMessage: (...parameters) => posted.push(parameters) }
  post(target, "toWorker", { type: "beat" })
  assert.throws(() => post(target, "toWorker", { type: "bet" }), /is not known/)
  assert.deepEqual(posted, [[{ type: "beat" }, []]])
})
