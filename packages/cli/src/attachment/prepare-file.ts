import {
  type AddAttachment,
  type AttachmentKind,
  fail,
  MAX_BLOB_BYTES,
  MAX_PREVIEW_BYTES,
  ok,
  type Problem,
  type Result,
} from '@doorstep/core'
import sharp from 'sharp'
import { readBytes } from '../read-bytes.ts'

export type PreparedFile = Pick<
  AddAttachment,
  'kind' | 'mediaType' | 'bytes' | 'preview' | 'width' | 'height'
> & {
  /** Made anew, so nothing of what the camera wrote into it is left. Of a document or recording nothing is taken off. */
  readonly isCleaned: boolean
}
export type PrepareProblem = Problem & {
  readonly type: 'file-unreadable' | 'attachment-type' | 'attachment-too-large' | 'attachment-empty'
}

/** The longer side of a photo or scan, in pixels, unless its full size is asked for: a page of A4 at 220 dpi. */
const MAX_SIDE = 2560
/** The longer side of a preview, in pixels. */
const PREVIEW_SIDE = 320
/** Larger images are refused before they are unpacked. */
const MAX_PIXELS = 120_000_000

/**
 * Reads a file and makes of it what is sealed: an image turned upright, made smaller and written anew without place,
 * device and time (Exif, XMP, IPTC), with a small preview; a document or recording as it is.
 */
export async function prepareFile(
  file: string,
  wanted: AttachmentKind | undefined,
  options: { readonly full: boolean },
): Promise<Result<PreparedFile, PrepareProblem>> {
  const read = readBytes(file)
  if (!read.ok) return fail({ type: 'file-unreadable', file, code: read.problem.code })
  const bytes = read.value
  if (bytes.length === 0) return fail({ type: 'attachment-empty', file })
  const other = otherTypeOf(bytes)
  if (other) {
    const kind: AttachmentKind = other === 'application/pdf' ? 'scan' : 'recording'
    if (wanted !== undefined && wanted !== kind)
      return fail({ type: 'attachment-type', file, mediaType: other, kind: wanted })
    if (bytes.length > MAX_BLOB_BYTES)
      return fail({ type: 'attachment-too-large', file, bytes: bytes.length, maxBytes: MAX_BLOB_BYTES })
    return ok({ kind, mediaType: other, bytes, isCleaned: false })
  }
  const kind = wanted ?? 'photo'
  const unknown = () => fail<PrepareProblem>({ type: 'attachment-type', file, mediaType: '', kind })
  if (kind === 'recording') return unknown()
  try {
    return ok(await prepareImage(bytes, kind, options.full))
  } catch {
    // What the decoder says of a foreign file is for its developers.
    return unknown()
  }
}

async function prepareImage(
  source: Buffer,
  kind: Exclude<AttachmentKind, 'recording'>,
  full: boolean,
): Promise<PreparedFile> {
  const upright = () => sharp(source, { limitInputPixels: MAX_PIXELS, failOn: 'error' }).autoOrient()
  const sized = full ? upright() : upright().resize({ ...within(MAX_SIDE), withoutEnlargement: true })
  const isInk = kind === 'signature'
  const drawn = isInk
    ? sized.png({ compressionLevel: 9, palette: true })
    : sized.flatten({ background: '#fff' }).jpeg({ quality: 82, chromaSubsampling: '4:2:0' })
  const { data, info } = await drawn.toBuffer({ resolveWithObject: true })
  return {
    kind,
    mediaType: isInk ? 'image/png' : 'image/jpeg',
    bytes: data,
    preview: await previewOf(data),
    width: info.width,
    height: info.height,
    isCleaned: true,
  }
}

const within = (side: number) => ({ width: side, height: side, fit: 'inside' }) as const

/** As good as fits: noise packs badly, and a preview is one chunk. */
async function previewOf(image: Buffer): Promise<Buffer> {
  for (const [side, quality] of [
    [PREVIEW_SIDE, 70],
    [PREVIEW_SIDE, 45],
    [240, 40],
    [160, 30],
    [96, 20],
  ] as const) {
    const preview = await sharp(image)
      .resize({ ...within(side), withoutEnlargement: true })
      .webp({ quality })
      .toBuffer()
    if (preview.length <= MAX_PREVIEW_BYTES) return preview
  }
  throw new Error('a preview of 96 pixels fits no chunk')
}

/** By how the bytes begin; null for what may be an image. */
function otherTypeOf(bytes: Buffer): Exclude<AddAttachment['mediaType'], `image/${string}`> | null {
  const start = bytes.toString('latin1', 0, 12)
  if (start.startsWith('%PDF-')) return 'application/pdf'
  if (start.startsWith('ID3') || (bytes[0] === 0xff && (bytes[1]! & 0xe6) === 0xe2)) return 'audio/mpeg'
  if (start.startsWith('OggS')) return 'audio/ogg'
  if (start.startsWith('fLaC')) return 'audio/flac'
  if (start.startsWith('RIFF') && start.endsWith('WAVE')) return 'audio/wav'
  if (start.startsWith('\x1a\x45\xdf\xa3')) return hasPictures(bytes, 'V_') ? 'video/webm' : 'audio/webm'
  if (/^.{4}ftyp(M4A|M4B)/s.test(start)) return 'audio/mp4'
  if (/^.{4}ftyp(mp4|iso|3gp|qt|M4V|avc1)/s.test(start))
    return hasPictures(bytes, 'vide') ? 'video/mp4' : 'audio/mp4'
  return null
}

/** Sound and film lie in the same kind of file; a track with pictures names its handler or codec. */
const hasPictures = (bytes: Buffer, mark: string): boolean => bytes.includes(mark, 0, 'latin1')

/** For a terminal: at most so many pixels on its longer side, for what draws it there unpacks it slowly. */
export const toPng = (image: Uint8Array, side = 800): Promise<Buffer> =>
  sharp(image, { limitInputPixels: MAX_PIXELS })
    .resize({ ...within(side), withoutEnlargement: true })
    .png()
    .toBuffer()
