// Saves and restores a memory image: Python's memory after NumPy, Bokeh, Panel and the lab were imported and the page was
// drawn. The build calls `describe` and `pagesOf` under Node; the browser calls `restoreLibraries` and `restoreMemory`, which
// spares it about five seconds of imports.
//
// Besides the memory, an image needs WebAssembly's function table. The slots below `firstSlot` belong to the main module and
// are always the same. Above them are each shared library's own functions, beginning at `table`, and single functions whose
// address was taken, from the main module, Emscripten's JavaScript or a library. The image lists these by name.
//
// The patched loader (web/image/loader_patch.py) puts libraries back at their addresses. Any difference from the image, such as
// another browser engine or another version of a file, is an error here; Python then starts without an image.

// Returns a hash of all resolved addresses that does not depend on their order.
function addressHash(GOT) {
  let sum = 0
  for (const [name, { value }] of Object.entries(GOT)) {
    let hash = value | 0
    for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0
    sum = (sum + hash) | 0
  }
  return sum
}

// Returns the part of an image that is not memory: the function table, the libraries and a hash of the addresses.
export function describe(module) {
  const { seam } = module
  const { LDSO, GOT, wasmTable, wasmImports, freeTableIndexes, functionsInTableMap, getFunctionAddress } = seam.parts()
  getFunctionAddress(() => {}) // makes functionsInTableMap complete
  const names = new Map() // function -> [whose, name]
  for (const [name, value] of Object.entries(seam.exports)) {
    if (typeof value === "function") names.set(value, ["main", name])
  }
  seam.libraries.forEach((library, number) => {
    for (const [name, value] of Object.entries(LDSO.loadedLibsByName[library.name].exports)) {
      if (typeof value === "function" && !names.has(value)) names.set(value, [number, name])
    }
  })
  const bySlot = new Map()
  for (const [name, value] of Object.entries(wasmImports)) {
    const slot = typeof value === "function" && functionsInTableMap.get(value)
    if (slot) bySlot.set(slot, ["import", name])
  }
  const free = new Set(freeTableIndexes)
  const inLibrary = (slot) =>
    seam.libraries.some(({ table, tableSize }) => tableSize && slot >= table && slot < table + tableSize)
  const functions = []
  for (let slot = seam.firstSlot; slot < wasmTable.length; slot++) {
    if (inLibrary(slot) || free.has(slot)) continue
    const found = names.get(wasmTable.get(slot)) ?? bySlot.get(slot)
    if (!found) throw new Error(`slot ${slot} of the function table holds a function without a name`)
    functions.push([slot, ...found])
  }
  const handles = Object.entries(LDSO.loadedLibsByHandle).filter(([handle]) => +handle)
  return {
    firstSlot: seam.firstSlot,
    slots: wasmTable.length,
    free: [...freeTableIndexes],
    functions,
    handles: handles.map(([handle, { name }]) => [+handle, name]),
    libraries: seam.libraries,
    addresses: addressHash(GOT),
    memory: module.HEAPU8.length,
  }
}

// Puts the libraries and the function table back and makes room for the memory. `modules` are the compiled libraries by name.
// `restoreMemory` must follow at once: no WebAssembly may run in between.
export function restoreLibraries(module, image, modules) {
  const { seam } = module
  const parts = seam.parts()
  const { LDSO, GOT, wasmTable, wasmMemory } = parts
  if (seam.firstSlot !== image.firstSlot || wasmTable.length !== image.firstSlot) {
    throw new Error(`the function table has ${wasmTable.length} slots where the image begins at ${image.firstSlot}`)
  }
  if (image.memory > module.HEAPU8.length) {
    wasmMemory.grow((image.memory - module.HEAPU8.length) / 65536)
    parts.updateMemoryViews()
  }
  wasmTable.grow(image.slots - wasmTable.length)
  parts.getFunctionAddress(() => {})
  for (const [slot, whose, name] of image.functions) {
    if (whose === "main") seam.put(slot, seam.exports[name])
    else if (whose === "import") seam.put(slot, parts.wasmImports[name])
  }
  const scopes = []
  image.libraries.forEach((library, number) => {
    if (library.scope >= 0) scopes[library.scope] ??= {}
    const scope = scopes[library.scope]
    const record = parts.newDSO(library.name, undefined, "loading")
    record.refcount = library.nodelete ? Infinity : 1
    record.global = library.global
    const functions = image.functions.filter(([, whose]) => whose === number).map(([slot, , name]) => [slot, name])
    seam.restoring = { ...library, functions }
    // Looking for undefined symbols takes as long as everything else here, so it is done once, after the last library.
    const flags = { ...library, allowUndefined: true }
    record.exports = parts.loadWebAssemblyModule(modules[library.name], flags, library.name, scope)
    seam.restoring = null
    if (library.global) parts.mergeLibSymbols(record.exports, library.name)
    else if (scope) Object.assign(scope, record.exports)
    seam.libraries.push(library)
  })
  module.reportUndefinedSymbols()
  seam.scopes.push(...scopes)
  for (const [handle, name] of image.handles) LDSO.loadedLibsByHandle[handle] = LDSO.loadedLibsByName[name]
  parts.freeTableIndexes.splice(0, Infinity, ...image.free)
  if (wasmTable.length !== image.slots) throw new Error("the function table grew while libraries were put back")
  if (addressHash(GOT) !== image.addresses) throw new Error("addresses differ from the image's")
}

