// Keeps the whole site in the browser, so that it opens without a network and without asking one.
//
// One service worker belongs to one build: the build writes the SHA-256 of its build.json here, so that a new build is a new
// service worker, with a cache of its own. A page is served from one cache from beginning to end; files of two builds never
// meet. Whatever goes into the cache is compared with its hash first.

const BUILD = "__BUILD__"
/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self)
const home = worker.registration.scope
const ours = `inkling ${new URL(home).pathname} `
const CACHE = ours + BUILD

// Pyodide's WebAssembly once more, for a first visit over a slow link.
const SECOND = /^start\/code-/

const AT_ONCE = 3
const PATIENCE = 60_000 // milliseconds for one file
const PAUSES = [1000, 4000, 0] // before another attempt; after the last, the next visit or the page tries again

/** @param {Message<"fromServiceWorker">} message */
async function tell(message) {
  for (const client of await worker.clients.matchAll({ includeUncontrolled: true })) client.postMessage(message)
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("")

// The bytes of a file as a response of our own, if they are what the build made; an Error says by name if not. What the page
// has fetched a minute ago comes from the browser's own cache, unless that is what is damaged.
async function fetchChecked(name, sha256) {
  let fault
  for (const [attempt, pause] of PAUSES.entries()) {
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
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  throw new Error(`${name} could not be fetched: ${fault}`)
}

// The hashes of what earlier builds have left: a file that has not changed is not fetched again.
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

// Begun again after a drop, it goes on with what is missing.
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
  async function work() {
    for (const { path, bytes, sha256 } of queue) {
      if (!kept.has(home + path)) {
        await cache.put(home + path, (await left.get(sha256)?.()) ?? (await fetchChecked(path, sha256)))
      }
      done += bytes
      tell(/** @satisfies {Message<"fromServiceWorker">} */ ({ type: "keeping", done, total }))
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } catch (error) {
    const text = error.name === "QuotaExceededError" ? "there is no room left" : error.message
    await tell(/** @satisfies {Message<"fromServiceWorker">} */ ({ type: "not_kept", text }))
    throw error
  }
}

worker.addEventListener("install", (event) => {
  event.waitUntil(keepEverything())
  // A browser that can answers by itself from the cache, and need not start this worker first. Where that has nothing, the
  // network is asked, as below. Not for pages, whose address is not their file's, and not for what the page may want from the
  // browser's own cache.
  const { pathname } = new URL(home)
  event
    .addRoutes?.([
      { condition: { or: [{ requestMode: "navigate" }, { urlPattern: `${pathname}pyodide/*.wasm` }] }, source: "fetch-event" },
      { condition: { urlPattern: `${pathname}*` }, source: { cacheName: CACHE } },
    ])
    .catch(() => {})
})

// By now no page of an earlier build is open, or all are about to be opened anew.
worker.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      for (const key of await caches.keys()) if (key.startsWith(ours) && key !== CACHE) await caches.delete(key)
    })(),
  ),
)

worker.addEventListener("message", (/** @type {{ data: Message<"toServiceWorker"> }} */ { data }) => {
  if (data.type === "take_over") worker.skipWaiting()
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
