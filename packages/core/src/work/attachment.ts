import { randomBytes } from 'node:crypto'
import { isBlob } from '../blob/blob-names.ts'
import { carriesMetadata, imageTypeOf } from '../blob/image-metadata.ts'
import { MAX_BLOB_BYTES, MAX_PREVIEW_BYTES } from '../blob/limits.ts'
import { type BlobUse, openBlob, type SealedBlob, sealBlob } from '../blob/seal-blob.ts'
import { fromHex, toHex } from '../bytes/bytes.ts'
import type { Projection } from '../record/project.ts'
import type { attachment } from '../records/attachment.ts'
import { typeOf } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import { storeProblem } from '../station/home.ts'
import type { Station } from '../station/station.ts'
import { type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { stationName } from './lookups.ts'
import { plainOf } from './masked-record.ts'
import { mayPhotograph } from './permission.ts'
import { openRecordSet, RecordSet, textOf } from './record-set.ts'
import { noteReveal, reasonOf } from './reveal.ts'

export type AttachmentKind = keyof typeof attachment.fields.kind.choices

/** What may be attached. Other images are made one of these first, which also takes off what they say about themselves. */
const ATTACHMENT_TYPES = [
  ...['image/jpeg', 'image/png', 'image/webp', 'application/pdf'],
  ...['audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/wav', 'audio/webm', 'audio/flac'],
  ...['video/mp4', 'video/webm'],
] as const

export type AddAttachment = {
  /** Id of a household, visit, case or person. */
  readonly about: string
  readonly kind: AttachmentKind
  readonly mediaType: (typeof ATTACHMENT_TYPES)[number]
  /** Plain; at most MAX_BLOB_BYTES. An image must not carry Exif, XMP, IPTC or comments. */
  readonly bytes: Uint8Array
  /** A small image; at most MAX_PREVIEW_BYTES, and without metadata too. */
  readonly preview?: Uint8Array
  readonly width?: number
  readonly height?: number
  readonly caption?: string
  /** Of a case. */
  readonly phase?: 'before' | 'after'
}
export type AttachmentProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'no-consent'
    | 'attachment-empty'
    | 'attachment-too-large'
    | 'attachment-type'
    | 'metadata-left'
    | 'blob-missing'
    | 'invalid-field'
    | 'role-may-not'
}

/**
 * Seals a photo, scan, signature or recording under a key of its own, lays it beside the store, and writes the record
 * that names it: the file is on the disk before the record is, and goes with it if the record cannot be written. A
 * photo or recording needs the household's consent to `photos`.
 */
export async function addAttachment(
  station: Station,
  input: AddAttachment,
): Promise<Result<{ readonly attachment: string; readonly entries: readonly EntryPlace[] }>> {
  // Asked before anything is laid down; asked again in the transaction.
  const wrong = refuse(input)
  if (wrong) return fail(wrong)
  const early = subjectOf(station, input.about)
  if (!early.ok) return early
  const laid = layDown(station, input)
  if (!laid.ok) return laid
  const written = withEntries(
    await station.write('attachment.add', (book) => {
      const found = findRecord(book, early.value.type, input.about)
      if (!found.ok) return found
      const { space } = found.value
      const set = new RecordSet(book.records({ space }))
      const household = householdOf(set, found.value)
      const subject = household ?? (found.value.type === 'person' ? found.value.id : null)
      const made = nameLaid(station, book, set, laid.value, { about: input.about, household, subject, space })
      return made.ok ? ok({ attachment: made.value }) : made
    }),
  )
  if (!written.ok) takeBack(station, laid.value)
  return written
}

/** Sealed bytes beside the store that no record names yet. */
export type LaidDown = {
  readonly input: Omit<AddAttachment, 'about'>
  readonly key: Uint8Array
  readonly original: SealedBlob
  readonly preview: SealedBlob | null
}

