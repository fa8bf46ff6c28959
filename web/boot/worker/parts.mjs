// Reads the files of the start. Such a file is a sequence of parts, compressed together; a part is the length of its header,
// the header (JSON) and its bytes. web/build/parts.py writes them. The parts are in the order in which the start needs them,
// and each can be used as soon as it has arrived.

import { decompressed } from "./zstd.mjs"

const LENGTH = 4 // bytes

const headerIn = (bytes) => JSON.parse(new TextDecoder().decode(bytes))
const lengthIn = (bytes) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)

// Takes a file's bytes as they arrive and returns every complete part as `{header, bytes}`.
export class PartReader {
  #complete = []
  #header = null // of the part under way, once it has been read
  #stage = "length"
  #into = new Uint8Array(LENGTH)
  #have = 0

  push(bytes) {
    while (bytes.length) {
      const count = Math.min(bytes.length, this.#into.length - this.#have)
      this.#into.set(bytes.subarray(0, count), this.#have)
      this.#have += count
      bytes = bytes.subarray(count)
      while (this.#have === this.#into.length) this.#next()
    }
    return this.#complete.splice(0)
  }

  // Throws an error if the file ended in the middle of a part.
  close() {
    if (this.#stage !== "length" || this.#have) throw new Error("a file of the start is cut short")
  }

  #next() {
    const read = this.#into
    if (this.#stage === "length") {
      this.#begin("header", lengthIn(read))
    } else if (this.#stage === "header") {
      this.#header = headerIn(read)
      this.#begin("bytes", this.#header.bytes)
    } else {
      this.#complete.push({ header: this.#header, bytes: read })
      this.#begin("length", LENGTH)
    }
  }

  #begin(stage, size) {
    this.#stage = stage
    this.#into = new Uint8Array(size)
    this.#have = 0
  }
}

// Yields the parts of a file that is `arriving`, one after the other. `arriving` and `zstd`, the compiled decoder, may be
// promises.
export async function* parts(arriving, zstd) {
  const reader = new PartReader()
  for await (const bytes of decompressed(arriving, zstd)) yield* reader.push(bytes)
  reader.close()
}

// Returns all bytes of such a file, decompressed. `length` is their number, which must be known.
export async function whole(arriving, zstd, length) {
  const bytes = new Uint8Array(length)
  let at = 0
  for await (const piece of decompressed(arriving, zstd)) {
    bytes.set(piece, at)
    at += piece.length
  }
  if (at < length) throw new Error("a file of the start is cut short")
  return bytes
}

// Returns the parts of a whole decompressed file. Their bytes are views of the file's.
export function partsIn(bytes) {
  const all = []
  for (let at = 0; at < bytes.length; ) {
    const from = at + LENGTH + lengthIn(bytes.subarray(at))
    const header = headerIn(bytes.subarray(at + LENGTH, from))
    at = from + header.bytes
    all.push({ header, bytes: bytes.subarray(from, at) })
  }
  return all
}

// Puts the files of a part into Python's file system. `bytes` is not copied: it belongs to the file system afterwards.
export function writeFiles(FS, { header, bytes }) {
  const folders = new Set()
  let start = 0
  for (const [path, size] of header.files) {
    const folder = path.slice(0, path.lastIndexOf("/"))
    if (!folders.has(folder)) FS.mkdirTree(folder)
    folders.add(folder)
    FS.writeFile(path, bytes.subarray(start, start + size), { canOwn: true })
    start += size
  }
}
