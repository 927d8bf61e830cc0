import { isBlob } from '../blob/blob-names.ts'
import type { Station } from '../station/station.ts'
import { type Author, authorOf, byId, stationName } from './lookups.ts'
import { shown } from './mask.ts'
import { plainOf } from './masked-record.ts'
import { type RecordSet, textOf } from './record-set.ts'

/** Where the bytes of a photo are: `partly` came in part, `left` is not fetched by itself. */
export type BlobPlace = {
  readonly state: 'here' | 'partly' | 'missing' | 'left'
  /** Sealed. */
  readonly bytes: number
  readonly receivedBytes: number
  readonly isKept: boolean
  /** Stations that said they have it, as they are called. */
  readonly holders: readonly string[]
}
export type AttachmentRow = {
  readonly id: string
  readonly about: string
  readonly household: string | null
  readonly kind: string
  /** Of a case: `before` or `after`. */
  readonly phase: string | null
  readonly caption: string | null
  readonly on: string | null
  readonly mediaType: string
  /** Plain. */
  readonly bytes: number
  readonly width: number | null
  readonly height: number | null
  readonly by: Author
  readonly atMs: number
  readonly original: BlobPlace
  readonly preview: BlobPlace | null
}

/** All, of a household (what is about its visits, cases and people too), or of one record; the newest first. */
export function listAttachments(
  station: Station,
  set: RecordSet,
  filter: { readonly household?: string; readonly about?: string } = {},
): readonly AttachmentRow[] {
  const records =
    filter.about !== undefined
      ? set.referring('attachment', 'about', filter.about)
      : filter.household !== undefined
        ? set.referring('attachment', 'household', filter.household)
        : set.ofType('attachment')
  const wanted = new Set(station.blobs.wanted().map(({ blob }) => blob))
  const place = (blob: unknown): BlobPlace | null => {
    const row = isBlob(blob) ? station.blobs.row(blob) : null
    if (!row) return null
    const receivedBytes = station.blobs.receivedBytes(row.blob)
    const coming = wanted.has(row.blob) ? 'missing' : 'left'
    return {
      state: row.isHere ? 'here' : receivedBytes > 0 && coming === 'missing' ? 'partly' : coming,
      bytes: row.bytes,
      receivedBytes,
      isKept: row.isKept,
      holders: station.blobs.holders(row.blob).map((holder) => stationName(set, holder.station)),
    }
  }
  const nowhere: BlobPlace = { state: 'missing', bytes: 0, receivedBytes: 0, isKept: false, holders: [] }
  const number = (value: unknown) => (typeof value === 'number' ? value : null)
  return [...records]
    .sort((a, b) => b.createdAt - a.createdAt || byId(a, b))
    .map((record) => {
      const { fields } = plainOf(record)
      return {
        id: record.id,
        about: String(fields.about),
        household: textOf(record, 'household'),
        kind: String(fields.kind),
        phase: textOf(record, 'phase'),
        caption: shown('attachment', 'caption', fields.caption, set.viewer) as string | null,
        on: textOf(record, 'on'),
        mediaType: String(fields.mediaType),
        bytes: number(fields.bytes) ?? 0,
        width: number(fields.width),
        height: number(fields.height),
        by: authorOf(set, record.createdBy),
        atMs: record.createdAt,
        original: place(fields.original) ?? nowhere,
        preview: place(fields.preview),
      }
    })
}
