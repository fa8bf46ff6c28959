// Checks that the parts of a file of the start are read right (web/boot/worker/parts.mjs).
import assert from "node:assert/strict"
import test from "node:test"
import { PartReader, partsIn, writeFiles } from "../../web/boot/worker/parts.mjs"
import { part } from "./made_up.mjs"

const ROW = new Uint8Array(
  Buffer.concat([
    part({ name: "first" }, new Uint8Array([1, 2, 3])),
    part({ name: "empty" }, new Uint8Array(0)),
    part({ name: "é" }, new Uint8Array(300).fill(7)),
  ]),
)
const NAMES = ["first", "empty", "é"]

for (const size of [1, 3, 5, 64, ROW.length]) {
  test(`parts are the same when ${size} bytes come at a time`, () => {
    const reader = new PartReader()
    const found = []
    for (let at = 0; at < ROW.length; at += size) found.push(...reader.push(ROW.subarray(at, at + size)))
    reader.close()
    assert.deepEqual(
      found.map(({ header }) => header.name),
      NAMES,
    )
    assert.deepEqual([...found[0].bytes], [1, 2, 3])
    assert.ok(found[2].bytes.length === 300 && found[2].bytes.every((byte) => byte === 7))
  })
}

test("a part is there as soon as its last byte is", () => {
  const reader = new PartReader()
  const first = part({ name: "first" }, new Uint8Array([1, 2, 3])).length
  assert.equal(reader.push(ROW.subarray(0, first - 1)).length, 0)
  assert.equal(reader.push(ROW.subarray(first - 1, first)).length, 1)
})

for (const end of [2, 10, ROW.length - 1]) {
  test(`a file that ends after ${end} bytes is cut short`, () => {
    const reader = new PartReader()
    reader.push(ROW.subarray(0, end))
    assert.throws(() => reader.close(), /cut short/)
  })
}

test("partsIn gives views of the whole file", () => {
  const found = partsIn(ROW)
  assert.deepEqual(
    found.map(({ header }) => header.name),
    NAMES,
  )
  assert.equal(found[2].bytes.buffer, ROW.buffer)
})

test("the files of a part are put where they belong, each folder made once", () => {
  const folders = []
  const written = {}
  const FS = {
    mkdirTree: (path) => folders.push(path),
    writeFile: (path, bytes) => {
      written[path] = [...bytes]
    },
  }
  const files = [
    ["/a/one.py", 2],
    ["/a/two.py", 0],
    ["/a/b/three.py", 1],
  ]
  writeFiles(FS, { header: { files }, bytes: new Uint8Array([1, 2, 3]) })
  assert.deepEqual(folders, ["/a", "/a/b"])
  assert.deepEqual(written, { "/a/one.py": [1, 2], "/a/two.py": [], "/a/b/three.py": [3] })
})
