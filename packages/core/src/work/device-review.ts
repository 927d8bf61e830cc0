/**
 * The quarterly review: what the figures propose, what residents say, what the chief decides. The proposal follows from
 * records and norms alone; a decision is a person's, and may be another.
 */
import { derivedId } from '../ids.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { walkingKey } from './address.ts'
import { cleanText, type EntryPlace, findRecord, withEntries } from './command.ts'
import { calendarOf, dateOf } from './day.ts'
import { retireDevice } from './device-change.ts'
import { type DeviceFigures, deviceFigures, type Quarter, quarterOf } from './device-figures.ts'
import { type NormCode, type Norms, normsOf } from './device-norms.ts'
import { type Author, authorOf } from './lookups.ts'
import { openRecordSet, type RecordSet } from './record-set.ts'

export const reviewChoices = {
  keep: ['保留', 'Keep'],
  repair: ['维修', 'Repair'],
  retire: ['停用', 'Retire'],
} as const satisfies Record<string, readonly [zh: string, en: string]>
export type ReviewChoice = keyof typeof reviewChoices
export const isReviewChoice = (text: unknown): text is ReviewChoice =>
  typeof text === 'string' && Object.hasOwn(reviewChoices, text)

/** Whose word it is; a worker writes down what residents and their families say. */
export const sayers = {
  resident: ['住户', 'Resident'],
  family: ['家人', 'Family'],
  worker: ['网格员', 'Worker'],
} as const satisfies Record<string, readonly [zh: string, en: string]>
export type Sayer = keyof typeof sayers
const isSayer = (text: unknown): text is Sayer => typeof text === 'string' && Object.hasOwn(sayers, text)

/** Why something is proposed: which norm, what was found, and the number it was compared with. */
export type ReviewReason = {
  readonly because: 'expired' | 'resident-asks' | 'online' | 'false-alarms' | 'complaints'
  readonly found: number | string | null
  readonly norm: NormCode | null
  readonly limit: number | null
}
export type ReviewProposal = { readonly choice: ReviewChoice; readonly reasons: readonly ReviewReason[] }

export type ReviewSay = {
  readonly from: Sayer
  readonly wants: ReviewChoice | 'undecided'
  readonly words: string | null
  readonly by: Author
  readonly atMs: number
}
export type ReviewDecision = {
  readonly choice: ReviewChoice
  readonly why: string
  /** Two chiefs decided apart, and differently: the milder holds until one who knows both decides. */
  readonly disputed: boolean
  readonly by: Author
  readonly atMs: number
}

export type DeviceReview = {
  readonly device: string
  readonly kind: string | null
  readonly name: string | null
  readonly dwelling: string
  readonly quarter: string
  readonly retiredOn: string | null
  readonly figures: DeviceFigures
  readonly says: readonly ReviewSay[]
  readonly proposal: ReviewProposal
  readonly decision: ReviewDecision | null
}

export const reviewIdOf = (device: string, quarter: string): string => derivedId('qr', [device, quarter])

/** One device; `on`: the day it is asked on. */
export function reviewOf(set: RecordSet, device: Projection, quarter: Quarter, on: string): DeviceReview {
  const norms = normsOf(set)
  const figures = deviceFigures(set, device, quarter, { on, calendar: calendarOf(set), norms })
  const record = set.getA('review', reviewIdOf(device.id, quarter.name))
  const says = saysOf(set, record)
  const text = (field: string) =>
    typeof device.fields[field] === 'string' ? String(device.fields[field]) : null
  return {
    device: device.id,
    kind: text('kind'),
    name: text('name'),
    dwelling: String(device.fields.dwelling),
    quarter: quarter.name,
    retiredOn: text('retiredOn'),
    figures,
    says,
    proposal: proposalOf(figures, says, norms),
    decision: decisionOf(set, record),
  }
}

