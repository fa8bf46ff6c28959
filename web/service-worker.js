// Keeps the whole site in the browser, so that it opens without a network, and without waiting for one.
//
// Each build has its own service worker: the build writes the SHA-256 of its build.json into this file, so a new build makes a
// new service worker with a new cache. A page gets all its files from one cache, so files of two builds are never mixed. Every
// file is compared with its hash before it goes into the cache.

const BUILD = "__BUILD__"
/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self)
const home = worker.registration.scope
const ours = `inkling ${new URL(home).pathname} `
const CACHE = ours + BUILD

// Files that are not kept: a second, smaller copy of Pyodide's WebAssembly, which only a first visit over a slow connection
// uses.
const SECOND = /^start\/code-/

const AT_ONCE = 3 // files that are fetched at the same time; a single one while the network trains,
const SHARE = 0.25 // and that for this share of the time
const PATIENCE = 60_000 // milliseconds for one file
const PAUSES = [1000, 4000, 0] // milliseconds before another attempt; after the last, the next visit or the page tries again

/** @param {Message<"fromServiceWorker">} message */
async function tell(message) {
  for (const client of await worker.clients.matchAll({ includeUncontrolled: true })) client.postMessage(message)
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("")

// Fetches a file and compares its hash. An Error names the file if it is wrong or does not arrive. The first attempt may use
// the browser's own cache, which has the files that the page has just fetched; later attempts don't, in case its copy is
// damaged.
async function fetchChecked(name, sha256) {
  let fault
  for (const [attempt, wait] of PAUSES.entries()) {
    try {
      const cache = attempt ? "reload" : "default"
      const response = await fetch(home + name, { cache, signal: AbortSignal.timeout(PATIENCE) })
      if (!response.ok) throw new Error(`the server answered ${response.status}`)
      const bytes = await response.clone().arrayBuffer()
      if (hex(await crypto.subtle.digest("SHA-256", bytes)) !== sha256) {
        throw new Error("what came is damaged, or of another build")
      }
      return response
    } catch (error) {
      fault =
        error.name === "TypeError"
          ? "no answer from the server"
          : error.name === "TimeoutError"
            ? `no answer within ${PATIENCE / 1000} s`
            : error.message
    }
    await pause(wait)
  }
  throw new Error(`${name} could not be fetched: ${fault}`)
}

// Returns the files that earlier builds have left in their caches, by hash, so that an unchanged file is not fetched again.
async function leftBefore() {
  const left = new Map()
  for (const key of await caches.keys()) {
    if (!key.startsWith(ours) || key === CACHE) continue
    const cache = await caches.open(key)
    const list = await (await cache.match(home + "build.json"))?.json()
    for (const { path, sha256 } of list?.files ?? []) left.set(sha256, () => cache.match(home + path))
  }
  return left
}

let gentle = false // whether the network trains, as the page tells
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

// Makes one of the workers that fill the cache wait after a file that took `milliseconds`, and the others until training pauses.
async function restAfter(milliseconds, number) {
  if (gentle) await pause(milliseconds * (1 / SHARE - 1))
  while (gentle && number) await pause(200)
}

// Fills this build's cache. After an interruption, it goes on with the files that are missing.
async function keepEverything() {
  const cache = await caches.open(CACHE)
  let list = await cache.match(home + "build.json")
  if (!list) {
    list = await fetchChecked("build.json", BUILD)
    await cache.put(home + "build.json", list.clone())
  }
  const files = (await list.json()).files.filter(({ path }) => !SECOND.test(path))
  const left = await leftBefore()
  const kept = new Set((await cache.keys()).map(({ url }) => url))
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  const queue = files.values()
  async function work(number) {
    for (const { path, bytes, sha256 } of queue) {
      const began = performance.now()
      if (!kept.has(home + path)) {
        await cache.put(home + path, (await left.get(sha256)?.()) ?? (await fetchChecked(path, sha256)))
      }
      done += bytes
      tell(/** @satisfies {Message<"fromServiceWorker">} */ ({ type: "keeping", done, total }))
      await restAfter(performance.now() - began, number)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => work(number)))
  } catch (error) {
    const text = error.name === "QuotaExceededError" ? "there is no room left" : error.message
    await tell(/** @satisfies {Message<"fromServiceWorker">} */ ({ type: "not_kept", text }))
    throw error
  }
}

worker.addEventListener("install", (event) => {
  event.waitUntil(keepEverything())
  // Lets the browser answer from the cache itself, if it can, without starting this worker. A file that is not in the cache
  // comes from the network, as in `answer` below. Two kinds still go through this worker: pages, whose address is not their
  // file's name, and WebAssembly, which the page may want from the browser's own cache.
  const { pathname } = new URL(home)
  event
    .addRoutes?.([
      { condition: { or: [{ requestMode: "navigate" }, { urlPattern: `${pathname}pyodide/*.wasm` }] }, source: "fetch-event" },
      { condition: { urlPattern: `${pathname}*` }, source: { cacheName: CACHE } },
    ])
    .catch(() => {})
})

// Deletes the caches of earlier builds: no page of theirs is open any more, or all are about to be reloaded.
worker.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      for (const key of await caches.keys()) if (key.startsWith(ours) && key !== CACHE) await caches.delete(key)
    })(),
  ),
)

worker.addEventListener("message", (/** @type {{ data: Message<"toServiceWorker"> }} */ { data }) => {
  if (data.type === "take_over") worker.skipWaiting()
  else if (data.type === "pace") gentle = data.gentle
})

async function answer(request) {
  const { pathname } = new URL(request.url)
  const name = decodeURIComponent(pathname.slice(new URL(home).pathname.length)) || "index.html"
  const cache = await caches.open(CACHE)
  return (await cache.match(home + name)) ?? fetch(request)
}

worker.addEventListener("fetch", (event) => {
  if (event.request.cache === "only-if-cached") return // meant for the browser's own cache (boot/worker/fetching.mjs)
  if (event.request.method === "GET" && event.request.url.startsWith(home)) event.respondWith(answer(event.request))
})
