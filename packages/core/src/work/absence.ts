/**
 * What comes next where nobody was met: derived from the visits alone, so that every station proposes the same.
 * Second attempt, neighbour, emergency contact, case is the order of the visiting rules (domain A.4); the usual days
 * are this project's own, a policy record has others.
 */
import { derivedId } from '../ids.ts'
import type { Projection } from '../record/project.ts'
import type { ChainStep } from '../records/policy.ts'
import { addDays, type Calendar, dateOf, startOfDay } from './day.ts'
import { plainOf } from './masked-record.ts'
import { type RecordSet, textOf } from './record-set.ts'

export const usualChain: readonly ChainStep[] = [
  { step: 'again', afterDays: 1, times: 1 },
  { step: 'neighbour', afterDays: 1, times: 1 },
  { step: 'emergency', afterDays: 1, times: 1 },
  { step: 'case', afterDays: 1, times: 1 },
]

export type PartOfDay = 'morning' | 'afternoon' | 'evening'

export type Absence = {
  /** The day of the first attempt of this row. */
  readonly since: string
  /** Knocks and calls at which nobody was met. */
  readonly attempts: number
  /** When they were made, where that is known: another time of day has better luck. */
  readonly tried: readonly PartOfDay[]
  /** What is to be done; null when all of it was. */
  readonly next: { readonly step: ChainStep['step']; readonly at: number; readonly dueOn: string } | null
  /** How many steps there are. */
  readonly of: number
  /** The id of the case that these attempts lead to, whether it is there yet or not. */
  readonly case: string
}

/** Later in the day's order: by the day stated, then by when it was written. */
const isLater = (a: Projection, b: Projection): boolean => {
  const [onA, onB] = [dateOf(a, 'on') ?? '', dateOf(b, 'on') ?? '']
  if (onA !== onB) return onA > onB
  return a.createdAt !== b.createdAt ? a.createdAt > b.createdAt : a.id > b.id
}

/** Somebody was there, or somebody knows that all is well. */
const endsAbsence = ({ fields }: Projection): boolean =>
  fields.outcome === 'met' || fields.outcome === 'refused' || fields.heard === true

export const askedOf = (visit: Projection): 'resident' | 'neighbour' | 'emergency' => {
  const { contact } = visit.fields
  return contact === 'neighbour' || contact === 'emergency' ? contact : 'resident'
}

/** `visits`: of this household, none taken back, none later than the day asked about. Null where nobody is missed. */
export function absenceOf(
  set: RecordSet,
  household: Projection,
  visits: readonly Projection[],
  chain: readonly ChainStep[],
  calendar: Calendar,
): Absence | null {
  let met: Projection | null = null
  for (const visit of visits) if (endsAbsence(visit) && (!met || isLater(visit, met))) met = visit
  const since = visits
    .filter((visit) => visit.fields.outcome === 'absent' && (!met || isLater(visit, met)))
    .sort((a, b) => (isLater(a, b) ? 1 : -1))
  const [first] = since
  if (!first) return null
  const asked = { resident: 0, neighbour: 0, emergency: 0 }
  for (const visit of since) asked[askedOf(visit)]++
  const id = derivedId('ca', [household.id, 'nobody-home', met?.id ?? 'never'])
  const steps = chain.filter(({ step }) => step !== 'emergency' || hasContact(household))
  const isDone = ({ step, times }: ChainStep): boolean =>
    step === 'again'
      ? asked.resident > times
      : step === 'case'
        ? set.referring('case', 'household', household.id).some((one) => one.id === id)
        : asked[step] >= times
  const at = steps.findIndex((step) => !isDone(step))
  const next = steps[at]
  const tried = new Set(
    since.filter((one) => askedOf(one) === 'resident').flatMap((one) => partOf(one, calendar)),
  )
  return {
    since: dateOf(first, 'on')!,
    attempts: asked.resident,
    tried: [...tried],
    next: next
      ? { step: next.step, at: at + 1, dueOn: addDays(dateOf(since.at(-1)!, 'on')!, next.afterDays) }
      : null,
    of: steps.length,
    case: id,
  }
}

function hasContact(household: Projection): boolean {
  const plain = plainOf(household)
  return textOf(plain, 'emergencyContact') !== null || textOf(plain, 'emergencyPhone') !== null
}

const HOUR_MS = 3_600_000

/** Known where it was written on the day it was made. */
function partOf(visit: Projection, calendar: Calendar): PartOfDay[] {
  const on = dateOf(visit, 'on')
  if (on === null || calendar.dayOf(visit.createdAt) !== on) return []
  const hour = (visit.createdAt - startOfDay(calendar, on)) / HOUR_MS
  return [hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening']
}
