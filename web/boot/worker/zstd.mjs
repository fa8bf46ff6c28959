// Decompresses zstd while it arrives. Browsers have only gzip, which makes files half as large again. CPython has a zstd inside
// pyodide.asm.wasm, but that is loaded late and slow at first. This decoder is a small separate module (web/build/zstd.py) and
// finishes while pyodide.asm.wasm is still being compiled.

const PIECE = 1 << 17

export class Decoder {
  #zstd
  #input
  #output
  #buffers // ZSTD_inBuffer, then ZSTD_outBuffer: address, size, position
  #context

  // `module` is the compiled decoder. Each Decoder has its own memory, which is freed with it.
  constructor(module) {
    this.#zstd = new WebAssembly.Instance(module, { env: { emscripten_notify_memory_growth() {} } }).exports
    this.#context = this.#zstd.ZSTD_createDCtx()
    this.#input = this.#zstd.malloc(PIECE)
    this.#output = this.#zstd.malloc(PIECE)
    this.#buffers = this.#zstd.malloc(24)
  }

  // Decompresses `bytes`, the next piece of the stream. Yields views of the output; each is valid only until the next one.
  *push(bytes) {
    const { memory, ZSTD_decompressStream } = this.#zstd
    const words = () => new Uint32Array(memory.buffer, this.#buffers, 6) // a new view each time: the memory may have grown
    for (let start = 0; start < bytes.length; start += PIECE) {
      const piece = bytes.subarray(start, start + PIECE)
      new Uint8Array(memory.buffer).set(piece, this.#input)
      words().set([this.#input, piece.length, 0])
      let full
      do {
        words().set([this.#output, PIECE, 0], 3)
        // A negative result is an error; any other is a hint how many bytes to pass next.
        const result = ZSTD_decompressStream(this.#context, this.#buffers + 12, this.#buffers)
        if (result < 0) throw new Error("a file of the start is damaged")
        const count = words()[5]
        full = count === PIECE
        if (count) yield new Uint8Array(memory.buffer, this.#output, count)
      } while (full || words()[2] < piece.length)
    }
  }
}

// Yields the decompressed bytes of a file that is `arriving`, as views like those of `push`. `arriving` and `module` may be
// promises. `right`, if `arriving` has one, is a promise that the file's hash is right. The generator ends only after that, and
// when bytes can't be decompressed, the error of `right` is thrown, as it explains more.
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

// Decompresses a file into a new Response, for callers that need one.
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
