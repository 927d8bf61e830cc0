/**
 * Whether an image still says where, when or with what it was taken: Exif, XMP, IPTC or comments in JPEG, PNG and WebP.
 * Null for bytes that are none of these.
 */
export function carriesMetadata(bytes: Uint8Array): boolean | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (imageTypeOf(bytes)) {
    case 'image/jpeg':
      return jpegCarries(view)
    case 'image/png':
      return pngCarries(view)
    case 'image/webp':
      return webpCarries(view)
    default:
      return null
  }
}

/** By how the bytes begin. */
export function imageTypeOf(bytes: Uint8Array): 'image/jpeg' | 'image/png' | 'image/webp' | null {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  return start.startsWith('RIFF') && start.endsWith('WEBP') ? 'image/webp' : null
}

/** Exif and XMP, IPTC, comments; a colour profile (APP2) tells nothing of a place. Up to the first scan. */
const JPEG_MARKERS = new Set([0xe1, 0xed, 0xfe])

function jpegCarries(view: Buffer): boolean {
  for (let at = 2; at + 4 <= view.length; ) {
    if (view[at] !== 0xff) return true
    const marker = view[at + 1]!
    if (marker === 0xff) at++
    else if (marker === 0xda || marker === 0xd9) return false
    else if (JPEG_MARKERS.has(marker)) return true
    else at += 2 + view.readUInt16BE(at + 2)
  }
  return true
}

const PNG_CHUNKS = new Set(['eXIf', 'tEXt', 'iTXt', 'zTXt', 'tIME'])

function pngCarries(view: Buffer): boolean {
  for (let at = 8; at + 8 <= view.length; at += 12 + view.readUInt32BE(at)) {
    const type = view.toString('latin1', at + 4, at + 8)
    if (PNG_CHUNKS.has(type)) return true
    if (type === 'IEND') return false
  }
  return true
}

function webpCarries(view: Buffer): boolean {
  for (let at = 12; at + 8 <= view.length; ) {
    const type = view.toString('latin1', at, at + 4)
    if (type === 'EXIF' || type === 'XMP ') return true
    const size = view.readUInt32LE(at + 4)
    at += 8 + size + (size % 2)
  }
  return false
}
