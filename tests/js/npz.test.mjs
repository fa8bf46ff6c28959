// Reads NumPy's files in JavaScript (web/boot/early/npz.mjs), with the network that comes with the page.
// tests/web/test_early_reader.py compares the readings of this network with Python's.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import test from "node:test"
import { readNpz } from "../../web/boot/early/npz.mjs"

const small = new Uint8Array(readFileSync(new URL("../../web/models/small.npz", import.meta.url))).buffer

test("arrays have the shapes and types that they were saved with", async () => {
  const arrays = await readNpz(small)
  const { layers } = JSON.parse(arrays.about.data).network
  assert.equal(layers[0], 784)
  assert.equal(layers.at(-1), 10)
  for (let i = 1; i < layers.length; i++) {
    const weights = arrays[`W${i}`]
    assert.deepEqual(weights.shape, [layers[i - 1], layers[i]])
    assert.ok(weights.data instanceof Int8Array)
    assert.equal(weights.data.length, layers[i - 1] * layers[i])
    assert.ok(arrays[`b${i}`].data instanceof Float32Array)
  }
})

test("a file that is cut off or no archive is an error", async () => {
  await assert.rejects(readNpz(small.slice(0, small.byteLength - 10)), /not a zip archive, or cut off/)
  await assert.rejects(readNpz(new ArrayBuffer(5)), /not a zip archive, or cut off/)
})

// Makes an archive with one uncompressed array, as `numpy.savez` writes it.
function archive(header, numbers) {
  const text = Buffer.from(`${header.padEnd(117)}\n`, "latin1")
  const array = Buffer.concat([Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, text.length, 0]), text, Buffer.from(numbers)])
  const name = Buffer.from("a.npy")
  const local = Buffer.alloc(30)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(array.length, 20)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(local.length + name.length + array.length, 16)
  return new Uint8Array(Buffer.concat([local, name, array, entry, name, end])).buffer
}

test("one array by hand", async () => {
  const { a } = await readNpz(archive("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }", [1, 2, 3, 4]))
  assert.deepEqual(a, { shape: [2, 2], data: new Uint8Array([1, 2, 3, 4]) })
})

test("what is not read here is named", async () => {
  const complex = archive("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", new Array(8).fill(0))
  await assert.rejects(readNpz(complex), /an array of <c8, which is not read here/)
  const columns = archive("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2), }", [1, 2, 3, 4])
  await assert.rejects(readNpz(columns), /an array that isn't in C order/)
})
