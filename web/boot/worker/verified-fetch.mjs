// Fetches files of this site and compares each with the hash that the build recorded (build.json). A file that stops arriving
// is given up.

const PATIENCE = 30_000 // milliseconds without a byte
const DAMAGED = "what came is damaged, or of another build"
const plainFetch = self.fetch.bind(self)
let home, hashes, near

// Sets the site whose files are compared: those under `base`, with its build.json. Returns a promise of that list. Files that
// are `served` by the service worker arrive too quickly to be watched piece by piece.
export function checkAgainst(base, served = false) {
  home = base
  near = served
  const list = checkedFetch(base + "build.json").then(unsealed)
  hashes = list.then(({ files }) => new Map(files.map(({ path, sha256 }) => [path, sha256])))
  hashes.catch(() => {})
  return list
}

// Returns the list without its own hash, after comparing it with that hash (web/build/output.py).
async function unsealed(response) {
  const { sha256, ...said } = await response.json().catch(() => ({}))
  if (!sha256 || (crypto.subtle && (await hashOf(new TextEncoder().encode(JSON.stringify(said)))) !== sha256)) {
    throw fault("build.json", DAMAGED)
  }
  return said
}

const nameOf = (url) => url.slice(home.length).split("?")[0]
const fault = (name, reason) => new Error(`${name} could not be fetched: ${reason}`)

// Returns a SHA-256 in hexadecimal. At an address without https browsers have no crypto.subtle, so this must not be called
// there.
export async function hashOf(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes)
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

// Joins our signal with the caller's, in browsers that can join two.
const either = (ours, theirs) => (theirs && AbortSignal.any ? AbortSignal.any([ours, theirs]) : ours)

// Fetches a file and watches the answer. Call the returned `wait` at every piece that arrives and `done` after the last one;
// `silent` is a signal that aborts when the server has been silent for too long.
async function answer(name, input, init) {
  const silence = new AbortController()
  const tooLong = fault(name, `the server went silent for ${PATIENCE / 1000} s`)
  let timer
  const done = () => clearTimeout(timer)
  const wait = () => {
    done()
    timer = setTimeout(() => silence.abort(tooLong), PATIENCE)
  }
  wait()
  // A hash in `init` makes the browser compare too, but its error does not name the file; ours does.
  const integrity = crypto.subtle ? "" : (init.integrity ?? "")
  try {
    const response = await plainFetch(input, { ...init, integrity, signal: either(silence.signal, init.signal) })
    if (response.ok) return { response, wait, done, silent: silence.signal }
    throw fault(name, `the server answered ${response.status}`)
  } catch (error) {
    done()
    throw error instanceof TypeError ? fault(name, "no answer from the server") : error
  }
}

// Returns all bytes of an answer after comparing their hash; `counted` is called with the length of
// every piece that arrives, and the response.
async function checkedBytes(name, { response, wait, done, silent }, counted) {
  let bytes
  try {
    bytes = near
      ? await response.arrayBuffer()
      : await joined(response.body, (size) => {
          wait()
          counted(size, response)
        })
  } catch (error) {
    if (silent.aborted) throw silent.reason
    throw error instanceof TypeError ? fault(name, "the connection broke") : error
  } finally {
    done()
  }
  const sha256 = name === "build.json" ? null : (await hashes?.catch(() => null))?.get(name)
  // There is no hash to compare: the file is not in the list, or browsers can't hash, at an address without https.
  if (!sha256 || !crypto.subtle) return bytes
  if ((await hashOf(bytes)) !== sha256) throw fault(name, DAMAGED)
  return bytes
}

async function joined(body, heard) {
  const chunks = []
  const stream = body.getReader()
  for (let piece = await stream.read(); !piece.done; piece = await stream.read()) {
    heard(piece.value.length)
    chunks.push(piece.value)
  }
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

// Fetches like `fetch`, but the answer is complete and its hash is right. A file that is missing, damaged or does not arrive is
// an Error that names it.
/** @param {(bytes: number, response?: Response) => void} counted */
export async function checkedFetch(input, init = {}, counted = () => {}) {
  const url = input.url ?? String(input)
  if (!url.startsWith(home)) return plainFetch(input, init) // another site's file: there is no hash for it
  const name = nameOf(url)
  const answered = await answer(name, input, init)
  const { status, headers } = answered.response
  return new Response(await checkedBytes(name, answered, counted), { status, headers })
}

// Fetches a file that is used while it arrives. Returns the browser's own `response`, and `right`, a promise that fails as
// above. Anything made from the response is valid only once `right` is fulfilled. The browser can compile WebAssembly from its
// own response while it arrives, and keeps the compiled code in its cache.
/** @param {(bytes: number, response?: Response) => void} counted */
export async function checkedStream(input, init = {}, counted = () => {}) {
  const name = nameOf(input)
  const answered = await answer(name, input, init)
  const right = checkedBytes(name, { ...answered, response: answered.response.clone() }, counted)
  right.catch(() => {}) // callers that await `right` get the error
  return { response: answered.response, right }
}

// Fetches a file for Python, whose own fetch can't say why it failed: returns the file, or an answer 502 with the reason as its
// text.
export async function fetchWhole(input, init) {
  try {
    return await checkedFetch(input, init)
  } catch (error) {
    if (!(input.url ?? String(input)).startsWith(home)) throw error
    return new Response(error.message, { status: 502 })
  }
}
