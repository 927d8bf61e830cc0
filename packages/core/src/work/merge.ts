/**
 * Two records that are about one: merged, taken apart again, or said not to be the same. Each is one act on the merge
 * record of the two; neither of them is changed, so nothing that is written to either, before or after, is lost.
 */
import { randomId } from '../ids.ts'
import { mayWrite } from '../membership/resolve.ts'
import type { Value } from '../record/change.ts'
import { canonical } from '../record/fold.ts'
import type { Projection } from '../record/project.ts'
import type { RecordType } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { bare } from './address.ts'
import { cleanText, type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { plainOf } from './masked-record.ts'
import { mergeId, type Pair, pairOf } from './merge-state.ts'
import { type OneRecord, oneRecord, pairsIn } from './merged-ids.ts'
import { digestOf, shownOf } from './merged-record.ts'
import { naturalKey } from './natural-key.ts'
import type { RecordSet } from './record-set.ts'

export type Mergeable = 'person' | 'household'

export type MergeRecords = {
  readonly type: Mergeable
  /** The one that goes on: lists and links go by its id. */
  readonly keep: string
  readonly other: string
  /** Fields in which the other's value holds, where both say something different. */
  readonly take?: readonly string[]
  readonly reason: string
}

export type MergedRecords = {
  readonly merge: string
  /** Under which id they go on here. */
  readonly survivor: string
  readonly members: readonly string[]
  /** Fields in which the two differed, and whose value holds. */
  readonly chosen: Readonly<Record<string, 'keep' | 'other'>>
  readonly entries: readonly EntryPlace[]
}

export type MergeProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'record-moved'
    | 'invalid-field'
    | 'same-already'
    | 'not-merged'
    | 'several-merges'
    | 'merge-needs-both'
}

export async function mergeRecords(station: Station, input: MergeRecords): Promise<Result<MergedRecords>> {
  const reason = cleanText('merge', 'reason', input.reason, 300)
  if (!reason.ok) return reason
  const on = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('record.merge', (book) => {
      const sides = bothOf(book, input.type, input.keep, input.other)
      if (!sides.ok) return sides
      const { keep, other } = sides.value
      if (keep.ids.has(input.other))
        return fail({ type: 'same-already', one: input.keep, other: input.other })
      const chosen = choose(keep, other, new Set(input.take ?? []))
      for (const field of input.take ?? [])
        if (!Object.hasOwn(chosen, field))
          return fail({ type: 'invalid-field', record: input.type, field, rule: 'not-differing' })
      const past = givenUp(keep, other, chosen)
      const [a, b] = [keep.view.id, other.view.id]
      const said = say(station, book, [a, b], { same: true, keep: a, on, reason: reason.value }, past)
      if (!said.ok) return said
      if (input.type === 'household') {
        const doors = sayDoors(station, book, keep, other, { on, reason: reason.value })
        if (!doors.ok) return doors
      }
      const members = [...new Set([...keep.ids, ...other.ids])].sort()
      return ok({ merge: said.value, survivor: a, members, chosen })
    }),
  )
}

export type SeparateRecords = {
  readonly type: Mergeable
  readonly one: string
  /** Which of several it was merged with. */
  readonly other?: string
  readonly reason: string
}

export type SeparatedRecords = {
  readonly merge: string
  readonly one: string
  readonly other: string
  readonly entries: readonly EntryPlace[]
}

/** Takes two apart that were merged with each other: each is again what it says itself. They are not suggested again. */
export async function unmergeRecords(
  station: Station,
  input: SeparateRecords,
): Promise<Result<SeparatedRecords>> {
  return apart(station, input, (book) => {
    const pairs = pairsIn(book).filter(
      ({ state, one, other }) =>
        state === 'same' &&
        (one === input.one || other === input.one) &&
        (input.other === undefined || one === input.other || other === input.other),
    )
    const [pair, ...more] = pairs
    if (!pair) return fail({ type: 'not-merged', one: input.one, other: input.other ?? null })
    if (more.length > 0)
      return fail({
        type: 'several-merges',
        one: input.one,
        others: pairs.map(({ one, other }) => (one === input.one ? other : one)),
      })
    return ok([pair.one, pair.other] as const)
  })
}

