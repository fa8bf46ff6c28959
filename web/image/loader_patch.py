"""Patches Pyodide's loader so that a memory image with shared libraries can be restored.

Pyodide can save its memory and start from it again, but only before any shared library was loaded. The code
of libraries is not part of the memory, and a library loaded again would get another address and other slots
in the table of functions, and would start from scratch. NumPy consists of eleven such libraries. With these
edits ``boot/image/image.mjs`` can load a library *where it was*, without running its initialisation again.
They do nothing until ``seam.restoring`` is set.

The last four edits are exceptions, because they also act without an image: two fill the table of functions at
once, one changes the event loop so that no callback waits for long, and one has memory grow by as much as is
needed.

Each edit must fit exactly once in the pinned file; if a new version of Pyodide has changed there, the build
stops.
"""

from __future__ import annotations

from pathlib import Path

PATCHED = "pyodide.asm.mjs"
SEAM = Path(__file__).with_name("loader_seam.js")

# The old text, the new text, and the reason.
EDITS: tuple[tuple[str, str, str], ...] = (
    ("var newDSO=(name,handle,syms)=>", "{seam}\nvar newDSO=(name,handle,syms)=>", "the seam itself"),
    (
        "var memoryBase=metadata.memorySize?alignMemory(getMemory(metadata.memorySize+memAlign),memAlign):0;"
        "var tableBase=metadata.tableSize?wasmTable.length:0;",
        "var back=seam.restoring;if(back)seam.check(back,metadata);"
        "var memoryBase=back?back.memory:metadata.memorySize?"
        "alignMemory(getMemory(metadata.memorySize+memAlign),memAlign):0;"
        "var tableBase=back?back.table:metadata.tableSize?wasmTable.length:0;"
        "if(!back)seam.place(libName,flags,localScope,memoryBase,tableBase,metadata);",
        "a library goes where it was; one that is loaded for the first time is written down",
    ),
    (
        "if(metadata.tableSize){wasmTable.grow(metadata.tableSize)}",
        "if(metadata.tableSize&&!back){wasmTable.grow(metadata.tableSize)}",
        "the table has its places already",
    ),
    (
        "updateTableMap(tableBase,metadata.tableSize);moduleExports=relocateExports(",
        "updateTableMap(tableBase,metadata.tableSize);"
        "if(back)for(var[slot,name]of back.functions)seam.put(slot,instance.exports[name]);"
        "moduleExports=relocateExports(",
        "functions whose address was taken go back to their slots before anybody asks for a new one",
    ),
    (
        'var applyRelocs=moduleExports["__wasm_apply_data_relocs"];if(applyRelocs){',
        'var applyRelocs=moduleExports["__wasm_apply_data_relocs"];if(applyRelocs&&!back){',
        "its data come with the image, addresses resolved",
    ),
    (
        'var init=moduleExports["__wasm_call_ctors"];if(init){if(runtimeInitialized)',
        'var init=moduleExports["__wasm_call_ctors"];if(init&&!back){if(runtimeInitialized)',
        "it was initialised when the image was made",
    ),
    (
        "for(var needed of metadata.neededDynlibs){needed=findLibraryFS",
        "if(!seam.restoring)for(var needed of metadata.neededDynlibs){needed=findLibraryFS",
        "what it needs is put back by itself, in order",
    ),
    (
        'var origExports=wasmExports;mergeLibSymbols(wasmExports,"main")',
        'var origExports=wasmExports;seam.exports=origExports;mergeLibSymbols(wasmExports,"main")',
        "slots of the main module's functions are found by the functions themselves",
    ),
    (
        "const ptr=getPyEMTrampolinePtr();const offset=",
        "const ptr=getPyEMTrampolinePtr();if(!ptr)wasmTable.grow(1);seam.trampoline=ptr;const offset=",
        "engines that can't have CPython's trampoline leave its slot empty, so that all later slots agree",
    ),
    (
        "HEAP32[(__PyRuntime+offset)/4>>>0]=ptr})",
        "HEAP32[(__PyRuntime+offset)/4>>>0]=ptr;seam.firstSlot=wasmTable.length})",
        "from here on the table is the image's",
    ),
    (
        "var loadDylibs=async()=>{if(!dynamicLibraries.length){",
        "var loadDylibs=async()=>{if(!dynamicLibraries.length){seam.wrapWanted();",
        "some 260 modules of one function each, compiled one after the other, become one",
    ),
    (
        "var wrapped=convertJsFunctionToWasm(func,sig);",
        "var wrapped=seam.wrapped.get(func)??convertJsFunctionToWasm(func,sig);",
        "and this is what they are made for",
    ),
    (
        "Q.port1.onmessage=()=>{let t=Ft.length;for",
        "Q.port1.onmessage=()=>{let t=Math.min(1,Ft.length);for",
        "one message, one callback of Python's event loop: when the first runs all that wait, the messages "
        "of the others stay in the worker's queue for as long as Python is busy, and a stroke comes last",
    ),
    (
        "var overGrownHeapSize=oldSize*(1+.2/cutDown);",
        "var overGrownHeapSize=oldSize+4194304/cutDown;",
        "memory grows by 4 MB and not by a fifth, because WebAssembly never gives any of it back",
    ),
)


class LoaderChanged(ValueError):
    """An error for a version of Pyodide's loader that the edits don't fit."""


def patched(text: str) -> str:
    """Return the text of ``pyodide.asm.mjs`` with all edits.

    Raises:
        LoaderChanged: if an edit does not fit exactly once.
    """
    for old, new, why in EDITS:
        if (count := text.count(old)) != 1:
            raise LoaderChanged(
                f"{PATCHED} has {count} of {old[:70]!r} where web/image/loader_patch.py expects 1 ({why}); "
                "Pyodide's loader has changed, and the patch must follow"
            )
        text = text.replace(old, new.replace("{seam}", SEAM.read_text(encoding="utf-8")))
    return text
