// Decides how Python starts, and begins to fetch everything for it at once. `plan` comes from the build (web/build/start.py):
//
//   lean   the packages, byte-compiled, in one file; everything is imported here. Fewest bytes.
//   image  the memory of a Python that has imported everything already. More bytes, much less work.
//
// An image is for one engine and the exact bytes of everything in it. Where it does not fit, for whatever reason, the lean start
// follows without a word. `?start=lean` or `?start=image` in the address forces one; `?start=keep` is a first visit over a slow
// link: lean, and the image is kept for the next visit.

import { keep } from "../image/kept-image.mjs"
import {
  begin,
  compile,
  endWatch,
  expect,
  fetchAhead,
  get,
  getNow,
  later,
  left,
  modules,
  optional,
  prepare,
  step,
  toPage,
  unnoticed,
  watchFetches,
} from "./fetching.mjs"
import { linkRate } from "./link.mjs"
import { parts, whole } from "./parts.mjs"
import { fromImage, fromPackages } from "./python.mjs"
import { unpacked } from "./zstd.mjs"

// Pyodide wants its standard library as a file of its own; ours comes with the packages.
const EMPTY_ZIP = Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)])
// Milliseconds of work that the image saves: 2.5 s on a fast machine, 8 s on a slow one.
const SAVED = 4000
const FAR = 20 // milliseconds
const READING = 3000 // milliseconds until a kept image is given up

// Starts Python. `reader` is the port of the worker that reads the image kept by an earlier visit (image-reader.mjs), or null;
// `served` is whether the page's files come from the service worker; `latency` is how soon the host has begun to answer, in
// milliseconds.
export async function startPython(base, search, plan, { thrifty, reader, served, latency }) {
  const core = base + "pyodide/"
  const asked = plan.image ? new URLSearchParams(search).get("start") : "lean" // build.py --no-image
  const free = !["lean", "image", "keep"].includes(asked) && suits()
  const mayFit = asked === "image" || (free && (served || reader || !thrifty))
  const kept = mayFit && reader ? keptImage(reader) : null
  if (!kept) reader?.close() // or it would hold what it is sent
  watchFetches(base, served)
  expect(plan.core)
  const zstd = compile(get("start/" + plan.decoder.file))
  zstd.catch(() => {}) // told when it is asked for
  const wasm = codeOf(plan, zstd, { served, thrifty: thrifty || latency >= FAR })
  wasm.catch(() => {})
  begin("pyodide/pyodide-lock.json")
  const loader = loadModules(core)
  loader.catch(() => {})
  modules(plan.modules).catch(() => {}) // this worker's own, which are running: what is not right ends the start
  const common = { core, indexURL: core, wasm, zstd, loader }
  // From a host that is near they are begun with at once, not when the link is known: on a fast one all waits for them.
  const unwanted = new AbortController()
  const arriving =
    mayFit && !kept && latency < FAR
      ? { image: fetchImage(plan, zstd, unwanted.signal), libraries: fetchLibraries(plan, zstd, unwanted.signal) }
      : {}
  const withImage = asked === "image" || (free && (served || (await kept) || (!thrifty && !(await linkIsSlow(plan)))))
  if (!withImage) unwanted.abort()
  if (withImage) {
    try {
      standIns()
      const started = await image(base, common, plan, { kept, arriving })
      toPage({ type: "start", way: "image" })
      return started
    } catch (error) {
      console.info(`The memory image does not fit (${error.message}); everything is imported in its place.`)
    }
  }
  toPage({ type: "start", way: "lean" })
  standIns()
  return lean(base, common, plan, asked === "keep" || (free && !thrifty && !(await kept)))
}

// A promise of what the reader says. One that can't even begin says nothing.
const keptImage = (reader) =>
  new Promise((resolve) => {
    reader.onmessage = (/** @type {MessageEvent<Message<"fromImageReader">>} */ { data }) => resolve(data.bytes)
    setTimeout(() => resolve(null), READING)
  })

// Pyodide's WebAssembly. Decompressing it here takes longer than leaving that to the browser, and saves a sixth of the bytes.
function codeOf({ code }, zstd, { served, thrifty }) {
  const name = "pyodide/pyodide.asm.wasm"
  if (thrifty && !served) {
    expect(code.bytes)
    return compile(unpacked(get("start/" + code.file), zstd, "application/wasm"))
  }
  expect(code.unpacked)
  return served ? compile(left(name)).catch(() => compile(get(name))) : compile(get(name))
}

async function loadModules(core) {
  const names = ["pyodide.mjs", "pyodide.asm.mjs"]
  const [loaded] = await Promise.all([
    Promise.all(names.map((name) => import(core + name))),
    modules(names.map((name) => "pyodide/" + name)),
  ])
  return loaded
}

