// Checks that a worker of the pool (web/boot/worker/pool-worker.mjs) refuses messages that are not in the table of messages.
// Python itself is not started.
import assert from "node:assert/strict"
import test, { mock } from "node:test"

mock.timers.enable({ apis: ["setTimeout"] }) // a fetch without an answer is given up after half a minute
const posted = []
Object.assign(globalThis, {
  self: globalThis,
  fetch: () => new Promise(() => {}),
  postMessage: (text) => posted.push(JSON.parse(text)),
})
await import("../../web/boot/worker/pool-worker.mjs")
const tell = (message, buffers) =>
  /** @type {any} */ (globalThis.self).onmessage({ data: { text: JSON.stringify(message), buffers } })

for (const [message, reason] of [
  [{ type: "rest" }, "the message rest (toPool) is not known"],
  [{ type: "run", job: 3 }, "the message run (toPool) needs job: object, and not number"],
]) {
  test(`refused, and said: ${reason}`, async () => {
    posted.length = 0
    await tell(message, [])
    assert.deepEqual(posted, [{ type: "failed", text: reason }])
  })
}

test("a message of the table goes on to Python, which is not here", async () => {
  posted.length = 0
  await tell({ type: "run", job: {} }, [])
  assert.equal(posted.length, 1)
  assert.match(posted[0].text, /pyodide\.mjs/)
})
