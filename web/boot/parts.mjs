// A file of the start is a row of parts, compressed as one: of each part the length of its header, the header (JSON) and its
// bytes. web/build/parts.py writes them. Parts come in the order of need, and each can be used as soon as it is there.

import { Decoder } from "./zstd.mjs"

// Takes the compressed bytes as they come and gives `{header, bytes}` for every part that is complete.
export class PartReader {
  #decoder
  #complete = []
  #header = null  // of the part under way, once it has been read
  #stage = "length"
  #into = new Uint8Array(4)
  #have = 0

  // `zstd` is the compiled decoder.
  constructor(zstd) {
    this.#decoder = new Decoder(zstd)
  }

  push(compressed) {
    this.#decoder.push(compressed, (bytes) => this.#take(bytes))
    return this.#complete.splice(0)
  }

  // Raises an error if the file ended within a part.
  close() {
    if (this.#stage !== "length" || this.#have) throw new Error("a file of the start is cut short")
  }

  #take(bytes) {
    while (bytes.length) {
      const count = Math.min(bytes.length, this.#into.length - this.#have)
      this.#into.set(bytes.subarray(0, count), this.#have)
      this.#have += count
      bytes = bytes.subarray(count)
      while (this.#have === this.#into.length) this.#next()
    }
  }

  #next() {
    const read = this.#into
    if (this.#stage === "length") {
      this.#begin("header", new DataView(read.buffer).getUint32(0, true))
    } else if (this.#stage === "header") {
      this.#header = JSON.parse(new TextDecoder().decode(read))
      this.#begin("bytes", this.#header.bytes)
    } else {
      this.#complete.push({ header: this.#header, bytes: read })
      this.#begin("length", 4)
    }
  }

  #begin(stage, size) {
    this.#stage = stage
    this.#into = new Uint8Array(size)
    this.#have = 0
  }
}

// The parts of a file that is `arriving`, one after the other; it and `zstd`, the compiled decoder, may be promises. `right`, if it
// comes with the response, is a promise that all of it is as it must be: the end comes only after that, and of bytes that can't be
// read it says better why.
export async function* parts(arriving, zstd) {
  const { response, right } = await arriving
  const reader = new PartReader(await zstd)
  const stream = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await stream.read()
      if (done) break
      yield* reader.push(value)
    }
    reader.close()
  } catch (error) {
    await right
    throw error
  }
  await right
}

// All parts of a file, as soon as they can be there.
export async function allParts(arriving, zstd) {
  const all = []
  for await (const part of parts(arriving, zstd)) all.push(part)
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
