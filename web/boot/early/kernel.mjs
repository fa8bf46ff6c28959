// Runs the C kernel (nncore/kernels/kernels.c) without Python. It is the same WebAssembly module that Python opens with ctypes.
//
// The module is a side module: code that expects a main program to give it memory. Here this file plays the main program. The
// kernel imports the memory, an address for its stack (which grows down), an address for its data and an index into a table
// of functions (it has no data and no such functions today).

const PAGE = 65536
const STACK = PAGE // the stack lies below this address,
const DATA = PAGE // the kernel's own data above it,
const HEAP = 2 * PAGE // and `take` hands out memory from here on

// The kernels in the order to try: relaxed SIMD, which some browsers lack, then the SIMD that all browsers have had since 2023.
export const KERNELS = ["relaxed", "simd"]

// The kernel knows an activation by its index in this list: nncore/kernels/library.py has the same order.
export const ACTIVATIONS = ["sigmoid", "bipolar_sigmoid", "tanh", "relu", "leaky_relu", "elu", "identity", "softmax"]

// Opens the first kernel that this browser can run; null if it can run none. `get` fetches a file's bytes by its name.
export async function openKernel(get) {
  for (const name of KERNELS) {
    const bytes = await get(`${name}.wasm`)
    // Compiled synchronously: 50 KB take a few milliseconds, and every `await` is slow while the page is busy starting.
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

  // Reserves this many bytes for good and returns their address, aligned for every type. Views made before are invalid
  // afterwards, because the memory may have grown.
  take(bytes) {
    const at = this.#free
    this.#free = at + Math.ceil(bytes / 16) * 16
    const missing = this.#free - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE))
    return at
  }

  // Copies a typed array into the kernel's memory and returns its address.
  put(numbers) {
    const at = this.take(numbers.byteLength)
    this.view(numbers.constructor, at, numbers.length).set(numbers)
    return at
  }

  view(Type, at, length) {
    return new Type(this.#memory.buffer, at, length)
  }
}
