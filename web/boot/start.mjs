// Decides how Python starts, and begins to fetch everything for it at once. `plan` comes from the build (web/build/start.py):
//
//   lean   the packages, byte-compiled, in one file; everything is imported here. Fewest bytes.
//   image  the memory of a Python that has imported everything already. More bytes, much less work.
//
// An image is for one engine and the exact bytes of everything in it. Where it does not fit, for whatever reason, the lean start
// follows without a word. `?start=lean` or `?start=image` in the address forces one; `?start=keep` is a first visit over a slow
// link: lean, and the image is kept for the next visit.

import { begin, endWatch, expect, get, getNow, modules, optional, prepare, rate, step, watchFetches } from "./fetching.mjs"
import { fromImage, fromPackages } from "./python.mjs"

// Pyodide wants its standard library as a file of its own; ours comes with the packages.
const EMPTY_ZIP = Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)])
// Bytes a millisecond from which on the image, 5 MB more, comes sooner than five seconds of imports are done (8 Mbit/s).
const FAST = 1000
const IMAGES = "inkling-images"
const QUIET = 3000  // milliseconds after everything works

export async function startPython(base, search, plan, thrifty) {
  const core = base + "pyodide/"
  const asked = new URLSearchParams(search).get("start")
  watchFetches(base)
  expect(plan.core)
  prepare("pyodide/python_stdlib.zip", new Response(EMPTY_ZIP))
  for (const name of ["pyodide.asm.wasm", "pyodide-lock.json"]) begin("pyodide/" + name)
  const loader = modules(["pyodide/pyodide.mjs", "pyodide/pyodide.asm.mjs"])
  loader.catch(() => {})
  const kept = await keptImage(base, plan)
  const free = !["lean", "image", "keep"].includes(asked) && suits()
  const withImage = asked === "image" || (free && (kept || (!thrifty && await rate() > FAST)))
  if (withImage) {
    try {
      const started = await image(core, plan, kept, loader)
      self.postMessage({ type: "start", way: "image" })
      return started
    } catch (error) {
      console.info(`The memory image does not fit (${error.message}); everything is imported in its place.`)
      prepare("pyodide/python_stdlib.zip", new Response(EMPTY_ZIP))
    }
  }
  self.postMessage({ type: "start", way: "lean" })
  await loader
  return lean(base, core, plan, !kept && (asked === "keep" || (free && !thrifty)))
}

// Engines other than the one that it was made and tried with would find out that it does not fit only when it is there.
const suits = () => /Chrome\//.test(navigator.userAgent)

async function lean(base, core, plan, keepImage) {
  expect(plan.packages.bytes)
  const python = await fromPackages({ core, indexURL: core, packages: get("start/" + plan.packages.file), step })
  endWatch()
  self.pythonMemory = () => python._module.HEAPU8.length  // for the soak test
  return { python, afterwards: () => keepImage && whenQuiet(() => fetchImage(base, plan)) }
}

async function image(core, plan, kept, loader) {
  const packages = "start/" + plan.packages.file
  if (!kept) [plan.image, ...plan.libraries].forEach(({ bytes }) => expect(bytes))
  const compiled = plan.libraries.map(
    async ({ name, file }) => [name, await WebAssembly.compileStreaming(optional("start/" + file))])
  const libraries = Promise.all(compiled).then(Object.fromEntries)
  const image = kept ?? optional("start/" + plan.image.file)
  Promise.all([libraries, image]).catch(() => {})  // told when they are asked for
  await loader
  const { python, arriveLate } = await fromImage({
    core, indexURL: core, image, libraries,
    fetchNow: (name) => {
      console.info(`${name} is imported before the page was quiet: its files are fetched now`)
      return getNow(packages)
    },
  })
  endWatch()
  self.pythonMemory = () => python._module.HEAPU8.length  // for the soak test
  return { python, afterwards: () => whenQuiet(async () => arriveLate(await fetch(core + "../" + packages))) }
}

// ---- the image, kept in the browser ---------------------------------------------------------------------------------

// The image of this very build, or null; images of other builds are thrown away.
async function keptImage(base, plan) {
  try {
    const cache = await caches.open(IMAGES)
    const address = base + "start/" + plan.image.file
    const requests = await cache.keys()
    for (const { url } of requests) if (url.startsWith(base) && url !== address) await cache.delete(url)
    return (await cache.match(address)) ?? null
  } catch {
    return null  // a browser that refuses storage, or an address without https
  }
}

async function fetchImage(base, plan) {
  const cache = await caches.open(IMAGES)
  const files = [plan.image, ...plan.libraries].map(({ file }) => base + "start/" + file)
  await Promise.all(files.slice(1).map((address) => fetch(address, { priority: "low" })))
  await cache.add(new Request(files[0], { priority: "low" }))
}

function whenQuiet(work) {
  setTimeout(() => work().catch((error) => console.info(`Not fetched for later: ${error.message}`)), QUIET)
}
