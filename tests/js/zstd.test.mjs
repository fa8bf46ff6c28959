// Checks the decoder of the start's files. The variable INKLING_ZSTD names its WebAssembly file (tests/web/test_javascript.py
// takes that from the build's inputs).
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import test from "node:test"
import { zstdCompressSync } from "node:zlib"
import { parts, whole } from "../../web/boot/worker/parts.mjs"
import { Decoder, decompressed, unpacked } from "../../web/boot/worker/zstd.mjs"
import { part } from "./made_up.mjs"

const module = new WebAssembly.Module(readFileSync(process.env.INKLING_ZSTD))
// Half a megabyte whose second half compresses badly, so that there are several pieces of input and of output.
const text = Uint8Array.from({ length: 500_000 }, (_, i) => (i < 250_000 ? i % 7 : (i * i * 31) >> 5))
const packed = new Uint8Array(zstdCompressSync(text))

// Makes an answer whose bytes arrive as from a server, `size` at a time.
function arriving(bytes, size = 40_000, right = Promise.resolve()) {
  let at = 0
  const body = new ReadableStream({
    pull(stream) {
      if (at < bytes.length) stream.enqueue(bytes.subarray(at, at + size))
      else stream.close()
      at += size
    },
  })
  return { response: new Response(body), right }
}

async function all(pieces) {
  const copies = []
  for await (const piece of pieces) copies.push(piece.slice())
  return Buffer.concat(copies)
}

test("what comes out is what was packed, however it comes in", async () => {
  for (const size of [1000, 131_072, 1 << 20]) {
    assert.ok((await all(decompressed(arriving(packed, size), module))).equals(text), `pieces of ${size}`)
  }
})

test("bytes that are no zstd are an error", () => {
  assert.throws(() => [...new Decoder(module).push(text)], /a file of the start is damaged/)
})

test("of a file that is not right its own reason is told, and not the decoder's", async () => {
  const right = Promise.reject(new Error("packages.zst could not be fetched: damaged"))
  await assert.rejects(all(decompressed(arriving(text, 1000, right), module)), /packages.zst could not be fetched/)
})

test("the end comes only after the whole file was found to be right", async () => {
  const right = Promise.reject(new Error("another build"))
  await assert.rejects(all(decompressed(arriving(packed, 1000, right), module)), /another build/)
})

test("unpacked is a response with the type that was asked for", async () => {
  const { response } = await unpacked(arriving(packed), module, "application/wasm")
  assert.equal(response.headers.get("Content-Type"), "application/wasm")
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(text))
})

test("whole knows how long the file has to be", async () => {
  assert.ok(Buffer.from(await whole(arriving(packed), module, text.length)).equals(text))
  await assert.rejects(whole(arriving(packed), module, text.length + 1), /cut short/)
})

test("parts come out of a packed row of them", async () => {
  const row = Buffer.concat([part({ name: "one" }, text), part({ name: "two" }, new Uint8Array([5]))])
  const found = []
  for await (const { header, bytes } of parts(arriving(zstdCompressSync(row)), module)) found.push([header.name, bytes.length])
  assert.deepEqual(found, [
    ["one", text.length],
    ["two", 1],
  ])
})
