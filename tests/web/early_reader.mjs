// Reads strokes and pictures under Node, as the page does before Python is ready. Arguments: a folder with a kernel, the
// kernel's name, a network's file, strokes as JSON, pictures as 784 bytes each, and the JSON file to write.
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Kernel } from "../../web/boot/early/kernel.mjs"
import { readNpz } from "../../web/boot/early/npz.mjs"
import { Reader } from "../../web/boot/early/reader.mjs"

const [folder, kernel, network, strokes, pictures, out] = process.argv.slice(2)
const bytes = (path) => new Uint8Array(readFileSync(path))
const opened = new Kernel(new WebAssembly.Module(bytes(join(folder, `${kernel}.wasm`))))
const reader = new Reader(opened, await readNpz(bytes(network).buffer))
const images = bytes(pictures)
const outputs = []
for (let at = 0; at < images.length; at += 784) outputs.push([...reader.outputs(images.subarray(at, at + 784))])
const readings = JSON.parse(readFileSync(strokes, "utf8")).map((drawing) => {
  const { pixels, probabilities, prediction } = reader.read(drawing)
  return { pixels: [...pixels], probabilities, prediction }
})
writeFileSync(out, JSON.stringify({ outputs, readings }))
