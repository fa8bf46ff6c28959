// Reads drawn digits before Python has started. The kernel does the drawing and the arithmetic, and the weights come from
// web/models/small.npz. This file only calls the kernel in the same order as web/runner/pad_reading.py and nncore/network.py;
// tests/web/test_early_reader.py checks that both give the same results.

import { ACTIVATIONS } from "./kernel.mjs"

const PIXELS = 28 * 28
const PEN_WIDTH = 2.56 // nncore/pen.py

export class Reader {
  #kernel
  #layers = []
  #image
  #points = { room: 0, at: 0 }
  #counts = { room: 0, at: 0 }

  // kernel: a Kernel. arrays: a network's file as readNpz returns it. Throws an Error if the network does not take 784 pixels
  // from 0 to 1, the only kind that comes with the page.
  constructor(kernel, arrays) {
    const about = JSON.parse(arrays.about.data)
    const { layers, activations } = about.network
    const { inputs, max_value } = about.preprocessing
    if (inputs !== "unit" || layers[0] !== PIXELS) throw new Error(`a network of ${layers} for inputs "${inputs}"`)
    this.#kernel = kernel
    this.#image = kernel.take(4 * PIXELS)
    this.scale = Math.fround(1 / max_value)
    this.#layers.push({ neurons: PIXELS, values: kernel.take(4 * PIXELS) })
    activations.forEach((name, i) => {
      const [below, neurons] = layers.slice(i, i + 2)
      const biases = arrays[`b${i + 1}`]?.data ?? new Float32Array(neurons)
      this.#layers.push({
        below,
        neurons,
        activation: ACTIVATIONS.indexOf(name),
        weights: kernel.put(weightsOf(arrays, i + 1, neurons)),
        biases: new Float32Array(biases),
        values: kernel.take(4 * neurons),
      })
    })
  }

  // Returns what the pad shows for strokes (lists of [x, y] in any unit, y down): the 784 bytes that the network sees, the
  // probability of each digit, and the likeliest digit as text. For an empty pad the text is empty.
  read(strokes) {
    const drawn = strokes.filter((stroke) => stroke.length)
    if (!drawn.length) {
      return { pixels: new Uint8Array(PIXELS), probabilities: new Array(10).fill(0), prediction: "" }
    }
    const pixels = this.rasterise(drawn)
    const outputs = this.outputs(pixels).map((output) => Math.max(output, 0))
    const sum = Math.max(
      outputs.reduce((total, output) => total + output, 0),
      1e-9,
    )
    const probabilities = [...outputs].map((output) => output / sum)
    return { pixels, probabilities, prediction: String(probabilities.indexOf(Math.max(...probabilities))) }
  }

  // Draws strokes, each with at least one point, as 784 bytes.
  rasterise(strokes) {
    const counts = Int32Array.from(strokes, (stroke) => stroke.length)
    const points = Float64Array.from(strokes.flat(2))
    const [countsAt, pointsAt] = [this.#place(this.#counts, counts), this.#place(this.#points, points)]
    this.#kernel.functions.rasterise(counts.length, countsAt, pointsAt, PEN_WIDTH, this.#image)
    return Uint8Array.from(this.#kernel.view(Float32Array, this.#image, PIXELS), (ink) => halfToEven(Math.fround(ink * 255)))
  }

  // Computes the ten outputs for 784 bytes: each layer is inputs times weights plus biases, then its activation.
  outputs(pixels) {
    const { functions } = this.#kernel
    const [first, ...rest] = this.#layers
    const inputs = this.#kernel.view(Float32Array, first.values, PIXELS)
    for (let i = 0; i < PIXELS; i++) inputs[i] = this.scale * pixels[i]
    let below = first.values
    for (const { neurons, weights, biases, values, activation, below: count } of rest) {
      this.#kernel.view(Float32Array, values, neurons).set(biases)
      functions.gemm(1, neurons, count, 1, below, count, 1, weights, neurons, 1, 1, values, neurons)
      functions.activate_last(activation, 1, neurons, values)
      below = values
    }
    return this.#kernel.view(Float32Array, below, rest.at(-1).neurons).slice()
  }

  // Copies numbers into memory that is reused for every drawing, and replaced by a larger piece when they don't fit.
  #place(memory, numbers) {
    if (numbers.byteLength > memory.room) {
      memory.room = 2 * numbers.byteLength
      memory.at = this.#kernel.take(memory.room)
    }
    this.#kernel.view(numbers.constructor, memory.at, numbers.length).set(numbers)
    return memory.at
  }
}

// Returns a layer's weights as float32. Weights stored as 8-bit integers have a factor for each neuron
// (nncore/storage/compact.py).
function weightsOf(arrays, layer, neurons) {
  const { data } = arrays[`W${layer}`]
  const factors = arrays[`factors${layer}`]?.data
  const weights = new Float32Array(data)
  if (factors) for (let i = 0; i < weights.length; i++) weights[i] *= factors[i % neurons]
  return weights
}

// Rounds as NumPy's rint does: a number halfway between two integers goes to the even one.
function halfToEven(x) {
  const low = Math.floor(x)
  return x - low === 0.5 ? low + (low % 2) : Math.round(x)
}
