// Compresses the packages and makes the memory image, under Node, by starting the page's Python from the packages as the page
// does. Arguments: the folder with the patched core and zstd.wasm, the folder to work in (it holds packages.parts and
// early.part), the folder for the result, zstd's level. An error is one line on stderr and exit code 1.
//
// The same inputs must give the same bytes, so the clock stands still and random numbers are a fixed sequence meanwhile.
import { createHash } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { constants, zstdCompressSync } from "node:zlib"
import { describe, pagesOf } from "../boot/image/image.mjs"
import { fromPackages, HELD } from "../boot/worker/python.mjs"
import { fail } from "../build/fail.mjs"

const [corePath, work, out] = process.argv.slice(2, 5).map((path) => resolve(path) + "/")
const level = Number(process.argv[5])
const core = pathToFileURL(corePath).href
const decoder = readFileSync(corePath + "zstd.wasm")
// Python's environment holds the program's name and the language. Both are fixed here, so that the image does not depend on
// this machine.
process.argv[1] = "inkling"
Object.defineProperty(navigator, "language", { value: "en-US" })

function compress(bytes, level) {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_windowLog]: 24 },
  })
}

function part(header, ...blocks) {
  const bytes = blocks.reduce((sum, block) => sum + block.length, 0)
  const head = Buffer.from(JSON.stringify({ ...header, bytes }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, head, ...blocks])
}

function standStill() {
  let state = 1
  const chance = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x80000000
  }
  Math.random = chance
  const fill = (view) => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(chance() * 256)
    return view
  }
  crypto.getRandomValues = fill
  process.getBuiltinModule("node:crypto").randomFillSync = fill
  const time = Date.UTC(2026, 0, 1)
  Date.now = () => time
  performance.now = () => 0
}

// Collects JavaScript's garbage. An unused proxy keeps a Python object alive until it is collected, which otherwise happens at
// any time and makes images differ.
async function collectProxies() {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
  await new Promise((resolve) => setTimeout(resolve)) // finalizers run in the next turn of the event loop
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
async function freshMemory() {
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

async function makeImage(packages, fresh) {
  Object.assign(globalThis, { XMLHttpRequest: class {} }) // Panel imports the name; in the page it is the browser's own
  const { python } = await fromPackages({
    core,
    indexURL: corePath,
    args: ["-OO"],
    _makeSnapshot: true,
    packages: { response: new Response(packages) },
    zstd: WebAssembly.compile(decoder),
    step: () => {},
  })
  const page = JSON.parse(
    await python.runPythonAsync("import web.image.prepare_image; await web.image.prepare_image.rehearse()"),
  )
  const loaded = new Set(
    JSON.parse(python.runPython("import json, web.image.lazy_modules; json.dumps(web.image.lazy_modules.loaded_files())")),
  )
  const { _module: module } = python
  await collectProxies()
  clearFreeMemory(module)
  const record = { ...describe(module), state: heldObjects(python) }
  const stack = [module._emscripten_stack_get_end(), module._emscripten_stack_get_base()]
  const { pages, blocks } = pagesOf(module.HEAPU8, fresh, stack)
  const libraries = record.libraries.map(({ name }) => part({ name }, Buffer.from(python.FS.readFile(name))))
  return { page, loaded, record, pages: { ...pages, stack }, blocks, libraries }
}

const made = (files, header = {}) =>
  part({ ...header, files: files.map(({ path, bytes }) => [path, bytes.length]) }, ...files.map(({ bytes }) => bytes))

// Yields the list of files of each part in a sequence of parts.
function* filesOf(row) {
  for (let at = 0; at < row.length; ) {
    let from = at + 4 + row.readUInt32LE(at)
    const { files, bytes } = JSON.parse(row.subarray(at + 4, from))
    at = from + bytes
    yield files.map(([path, count]) => {
      from += count
      return { path, bytes: row.subarray(from - count, from) }
    })
  }
}

// Returns the files that go with an image: those that are not imported in it yet.
function unread(loaded) {
  const [early] = filesOf(readFileSync(join(work, "early.part")))
  return early.filter(({ path }) => !loaded.has(path))
}

// Splits the packages into the files that a start needs and the rest, which comes late. Files that are no modules are always
// needed, because reading them calls no import. Our own files, in the last part, are needed too; its header lists the late
// ones.
function split(packages, loaded) {
  const found = [...filesOf(packages)]
  const own = found.at(-1)
  const isLate = ({ path }) => path.endsWith(".pyc") && !loaded.has(path)
  const rest = found.slice(0, -1).flat().filter(isLate)
  const late = rest.map(({ path }) => path)
  const needed = found.slice(0, -1).map((files) => made(files.filter((file) => !isLate(file))))
  return { needed: Buffer.concat([...needed, made(own, { late })]), rest: made(rest), late }
}

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex")

function write(name, bytes) {
  const dot = name.lastIndexOf(".")
  const full = `${name.slice(0, dot)}-${hash(bytes).slice(0, 16)}${name.slice(dot)}`
  writeFileSync(join(out, full), bytes)
  return { file: full, bytes: bytes.length }
}

try {
  const all = readFileSync(join(work, "packages.parts"))
  const code = readFileSync(corePath + "pyodide.asm.wasm")
  const plan = {
    decoder: write("zstd.wasm", decoder),
    code: { ...write("code.zst", compress(code, level)), unpacked: code.length },
  }
  const fresh = await freshMemory()
  standStill()
  const { page, loaded, record, pages, blocks, libraries } = await makeImage(compress(all, 1), fresh)
  const { needed, rest, late } = split(all, loaded)
  plan.packages = write("packages.zst", compress(needed, level))
  plan.rest = write("rest.zst", compress(rest, level))
  const image = Buffer.concat([made(unread(loaded), { late, record }), part(pages, ...blocks)])
  plan.image = { ...write("image.zst", compress(image, level)), unpacked: { bytes: image.length, sha256: hash(image) } }
  plan.libraries = write("libraries.zst", compress(Buffer.concat(libraries), level))
  writeFileSync(join(out, "plan.json"), JSON.stringify({ ...plan, drawn: page.mark, page }, null, 1))
  process.exit(0)
} catch (error) {
  fail(error)
}