/** Says of two that look alike that they are not the same: kept, so that nobody is asked again. */
export async function sayNotSame(
  station: Station,
  input: SeparateRecords & { readonly other: string },
): Promise<Result<SeparatedRecords>> {
  return apart(station, input, (book) => {
    const sides = bothOf(book, input.type, input.one, input.other)
    if (!sides.ok) return sides
    if (sides.value.keep.ids.has(input.other))
      return fail({ type: 'same-already', one: input.one, other: input.other })
    return ok([input.one, input.other] as const)
  })
}

async function apart(
  station: Station,
  input: SeparateRecords,
  find: (book: Draftbook) => Result<readonly [string, string]>,
): Promise<Result<SeparatedRecords>> {
  const reason = cleanText('merge', 'reason', input.reason, 300)
  if (!reason.ok) return reason
  const on = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('record.merge', (book) => {
      const found = find(book)
      if (!found.ok) return found
      const [one, other] = found.value
      const said = say(station, book, [one, other], { same: false, on, reason: reason.value }, {})
      return said.ok ? ok({ merge: said.value, one, other }) : said
    }),
  )
}

function bothOf(
  book: Draftbook,
  type: RecordType,
  a: string,
  b: string,
): Result<{ readonly keep: OneRecord; readonly other: OneRecord }, MergeProblem> {
  const found: OneRecord[] = []
  for (const id of [a, b]) {
    const raw = findRecord(book, type, id)
    if (!raw.ok) return fail({ ...raw.problem })
    found.push(oneRecord(book, id)!)
  }
  if (a === b) return fail({ type: 'same-already', one: a, other: b })
  return ok({ keep: found[0]!, other: found[1]! })
}

/** Fields in which both say something, and not the same. */
function choose(
  keep: OneRecord,
  other: OneRecord,
  take: ReadonlySet<string>,
): Record<string, 'keep' | 'other'> {
  const chosen: Record<string, 'keep' | 'other'> = {}
  for (const field of Object.keys(keep.view.fields).sort()) {
    const [ours, theirs] = [keep.view.fields[field] ?? null, other.view.fields[field] ?? null]
    if (field === 'movedTo' || ours === null || theirs === null || canonical(ours) === canonical(theirs))
      continue
    chosen[field] = take.has(field) ? 'other' : 'keep'
  }
  return chosen
}

type Past = Record<string, Record<string, string>>

/** What is not chosen, by a digest of what it is now: what is written there later is shown again. */
function givenUp(
  keep: OneRecord,
  other: OneRecord,
  chosen: Readonly<Record<string, 'keep' | 'other'>>,
): Past {
  const past: Past = {}
  for (const [field, side] of Object.entries(chosen)) {
    const { members, cluster } = side === 'keep' ? other : keep
    const none = { members: [], keepers: [], pairs: [] }
    for (const { member, values } of shownOf(members, cluster ?? none, field)) {
      past[field] ??= {}
      past[field][member.id] = digestOf(values.map(({ value }) => value))
    }
  }
  return past
}