// ---- the memory itself ----------------------------------------------------------------------------------------------

const PAGE = 4096

// Returns a checksum of words that depends on their order: quick, and enough to notice an accidental difference.
function checksum(words) {
  let sum = 0
  for (let i = 0; i < words.length; i++) sum = (Math.imul(sum, 31) + words[i]) | 0
  return sum
}

// Picks the pages of `memory` that an image must hold: all that are not empty and differ from `fresh`, the memory of a new
// WebAssembly instance before Python starts. The stack is left out: it holds nothing while no code runs.
/** @param {Uint8Array} memory @param {Uint8Array} fresh @param {number[]} stack */
export function pagesOf(memory, fresh, stack) {
  const [stackEnd, stackBase] = stack
  const pages = { runs: [], kept: [], checksum: 0 }
  const blocks = []
  const words = (bytes, page) => new Int32Array(bytes.buffer, bytes.byteOffset + page * PAGE, PAGE / 4)
  const extend = (list, page) => {
    const last = list.at(-1)
    if (last && last[0] + last[1] === page) last[1]++
    else list.push([page, 1])
  }
  for (let page = 0; page * PAGE < memory.length; page++) {
    if (page * PAGE >= stackEnd && (page + 1) * PAGE <= stackBase) continue
    const now = words(memory, page)
    if (now.every((word) => word === 0)) continue
    // Below the stack is the module's own data, the same in every browser; above it is the heap, which may differ.
    const before = (page + 1) * PAGE <= stackEnd ? words(fresh, page) : null
    if (before && now.every((word, i) => word === before[i])) {
      extend(pages.kept, page)
      pages.checksum = (Math.imul(pages.checksum, 31) + checksum(now)) | 0
    } else {
      extend(pages.runs, page)
      blocks.push(memory.subarray(page * PAGE, (page + 1) * PAGE))
    }
  }
  return { pages, blocks }
}

// Copies the image's pages into the memory, right after the libraries were put back.
export function restoreMemory(module, { header, bytes }) {
  const { HEAPU8, HEAP32 } = module
  const { runs, kept, checksum: wanted } = header
  let sum = 0
  for (const [page, count] of kept) {
    for (let i = page; i < page + count; i++) {
      sum = (Math.imul(sum, 31) + checksum(HEAP32.subarray((i * PAGE) / 4, ((i + 1) * PAGE) / 4))) | 0
    }
  }
  if (sum !== wanted) throw new Error("the WebAssembly module has other data than the image was made with")
  let from = 0
  let written = 0 // everything below this address is done
  const all = [...runs.map(([page, count]) => [page, count, true]), ...kept].sort(([a], [b]) => a - b)
  for (const [page, count, given] of all) {
    clear(HEAPU8, written, page * PAGE, header.stack)
    written = (page + count) * PAGE
    if (!given) continue
    HEAPU8.set(bytes.subarray(from, from + count * PAGE), page * PAGE)
    from += count * PAGE
  }
  clear(HEAPU8, written, HEAPU8.length, header.stack)
  module.seam.parts().setTrampoline()
}

// Writes zeros from `start` to `end`, but spares the stack: the code that calls this may be using it.
function clear(memory, start, end, [stackEnd, stackBase]) {
  if (start < stackEnd) memory.fill(0, start, Math.min(end, stackEnd))
  if (end > stackBase) memory.fill(0, Math.max(start, stackBase), end)
}
