import { derivedId } from '../ids.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { type EntryPlace, stationCalendar, withEntries } from './command.ts'
import { isMasked } from './mask.ts'
import { plainOf } from './masked-record.ts'
import { oneRecord } from './merged-ids.ts'
import { revealReasons } from './reveal-reasons.ts'

export type Revealed = {
  readonly record: string
  readonly field: string
  readonly value: Value
  /** Every living value, where two people wrote differently. */
  readonly values?: readonly Value[]
  /** Where it is written down that this was looked at, and when (milliseconds since 1970). */
  readonly revealed: { readonly entry: EntryPlace; readonly atMs: number }
}

export type RevealProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'invalid-field'
    /** It is shown to this member anyway. */
    | 'not-masked'
    | 'nothing-there'
    | 'reason-needed'
    | 'role-may-not'
}

const MAX_REASON = 200

/**
 * The one way to the plain text of a masked field. Who looked at what, and why, is on disk before the text is given
 * out; the text itself is not in it. `reason`: a code of `revealReasons`, its label, or words of one's own.
 */
export async function reveal(
  station: Station,
  record: string,
  field: string,
  reason: string,
): Promise<Result<Revealed, RevealProblem | Problem>> {
  const why = reasonOf(reason)
  if (!why.ok) return why
  const role = station.member()?.role
  const atMs = station.now
  const year = Number(stationCalendar(station).dayOf(atMs).slice(0, 4))
  const written = withEntries(
    await station.write('record.reveal', (book) => {
      const found = book.get(record)
      if (!found) return fail({ type: 'no-such-record', id: record })
      // Of what was merged, what is shown may be said by the other of the two.
      const plain = oneRecord(book, found.id)?.view ?? plainOf(found)
      // Whoever looks at a photo is shown the photo, and not what opens it.
      const isKey = plain.type === 'attachment' && field === 'key'
      if (isKey || (!Object.hasOwn(plain.fields, field) && !Object.hasOwn(plain.sets, field)))
        return fail({ type: 'nothing-there', record, field, of: plain.type })
      if (role && !isMasked(plain.type, field, role)) return fail({ type: 'not-masked', record, field })
      const noted = noteReveal(book, plain, year, { field, reason: why.value })
      return noted.ok ? ok(textBehind(plain, field)) : noted
    }),
  )
  if (!written.ok) return written
  const { entries, ...text } = written.value
  return ok({ record, field, ...text, revealed: { entry: entries[0]!, atMs } })
}

function textBehind(plain: Projection, field: string): { value: Value; values?: readonly Value[] } {
  const value = plain.fields[field] ?? [...(plain.sets[field] ?? [])].sort()
  const conflict = plain.conflicts[field]
  return conflict ? { value, values: conflict.map((one) => one.value) } : { value }
}

/** Written down with the record, in its space: who looked, or told somebody, and why. */
export function noteReveal(
  book: Draftbook,
  of: Projection,
  year: number,
  seen: { field: string; reason: string },
) {
  const id = derivedId('rv', [of.space, of.id, String(year)])
  const append = { seen: [seen] }
  return book.get(id, of.space)
    ? book.edit(id, { append }, of.space)
    : book.create('reveal', of.space, { set: { record: of.id, year }, append }, id)
}

/** Trimmed, not empty; a label stands for its code. */
export function reasonOf(reason: string): Result<string, RevealProblem> {
  const text = reason.trim()
  if (text.length < 2) return fail({ type: 'reason-needed', reasons: Object.keys(revealReasons) })
  if (text.length > MAX_REASON)
    return fail({
      type: 'invalid-field',
      record: 'reveal',
      field: 'reason',
      rule: 'too-long',
      maxLength: MAX_REASON,
    })
  const known = Object.entries(revealReasons).find(([code, labels]) =>
    [code, ...labels].some((one) => one.toLowerCase() === text.toLowerCase()),
  )
  return ok(known ? known[0] : text)
}