/** Writes one act about two records: in the space of each, and in each only of what is kept there. */
function say(
  station: Station,
  book: Draftbook,
  [a, b]: readonly [string, string],
  act: { readonly same: boolean; readonly on: string; readonly reason: string; readonly keep?: string },
  past: Past,
): Result<string> {
  const id = mergeId(a, b)
  const [one, other] = a < b ? [a, b] : [b, a]
  const copies = book.copies(id)
  const spaces = new Set(
    [...copies, ...[a, b].flatMap((each) => book.get(each) ?? [])].map(({ space }) => space),
  )
  const member = station.member()
  const closed = [...spaces].filter((space) => !member || !mayWrite(station.membership(), member, space))
  // Taking apart is for whoever sees both: one space is enough to say it.
  if (closed.length > 0 && act.same) return fail({ type: 'merge-needs-both', one, other, spaces: closed })
  const over = pairOf(copies)?.live.map((each) => each.id) ?? []
  const { keep, ...rest } = act
  const base = { id: randomId('ma'), ...rest, over, ...(keep === undefined ? {} : { keep }) }
  for (const space of spaces) {
    if (closed.includes(space)) continue
    const here: Past = {}
    for (const [field, records] of Object.entries(past))
      for (const [record, digest] of Object.entries(records))
        if (book.get(record)?.space === space) here[field] = { ...here[field], [record]: digest }
    const value: Value = { ...base, ...(act.same ? { past: here } : {}) }
    const exists = copies.some((copy) => copy.space === space)
    const written = exists
      ? book.edit(id, { append: { acts: [value] } }, space)
      : book.create('merge', space, { set: { one, other }, append: { acts: [value] } }, id)
    if (!written.ok) return written
  }
  return ok(id)
}

/** Two homes behind one door that two people wrote down: the dwellings are one as well. */
function sayDoors(
  station: Station,
  book: Draftbook,
  keep: OneRecord,
  other: OneRecord,
  act: { readonly on: string; readonly reason: string },
): Result<void> {
  const [a, b] = [keep, other].map(({ view }) => oneRecord(book, String(view.fields.dwelling)))
  if (!a || !b || a.ids.has(b.view.id) || doorWords(book, a.view) !== doorWords(book, b.view))
    return ok(undefined)
  const said = say(
    station,
    book,
    [a.view.id, b.view.id],
    { ...act, same: true, keep: a.view.id },
    givenUp(a, b, choose(a, b, new Set())),
  )
  return said.ok ? ok(undefined) : said
}

function doorWords(book: Draftbook, dwelling: Projection): string {
  const building = book.get(String(dwelling.fields.building))
  const word = (value: Value | undefined) => (typeof value === 'string' ? naturalKey(bare(value)) : '')
  return [building?.fields.name, dwelling.fields.unit, dwelling.fields.room].map(word).join('\u0000')
}

export type MergeDifference = {
  readonly field: string
  /** As the viewer may see them. */
  readonly keep: Value
  readonly other: Value
}

/** Where two records say something different: what a person has to choose between. */
export function mergeDifferences(set: RecordSet, keep: string, other: string): readonly MergeDifference[] {
  const [ours, theirs] = [set.get(keep), set.get(other)]
  if (!ours || !theirs) return []
  const [a, b] = [plainOf(ours).fields, plainOf(theirs).fields]
  return Object.keys(a)
    .filter(
      (field) =>
        field !== 'movedTo' && (b[field] ?? null) !== null && canonical(a[field]!) !== canonical(b[field]!),
    )
    .sort()
    .map((field) => ({ field, keep: ours.fields[field] ?? null, other: theirs.fields[field] ?? null }))
}

export type MergeRow = Pair & {
  readonly type: string
  readonly survivor: string
}

/** Every pair that people spoke of, those that are merged first. */
export function listMerges(set: RecordSet, type?: Mergeable): readonly MergeRow[] {
  const rows: MergeRow[] = []
  for (const { id } of set.ofType('merge')) {
    const pair = pairOf(set.copies(id))
    const about = pair && (set.members(pair.one)[0] ?? set.members(pair.other)[0])
    if (!pair || !about || (type !== undefined && about.type !== type)) continue
    rows.push({ ...pair, type: about.type, survivor: set.idOf(pair.one) })
  }
  return rows.sort(
    (a, b) => Number(b.state === 'same') - Number(a.state === 'same') || (a.id < b.id ? -1 : 1),
  )
}