/** Every device of a grid that was in use in the quarter: what should go first, then as one walks. */
export function listReviews(
  set: RecordSet,
  quarter: Quarter,
  { on, grid }: { readonly on: string; readonly grid?: string },
): readonly DeviceReview[] {
  return [...set.ofType('device')]
    .filter(
      (device) =>
        (grid === undefined || device.space === grid) &&
        (dateOf(device, 'retiredOn') ?? '9999') >= quarter.from &&
        (dateOf(device, 'installedOn') ?? '0000') <= quarter.until,
    )
    .map((device) => ({ walk: walkingKey(set, device), review: reviewOf(set, device, quarter, on) }))
    .sort(
      (a, b) =>
        MILDEST.indexOf(b.review.proposal.choice) - MILDEST.indexOf(a.review.proposal.choice) ||
        (a.walk < b.walk ? -1 : a.walk > b.walk ? 1 : a.review.device < b.review.device ? -1 : 1),
    )
    .map(({ review }) => review)
}

/** Retiring outweighs repairing. Whoever lives with it is heard before any number but its age. */
export function proposalOf(figures: DeviceFigures, says: readonly ReviewSay[], norms: Norms): ReviewProposal {
  const limit = (code: NormCode) => norms.get(code)!.value
  const retire: ReviewReason[] = []
  const repair: ReviewReason[] = []
  if (figures.expired) retire.push({ because: 'expired', found: figures.expiresOn, norm: null, limit: null })
  const word = says.filter(({ from }) => from !== 'worker').at(-1)
  if (word?.wants === 'retire' || word?.wants === 'repair')
    (word.wants === 'retire' ? retire : repair).push({
      because: 'resident-asks',
      found: word.words,
      norm: null,
      limit: null,
    })
  const { onlinePercent, falsePercent, complaints } = figures
  const against = (because: ReviewReason['because'], found: number, norm: NormCode): ReviewReason => ({
    because,
    found,
    norm,
    limit: limit(norm),
  })
  if (onlinePercent !== null && onlinePercent < limit('online-retire'))
    retire.push(against('online', onlinePercent, 'online-retire'))
  else if (onlinePercent !== null && onlinePercent < limit('online-repair'))
    repair.push(against('online', onlinePercent, 'online-repair'))
  if (falsePercent !== null && falsePercent > limit('false-repair'))
    repair.push(against('false-alarms', falsePercent, 'false-repair'))
  if (complaints.length > 0 && complaints.length >= limit('complaints-repair'))
    repair.push(against('complaints', complaints.length, 'complaints-repair'))
  if (retire.length > 0) return { choice: 'retire', reasons: [...retire, ...repair] }
  return repair.length > 0 ? { choice: 'repair', reasons: repair } : { choice: 'keep', reasons: [] }
}

const objectOf = (value: Value): Readonly<Record<string, Value>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null

/** The oldest first, by its author's clock, then by id: words of people, of which none undoes another. */
function saysOf(set: RecordSet, record: Projection | null): readonly ReviewSay[] {
  return [...(record?.timelines.says ?? [])]
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .flatMap(({ by, at, value }) => {
      const said = objectOf(value)
      if (!said || !isSayer(said.from)) return []
      const wants = isReviewChoice(said.wants) ? said.wants : 'undecided'
      const words = typeof said.words === 'string' ? said.words : null
      return { from: said.from, wants, words, by: authorOf(set, by), atMs: at }
    })
}

/** What is easier to take back. */
const MILDEST: readonly ReviewChoice[] = ['keep', 'repair', 'retire']

/** Those that no later decision has seen; no clock is asked. */
function decisionOf(set: RecordSet, record: Projection | null): ReviewDecision | null {
  const items = (record?.timelines.decisions ?? []).flatMap(({ id, by, at, value }) => {
    const said = objectOf(value)
    return said && isReviewChoice(said.choice) ? { id, by, at, said, choice: said.choice } : []
  })
  const seen = new Set(items.flatMap(({ said, id }) => sawOf(said).filter((one) => one !== id)))
  const last = items
    .filter(({ id }) => !seen.has(id))
    .sort((a, b) => MILDEST.indexOf(a.choice) - MILDEST.indexOf(b.choice) || (a.id < b.id ? -1 : 1))
  const [holds] = last
  if (!holds) return null
  return {
    choice: holds.choice,
    why: typeof holds.said.why === 'string' ? holds.said.why : '',
    disputed: last.some(({ choice }) => choice !== holds.choice),
    by: authorOf(set, holds.by),
    atMs: holds.at,
  }
}