/** Seals and lays down; whoever cannot write the record takes it back. */
export function layDown(
  station: Station,
  input: Omit<AddAttachment, 'about'>,
): Result<LaidDown, AttachmentProblem | Problem> {
  const wrong = refuse(input)
  if (wrong) return fail(wrong)
  const key = new Uint8Array(randomBytes(32))
  const original = sealBlob(key, 'original', input.bytes)
  const preview = input.preview ? sealBlob(key, 'preview', input.preview) : null
  const laid = { input, key, original, preview }
  try {
    for (const one of sealedOf(laid)) station.blobs.files.put(one.blob, one)
  } catch (error) {
    takeBack(station, laid)
    return fail(storeProblem(error, station.home))
  }
  return ok(laid)
}

const sealedOf = ({ original, preview }: LaidDown): readonly SealedBlob[] => [
  original,
  ...(preview ? [preview] : []),
]

/** The record that names what was laid down, in the act of which `book` is; a photo or recording by consent only. */
export function nameLaid(
  station: Station,
  book: Draftbook,
  set: RecordSet,
  laid: LaidDown,
  of: {
    readonly about: string
    readonly household: string | null
    readonly subject: string | null
    readonly space: string
  },
): Result<string> {
  const { input, key, original, preview } = laid
  const on = stationCalendar(station).dayOf(station.now)
  if ((input.kind === 'photo' || input.kind === 'recording') && of.subject !== null) {
    const allowed = mayPhotograph(set, of.subject, on)
    if (!allowed.ok) return allowed
  }
  const made = book.create('attachment', of.space, {
    set: {
      about: of.about,
      household: of.household,
      kind: input.kind,
      phase: input.phase ?? null,
      caption: input.caption?.trim() || null,
      on,
      mediaType: input.mediaType,
      bytes: input.bytes.length,
      width: input.width ?? null,
      height: input.height ?? null,
      original: original.blob,
      preview: preview?.blob ?? null,
      key: toHex(key),
    },
  })
  if (!made.ok) return made
  for (const one of sealedOf(laid)) station.blobs.made(one.blob)
  return made
}

export function takeBack(station: Station, laid: LaidDown): void {
  for (const one of sealedOf(laid)) station.blobs.files.remove(one.blob)
}