// Pyodide insists on fetching these itself. Its standard library comes with the packages, its WebAssembly is compiled already.
function standIns() {
  prepare("pyodide/python_stdlib.zip", new Response(EMPTY_ZIP))
  prepare("pyodide/pyodide.asm.wasm", new Response())
}

// Tells whether the image was made for this browser's engine. Other engines would notice only after the whole download.
const suits = () => /Chrome\//.test(navigator.userAgent)

async function lean(base, common, plan, keepImage) {
  expect(plan.packages.bytes)
  const packages = inTurn(plan, common.wasm).then(() => get("start/" + plan.packages.file))
  packages
    .then(({ right }) => right)
    .then(
      () => fetchAhead(plan.first),
      () => {},
    )
  return started(base, plan, await fromPackages({ ...common, packages, step, fetchNow: restOf(plan) }), async () => {
    if (keepImage) await fetchForNext(base, plan, common.zstd)
  })
}

// Tells whether the link is so slow that bytes count for more than work. The image has some 8 MB more than the packages.
async function linkIsSlow({ image, libraries, packages }) {
  const more = image ? image.bytes + libraries.bytes - packages.bytes : packages.bytes
  return more > SAVED * (await linkRate())
}

// A slow link is for Pyodide's code alone at first. If the packages shared it, all would be there together; one behind the other,
// Python starts, and imports NumPy, while the packages come.
async function inTurn(plan, code) {
  if (await linkIsSlow(plan)) await code.catch(() => {})
}

function fetchImage(plan, zstd, signal) {
  const image = whole(optional("start/" + plan.image.file, signal), zstd, plan.image.unpacked.bytes)
  image.catch(() => {}) // told when it is asked for
  return image
}

// NumPy's shared libraries by name, each compiled as soon as it has come.
function fetchLibraries(plan, zstd, signal) {
  async function compiled() {
    const modules = []
    for await (const { header, bytes } of parts(optional("start/" + plan.libraries.file, signal), zstd)) {
      modules.push(WebAssembly.compile(bytes).then((module) => [header.name, module]))
      modules.at(-1).catch(() => {})
    }
    return Object.fromEntries(await Promise.all(modules))
  }
  const libraries = compiled()
  libraries.catch(() => {})
  return libraries
}

// `kept` is a promise of an earlier visit's image, or of null; where none is expected, image and libraries may be `arriving`.
async function image(base, common, plan, { kept, arriving }) {
  expect(plan.libraries.bytes)
  const libraries = arriving.libraries ?? fetchLibraries(plan, common.zstd)
  fetchAhead(plan.first)
  async function fetched() {
    expect(plan.image.bytes)
    return arriving.image ?? fetchImage(plan, common.zstd)
  }
  const image = kept ? kept.then((bytes) => bytes ?? fetched()) : fetched()
  image.catch(() => {})
  const up = await fromImage({ ...common, image, libraries, fetchNow: restOf(plan) })
  return started(base, plan, up, async () => {
    if (!(await kept)) await keepForNext(base, plan, await image)
  })
}

// For the next visit, after a start without; the libraries stay in the browser's own cache.
async function fetchForNext(base, plan, zstd) {
  later("start/" + plan.libraries.file).catch(() => {})
  const bytes = await whole(later("start/" + plan.image.file), zstd, plan.image.unpacked.bytes)
  await keepForNext(base, plan, bytes)
}

async function keepForNext(base, plan, bytes) {
  await keep(base, plan.image, bytes)
  toPage({ type: "kept", file: plan.image.file })
}

// The bytes of the modules that no start imports, for one that is imported before they are there.
const restOf = (plan) => (name) => {
  console.info(`${name} is imported before the page was quiet: its files are fetched now`)
  return getNow("start/" + plan.rest.file)
}

// Python is up; `afterwards` does what can wait until the page is quiet, and `more`.
function started(base, plan, { python, arriveLate }, more) {
  endWatch()
  self.pythonMemory = () => python._module.HEAPU8.length // for the soak test
  return {
    python,
    async afterwards() {
      try {
        tellOfUnnoticed(plan)
        await arriveLate({ response: await fetch(base + "start/" + plan.rest.file) })
        await more()
      } catch (error) {
        console.info(`Not fetched for later: ${error.message}`)
      }
    },
  }
}

async function tellOfUnnoticed(plan) {
  for (const text of await unnoticed(plan.unnoticed)) {
    toPage({ type: "problem", text: `The page is not complete: ${text}.`, retry: true })
  }
}
