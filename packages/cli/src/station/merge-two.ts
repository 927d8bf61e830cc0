import {
  fail,
  type Mergeable,
  type MergedRecords,
  mergeRecords,
  type Projection,
  type Result,
  type SeparatedRecords,
  type Station,
  sayNotSame,
  unmergeRecords,
} from '@doorstep/core'
import { Flags } from '@oclif/core'
import type { Language } from '../voice/language.ts'
import { GivenText } from './given-text.ts'
import { pickPerson } from './pick-person.ts'
import { pickRecord } from './pick-record.ts'
import { fieldNamed } from './typed-fields.ts'

export const mergeFlags = {
  take: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'FIELD',
    description: '这个字段用第二条的 · the value of the second holds for this field',
  }),
  reason: Flags.string({ required: true, helpValue: 'TEXT|@-', description: '原因 · why' }),
}
export const reasonFlag = mergeFlags.reason

const pick = (station: Station, type: Mergeable, text: string, language: Language): Result<Projection> =>
  type === 'person' ? pickPerson(station, text, language) : pickRecord(station, 'household', text, language)

/** The two as they are typed: by a name or a door alone both would be the same one. */
function pickTwo(
  station: Station,
  type: Mergeable,
  [one, other]: readonly [string, string],
  language: Language,
): Result<readonly [Projection, Projection]> {
  const first = pick(station, type, one, language)
  if (!first.ok) return first
  const second = pick(station, type, other, language)
  if (!second.ok) return second
  return { ok: true, value: [first.value, second.value] }
}

export async function mergeTwo(
  station: Station,
  type: Mergeable,
  two: readonly [string, string],
  flags: { readonly take?: readonly string[] | undefined; readonly reason: string },
  language: Language,
): Promise<Result<MergedRecords>> {
  const reason = await new GivenText().value(flags.reason)
  if (!reason.ok) return reason
  const picked = pickTwo(station, type, two, language)
  if (!picked.ok) return picked
  const take: string[] = []
  for (const name of flags.take ?? []) {
    const field = fieldNamed(type, name)
    if (!field.ok) return field
    take.push(field.value)
  }
  const [keep, other] = picked.value
  return mergeRecords(station, { type, keep: keep.id, other: other.id, take, reason: reason.value })
}

/** Apart again (`other` may be left out when there is one), or never the same. */
export async function partTwo(
  station: Station,
  type: Mergeable,
  two: readonly [string, string | undefined],
  reasonText: string,
  how: 'unmerge' | 'not-same',
  language: Language,
): Promise<Result<SeparatedRecords>> {
  const reason = await new GivenText().value(reasonText)
  if (!reason.ok) return reason
  const one = pick(station, type, two[0], language)
  if (!one.ok) return one
  const other = two[1] === undefined ? null : pick(station, type, two[1], language)
  if (other && !other.ok) return other
  const given = { type, one: one.value.id, reason: reason.value }
  if (how === 'unmerge') return unmergeRecords(station, other ? { ...given, other: other.value.id } : given)
  if (!other) return fail({ type: 'no-such-record', id: '', wanted: type })
  return sayNotSame(station, { ...given, other: other.value.id })
}
