// Writes and reads files in the form that boot/worker/parts.mjs and boot/image/image.mjs take: parts in a row, each a header in
// JSON and blocks of bytes (web/build/parts.py writes the same under Python).

export function part(header, ...blocks) {
  const bytes = blocks.reduce((sum, block) => sum + block.length, 0)
  const head = Buffer.from(JSON.stringify({ ...header, bytes }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, head, ...blocks])
}

export const made = (files, header = {}) =>
  part({ ...header, files: files.map(({ path, bytes }) => [path, bytes.length]) }, ...files.map(({ bytes }) => bytes))

// The files of each part in a row.
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
