// Records where every shared library was put, and, while `seam.restoring` is set, puts the next one at the recorded addresses.
// loader_patch.py inserts this into pyodide.asm.mjs and says why; boot/image/image.mjs uses it.
var seam = {
  restoring: null, // the record of the library that is being put back; its `functions` are [slot, export] pairs
  libraries: [], // a record for each library, in the order of loading
  scopes: [], // scopes of libraries that were opened locally
  exports: null, // what the main module exports, before Emscripten wraps any of it
  firstSlot: 0, // where the function table ended when Python started
  trampoline: 0, // the slot of CPython's trampoline, or 0 where the browser can't have it
  place(name, flags, scope, memory, table, metadata) {
    let at = scope ? seam.scopes.indexOf(scope) : -1
    if (scope && at < 0) at = seam.scopes.push(scope) - 1
    seam.libraries.push({
      name,
      global: !!flags.global,
      nodelete: !!flags.nodelete,
      scope: at,
      memory,
      table,
      memorySize: metadata.memorySize,
      tableSize: metadata.tableSize,
    })
  },
  check(record, metadata) {
    if (record.memorySize !== metadata.memorySize || record.tableSize !== metadata.tableSize) {
      throw new Error(`${record.name} is another one than in the image`)
    }
  },
  put(slot, func) {
    try {
      setWasmTableEntry(slot, func)
    } catch {
      setWasmTableEntry(slot, convertJsFunctionToWasm(func, func.sig))
    }
    functionsInTableMap.set(func, slot)
  },
  wrapped: new WeakMap(), // JavaScript functions -> their WebAssembly wrappers, as the function table needs them
  // Wraps all JavaScript functions that the main module wants in the table, with a single WebAssembly module. Emscripten would
  // compile a module for each.
  wrapWanted() {
    const wanted = Object.entries(GOT)
      .filter(([, { value }]) => value === -1)
      .map(([name]) => resolveGlobalSymbol(name, true).sym)
    const functions = [...new Set(wanted)].filter((func) => func?.sig && !getFunctionAddress(func))
    const number = (n) => [(n % 128) | 128, n >> 7] // LEB128
    const list = (items) => [...number(items.length), ...items.flat()]
    const section = (id, items) => [id, ...uleb128EncodeWithLen(list(items))]
    const name = (i) => list([...String(i)].map((digit) => digit.charCodeAt(0)))
    /** @param {{ sig?: string }} func */
    const type = ({ sig }) => [0x60, ...generateTypePack(sig.slice(1)), ...generateTypePack(sig[0] === "v" ? "" : sig[0])]
    const module = new WebAssembly.Module(
      Uint8Array.of(
        0,
        0x61,
        0x73,
        0x6d,
        1,
        0,
        0,
        0,
        ...section(1, functions.map(type)),
        ...section(
          2,
          functions.map((_, i) => [...name(0), ...name(i), 0, ...number(i)]),
        ), // imported from "0"
        ...section(
          7,
          functions.map((_, i) => [...name(i), 0, ...number(i)]),
        ),
      ),
    )
    const { exports } = new WebAssembly.Instance(module, { 0: { ...functions } })
    for (const [i, func] of functions.entries()) seam.wrapped.set(func, exports[i])
  },
  // Returns the private parts of Emscripten that boot/image/image.mjs needs.
  parts: () => ({
    LDSO,
    GOT,
    wasmTable,
    wasmMemory,
    wasmImports,
    freeTableIndexes,
    functionsInTableMap,
    newDSO,
    mergeLibSymbols,
    loadWebAssemblyModule,
    getFunctionAddress,
    updateMemoryViews,
    setTrampoline: () => {
      HEAP32[((__PyRuntime + HEAP32[(__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET / 4) >>> 0]) / 4) >>> 0] = seam.trampoline
    },
  }),
}
Module.seam = seam
