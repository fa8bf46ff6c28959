// When work begins that nobody waits for (web/boot/page/turns.js).
import assert from "node:assert/strict"
import test, { mock } from "node:test"

mock.timers.enable({ apis: ["setTimeout"] })
const dataset = { lab: "ready" }
let changed, moved
const window = { inkling: /** @type {any} */ ({}) }
Object.assign(globalThis, {
  window,
  document: {
    documentElement: { dataset },
    addEventListener: (_, act) => {
      moved = act
    },
  },
  MutationObserver: class {
    constructor(act) {
      changed = act
    }
    observe() {}
  },
})
// @ts-expect-error: a classic script, and no module
await import("../../web/boot/page/turns.js")
const { atRest, onTraining } = window.inkling.turns

function lab(state) {
  dataset.lab = state
  changed()
}

// Asks for work after 20 s of rest; what is returned tells how often it was done.
function errand() {
  const act = mock.fn()
  atRest(act, 20_000)
  return () => act.mock.callCount()
}

test("work begins once, after the rest that it asks for", () => {
  const done = errand()
  mock.timers.tick(19_999)
  assert.equal(done(), 0)
  mock.timers.tick(1)
  assert.equal(done(), 1)
  mock.timers.tick(100_000)
  assert.equal(done(), 1)
})

test("a change that has nothing to do with training shortens no rest", () => {
  lab("booting")
  const done = errand()
  lab("ready")
  mock.timers.tick(19_999)
  assert.equal(done(), 0)
  mock.timers.tick(1)
  assert.equal(done(), 1)
})

test("it does not begin while the network trains, and begins soon after a pause", () => {
  const done = errand()
  lab("training")
  mock.timers.tick(30_000)
  assert.equal(done(), 0)
  lab("ready")
  mock.timers.tick(500)
  lab("training") // a short pause is none
  mock.timers.tick(10_000)
  assert.equal(done(), 0)
  lab("ready")
  mock.timers.tick(1000)
  assert.equal(done(), 1)
})

test("where training never pauses it begins after a minute", () => {
  lab("training")
  const done = errand()
  mock.timers.tick(59_999)
  assert.equal(done(), 0)
  mock.timers.tick(1)
  assert.equal(done(), 1)
  lab("ready")
})

test("a stroke makes it wait anew, and a pointer that only passes does not", () => {
  const done = errand()
  mock.timers.tick(15_000)
  moved({ buttons: 1 })
  mock.timers.tick(15_000)
  assert.equal(done(), 0)
  moved({ buttons: 0 })
  mock.timers.tick(5000)
  assert.equal(done(), 1)
})

test("who listens hears of every change", () => {
  const heard = []
  onTraining((training) => heard.push(training))
  lab("training")
  lab("ready")
  assert.deepEqual(heard, [true, false])
})
