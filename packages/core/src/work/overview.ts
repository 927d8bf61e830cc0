/** How the whole stands, by grid and by worker: what a chief would else ask each of them for. */
import { ROOT_MEMBER } from '../membership/graph.ts'
import type { Projection } from '../record/project.ts'
import { askedOf } from './absence.ts'
import { listCases } from './case-list.ts'
import { ClaimBook } from './claim-book.ts'
import { addDays, dateOf } from './day.ts'
import { dueList, isStanding } from './due.ts'
import type { Language } from './language.ts'
import { type Author, authorOf, byId, type GridRef, gridOf } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type GridOverview = {
  readonly grid: GridRef
  readonly households: number
  /** Households that any rule or promise asks for by today; of them those past their day. */
  readonly due: number
  readonly late: number
  /** Households met today, and in the seven days that end with it. */
  readonly metToday: number
  readonly met7: number
  /** Households where nobody was met, and a step of the chain is past its day. */
  readonly missedLate: number
  readonly openCases: number
  readonly lateCases: number
  /** Doors that two people have claimed for the same thing. */
  readonly doubleClaims: number
}

export type WorkerOverview = {
  readonly by: Author
  /** Visits to residents that are dated today, and in the seven days that end with it. */
  readonly today: number
  readonly met: number
  readonly absent: number
  readonly refused: number
  readonly seven: number
  /** Doors claimed or given that are still to be gone to, by today. */
  readonly toGo: number
  /** The day of the last visit; null without any. */
  readonly lastOn: string | null
}

export type Overview = {
  readonly on: string
  readonly grids: readonly GridOverview[]
  readonly workers: readonly WorkerOverview[]
  /** Visits of each of the last fourteen days, the oldest first. */
  readonly days: readonly { readonly on: string; readonly visits: number; readonly met: number }[]
  readonly conflicts: number
}

const DAYS = 14

export function overviewOf(
  set: RecordSet,
  {
    on,
    members,
    language = 'zh',
  }: {
    /** YYYY-MM-DD in the community's time zone. */
    readonly on: string
    /** Members who visit: those without a visit are shown too. */
    readonly members: readonly string[]
    readonly language?: Language
  },
): Overview {
  const visits = [...set.ofType('visit')].filter(
    (visit) => isStanding(visit) && (dateOf(visit, 'on') ?? '9999') <= on && askedOf(visit) === 'resident',
  )
  const book = new ClaimBook(set, on)
  const due = dueList(set, { on, language, keptAs: 'due for an overview' })
  let conflicts = 0
  for (const record of set.inConflict()) conflicts += Object.keys(record.conflicts).length
  return {
    on,
    grids: gridsOf(set, on, visits, due, book),
    workers: workersOf(set, on, visits, members, book),
    days: Array.from({ length: DAYS }, (_, at) => {
      const day = addDays(on, at - DAYS + 1)
      const some = visits.filter((visit) => visit.fields.on === day)
      return { on: day, visits: some.length, met: some.filter(isMet).length }
    }),
    conflicts,
  }
}

const isMet = (visit: Projection): boolean => visit.fields.outcome === 'met'

function gridsOf(
  set: RecordSet,
  on: string,
  visits: readonly Projection[],
  due: ReturnType<typeof dueList>,
  book: ClaimBook,
): readonly GridOverview[] {
  const weekAgo = addDays(on, -6)
  const cases = listCases(set, { on, open: true })
  return [...set.ofType('grid')].sort(byId).flatMap((card) => {
    const space = textOf(card, 'space')
    const grid = space === null ? null : gridOf(set, space)
    if (!grid) return []
    const homes = [...set.ofType('household')].filter((one) => one.space === space)
    const met = (from: string) =>
      new Set(
        visits
          .filter((one) => one.space === space && isMet(one) && String(one.fields.on) >= from)
          .map(({ fields }) => fields.household),
      ).size
    const ofGrid = due.filter((one) => one.grid?.space === space)
    const open = cases.filter(({ id }) => set.get(id)?.space === space)
    return [
      {
        grid,
        households: homes.length,
        due: ofGrid.length,
        late: ofGrid.filter(({ overdueDays }) => overdueDays > 0).length,
        metToday: met(on),
        met7: met(weekAgo),
        missedLate: ofGrid.filter(({ absence }) => absence?.next && absence.next.dueOn < on).length,
        openCases: open.length,
        lateCases: open.filter(({ lateDays }) => lateDays > 0).length,
        doubleClaims: homes.filter(({ id }) => book.shownAt(id).some(({ double }) => double)).length,
      },
    ]
  })
}

function workersOf(
  set: RecordSet,
  on: string,
  visits: readonly Projection[],
  members: readonly string[],
  book: ClaimBook,
): readonly WorkerOverview[] {
  const weekAgo = addDays(on, -6)
  const own = Map.groupBy(visits, ({ createdBy }) => createdBy)
  const active = [...own].filter(([, some]) => some.some(({ fields }) => String(fields.on) >= weekAgo))
  const toGo = new Map<string, number>()
  for (const home of set.ofType('household'))
    for (const { by } of book.shownAt(home.id)) toGo.set(by.member, (toGo.get(by.member) ?? 0) + 1)
  // The founding key lies in a safe and visits nobody.
  const visiting = members.filter((member) => member !== ROOT_MEMBER)
  return [...new Set([...visiting, ...active.map(([member]) => member)])]
    .map((member): WorkerOverview => {
      const some = own.get(member) ?? []
      const today = some.filter(({ fields }) => fields.on === on)
      const count = (outcome: string) => today.filter(({ fields }) => fields.outcome === outcome).length
      return {
        by: authorOf(set, member),
        today: today.length,
        met: count('met'),
        absent: count('absent'),
        refused: count('refused'),
        seven: some.filter(({ fields }) => String(fields.on) >= weekAgo).length,
        toGo: toGo.get(member) ?? 0,
        lastOn: some.reduce<string | null>((last, one) => {
          const day = dateOf(one, 'on')
          return day !== null && (last === null || day > last) ? day : last
        }, null),
      }
    })
    .sort((a, b) => b.today - a.today || b.seven - a.seven || (a.by.member < b.by.member ? -1 : 1))
}
