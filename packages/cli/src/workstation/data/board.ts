import {
  addressOf,
  type CaseRow,
  ClaimBook,
  caseNotices,
  type DueVisit,
  dueList,
  listCases,
  listHouseholds,
  listVisits,
  openErrands,
  type RecordSet,
  type Station,
  shortAddress,
  stairText,
} from '@doorstep/core'
import { taskText } from '../../voice/device-life-text.ts'
import type { Language } from '../../voice/language.ts'
import type { Board, ClaimMark, DoorRow } from '../facts.ts'
import { newsOf, todosBy } from './day.ts'

/** Whoever is due within a lifetime: every household that a rule covers. */
const EVER_DAYS = 36_500

/** The first screen, straight from the records: every door in walking order with what to know before it. */
export function boardOf(
  set: RecordSet,
  station: Station,
  { day, language, held }: { readonly day: string; readonly language: Language; readonly held: number },
): Board {
  const me = station.identity.member
  const todos = todosBy(set, day, language)
  const errands = errandsBy(set, day, language)
  const due = new Map(
    dueList(set, { on: day, aheadDays: EVER_DAYS, language }).map((one) => [one.household, one]),
  )
  const cases = openCasesOf(set, day, station.now)
  const today = visitsOf(set, day, language)
  const claims = new ClaimBook(set, day)
  const doors = listHouseholds(set, { language }).map((household): DoorRow => {
    const record = set.get(household.id)!
    const address = addressOf(set, record)
    const visit = due.get(household.id) ?? null
    const open = cases.byHousehold.get(household.id) ?? []
    return {
      id: household.id,
      space: record.space,
      stair: stairText(address, language),
      room: address.room ?? '',
      door: shortAddress(address),
      name: household.name ?? '',
      // Of the household and of whoever lives there, those the rule stands on first.
      categories: [
        ...new Set([...(visit?.policy?.because ?? []), ...(visit?.categories ?? household.categories)]),
      ],
      mind: visit?.mind ?? null,
      minds: [...(record.sets.minds ?? [])].sort(),
      todo: todos.get(household.id)?.[0]?.text ?? null,
      errand: errands.get(household.id) ?? null,
      promise: visit?.promise ?? null,
      ...dueFields(visit, language),
      today: today.get(household.id)?.outcome ?? null,
      todayAtMs: today.get(household.id)?.atMs ?? null,
      alarm: open.find((one) => one.source === 'device')?.title ?? null,
      openCases: open.length,
      lateCases: open.filter((one) => isPressing(one, day)).length,
      claims: marksOf(claims, household.id, me),
      sweep: claims.sweepFor(record)?.id ?? null,
    }
  })
  return {
    day,
    doors,
    visitedToday: [...today.values()].filter(({ outcome }) => outcome === 'met').length,
    todos: todos.get(null) ?? [],
    news: newsOf(set, station, day),
    openCases: cases.open,
    lateCases: cases.late,
    soonCases: cases.soon,
    notices: caseNotices(set, me, station.now, station.member()?.role === 'chief'),
    conflicts: conflictCount(set),
    held,
    openSweeps: claims.openSweeps().length,
  }
}

const marksOf = (claims: ClaimBook, household: string, me: string): readonly ClaimMark[] =>
  claims.shownAt(household).map(({ claim, by, atMs, until, sweep, scope, double }) => ({
    ...{ claim, atMs, until, double },
    by: by.name,
    mine: by.member === me,
    sweep: sweep?.name ?? null,
    wide: scope.door === null,
  }))

const dueFields = (visit: DueVisit | null, language: Language) => ({
  policy: visit?.policy
    ? language === 'en'
      ? (visit.policy.nameEn ?? visit.policy.name)
      : visit.policy.name
    : null,
  absence: visit?.absence ?? null,
  also: (visit?.also ?? []).map(({ policy }) =>
    language === 'en' ? (policy.nameEn ?? policy.name) : policy.name,
  ),
  attempts: visit?.attempts ?? 0,
  promised: visit?.promised ?? false,
  device: visit?.forDevice ? taskText(visit.tasks[0]!, language) : null,
  overdueDays: visit?.overdueDays ?? null,
  dueOn: visit?.dueOn ?? null,
})

/** By household: what is appointed or due by today. */
function errandsBy(set: RecordSet, day: string, language: Language): ReadonlyMap<string, string> {
  const first = new Map<string, string>()
  for (const { household, what, appointedOn, dueOn } of openErrands(set, day, language))
    if ([appointedOn, dueOn].some((one) => one !== null && one <= day) && !first.has(household))
      first.set(household, what ?? '')
  return first
}

/** Past its limit, or serious and on its last day. */
const isPressing = ({ clock, deadline, grade }: CaseRow, day: string): boolean =>
  clock.level === 'late' || (grade === 'serious' && deadline !== null && deadline <= day)

function openCasesOf(set: RecordSet, day: string, nowMs: number) {
  const byHousehold = new Map<string, CaseRow[]>()
  let open = 0
  let late = 0
  let soon = 0
  for (const one of listCases(set, { on: day, nowMs, open: true })) {
    open++
    if (one.clock.level === 'late') late++
    if (one.clock.level === 'soon') soon++
    if (one.household === null) continue
    const known = byHousehold.get(one.household)
    if (known) known.push(one)
    else byHousehold.set(one.household, [one])
  }
  return { byHousehold, open, late, soon }
}

type Noted = { readonly outcome: string; readonly atMs: number }

/** What was noted last of this day at each door. */
function visitsOf(set: RecordSet, day: string, language: Language): Map<string, Noted> {
  const outcomes = new Map<string, Noted>()
  const todays = new Set<string>()
  for (const visit of set.ofType('visit'))
    if (visit.fields.on === day) todays.add(String(visit.fields.household))
  for (const household of todays) {
    const last = listVisits(set, { household, language }).find(
      (one) => one.on === day && one.withdrawn === null,
    )
    if (last?.outcome) outcomes.set(household, { outcome: last.outcome, atMs: last.atMs })
  }
  return outcomes
}

function conflictCount(set: RecordSet): number {
  let count = 0
  for (const record of set.inConflict()) count += Object.keys(record.conflicts).length
  return count
}
