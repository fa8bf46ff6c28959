// Bundles start.mjs under Node, into bokeh.js. Arguments: the folder with the npm packages (package.json), and the folder for
// bokeh.js and licences.json, the terms of every package in it. An error is one line on stderr and exit code 1.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { fail } from "../fail.mjs"

const [packages, out] = process.argv.slice(2, 4).map((path) => resolve(path))
const modules = join(packages, "node_modules")
const here = dirname(fileURLToPath(import.meta.url))
const FOLDERS = {
  "@bokehjs": join(modules, "@bokeh/bokehjs/build/js/lib"),
  "@panel": join(modules, "@holoviz/panel/dist/lib"),
}
// Parts that none of our views use, and what stands in for them: formulas (MathJax), plots by WebGL, maps, dates, and the compiler
// of TypeScript, which Panel would run on the text of every component, although ours are JavaScript.
/** @type {[RegExp, string][]} */
const LEFT_OUT = [
  [/\/models\/text\/mathjax\/index\.js$/, ""],
  [/\/models\/glyphs\/webgl\/index\.js$/, "export const get_regl = async () => ({ has_webgl: false })"],
  [/\/node_modules\/sucrase\//, "export const transform = (code) => ({ code })"],
  [/\/node_modules\/proj4\//, "export default function () {}"],
  [/\/node_modules\/timezone\//, "export default function () {}"],
]
// Edits, each of which must fit exactly once: in which file, the old text, the new text, and why.
/** @type {[RegExp, string, string][]} */
const EDITS = [
  // Bokeh draws all roots of the page in one task. With a breath between two of them the page answers meanwhile.
  [
    /\/embed\/standalone\.js$/,
    "await render_model(model);\n    }\n    const { notifications }",
    "await render_model(model);\n        await window.inkling.breath();\n    }\n    const { notifications }",
  ],
  // For every line and number that it paints, Bokeh asks for a variable of CSS that could replace the colour; each question
  // has the browser work out the page's styles anew, which was two thirds of the time for a plot. Our plots set their colours.
  [
    /\/core\/visuals\/visual\.js$/,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is Bokeh's code, as a text
    "const style = getComputedStyle(this.obj.el);\n        return style.getPropertyValue(`${this.css_prefix}${name}`);",
    'return "";',
  ],
]

function found(path) {
  const paths = [`${path}.js`, join(path, "index.js"), path]
  return paths.find((one) => one.endsWith(".js") && existsSync(one))
}

function edited(text, path) {
  for (const [pattern, before, after] of EDITS) {
    if (!pattern.test(path)) continue
    if (text.split(before).length !== 2) throw new Error(`${path} has changed; the edit in bundle.mjs must follow`)
    text = text.replace(before, () => after)
  }
  return text
}

const ours = {
  name: "page",
  setup(build) {
    build.onResolve({ filter: /^@(bokehjs|panel)\// }, ({ path }) => {
      const [folder, ...rest] = path.split("/")
      return { path: found(join(FOLDERS[folder], ...rest)) }
    })
    build.onResolve({ filter: /\.css$/ }, ({ path, resolveDir }) => ({ path: resolve(resolveDir, `${path}.js`) }))
    build.onLoad({ filter: /\.js$/ }, ({ path }) => {
      for (const [pattern, contents] of LEFT_OUT) if (pattern.test(path)) return { contents }
      if (!Object.values(FOLDERS).some((folder) => path.startsWith(folder))) return
      // As TypeScript, because their fields without a value only declare a type; in JavaScript they would hide the properties.
      return { contents: edited(readFileSync(path, "utf8"), path), loader: "ts" }
    })
  },
}

// The terms of a package.
function terms(name) {
  const folder = join(modules, name)
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  const file = readdirSync(folder).find((one) => /^licen[cs]e(\.|-|$)/i.test(one))
  if (!file) throw new Error(`${name} has no file with its terms, which the page of licences needs`)
  const text = readFileSync(join(folder, file), "utf8")
  const licence = about.license ?? (/permission is hereby granted, free of charge/i.test(text) ? "MIT" : "")
  return { name, version: about.version, licence, terms: text }
}

try {
  const { build } = createRequire(join(packages, "package.json"))("esbuild")
  const { metafile } = await build({
    entryPoints: [join(here, "start.mjs")],
    outfile: join(out, "bokeh.js"),
    nodePaths: [modules],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    metafile: true,
    logLevel: "silent",
    absWorkingDir: packages,
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    plugins: [ours],
  })
  const [{ inputs }] = Object.values(metafile.outputs)
  const used = Object.keys(inputs).filter((path) => !LEFT_OUT.some(([pattern]) => pattern.test(`/${path}`)))
  const names = used.map((path) => /node_modules\/((@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
  // Panel's package has no terms in it; they are those of its wheel, which is listed by itself.
  const list = [...new Set(names.filter((name) => name && name !== "@holoviz/panel"))].sort().map(terms)
  writeFileSync(join(out, "licences.json"), JSON.stringify(list))
} catch (error) {
  fail(error)
}
