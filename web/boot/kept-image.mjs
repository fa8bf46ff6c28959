// The memory image, decompressed, in the browser's private file system: the next visit reads it from there, which takes a tenth of
// what fetching and decompressing does. It is trusted only with the build's hash.

import { hashOf } from "./checked.mjs"

// Sites of one host share that file system, so names say whose an image is.
const prefixOf = (base) => encodeURIComponent(`inkling ${new URL(base).pathname} `)

async function read(base, { file, unpacked }) {
  const handle = await (await navigator.storage.getDirectory()).getFileHandle(prefixOf(base) + file)
  const access = await handle.createSyncAccessHandle({ mode: "read-only" })  // several tabs may
  const bytes = new Uint8Array(unpacked.bytes)
  access.read(bytes)
  access.close()
  return bytes
}

// Two promises: `bytes` of the image that the plan says, or null (not kept, damaged, or a browser that refuses storage); and before
// that `done`, when they have been read and another thread looks whether they are right.
export function readKept(base, image) {
  const reading = read(base, image)
  const bytes = reading.then(async (found) => (await hashOf(found) === image.unpacked.sha256 ? found : null)).catch(() => null)
  return { bytes, done: reading.catch(() => {}) }
}

const ROOM = 4  // times its size: what the learner makes comes first

// Keep it where there is room; images of other builds are thrown away.
export async function keep(base, { file }, bytes) {
  const { quota, usage } = await navigator.storage.estimate()
  if (quota - usage < ROOM * bytes.length) throw new Error("little room is left in the browser's storage")
  const folder = await navigator.storage.getDirectory()
  const prefix = prefixOf(base)
  for await (const name of folder.keys()) {
    if (name.startsWith(prefix) && name !== prefix + file) await folder.removeEntry(name)
  }
  const stream = await (await folder.getFileHandle(prefix + file, { create: true })).createWritable()
  await stream.write(bytes)
  await stream.close()
}
