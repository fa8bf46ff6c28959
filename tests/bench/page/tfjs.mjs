// Runs TensorFlow.js with its WebAssembly backend. A step of its optimiser inside tf.tidy is faster than model.fit.
import { contestant, oneHot, weights } from "./contestant.mjs"

// Its builds are classic scripts, not modules.
for (const name of ["tf.min.js", "tf-backend-wasm.min.js"]) {
  new Function(await (await fetch(name)).text()).call(self)
}
const tf = self.tf
tf.wasm.setWasmPaths("./")
await tf.setBackend("wasm")
await tf.ready()
if (tf.getBackend() !== "wasm") throw new Error(`TensorFlow.js chose the backend ${tf.getBackend()}`)

contestant(async (task, draw) => {
  const [inputs, hidden, outputs] = task.layers
  const start = await weights(task)
  const w1 = tf.variable(tf.tensor2d(start.w1, [inputs, hidden]))
  const b1 = tf.variable(tf.tensor1d(start.b1))
  const w2 = tf.variable(tf.tensor2d(start.w2, [hidden, outputs]))
  const b2 = tf.variable(tf.tensor1d(start.b2))
  const optimiser = tf.train.sgd(task.rate)
  let loss = null
  return {
    step(i) {
      const { x, labels } = draw(i)
      loss?.dispose()
      loss = tf.tidy(() => {
        const images = tf.tensor2d(x, [task.batch, inputs])
        const targets = tf.tensor2d(oneHot(labels, outputs), [task.batch, outputs])
        return optimiser.minimize(() => {
          const a = images.matMul(w1).add(b1).sigmoid()
          return tf.losses.softmaxCrossEntropy(targets, a.matMul(w2).add(b2))
        }, true)
      })
    },
    loss: async () => (await loss.data())[0],
  }
})
