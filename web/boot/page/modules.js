// Replaces es-module-shims, which Panel expects, by the browser's own import: every browser that can run the page has import
// maps and dynamic imports. The shim itself is not shipped, because it tests the browser with inline scripts, which the page's
// policy forbids (web/build/policy.py).

window.importShim = Object.assign((address) => import(address), {
  addImportMap(map) {
    if (Object.keys(map.imports ?? {}).length) throw new Error("components of this page import files, not names")
  },
})
