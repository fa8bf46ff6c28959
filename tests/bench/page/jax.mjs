// Runs jax-js with its WebAssembly backend: one jitted function for a whole step.
import { contestant, oneHot, weights } from "./contestant.mjs"
// @ts-expect-error: the benchmark puts it beside this file
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "./jax.js"

await init("wasm")
defaultDevice("wasm")

contestant(async (task, draw) => {
  const [inputs, hidden, outputs] = task.layers
  const start = await weights(task)
  let params = {
    w1: np.array(start.w1).reshape([inputs, hidden]),
    b1: np.array(start.b1),
    w2: np.array(start.w2).reshape([hidden, outputs]),
    b2: np.array(start.b2),
  }
  const crossEntropy = ({ w1, b1, w2, b2 }, x, y) => {
    const a = nn.sigmoid(np.dot(x, w1).add(b1))
    return nn
      .logSoftmax(np.dot(a, w2).add(b2))
      .mul(y)
      .sum()
      .mul(-1 / task.batch)
  }
  const step = jit((params, x, y) => {
    const [loss, grads] = valueAndGrad(crossEntropy)(tree.ref(params), x, y)
    return [tree.map((p, g) => p.sub(g.mul(task.rate)), params, grads), loss]
  })
  let loss = null
  return {
    step(i) {
      const { x, labels } = draw(i)
      loss?.dispose()
      ;[params, loss] = step(
        params,
        np.array(x).reshape([task.batch, inputs]),
        np.array(oneHot(labels, outputs)).reshape([task.batch, outputs]),
      )
    },
    loss: async () => (await loss.ref.data())[0],
  }
})
