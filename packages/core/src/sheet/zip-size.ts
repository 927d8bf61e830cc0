/** What a ZIP says it holds, read from the list at its end without unpacking anything. */

const END_OF_LIST = 0x06054b50
const ENTRY = 0x02014b50
/** The end record, and the comment of at most 65,535 bytes that may follow it. */
const END_BYTES = 22
const MAX_COMMENT_BYTES = 65_535

/** The sum of the unpacked sizes in bytes, or null when the list cannot be read. */
export const unpackedSize = (bytes: Uint8Array): number | null =>
  listOf(bytes)?.reduce((sum, entry) => sum + entry.bytes, 0) ?? null

/** The names of what it holds; none when the list cannot be read. */
export const zippedNames = (bytes: Uint8Array): readonly string[] =>
  (listOf(bytes) ?? []).map(({ name }) => name)

function listOf(bytes: Uint8Array): readonly { readonly name: string; readonly bytes: number }[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  if (end === null) return null
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  const list: { name: string; bytes: number }[] = []
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY) return null
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true))).toString(
      'utf8',
    )
    list.push({ name, bytes: view.getUint32(at + 24, true) })
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return list
}

function findEnd(view: DataView): number | null {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT_BYTES)
  for (let at = view.byteLength - END_BYTES; at >= first; at--)
    if (view.getUint32(at, true) === END_OF_LIST) return at
  return null
}
