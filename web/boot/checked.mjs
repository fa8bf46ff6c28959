// A fetch of a file of this site that trusts nobody: what comes is compared, while it streams, with the hash that the build
// wrote down (build.json), and a file that stops coming is given up. The last of it is handed on only when all of it is right.

const PATIENCE = 30_000  // milliseconds without a byte
const plainFetch = self.fetch.bind(self)
let home, hashes

// From now on files under `base` are compared with its build.json. Hands back that list.
export function checkAgainst(base) {
  home = base
  const list = checkedFetch(base + "build.json").then((response) => response.json())
  hashes = list.then(({ files }) => new Map(files.map(({ path, sha256 }) => [path, sha256])))
  hashes.catch(() => {})
  return list
}

const nameOf = (url) => url.slice(home.length).split("?")[0]
const fault = (name, reason) => new Error(`${name} could not be fetched: ${reason}`)
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("")

// The asker's signal, too, where the browser can have two.
const either = (ours, theirs) => (theirs && AbortSignal.any ? AbortSignal.any([ours, theirs]) : ours)

// As `fetch`, but an answer that is none of the site's, or comes damaged, or not at all, is an Error that names the file.
// `counted(bytes)` hears of every piece; `failed(error)` of a file that goes wrong on its way, too late for the promise.
export async function checkedFetch(input, init = {}, { counted = () => {}, failed = () => {} } = {}) {
  const url = input.url ?? String(input)
  if (!url.startsWith(home)) return plainFetch(input, init)  // not ours to check, and not for us to allow
  const name = nameOf(url)
  const silence = new AbortController()
  const tooLong = fault(name, `the server went silent for ${PATIENCE / 1000} s`)
  let timer
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => silence.abort(tooLong), PATIENCE) }
  wait()
  // Our own comparison names what is wrong; the browser's, asked for by a hash in `init`, doesn't.
  const integrity = crypto.subtle ? "" : init.integrity ?? ""
  const response = await plainFetch(input, { ...init, integrity, signal: either(silence.signal, init.signal) }).catch((error) => {
    clearTimeout(timer)
    throw error === tooLong ? error : fault(name, "no answer from the server")
  })
  if (!response.ok) {
    clearTimeout(timer)
    throw fault(name, `the server answered ${response.status}`)
  }
  const chunks = []
  const body = response.body.pipeThrough(new TransformStream({
    transform(chunk, controller) {
      wait()
      counted(chunk.byteLength)
      chunks.push(chunk.slice())
      controller.enqueue(chunk)
    },
    async flush() {
      clearTimeout(timer)
      const error = await damage(name, chunks)
      if (error) {
        failed(error)
        throw error
      }
    },
  }))
  silence.signal.addEventListener("abort", () => failed(tooLong))
  return new Response(body, { status: response.status, headers: response.headers })
}

async function damage(name, chunks) {
  const sha256 = name === "build.json" ? null : (await hashes?.catch(() => null))?.get(name)
  if (!sha256 || !crypto.subtle) return null  // not of this site; or an address without https, where browsers don't hash
  const found = hex(await crypto.subtle.digest("SHA-256", await new Blob(chunks).arrayBuffer()))
  return found === sha256 ? null : fault(name, "what came is damaged, or of another build")
}

// The same for Python, whose own fetch can't say why it failed: a whole file, or an answer that says what was wrong.
export async function fetchWhole(input, init) {
  let fault  // of a stream that breaks off, browsers say no more than that it failed
  try {
    const response = await checkedFetch(input, init, { failed: (error) => { fault = error } })
    return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers })
  } catch (error) {
    if (!(input.url ?? String(input)).startsWith(home)) throw error
    return new Response((fault ?? error).message, { status: 502 })
  }
}

// The address of a module to import, once it is known to be right. Imports can't be checked on their way; the browser has
// the file by then and takes it from its cache.
export async function checkedModule(name, options) {
  const response = await checkedFetch(home + name, {}, options)
  await response.arrayBuffer()
  return home + name
}
