// A fetch of a file of this site that trusts nobody: what comes is compared with the hash that the build wrote down
// (build.json), and a file that stops coming is given up.

const PATIENCE = 30_000 // milliseconds without a byte
const DAMAGED = "what came is damaged, or of another build"
const plainFetch = self.fetch.bind(self)
let home, hashes, near

// From now on files under `base` are compared with its build.json. Hands back that list. Files that are `served` by the service
// worker come too quickly to be watched piece by piece.
export function checkAgainst(base, served = false) {
  home = base
  near = served
  const list = checkedFetch(base + "build.json").then(unsealed)
  hashes = list.then(({ files }) => new Map(files.map(({ path, sha256 }) => [path, sha256])))
  hashes.catch(() => {})
  return list
}

// The list carries the hash of all that it says (web/build/output.py).
async function unsealed(response) {
  const { sha256, ...said } = await response.json().catch(() => ({}))
  if (!sha256 || (crypto.subtle && (await hashOf(new TextEncoder().encode(JSON.stringify(said)))) !== sha256)) {
    throw fault("build.json", DAMAGED)
  }
  return said
}

const nameOf = (url) => url.slice(home.length).split("?")[0]
const fault = (name, reason) => new Error(`${name} could not be fetched: ${reason}`)

// A SHA-256, in hexadecimal; where browsers don't hash (an address without https) there is no crypto.subtle.
export async function hashOf(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes)
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

// The asker's signal, too, where the browser can have two.
const either = (ours, theirs) => (theirs && AbortSignal.any ? AbortSignal.any([ours, theirs]) : ours)

// An answer of the site, and its watch: `wait` is called at every sign of life, `done` after the last, and `silent` is a signal
// that it has been given up.
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
  // Our own comparison names what is wrong; the browser's, asked for by a hash in `init`, doesn't.
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

// All bytes of a body, once they are right; `counted(bytes, response)` hears of every piece.
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
  // Not of this site, or an address without https, where browsers don't hash.
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

// As `fetch`, but the answer is whole and right; one that is none of the site's, or comes damaged, or not at all, is an Error
// that names the file.
/** @param {(bytes: number, response?: Response) => void} counted */
export async function checkedFetch(input, init = {}, counted = () => {}) {
  const url = input.url ?? String(input)
  if (!url.startsWith(home)) return plainFetch(input, init) // not ours to check, and not for us to allow
  const name = nameOf(url)
  const answered = await answer(name, input, init)
  const { status, headers } = answered.response
  return new Response(await checkedBytes(name, answered, counted), { status, headers })
}

// The browser's own `response`, to be used while it comes, and `right`, a promise that fails as above. What the response was
// used for counts only when that is kept. The browser's own can be compiled while it comes, and compiled WebAssembly is in the
// browser's cache for the next time.
/** @param {(bytes: number, response?: Response) => void} counted */
export async function checkedStream(input, init = {}, counted = () => {}) {
  const name = nameOf(input)
  const answered = await answer(name, input, init)
  const right = checkedBytes(name, { ...answered, response: answered.response.clone() }, counted)
  right.catch(() => {}) // told to those who ask
  return { response: answered.response, right }
}

// The same for Python, whose own fetch can't say why it failed: a whole file, or an answer that says what was wrong.
export async function fetchWhole(input, init) {
  try {
    return await checkedFetch(input, init)
  } catch (error) {
    if (!(input.url ?? String(input)).startsWith(home)) throw error
    return new Response(error.message, { status: 502 })
  }
}
