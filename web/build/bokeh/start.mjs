// Bokeh's and Panel's JavaScript for the page: only the models that its views use, and no longer task than a frame or two. Bundled
// by bundle.mjs; each `import()` runs its modules when it is called. `inkling.hasBokeh` is in boot/page/hydrate.js.

const PARTS = [
  () => import("@bokehjs/base"),
  () => import("@bokehjs/models/ui/ui_element"),
  () => import("@bokehjs/index"),
  () => import("@bokehjs/models/layouts/layout_dom"),
  () => import("@bokehjs/models/glyphs/xy_glyph"),
  () => import("@bokehjs/models/plots/figure"),
  () => import("@panel/models/html"),
  () => import("./models.mjs"),
]

for (const part of PARTS) {
  await part()
  await window.inkling.breath()
}
const { register_models } = await import("@bokehjs/base")
register_models(await import("./models.mjs"))
// Panel's scripts, components and tests look for it there.
window.Bokeh = await import("@bokehjs/index")
window.inkling.hasBokeh()
