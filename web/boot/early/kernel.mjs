// The C kernel (nncore/kernels/kernels.c) without Python: the same WebAssembly module that Python opens with ctypes, given
// its memory by hand.
//
// It is a side module: code that expects to be placed into another program's memory. Here that program is this file. The
// kernel asks for the memory, a place for its stack (which grows down), a place for its data and one in a table of
// functions (it has neither today).

const PAGE = 65536
const STACK = PAGE // the stack lies below this address,
const DATA = PAGE // the kernel's own data above it,
const HEAP = 2 * PAGE // and from here on is what `take` gives away

// Which to try: relaxed SIMD, which some browsers lack, then what all have had since 2023.
export const KERNELS = ["relaxed", "simd"]

// Numbers of the activations, by the order of their names: nncore/kernels/library.py.
export const ACTIVATIONS = ["sigmoid", "bipolar_sigmoid", "tanh", "relu", "leaky_relu", "elu", "identity", "softmax"]

// The first kernel that this browser runs, or null. `get` fetches bytes by name.
export async function openKernel(get) {
  for (const name of KERNELS) {
    const bytes = await get(`${name}.wasm`)
    // Compiled on the spot: 50 KB take a few milliseconds, and while the page is busy starting, each wait is a long one.
    if (WebAssembly.validate(bytes)) return new Kernel(new WebAssembly.Module(bytes))
  }
  return null
}

export class Kernel {
  #memory = new WebAssembly.Memory({ initial: 4 })
  #free = HEAP

  constructor(module) {
    const constant = (value) => new WebAssembly.Global({ value: "i32", mutable: false }, value)
    const { exports } = new WebAssembly.Instance(module, {
      env: {
        memory: this.#memory,
        __stack_pointer: new WebAssembly.Global({ value: "i32", mutable: true }, STACK),
        __memory_base: constant(DATA),
        __table_base: constant(0),
      },
    })
    const relocate = /** @type {() => void} */ (exports.__wasm_apply_data_relocs)
    relocate?.()
    this.functions = exports
  }

  // Takes memory for this many bytes, for good; its address fits every type. What was looked at before may have moved: look again.
  take(bytes) {
    const at = this.#free
    this.#free = at + Math.ceil(bytes / 16) * 16
    const missing = this.#free - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE))
    return at
  }

  // Memory that holds these numbers.
  put(numbers) {
    const at = this.take(numbers.byteLength)
    this.view(numbers.constructor, at, numbers.length).set(numbers)
    return at
  }

  view(Type, at, length) {
    return new Type(this.#memory.buffer, at, length)
  }
}
