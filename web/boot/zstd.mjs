// Decompresses zstd as it arrives, with the zstd that CPython carries inside pyodide.asm.wasm: browsers have only gzip, which
// takes half as many bytes again. It needs WebAssembly's memory but not Python, so it works before Python has started and in
// front of a memory image (which then takes the place of whatever was allocated here).

const PIECE = 1 << 17

export class Decoder {
  constructor(module) {
    this.module = module
    this.context = module._ZSTD_createDCtx()
    this.input = module._malloc(PIECE)
    this.output = module._malloc(PIECE)
    this.buffers = module._malloc(24)  // ZSTD_inBuffer, then ZSTD_outBuffer: address, size, position
  }

  // Decompress `bytes`, the next of the stream; `give` gets a view of what came out, which is valid only until it returns.
  push(bytes, give) {
    const { module } = this
    const at = this.buffers >>> 2
    for (let start = 0; start < bytes.length; start += PIECE) {
      const piece = bytes.subarray(start, start + PIECE)
      module.HEAPU8.set(piece, this.input)
      module.HEAPU32.set([this.input, piece.length, 0], at)
      let full
      do {
        module.HEAPU32.set([this.output, PIECE, 0], at + 3)
        const result = module._ZSTD_decompressStream(this.context, this.buffers + 12, this.buffers)
        if (module._ZSTD_isError(result)) throw new Error("a file of the start is damaged")
        const count = module.HEAPU32[at + 5]
        full = count === PIECE
        if (count) give(module.HEAPU8.subarray(this.output, this.output + count))
      } while (full || module.HEAPU32[at + 2] < piece.length)
    }
  }

  close() {
    const { module } = this
    module._ZSTD_freeDCtx(this.context)
    for (const address of [this.input, this.output, this.buffers]) module._free(address)
  }
}
