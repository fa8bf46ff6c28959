// Writes and reads the files of start/ under Node, in the form that boot/worker/parts.mjs reads in the page: a sequence of parts,
// each a header in JSON and blocks of bytes. (web/build/parts.py writes the same under Python.)

// Returns the bytes of a part.
export function part(header, ...blocks) {
  const bytes = blocks.reduce((sum, block) => sum + block.length, 0)
  const head = Buffer.from(JSON.stringify({ ...header, bytes }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, head, ...blocks])
}

// Returns a part that holds `files`, each with its path and bytes.
export const made = (files, header = {}) =>
  part({ ...header, files: files.map(({ path, bytes }) => [path, bytes.length]) }, ...files.map(({ bytes }) => bytes))

// Yields the list of files of each part in a sequence of parts.
export function* filesOf(row) {
  for (let at = 0; at < row.length; ) {
    let from = at + 4 + row.readUInt32LE(at)
    const { files, bytes } = JSON.parse(row.subarray(at + 4, from))
    at = from + bytes
    yield files.map(([path, count]) => {
      from += count
      return { path, bytes: row.subarray(from - count, from) }
    })
  }
}
