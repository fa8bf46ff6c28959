// A file of the start is a row of parts, compressed as one: of each part the length of its header, the header (JSON) and its
// bytes. web/build/parts.py writes them. Parts come in the order of need, and each can be used as soon as it is there.

import { decompressed } from "./zstd.mjs"

const LENGTH = 4 // bytes

const headerIn = (bytes) => JSON.parse(new TextDecoder().decode(bytes))
const lengthIn = (bytes) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)

// Takes a file's bytes as they come and gives `{header, bytes}` for every part that is complete.
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

  // Raises an error if the file ended within a part.
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

// The parts of a file that is `arriving`, one after the other; it and `zstd`, the compiled decoder, may be promises.
export async function* parts(arriving, zstd) {
  const reader = new PartReader()
  for await (const bytes of decompressed(arriving, zstd)) yield* reader.push(bytes)
  reader.close()
}

// All of such a file, of which is known how long it is.
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

// The parts in the bytes of a whole file: views of these.
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

// Put the files of a part into Python's file system. They are kept where they came, not copied: `bytes` belongs to them now.
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