const sawOf = (said: Readonly<Record<string, Value>>): readonly string[] =>
  Array.isArray(said.saw) ? said.saw.filter((one): one is string => typeof one === 'string') : []

export type ReviewProblem = Problem & {
  readonly type: 'no-such-record' | 'record-moved' | 'bad-quarter' | 'invalid-field'
}

export type SayOfDevice = {
  readonly device: string
  readonly quarter: string
  readonly from: Sayer
  readonly wants: ReviewChoice | 'undecided'
  readonly words?: string
}
type Reviewed = { readonly review: string; readonly entries: readonly EntryPlace[] }

export async function sayOfDevice(
  station: Station,
  { device, quarter, from, wants, words }: SayOfDevice,
): Promise<Result<Reviewed>> {
  if (!quarterOf(quarter)) return fail({ type: 'bad-quarter', quarter })
  const clean = words === undefined ? null : cleanText('review', 'says', words, 500)
  if (clean && !clean.ok) return clean
  const said: Value = { from, wants, ...(clean ? { words: clean.value } : {}) }
  return withEntries(
    await station.write('device.review', (book) => put(book, device, quarter, 'says', () => said)),
  )
}

export type DecideDevice = {
  readonly device: string
  readonly quarter: string
  readonly choice: ReviewChoice
  readonly why: string
}

/** A chief's to do. Deciding to retire it retires it: no reading, no consent from then on. */
export async function decideDevice(
  station: Station,
  { device, quarter: name, choice, why }: DecideDevice,
): Promise<Result<Reviewed & { readonly retired: boolean; readonly consentsEnded: readonly string[] }>> {
  const quarter = quarterOf(name)
  if (!quarter) return fail({ type: 'bad-quarter', quarter: name })
  const clean = cleanText('review', 'decisions', why, 500)
  if (!clean.ok) return clean
  const record = station.get(device)
  if (record?.type !== 'device') return fail({ type: 'no-such-record', id: device, wanted: 'device' })
  const set = openRecordSet(station, { follow: false, spaces: [record.space] })
  const on = calendarOf(set).dayOf(station.now)
  const { figures } = reviewOf(set, record, quarter, on)
  const { onlinePercent, falsePercent, alarms, complaints, monthsInUse, expired } = figures
  const written = withEntries(
    await station.write('device.decide', (book) =>
      put(book, device, name, 'decisions', (known) => ({
        ...{ choice, why: clean.value },
        figures: { onlinePercent, falsePercent, alarms, complaints: complaints.length, monthsInUse, expired },
        saw: (known?.timelines.decisions ?? []).map(({ id }) => id).sort(),
      })),
    ),
  )
  if (!written.ok) return written
  if (choice !== 'retire' || dateOf(record, 'retiredOn') !== null)
    return ok({ ...written.value, retired: false, consentsEnded: [] })
  const retired = await retireDevice(station, { device, because: 'review' })
  if (!retired.ok) return retired
  const { consentsEnded, entries } = retired.value
  return ok({
    ...written.value,
    retired: true,
    consentsEnded,
    entries: [...written.value.entries, ...entries],
  })
}

function put(
  book: Draftbook,
  device: string,
  quarter: string,
  timeline: 'says' | 'decisions',
  value: (known: Projection | null) => Value,
): Result<{ readonly review: string }> {
  const found = findRecord(book, 'device', device)
  if (!found.ok) return found
  const id = reviewIdOf(device, quarter)
  const known = book.get(id)
  const append = { [timeline]: [value(known)] }
  const done: Result<unknown> = known
    ? book.edit(id, { append })
    : book.create('review', found.value.space, { set: { device, quarter }, append }, id)
  return done.ok ? ok({ review: id }) : done
}
