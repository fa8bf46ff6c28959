// Makes the files of start/, under Node: compresses Pyodide's code and the packages, starts Python from these as the page does,
// lets it draw the page, and makes its memory image with web/image/make_image.mjs if the site has one. Arguments: the folder with
// the patched core and zstd.wasm, the folder to work in (it holds packages.parts and early.part), the folder for the result,
// zstd's level, and "image" or "no image". An error is one line on stderr and exit code 1.
//
// The same inputs must give the same bytes, so the clock stands still and random numbers are a fixed sequence meanwhile.
import { createHash } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { constants, zstdCompressSync } from "node:zlib"
import { fromPackages } from "../boot/worker/python.mjs"
import { fail } from "./fail.mjs"
import { filesOf, made } from "./write_parts.mjs"

const [corePath, work, out] = process.argv.slice(2, 5).map((path) => resolve(path) + "/")
const level = Number(process.argv[5])
const withImage = process.argv[6] === "image"
const core = pathToFileURL(corePath).href
const decoder = readFileSync(corePath + "zstd.wasm")
// Python's environment holds the program's name and the language. Both are fixed here, so that the files do not depend on this
// machine.
process.argv[1] = "inkling"
Object.defineProperty(navigator, "language", { value: "en-US" })

function compress(bytes, level) {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_windowLog]: 24 },
  })
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

// Starts Python with the lab in it. `snapshot`: whether an image of its memory will be made, which Pyodide must know beforehand.
async function startPython(packages, snapshot) {
  Object.assign(globalThis, { XMLHttpRequest: class {} }) // Panel imports the name; in the page it is the browser's own
  const { python } = await fromPackages({
    core,
    indexURL: corePath,
    args: ["-OO"],
    _makeSnapshot: snapshot,
    packages: { response: new Response(packages) },
    zstd: WebAssembly.compile(decoder),
    step: () => {},
  })
  return python
}

const DRAW = "from web import browser; await browser.draw_page(); browser.drawing()"
const LOADED = "import json; from web.delivery import lazy_modules as m; m.import_late(); json.dumps(m.loaded_files())"

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
  const maker = withImage && (await import("../image/make_image.mjs"))
  const fresh = maker && (await maker.freshMemory(core, corePath))
  standStill()
  const python = await startPython(compress(all, 1), withImage)
  const page = JSON.parse(await python.runPythonAsync(maker ? maker.PREPARE : DRAW))
  const loaded = new Set(JSON.parse(python.runPython(LOADED)))
  const { needed, rest, late } = split(all, loaded)
  plan.packages = write("packages.zst", compress(needed, level))
  plan.rest = write("rest.zst", compress(rest, level))
  if (maker) {
    const early = readFileSync(join(work, "early.part"))
    const { image, libraries } = await maker.makeImage(python, { fresh, early, loaded, late })
    plan.image = { ...write("image.zst", compress(image, level)), unpacked: { bytes: image.length, sha256: hash(image) } }
    plan.libraries = write("libraries.zst", compress(libraries, level))
  }
  writeFileSync(join(out, "plan.json"), JSON.stringify({ ...plan, drawn: page.mark, page }, null, 1))
  process.exit(0)
} catch (error) {
  fail(error)
}
