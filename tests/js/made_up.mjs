// Makes data that several tests use.

// Makes a part of a file of the start, as web/build/parts.py writes it.
export function part(header, bytes) {
  const head = Buffer.from(JSON.stringify({ ...header, bytes: bytes.length }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return new Uint8Array(Buffer.concat([length, head, bytes]))
}
