// How fast the link to the host is, by all that has come over it. One file alone would tell on a busy machine how busy it is.

const ENOUGH = 1_500_000 // bytes
const PATIENCE = 1500 // milliseconds
// Of a body that the host compresses as a whole, what comes over the link: the share to which WebAssembly and JavaScript shrink.
const COMPRESSED = 0.37

let began = null // when the first bytes came
let bytes = 0
let enough, rate
const hasEnough = new Promise((resolve) => {
  enough = resolve
})

// Takes note of `count` bytes of the body of `response`.
/** @param {Response} [response] */
export function arrived(count, response) {
  began ??= performance.now()
  bytes += response?.headers.get("Content-Encoding") ? count * COMPRESSED : count
  if (bytes >= ENOUGH) enough()
}

async function measured() {
  await Promise.race([hasEnough, new Promise((resolve) => setTimeout(resolve, PATIENCE))])
  return began === null ? 0 : bytes / Math.max(1, performance.now() - began)
}

// Promises how many bytes a millisecond have come, as soon as enough are there to tell, or after a second and a half.
/** @returns {Promise<number>} */
export const linkRate = () => (rate ??= measured())
