// Runs ConvNetJS: plain JavaScript, one image at a time, an update after each batch.
import { contestant, weights } from "./contestant.mjs"

self.window = self // ConvNetJS expects to run in a page
// It is a classic script, not a module.
const convnetjs = new Function(`${await (await fetch("convnet-min.js")).text()}; return convnetjs`)()

contestant(async (task, draw) => {
  const [inputs, hidden, outputs] = task.layers
  const net = new convnetjs.Net()
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: inputs },
    { type: "fc", num_neurons: hidden, activation: "sigmoid" },
    { type: "softmax", num_classes: outputs },
  ])
  const start = await weights(task)
  const layers = net.layers.filter((layer) => layer.filters)
  for (const [layer, w, b] of [
    [layers[0], start.w1, start.b1],
    [layers[1], start.w2, start.b2],
  ]) {
    layer.filters.forEach((filter, neuron) => {
      for (let i = 0; i < filter.w.length; i++) filter.w[i] = w[i * layer.filters.length + neuron]
      layer.biases.w[neuron] = b[neuron]
    })
  }
  const volume = new convnetjs.Vol(1, 1, inputs, 0)
  const trainer = new convnetjs.SGDTrainer(net, {
    method: "sgd",
    learning_rate: task.rate,
    momentum: 0,
    batch_size: task.batch,
    l2_decay: 0,
    l1_decay: 0,
  })
  let loss = 0
  return {
    step(i) {
      const { x, labels } = draw(i)
      loss = 0
      labels.forEach((label, k) => {
        volume.w.set(x.subarray(k * inputs, (k + 1) * inputs))
        loss += trainer.train(volume, label).cost_loss / task.batch
      })
    },
    loss: () => loss,
  }
})
