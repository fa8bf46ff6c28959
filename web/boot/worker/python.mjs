// Two ways to a running Python with the lab's modules in it: from the packages (everything is imported here and now) and from a
// memory image (it was imported when the site was built). The worker uses both; the build makes the image by the first.

import { restoreLibraries, restoreMemory } from "../image/image.mjs"
import { PartReader, parts, partsIn, writeFiles } from "./parts.mjs"
import { Decoder } from "./zstd.mjs"

const ENVIRONMENT = {
  // Panel looks its style sheets up at a CDN unless told, before it is imported, where they are: beside the page.
  PANEL_CDN_ROOT: "./static/panel/",
  HOME: "/home/pyodide",
  PYTHONHASHSEED: "0",
}

// Panel has one function made of text, which the page's policy forbids (web/build/page.py). This is the function.
const entriesToObject = (entries) => Object.fromEntries([...entries].map(([name, value]) => [name, value ?? null]))

function instead(text) {
  if (!text.includes("entry[1] === undefined")) throw new Error(`no JavaScript is made of text here: ${text}`)
  return entriesToObject
}

// JavaScript that Python holds and that has no name among the globals: in an image it stands under these.
export const HELD = { entriesToObject, instead, undefined }

const load = (core) => Promise.all(["pyodide.mjs", "pyodide.asm.mjs"].map((name) => import(core + name)))

// Pyodide begins to compile its WebAssembly when all before is done. Where it has been compiled since its first byte came, it
// gets that: `wasm` is a promise of the module, or nothing.
function useCompiled(wasm) {
  const { instantiateStreaming } = WebAssembly
  if (wasm)
    WebAssembly.instantiateStreaming = async (_response, imports) => {
      WebAssembly.instantiateStreaming = instantiateStreaming
      /** @type {WebAssembly.Module} */
      const module = await wasm
      return { module, instance: await WebAssembly.instantiate(module, imports) }
    }
}

// `core` is the address of Pyodide's folder, `packages` the packages and `zstd` the decoder as `parts` takes them; `step` is told
// what begins. `loader` is a promise of Pyodide's two modules and `wasm` of its WebAssembly, where somebody has begun with them. More
// options of loadPyodide may be given.
//
// Modules that a start imports come with the packages; the others come later, by `arriveLate`, or when `fetchNow` is called, which
// has to return their bytes at once. Without `fetchNow` nothing is late.
/** @param {{ [option: string]: any, core: string, packages: object, zstd: object, fetchNow?: (name: string) => Uint8Array,
 *   step: (text: string) => void, loader?: Promise<any[]>, wasm?: Promise<WebAssembly.Module> }} options */
export async function fromPackages({ core, packages, zstd, step, fetchNow, loader = load(core), wasm, ...options }) {
  const arriving = parts(packages, zstd)
  const library = arriving.next() // the standard library
  library.catch(() => {}) // told when it is asked for
  const [{ loadPyodide }, { default: createPyodide }] = await loader
  useCompiled(wasm)
  const python = await loadPyodide({
    env: { ...ENVIRONMENT },
    ...options,
    createPyodideModule: (settings) => {
      // The standard library has to be there before Python starts; the rest may come while it does.
      settings.preRun.push(async (module) => {
        module.addRunDependency("standard library")
        writeFiles(module.FS, (await library).value)
        module.removeRunDependency("standard library")
      })
      return createPyodide(settings)
    },
  })
  python.pyimport("pyodide.code").run_js = instead
  let part
  for (const [text, statement] of [
    ["Importing NumPy", "import numpy, numpy.random"],
    ["Importing Panel", "import panel, panel.io.pyodide"],
    ["Opening the lab", "import web.browser"],
  ]) {
    step(text)
    part = (await arriving.next()).value
    writeFiles(python.FS, part)
    python.runPython(`import importlib; importlib.invalidate_caches(); ${statement}`)
  }
  await arriving.next() // the end of the file, if all of it was right
  return { python, arriveLate: fetchNow && expectLate(python, part.header.late, fetchNow, await zstd) }
}

// From now on the import of a module whose file is `late` calls `fetchNow`. Hands back what takes them all.
function expectLate(python, late, fetchNow, zstd) {
  const files = python.pyimport("web.delivery.lazy_modules").expect(python.toPy(late), (name) => {
    const reader = new PartReader()
    for (const bytes of new Decoder(zstd).push(fetchNow(name))) {
      for (const part of reader.push(bytes)) writeFiles(python.FS, part)
    }
    reader.close()
  })
  return async (arriving) => {
    for await (const part of parts(arriving, zstd)) writeFiles(python.FS, part)
    files.arrived()
  }
}

// `image` is a promise of the image's bytes, decompressed, `libraries` one of the compiled libraries by name; late modules as above.
export async function fromImage({ core, image, zstd, libraries, fetchNow, loader = load(core), wasm, ...options }) {
  const [{ loadPyodide }, { default: createPyodide }] = await loader
  useCompiled(wasm)
  let late
  const python = await loadPyodide({
    env: { ...ENVIRONMENT },
    ...options,
    // Tells Pyodide not to start Python. The bytes are never looked at: what restores is put in its place below.
    _loadSnapshot: new Uint8Array(4),
    _snapshotDeserializer: (name) => HELD[name],
    createPyodideModule: async (settings) => {
      const module = await createPyodide(settings)
      const [files, memory] = partsIn(await image)
      const { record } = files.header
      late = files.header.late
      restoreLibraries(module, record, await libraries)
      restoreMemory(module, memory)
      writeFiles(module.FS, { ...files, bytes: files.bytes.slice() }) // a view would keep all of the image
      settings.API.restoreSnapshot = () => record.state
      return module
    },
  })
  python.pyimport("web.browser").wake()
  return { python, arriveLate: expectLate(python, late, fetchNow, await zstd) }
}
