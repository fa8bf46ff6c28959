// The speed of the link, by which the start is chosen (web/boot/worker/link.mjs).
import assert from "node:assert/strict"
import test, { mock } from "node:test"

let copies = 0
// The module as a worker that has just begun has it: nothing has come.
const fresh = () => import(`../../web/boot/worker/link.mjs?copy=${copies++}`)

const clock = mock.method(performance, "now", () => 0)
const at = (milliseconds) => clock.mock.mockImplementation(() => milliseconds)

test("bytes are counted from the first, over all files, until there are enough to tell", async () => {
  const { arrived, linkRate } = await fresh()
  at(1000)
  arrived(500_000)
  const rate = linkRate()
  at(1400)
  arrived(500_000)
  arrived(600_000)
  assert.equal(await rate, 4000)
})

test("of a body that came compressed, what came over the link is counted", async () => {
  const { arrived, linkRate } = await fresh()
  at(0)
  arrived(1, new Response(""))
  at(1000)
  arrived(10_000_000, new Response("", { headers: { "Content-Encoding": "gzip" } }))
  assert.equal(await linkRate(), 3700.001)
})

test("a link that brings little is known after a second and a half, and one that brings nothing too", async () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  const slow = await fresh()
  const dead = await fresh()
  at(0)
  slow.arrived(150_000)
  const rates = Promise.all([slow.linkRate(), dead.linkRate()])
  at(1500)
  mock.timers.tick(1500)
  assert.deepEqual(await rates, [100, 0])
  mock.timers.reset()
})

test("what was measured once stays, whatever comes afterwards", async () => {
  const { arrived, linkRate } = await fresh()
  at(0)
  arrived(1_500_000)
  at(1000)
  const first = await linkRate()
  at(9000)
  assert.equal(await linkRate(), first)
})
