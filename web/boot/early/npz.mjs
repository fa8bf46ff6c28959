// Reads NumPy's .npz in JavaScript, so that the pad's first answers come from the same file that Python loads later: a zip
// archive (APPNOTE 6.3) of .npy files (NumPy's documentation, `numpy.lib.format`). An unexpected format is an error.

const NUMBERS = { "|i1": Int8Array, "|u1": Uint8Array, "<f4": Float32Array, "<i4": Int32Array, "<f8": Float64Array }

// Returns the arrays by name (without ".npy") as { shape, data }: data is a typed array in C order, or a string for a
// zero-dimensional text array.
export async function readNpz(buffer) {
  // All files at the same time: every `await` is slow while the page is busy starting.
  const files = await Promise.all(
    entries(buffer).map(async ({ name, bytes, method }) => [
      name.replace(/\.npy$/, ""),
      readNpy(await unpack(bytes, method, name)),
    ]),
  )
  return Object.fromEntries(files)
}

function entries(buffer) {
  const view = new DataView(buffer)
  // The zip's directory is at the end of the file. The 22-byte record after it says where it begins: our archives have no
  // comment.
  const end = buffer.byteLength - 22
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) throw new Error("not a zip archive, or cut off")
  const files = []
  let at = view.getUint32(end + 16, true)
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    const method = view.getUint16(at + 10, true),
      size = view.getUint32(at + 20, true)
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true))
    const name = new TextDecoder().decode(new Uint8Array(buffer, at + 46, nameLength))
    const local = view.getUint32(at + 42, true)
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    files.push({ name, method, bytes: new Uint8Array(buffer, start, size) })
    at += 46 + nameLength + extra + comment
  }
  return files
}

async function unpack(bytes, method, name) {
  if (method === 0) return bytes.slice()
  if (method !== 8) throw new Error(`${name} is packed in a way (${method}) that is not read here`)
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

// Reads a .npy file: "\x93NUMPY", version, length of the header, the header as a Python dict, the numbers.
function readNpy(bytes) {
  const view = new DataView(bytes.buffer)
  const wide = bytes[6] > 1
  const start = (wide ? 12 : 10) + (wide ? view.getUint32(8, true) : view.getUint16(8, true))
  const header = new TextDecoder("latin1").decode(bytes.subarray(0, start))
  const [, type] = header.match(/'descr': '([^']*)'/) ?? []
  const [, dimensions] = header.match(/'shape': \(([^)]*)\)/) ?? []
  if (!header.includes("'fortran_order': False")) throw new Error(`an array that isn't in C order: ${header}`)
  const shape = dimensions
    .split(",")
    .filter((text) => text.trim())
    .map(Number)
  const data = bytes.slice(start).buffer
  if (type.startsWith("<U")) return { shape, data: String.fromCodePoint(...new Uint32Array(data)) }
  if (!NUMBERS[type]) throw new Error(`an array of ${type}, which is not read here`)
  return { shape, data: new NUMBERS[type](data) }
}