function refuse({ bytes, preview, mediaType, kind }: Omit<AddAttachment, 'about'>): AttachmentProblem | null {
  if (bytes.length === 0) return { type: 'attachment-empty' }
  if (bytes.length > MAX_BLOB_BYTES)
    return { type: 'attachment-too-large', bytes: bytes.length, maxBytes: MAX_BLOB_BYTES }
  if (preview && (preview.length === 0 || preview.length > MAX_PREVIEW_BYTES))
    return { type: 'attachment-too-large', bytes: preview.length, maxBytes: MAX_PREVIEW_BYTES }
  if (!ATTACHMENT_TYPES.includes(mediaType) || (kind === 'recording') !== /^(audio|video)\//.test(mediaType))
    return { type: 'attachment-type', mediaType, kind }
  for (const image of [...(mediaType.startsWith('image/') ? [bytes] : []), ...(preview ? [preview] : [])]) {
    const carries = carriesMetadata(image)
    if (carries === null) return { type: 'attachment-type', mediaType, kind }
    if (carries) return { type: 'metadata-left' }
  }
  return null
}

const SUBJECTS = ['household', 'visit', 'case', 'errand', 'person'] as const

function subjectOf(
  station: Station,
  id: string,
): Result<{ readonly type: (typeof SUBJECTS)[number] }, AttachmentProblem> {
  const type = SUBJECTS.find((one) => one === typeOf(id))
  return type && station.get(id) ? ok({ type }) : fail({ type: 'no-such-record', id, wanted: 'household' })
}

function householdOf(set: RecordSet, about: Projection): string | null {
  if (about.type === 'household') return about.id
  if (about.type !== 'person') return textOf(about, 'household')
  for (const residence of set.referring('residence', 'person', about.id)) {
    const named = textOf(residence, 'household')
    if (named) return named
    const [home] = set.referring('household', 'dwelling', String(residence.fields.dwelling))
    if (home) return home.id
  }
  return null
}

export type OpenedAttachment = {
  readonly attachment: string
  /** What was opened: the preview where the original is not here and a preview would do. */
  readonly use: BlobUse
  readonly bytes: Uint8Array
  readonly mediaType: string
  readonly revealed: { readonly entry: EntryPlace; readonly atMs: number }
}

/**
 * Opens a photo, scan or recording. It is looking behind a mask: who looked at what, and why, is on disk before the
 * bytes are given out. Fails with `blob-missing` where it is not here, and then nothing is written.
 */
export async function openAttachment(
  station: Station,
  id: string,
  wanted: readonly BlobUse[],
  reason: string,
): Promise<Result<OpenedAttachment, AttachmentProblem | Problem>> {
  const why = reasonOf(reason)
  if (!why.ok) return why
  const found = station.get(id)
  if (found?.type !== 'attachment') return fail({ type: 'no-such-record', id, wanted: 'attachment' })
  const plain = plainOf(found)
  const blobs = wanted.flatMap((use) => {
    const blob = plain.fields[use]
    return isBlob(blob) ? [{ use, blob }] : []
  })
  const here = blobs.find(({ blob }) => station.blobs.row(blob)?.isHere)
  const sealed = here && station.blobs.read(here.blob)
  if (!here || !sealed) {
    const set = openRecordSet(station, { follow: false, spaces: [] })
    const stations = blobs.flatMap(({ blob }) =>
      station.blobs.holders(blob).map((one) => stationName(set, one.station)),
    )
    return fail({ type: 'blob-missing', record: id, stations: [...new Set(stations)] })
  }
  const atMs = station.now
  const year = Number(stationCalendar(station).dayOf(atMs).slice(0, 4))
  const noted = withEntries(
    await station.write('record.reveal', (book) => {
      const record = noteReveal(book, plain, year, { field: here.use, reason: why.value })
      return record.ok ? ok({}) : record
    }),
  )
  if (!noted.ok) return noted
  const { key, mediaType } = plain.fields
  const opened = openBlob(fromHex(String(key)), here.use, sealed)
  if (!opened.ok) return opened
  return ok({
    attachment: id,
    use: here.use,
    bytes: opened.value,
    mediaType: here.use === 'preview' ? (imageTypeOf(opened.value) ?? '') : String(mediaType),
    revealed: { entry: noted.value.entries[0]!, atMs },
  })
}

const blobsOf = (station: Station, id: string): Result<readonly { use: BlobUse; blob: string }[]> => {
  const found = station.get(id)
  if (found?.type !== 'attachment') return fail({ type: 'no-such-record', id, wanted: 'attachment' })
  const { fields } = plainOf(found)
  return ok(
    (['preview', 'original'] as const).flatMap((use) => {
      const blob = fields[use]
      return isBlob(blob) ? [{ use, blob }] : []
    }),
  )
}

/** Never dropped here to make room, and fetched if it is not here. */
export function keepAttachment(station: Station, id: string): Result<{ readonly isHere: boolean }> {
  const blobs = blobsOf(station, id)
  if (!blobs.ok) return blobs
  for (const { blob } of blobs.value) station.blobs.keep(blob)
  return ok({ isHere: blobs.value.every(({ blob }) => station.blobs.row(blob)?.isHere) })
}

/**
 * Takes the original off this machine; the preview stays. Fails with `only-copy` where no station is known that will
 * keep it, and with `blob-promised` where others were told that this one does.
 */
export function dropAttachment(
  station: Station,
  id: string,
  options: { readonly force?: boolean } = {},
): Result<{ readonly freedBytes: number }> {
  const blobs = blobsOf(station, id)
  if (!blobs.ok) return blobs
  const original = blobs.value.find(({ use }) => use === 'original')?.blob
  const row = original && station.blobs.row(original)
  if (!original || !row) return ok({ freedBytes: 0 })
  const end = station.blobs.drop(original, options.force)
  if (end === 'only-copy') return fail({ type: 'only-copy', record: id })
  if (end === 'promised') return fail({ type: 'blob-promised', record: id })
  return ok({ freedBytes: end === 'dropped' ? row.bytes : 0 })
}
