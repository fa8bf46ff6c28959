// Holds the code that all contestants share: the messages to the page, the digits, and the timed loop.
//
// A contestant runs in its own worker. It answers two questions about a task (a network, a batch size and a
// learning rate; see tasks.py):
//   check(task)             the mean loss over the first ten batches in file order, from the weights served
//   measure(task, seconds)  how many images a second it trains on, going on from there
// All must give the same loss in `check`: otherwise they don't do the same work, and can't be compared.

export const CHECKED_BATCHES = 10

/** Answer the page's calls with these functions. */
export function answer(methods) {
  self.onmessage = async ({ data: { id, method, args } }) => {
    try {
      self.postMessage({ id, result: await methods[method](...args) })
    } catch (error) {
      self.postMessage({ id, error: `${error.message ?? error}\n${error.stack ?? ""}` })
    }
  }
  self.postMessage({ ready: true })
}

export async function bytes(name) {
  const response = await fetch(name)
  if (!response.ok) throw new Error(`${name}: ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** Fetches the weights that all contestants start from: {w1, b1, w2, b2}, Float32Arrays. */
export async function weights(task) {
  const flat = new Float32Array((await bytes(`weights-${task.name}.bin`)).buffer)
  const [inputs, hidden, outputs] = task.layers
  const sizes = { w1: inputs * hidden, b1: hidden, w2: hidden * outputs, b2: outputs }
  let start = 0
  return Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => {
      start += size
      return [name, flat.slice(start - size, start)]
    }),
  )
}

/**
 * Loads all digits as floats from 0 to 1; Inkling converts its bytes in every step, which the other contestants are spared.
 * Returns draw(i, batch), which gives {x: Float32Array, labels: Uint8Array}: a batch of random digits, or, for the first ten
 * batches, the digits in file order.
 */
export async function digits() {
  const pixels = Float32Array.from(await bytes("images.bin"), (p) => p / 255)
  const labels = await bytes("labels.bin")
  const count = labels.length
  const inputs = pixels.length / count
  return function draw(i, batch) {
    const x = new Float32Array(batch * inputs)
    const chosen = new Uint8Array(batch)
    for (let k = 0; k < batch; k++) {
      const image = i < CHECKED_BATCHES ? i * batch + k : Math.floor(Math.random() * count)
      x.set(pixels.subarray(image * inputs, (image + 1) * inputs), k * inputs)
      chosen[k] = labels[image]
    }
    return { x, labels: chosen }
  }
}

export function oneHot(labels, classes) {
  const rows = new Float32Array(labels.length * classes)
  for (const [i, label] of labels.entries()) rows[i * classes + label] = 1
  return rows
}

/**
 * Makes a contestant of prepare(task, draw), which returns {step(i), loss()}: step trains on the i-th batch, loss gives the
 * loss of the last one.
 */
export async function contestant(prepare) {
  const draw = await digits()
  const prepared = new Map() // by the task's name; `at` is the number of the next batch
  answer({
    async check(task) {
      const one = { ...(await prepare(task, (i) => draw(i, task.batch))), at: 0 }
      prepared.set(task.name, one)
      let sum = 0
      while (one.at < CHECKED_BATCHES) {
        await one.step(one.at++)
        sum += await one.loss()
      }
      return sum / CHECKED_BATCHES
    },
    async measure(task, seconds) {
      const one = prepared.get(task.name)
      const began = performance.now()
      let images = 0
      // In runs of about a hundred images. Asking for the loss waits for any computation in the background.
      const run = Math.max(1, Math.round(100 / task.batch))
      while (performance.now() - began < seconds * 1000) {
        for (let i = 0; i < run; i++) await one.step(one.at++)
        if (!Number.isFinite(await one.loss())) throw new Error("the loss is not finite")
        images += run * task.batch
      }
      return images / ((performance.now() - began) / 1000)
    },
  })
}
