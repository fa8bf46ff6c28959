// Lets the pad answer before Python has started: the kernel and a small network, 170 KB together, arrive long before Python's
// megabytes. As soon as both are loaded, <html> gets data-lab-pad="ready". Once Python is ready, it answers in their place
// (web/components/pad/panel.js).
//
// A browser without WebAssembly's SIMD can run no kernel; there the pad waits for Python.

import { pagePad } from "../../components/pad/pad.js"
import { openKernel } from "./kernel.mjs"
import { readNpz } from "./npz.mjs"
import { Reader } from "./reader.mjs"

const base = new URL("../../", import.meta.url)

async function get(name) {
  const response = await fetch(new URL(name, base))
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`)
  return response.arrayBuffer()
}

async function openReader() {
  const weights = get("models/small.npz").then(readNpz)
  weights.catch(() => {}) // the error is reported below, once the kernel is loaded
  const kernel = await openKernel((name) => get(`kernels/${name}`))
  return kernel && new Reader(kernel, await weights)
}

try {
  const reader = await openReader()
  if (reader) {
    pagePad().answerEarly((strokes) => reader.read(strokes))
    document.documentElement.dataset.labPad = "ready"
  }
} catch (error) {
  console.warn("The pad answers when Python is ready; before that it could not:", error)
}
