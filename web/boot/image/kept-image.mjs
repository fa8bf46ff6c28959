// The memory image, decompressed, in the browser's private file system: the next visit reads it from there, which takes a tenth of
// what fetching and decompressing does. It is trusted only with the build's hash.

import { hashOf } from "../worker/verified-fetch.mjs"

// Sites of one host share that file system, so names say whose an image is.
const prefixOf = (base) => encodeURIComponent(`inkling ${new URL(base).pathname} `)

// The image as it was kept, if it is what the build made; else, or where the browser refuses storage, null. A dedicated worker's
// to call (image-reader.mjs).
export async function readKept(base, { file, unpacked }) {
  try {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(prefixOf(base) + file)
    const access = await handle.createSyncAccessHandle({ mode: "read-only" }) // several tabs may
    const bytes = new Uint8Array(unpacked.bytes)
    access.read(bytes)
    access.close()
    return (await hashOf(bytes)) === unpacked.sha256 ? bytes : null
  } catch {
    return null
  }
}

const ROOM = 4 // times its size: what the learner makes comes first

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
