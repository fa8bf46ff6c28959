// Every file of the start, fetched once: begun as early as can be, counted as it streams, and named if it doesn't come or isn't
// what the build made (checked.mjs).
//
// Pyodide fetches its own files itself; it is given the answers that were begun here before it existed.

import { arrived } from "./link.mjs"
import { checkAgainst, checkedFetch, checkedStream, fetchWhole } from "./verified-fetch.mjs"

const begun = new Map() // address -> promise of a Response
const ahead = new Map() // the same, for Python
const loading = { text: "Loading Python", done: 0, total: 0 }
let lastShown = 0
let base

// Sends the page a message (boot/messages.js).
/** @param {Message<"toPage">} message */
export const toPage = (message) => self.postMessage(message)

// The first file that doesn't come ends the start, by its name: of what follows from it, Pyodide reports some as an exit, and
// waits for the rest for ever.
export let fault = null
let giveUp
export const faulted = new Promise((_, reject) => {
  giveUp = reject
})
faulted.catch(() => {})

/** @returns {never} */
function failed(error) {
  fault ??= error.message
  giveUp(error)
  throw error
}

// One file that doesn't come makes several promises fail; the page has been told of it once.
self.addEventListener("unhandledrejection", (event) => {
  if (fault) event.preventDefault()
})

/** @param {Response} [response] */
function counted(bytes, response) {
  arrived(bytes, response)
  loading.done += bytes
  const now = performance.now()
  if (now - lastShown < 100) return
  lastShown = now
  toPage({ type: "progress", ...loading })
}

export function step(text) {
  loading.text = text
  toPage({ type: "progress", text })
}

let fetchNow = countedFetch
async function countedFetch(input, init) {
  const url = input.url ?? String(input)
  if (!begun.has(url)) return checkedFetch(input, init, counted).catch(failed)
  const response = begun.get(url)
  begun.delete(url)
  return response
}

// From now on `fetch` in this worker is ours. Python takes hold of it once and for all, so it stays the same function.
export function watchFetches(address, served) {
  base = address
  self.fetch = (input, init) => fetchNow(input, init)
  checkAgainst(base, served)
    .catch(failed)
    .catch(() => {})
}

// Adds `bytes` to the total of the progress line.
export function expect(bytes) {
  loading.total += bytes
}

// Python is up: from now on `fetch` is for what it asks for, of which some may have come already (`fetchAhead`).
export function endWatch() {
  fetchNow = async (input, init) => {
    const url = input.url ?? String(input)
    const response = ahead.get(url)
    ahead.delete(url)
    return (await response?.catch(() => null)) ?? fetchWhole(input, init)
  }
}

// What Python will ask for first, once it is up. A file that doesn't come is asked for again then, and told of.
export function fetchAhead(names) {
  for (const name of names) {
    const response = checkedFetch(base + name)
    response.catch(() => {})
    ahead.set(base + name, response)
  }
}

// Begins to fetch a file of the site. The first `fetch` of it afterwards gets this answer.
export function begin(name) {
  const response = countedFetch(base + name)
  response.catch(() => {}) // told when it is asked for
  begun.set(base + name, response)
}

// An answer that needs no server.
export function prepare(name, response) {
  begun.set(base + name, Promise.resolve(response))
}

// A file that is used while it comes: the `response`, and `right`, a promise that all of it is.
export async function get(name) {
  const arriving = await optional(name).catch(failed)
  arriving.right.catch(failed).catch(() => {})
  return arriving
}

// The same for a file that the start can do without: what goes wrong is the asker's to handle.
export const optional = (name, signal) => checkedStream(base + name, { signal }, counted)

// The same for a file of the browser's own cache, where it keeps the machine code of an earlier visit; of what the service worker
// answers with it keeps none.
export const left = (name) => checkedStream(base + name, { cache: "only-if-cached", mode: "same-origin" }, counted)

// The same for a file that is not needed now.
export const later = (name) => checkedStream(base + name, { priority: "low" })

// What one of these hands back, compiled.
export async function compile(arriving) {
  const { response, right } = await arriving
  const [module] = await Promise.all([WebAssembly.compileStreaming(response), right])
  return module
}

// Imports can't be checked on their way. So modules are fetched once more, from the browser's cache, and what doesn't come or
// isn't right is named.
export const modules = (names) => Promise.all(names.map((name) => countedFetch(base + name)))

// What the page has fetched where nobody looks: of each such file that is not right, why. What the browser has in its cache is what
// the page uses; a damaged one is fetched anew, for the next try.
export async function unnoticed(names) {
  const look = (name) =>
    checkedFetch(base + name, { cache: "force-cache" }).then(
      () => [],
      (error) => {
        fetch(base + name, { cache: "reload" }).catch(() => {})
        return [error.message]
      },
    )
  return (await Promise.all(names.map(look))).flat()
}

// The bytes of a file at once; until they are there nothing else happens in this worker.
export function getNow(name) {
  const request = new XMLHttpRequest()
  request.open("GET", base + name, false)
  request.responseType = "arraybuffer"
  request.send()
  if (request.status !== 200) throw new Error(`${name} could not be fetched: the server answered ${request.status}`)
  return new Uint8Array(request.response)
}
