/** Adding forms and saying what they are for: chiefs, and whom the table of roles allows. */
import type { Value } from '../record/change.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { type EntryPlace, findRecord, withEntries } from './command.ts'
import { type FormRow, type FormUse, foldOffers, formSourceOf, listFormRows } from './form-list.ts'
import { formRecordId, MAX_PACKED_BYTES, type Packed, pack, packedBytes } from './form-pieces.ts'

export type AddForm = {
  readonly xml: string
  readonly id: string
  readonly version: string
  readonly title: string
  readonly titles?: Readonly<Record<string, string>>
  /** Lists, pictures and sounds, by file name. */
  readonly files: Readonly<Record<string, Uint8Array>>
  readonly uses: readonly FormUse[]
}
export type FormCommandProblem = Problem & {
  readonly type: 'form-version-taken' | 'form-too-large' | 'no-such-form' | 'form-builtin' | 'invalid-field'
}
export type AddedForm = {
  readonly record: string
  /** It was here already, as it is. */
  readonly known: boolean
  readonly entries: readonly EntryPlace[]
}

/**
 * Writes a form as one act: its record, and the pieces that are not here yet. Its id and version are taken once: what
 * answers were given to must not change under them. Added anew as it is, nothing is written but that it is offered.
 */
export async function addForm(station: Station, input: AddForm): Promise<Result<AddedForm>> {
  const community = station.communitySpace()
  if (community === null) return fail({ type: 'not-a-member' })
  const xml = Buffer.from(input.xml)
  const source = pack(xml)
  const names = Object.keys(input.files).sort()
  const files = names.map((name) => ({ name, packed: pack(input.files[name]!) }))
  const all = [source, ...files.map(({ packed }) => packed)]
  const bytes = packedBytes(all)
  if (bytes > MAX_PACKED_BYTES) return fail({ type: 'form-too-large', bytes, maxBytes: MAX_PACKED_BYTES })
  const record = formRecordId(community, { form: input.id, version: input.version }, xml, input.files)
  const rows = listFormRows(formSourceOf(station)).filter(
    ({ form, version }) => form === input.id && version === input.version,
  )
  const known = rows.find((row) => row.record === record)
  const other = rows.find((row) => row.record !== record)
  if (!known && other)
    return fail({ type: 'form-version-taken', form: input.id, version: input.version, title: other.title })
  const written = withEntries(
    await station.write('form.add', (book) => {
      const pieces = new Map(all.flatMap((packed) => packed.pieces.map(({ id, data }) => [id, data])))
      for (const [id, data] of pieces) {
        if (book.get(id, community)) continue
        const made = book.create('piece', community, { set: { data } }, id)
        if (!made.ok) return made
      }
      const present = book.get(record, community)
      const offer = {
        for: [...input.uses],
        retired: false,
        saw: present ? [...foldOffers(present).last] : [],
      }
      if (present) {
        const fold = foldOffers(present)
        const isSame = !fold.retired && fold.uses.join() === [...input.uses].join()
        const edited = isSame ? ok(undefined) : book.edit(record, { append: { offers: [offer] } }, community)
        return edited.ok ? ok({ record, known: true }) : edited
      }
      const made = book.create(
        'form',
        community,
        {
          set: {
            form: input.id,
            formVersion: input.version || null,
            title: input.title,
            titles: input.titles && Object.keys(input.titles).length > 0 ? { ...input.titles } : null,
            source: storedValue(source),
            files:
              files.length === 0
                ? null
                : files.map(({ name, packed }) => ({ name, ...(storedValue(packed) as object) }) as Value),
          },
          append: { offers: [offer] },
        },
        record,
      )
      return made.ok ? ok({ record, known: false }) : made
    }),
  )
  return written
}

const storedValue = ({ bytes, pieces }: Packed): Value => ({ bytes, pieces: pieces.map(({ id }) => id) })

export type OfferForm = {
  readonly record: string
  readonly uses?: readonly FormUse[]
  readonly retired: boolean
}

/** Retires a version, or offers it again. Drafts begun with it and answers given to it stay as they are. */
export async function offerForm(
  station: Station,
  input: OfferForm,
): Promise<Result<{ readonly row: FormRow; readonly entries: readonly EntryPlace[] }>> {
  const community = station.communitySpace()
  return withEntries(
    await station.write('form.offer', (book) => {
      const found = findRecord(book, 'form', input.record)
      if (!found.ok || community === null) return fail({ type: 'no-such-form', form: input.record })
      const { uses, last } = foldOffers(found.value)
      const offer = { for: [...(input.uses ?? uses)], retired: input.retired, saw: [...last] }
      const edited = book.edit(input.record, { append: { offers: [offer] } }, community)
      if (!edited.ok) return edited
      const row = listFormRows({ ofType: () => [found.value] }).find(({ record }) => record === input.record)!
      return ok({ row: { ...row, retired: input.retired } })
    }),
  )
}
