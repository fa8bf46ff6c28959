// Starts Python with the lab's modules, in one of two ways: from the packages (imports everything now) or from a memory image
// (everything was imported when the site was built). The worker uses both; the build uses the first to make the image.

import { restoreLibraries, restoreMemory } from "../image/image.mjs"
import { PartReader, parts, partsIn, writeFiles } from "./parts.mjs"
import { Decoder } from "./zstd.mjs"

const ENVIRONMENT = {
  // Panel takes its style sheets from a CDN unless it is told, before it is imported, that they are beside the page.
  PANEL_CDN_ROOT: "./static/panel/",
  HOME: "/home/pyodide",
  PYTHONHASHSEED: "0",
}

// Replaces the one function that Panel makes from text with `run_js`, which the page's policy forbids (web/build/policy.py).
const entriesToObject = (entries) => Object.fromEntries([...entries].map(([name, value]) => [name, value ?? null]))

function instead(text) {
  if (!text.includes("entry[1] === undefined")) throw new Error(`no JavaScript is made of text here: ${text}`)
  return entriesToObject
}

// JavaScript objects that Python refers to and that are no globals; an image stores these names in their place.
export const HELD = { entriesToObject, instead, undefined }

const load = (core) => Promise.all(["pyodide.mjs", "pyodide.asm.mjs"].map((name) => import(core + name)))

// Makes Pyodide use WebAssembly that is being compiled already: Pyodide itself would begin late. `wasm` is a promise of the
// compiled module, or undefined.
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

// Starts Python from its packages. `core` is the address of Pyodide's folder; `packages` and `zstd`, the decoder, are as
// `parts` takes them; `step` is called with a text when a step begins. If they are being loaded already, `loader` is a promise
// of Pyodide's two modules and `wasm` a promise of its WebAssembly. Further options go to loadPyodide.
//
// The packages hold the modules that a start imports. All other modules come later: through `arriveLate`, which is returned, or
// when Python imports one before, through `fetchNow`, which must return their bytes synchronously. Without `fetchNow` no
// modules come later.
/** @param {{ [option: string]: any, core: string, packages: object, zstd: object, fetchNow?: (name: string) => Uint8Array,
 *   step: (text: string) => void, loader?: Promise<any[]>, wasm?: Promise<WebAssembly.Module> }} options */
export async function fromPackages({ core, packages, zstd, step, fetchNow, loader = load(core), wasm, ...options }) {
  const arriving = parts(packages, zstd)
  const library = arriving.next() // the standard library
  library.catch(() => {}) // the error is reported where `library` is awaited
  const [{ loadPyodide }, { default: createPyodide }] = await loader
  useCompiled(wasm)
  const python = await loadPyodide({
    env: { ...ENVIRONMENT },
    ...options,
    createPyodideModule: (settings) => {
      // The standard library must be in place before Python starts; the other packages may arrive while it is starting.
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
  await arriving.next() // waits for the end of the file; throws if its hash is wrong
  return { python, arriveLate: fetchNow && expectLate(python, part.header.late, fetchNow, await zstd) }
}

// Makes the import of a module whose file is `late` call `fetchNow`. Returns a function that takes all late files when they
// arrive.
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

// Starts Python from a memory image. `image` is a promise of the image's decompressed bytes, `libraries` a promise of the
// compiled libraries by name; the other options are as above.
export async function fromImage({ core, image, zstd, libraries, fetchNow, loader = load(core), wasm, ...options }) {
  const [{ loadPyodide }, { default: createPyodide }] = await loader
  useCompiled(wasm)
  let late
  const python = await loadPyodide({
    env: { ...ENVIRONMENT },
    ...options,
    // Tells Pyodide not to start Python. It never reads these bytes, because its `restoreSnapshot` is replaced below.
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
