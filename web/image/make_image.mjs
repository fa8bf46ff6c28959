// Makes the memory image of a Python that has the lab in it, under Node; called by web/build/make_start.mjs, which stops the clock
// and fixes random numbers, so that the same inputs give the same bytes.
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { describe, pagesOf } from "../boot/image/image.mjs"
import { HELD } from "../boot/worker/python.mjs"
import { filesOf, made, part } from "../build/write_parts.mjs"

// Python that draws the page and prepares the memory for the image.
export const PREPARE = "import web.image.prepare_image; await web.image.prepare_image.rehearse()"

// Collects JavaScript's garbage. An unused proxy keeps a Python object alive until it is collected, which otherwise happens at
// any time and makes images differ.
async function collectProxies() {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
  await new Promise((resolve) => setTimeout(resolve)) // finalizers have a turn of their own
}

// Fills free memory with zeros, because it still holds old data: takes all of it, clears it and frees it again.
function clearFreeMemory(module) {
  const end = module.HEAPU32[module._emscripten_get_sbrk_ptr() >>> 2]
  const taken = []
  for (let size = 1 << 20; size >= 16; size = size > 256 ? size >> 1 : size - 16) {
    for (;;) {
      const address = module._malloc(size)
      if (address + size > end) {
        module._free(address)
        break
      }
      module.HEAPU8.fill(0, address, address + size)
      taken.push(address)
    }
  }
  for (const address of taken) module._free(address)
}

// Returns a record of the JavaScript objects that Python refers to: each by its path from the global object if it has one, else
// by its name in HELD.
function heldObjects({ _module: module, _api: api }) {
  const names = new Map(Object.entries(HELD).map(([name, value]) => [value, name]))
  const get = module.__hiwire_get
  module.__hiwire_get = (index) => (get(index) === undefined ? NOTHING : get(index))
  const state = api.serializeHiwireState((value) => {
    const name = names.get(value === NOTHING ? undefined : value)
    if (!name) throw new Error(`Python holds something that an image can't: ${String(value).slice(0, 80)}`)
    return name
  })
  module.__hiwire_get = get
  return state
}
const NOTHING = {} // stands for undefined, which Pyodide refuses to record

// Returns the memory of a new instance before Python starts. The clock and the random numbers are real here, so that bytes that
// depend on them differ from the image's and are saved in it.
export async function freshMemory(core, corePath) {
  const { default: createPyodide } = await import(core + "pyodide.asm.mjs")
  const { loadPyodide } = await import(core + "pyodide.mjs")
  return new Promise((resolve, reject) => {
    loadPyodide({
      indexURL: corePath,
      _loadSnapshot: new Uint8Array(4),
      createPyodideModule: async (settings) => {
        const module = await createPyodide(settings)
        resolve(module.HEAPU8.slice())
        return new Promise(() => {})
      },
    }).catch(reject)
  })
}

// Returns the image and NumPy's libraries. `fresh` is the result of freshMemory; `early` is a part with the files that Python
// opens without an import; `loaded` are the paths of files that are imported already, and `late` those of modules that come later.
export async function makeImage(python, { fresh, early, loaded, late }) {
  const { _module: module } = python
  await collectProxies()
  clearFreeMemory(module)
  const record = { ...describe(module), state: heldObjects(python) }
  const stack = [module._emscripten_stack_get_end(), module._emscripten_stack_get_base()]
  const { pages, blocks } = pagesOf(module.HEAPU8, fresh, stack)
  const libraries = record.libraries.map(({ name }) => part({ name }, Buffer.from(python.FS.readFile(name))))
  const [files] = filesOf(early)
  const unread = made(
    files.filter(({ path }) => !loaded.has(path)),
    { late, record },
  )
  return { image: Buffer.concat([unread, part({ ...pages, stack }, ...blocks)]), libraries: Buffer.concat(libraries) }
}
