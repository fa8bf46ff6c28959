// What web/image/loader_seam.js finds where it is inserted: parts of Pyodide's loader, which Emscripten writes.

type Slot = number
type Callable = (...parameters: unknown[]) => unknown
declare var Module: Record<string, unknown>
declare var HEAP32: Int32Array
declare var GOT: Record<string, { value: number }>
declare var LDSO: object
declare var wasmTable: WebAssembly.Table
declare var wasmMemory: WebAssembly.Memory
declare var wasmImports: Record<string, unknown>
declare var freeTableIndexes: Slot[]
declare var functionsInTableMap: Map<Callable, Slot>
declare var __PyRuntime: number
declare var __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: number
declare function setWasmTableEntry(slot: Slot, func: Callable): void
declare function convertJsFunctionToWasm(func: Callable, signature: string): Callable
declare function resolveGlobalSymbol(name: string, direct: boolean): { sym: Callable & { sig?: string } }
declare function getFunctionAddress(func: Callable): Slot
declare function uleb128EncodeWithLen(bytes: number[]): number[]
declare function generateTypePack(types: string): number[]
declare function newDSO(name: string, handle: number, symbols: string): object
declare function mergeLibSymbols(exports: object, name: string): void
declare function loadWebAssemblyModule(module: object, flags: object, name: string, scope: object): object
declare function updateMemoryViews(): void
