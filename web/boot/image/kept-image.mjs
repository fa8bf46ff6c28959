// Keeps the decompressed memory image in the browser's private file system. The next visit reads it from there, in a tenth of
// the time that fetching and decompressing takes. It is used only if its hash is the build's.

import { hashOf } from "../worker/verified-fetch.mjs"

// All sites of one host share that file system, so the name of an image begins with the site's path.
const prefixOf = (base) => encodeURIComponent(`inkling ${new URL(base).pathname} `)

// Returns the kept image, or null if there is none, it is damaged, or the browser refuses storage. Only a dedicated worker
// (image-reader.mjs) can call this.
export async function readKept(base, { file, unpacked }) {
  try {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(prefixOf(base) + file)
    const access = await handle.createSyncAccessHandle({ mode: "read-only" }) // several tabs may read at the same time
    const bytes = new Uint8Array(unpacked.bytes)
    access.read(bytes)
    access.close()
    return (await hashOf(bytes)) === unpacked.sha256 ? bytes : null
  } catch {
    return null
  }
}

const ROOM = 4 // free storage needed, in sizes of the image: the learner's own work must have room first

// Keeps the image if there is room for it, and deletes images of other builds.
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
