// What Panel asks of es-module-shims, done by the browser itself: every browser that runs WebAssembly this fast has import
// maps and dynamic imports. The shim is not shipped: it tries the browser out with inline scripts, which the page's policy
// forbids (web/build/page.py).

window.importShim = Object.assign((address) => import(address), {
  addImportMap(map) {
    if (Object.keys(map.imports ?? {}).length) throw new Error("components of this page import files, not names")
  },
})
