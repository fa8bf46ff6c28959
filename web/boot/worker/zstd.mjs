// Decompresses zstd as it arrives: browsers have only gzip, which takes half as many bytes again. CPython carries a zstd inside
// pyodide.asm.wasm, but that is there late, and slow at first; this one is a small module of its own (web/build/zstd.py) and is
// done while the large one is still being compiled.

const PIECE = 1 << 17

export class Decoder {
  #zstd
  #input
  #output
  #buffers // ZSTD_inBuffer, then ZSTD_outBuffer: address, size, position
  #context

  // `module` is the compiled decoder. Every one gets a memory of its own, which goes with it.
  constructor(module) {
    this.#zstd = new WebAssembly.Instance(module, { env: { emscripten_notify_memory_growth() {} } }).exports
    this.#context = this.#zstd.ZSTD_createDCtx()
    this.#input = this.#zstd.malloc(PIECE)
    this.#output = this.#zstd.malloc(PIECE)
    this.#buffers = this.#zstd.malloc(24)
  }

  // Decompress `bytes`, the next of the stream: views of what comes out, each valid only until the next is asked for.
  *push(bytes) {
    const { memory, ZSTD_decompressStream } = this.#zstd
    const words = () => new Uint32Array(memory.buffer, this.#buffers, 6) // anew each time: the memory may have grown
    for (let start = 0; start < bytes.length; start += PIECE) {
      const piece = bytes.subarray(start, start + PIECE)
      new Uint8Array(memory.buffer).set(piece, this.#input)
      words().set([this.#input, piece.length, 0])
      let full
      do {
        words().set([this.#output, PIECE, 0], 3)
        // Not negative: how many bytes it would like next; negative: an error.
        const result = ZSTD_decompressStream(this.#context, this.#buffers + 12, this.#buffers)
        if (result < 0) throw new Error("a file of the start is damaged")
        const count = words()[5]
        full = count === PIECE
        if (count) yield new Uint8Array(memory.buffer, this.#output, count)
      } while (full || words()[2] < piece.length)
    }
  }
}

// The decompressed bytes of a file that is `arriving`, views as above; it and `module` may be promises. `right`, if it comes with
// the response, is a promise that all of it is as it must be: the end comes only after that, and of bytes that can't be read it
// says better why.
export async function* decompressed(arriving, module) {
  const { response, right } = await arriving
  const decoder = new Decoder(await module)
  const stream = response.body.getReader()
  try {
    for (let piece = await stream.read(); !piece.done; piece = await stream.read()) yield* decoder.push(piece.value)
  } catch (error) {
    await right
    throw error
  }
  await right
}

// The same as an answer of its own, for who takes nothing else.
export async function unpacked(arriving, module, type) {
  const { right } = await arriving
  const pieces = decompressed(arriving, module)
  const body = new ReadableStream({
    async pull(stream) {
      const next = await pieces.next()
      if (next.done) stream.close()
      else stream.enqueue(/** @type {Uint8Array} */ (next.value).slice())
    },
  })
  return { response: new Response(body, { headers: { "Content-Type": type } }), right }
}
