import { roles } from '../membership/roles.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { caseKindOf, caseKindsOf } from '../work/case-kinds.ts'
import { caseStates, isCaseState } from '../work/case-steps.ts'
import { categoryLabel } from '../work/categories.ts'
import { calendarOf } from '../work/day.ts'
import { dueList } from '../work/due.ts'
import { findGrid, memberName, stationName } from '../work/lookups.ts'
import { openRecordSet } from '../work/record-set.ts'
import { communityCard, unheardOf, warnAfterDays } from '../work/warn-after.ts'
import { type MeasureName, Tally, type Where } from './measures.ts'
import { type MeterSection, meterSection } from './meter-section.ts'
import { compareNames } from './name-order.ts'
import { daysOf, endOf, monthPeriod, type Period } from './period.ts'
import { ProtectedTable, percentOf, type Shown } from './protect.ts'
import { DEFAULT_LIMIT } from './suppress.ts'

export type ReportAsk = {
  /** `2026-11`. */
  readonly month: string
  /** A grid's id, name or space; all that this station reads when not given. */
  readonly grid?: string
  /** Counts about residents below it are hidden; 5 when not given. */
  readonly limit?: number
  /** Workers and stations by number instead of by name. */
  readonly withoutNames?: boolean
}
type Label = readonly [zh: string, en: string]
export type Coverage = {
  readonly households: Shown
  readonly visited: Shown
  readonly percent: Shown
}

/** A month in numbers: counts alone, the small ones about residents hidden. */
export type MonthReport = {
  readonly community: string
  readonly month: string
  readonly period: Period
  /** How things stand is told for the end of this day. */
  readonly asOf: string
  readonly limit: number
  readonly total: Coverage & {
    readonly visits: number
    readonly met: number
    readonly due: number
    readonly overdue: number
  }
  readonly grids: readonly (Coverage & {
    readonly grid: string
    readonly visits: number
    readonly due: number
    readonly overdue: number
  })[]
  readonly workers: readonly {
    readonly worker: string
    readonly visits: number
    readonly met: number
    readonly absent: number
    readonly refused: number
  }[]
  readonly days: readonly { readonly day: string; readonly visits: number; readonly met: number }[]
  /** Households overdue, by how many days. */
  readonly overdue: readonly { readonly label: Label; readonly households: number }[]
  readonly categories: readonly (Coverage & { readonly category: string; readonly label: Label })[]
  readonly caseStates: readonly { readonly state: string; readonly label: Label; readonly cases: Shown }[]
  readonly caseKinds: readonly CaseKind[]
  readonly caseTotal: CaseKind
  readonly ages: readonly { readonly age: string; readonly people: Shown }[]
  readonly meters: MeterSection
  readonly unheard: {
    readonly afterDays: number
    readonly stations: readonly {
      readonly station: string
      readonly member: string
      readonly days: number | null
    }[]
  }
}
export type CaseKind = {
  readonly kind: string
  readonly label: Label
  readonly opened: Shown
  readonly open: Shown
  readonly closed: Shown
  readonly closedOnTime: Shown
}
export type ReportProblem = Problem & { type: 'bad-month' | 'unknown-grid' }

const OVERDUE: readonly { readonly most: number; readonly label: Label }[] = [
  { most: 7, label: ['1–7 天', '1–7 days'] },
  { most: 30, label: ['8–30 天', '8–30 days'] },
  { most: Number.POSITIVE_INFINITY, label: ['30 天以上', 'over 30 days'] },
]

export function monthReport(station: Station, ask: ReportAsk): Result<MonthReport, ReportProblem> {
  const period = monthPeriod(ask.month)
  if (!period) return fail({ type: 'bad-month', month: ask.month })
  const set = openRecordSet(station, { follow: false })
  const today = calendarOf(set).dayOf(station.now)
  const tally = new Tally(set, today)
  const all = [...set.ofType('grid')].map(({ fields }) => String(fields.name)).sort(compareNames)
  const one = ask.grid === undefined ? null : findGrid(set, ask.grid)
  if (ask.grid !== undefined && !one) return fail({ type: 'unknown-grid', grid: ask.grid, grids: all })
  const read = new Set(tally.valuesOf('households', period, 'grid'))
  const grids = one ? [one.name] : all.filter((name) => read.has(name))
  const where: Where = one ? { grid: [one.name] } : {}
  const limit = ask.limit ?? DEFAULT_LIMIT
  const asOf = endOf(period, today)
  const count = (measure: MeasureName, more: Where = {}) =>
    tally.count(measure, period, { ...where, ...more })
  const named = namer(ask.withoutNames === true, ['网格员', 'worker'])
  const homes = coverageTable(
    grids,
    (measure, grid) => count(measure, grid === null ? {} : { grid: [grid] }),
    limit,
  )
  const byVisits = (more: Where) => ({
    visits: count('visits', more),
    due: count('households-due', more),
    overdue: count('households-overdue', more),
  })
  const categories = tally.valuesOf('households', period, 'category', where).sort()
  return ok({
    community: String(communityCard(station)?.fields.name ?? ''),
    month: ask.month,
    period,
    asOf,
    limit,
    total: { ...homes(null), ...byVisits({}), met: count('visits', { outcome: ['met'] }) },
    grids: grids.map((grid) => ({ grid, ...homes(grid), ...byVisits({ grid: [grid] }) })),
    workers: workersOf(station, tally, period, where).map((worker) => ({
      worker: named(worker),
      visits: count('visits', { worker: [worker] }),
      met: count('visits', { worker: [worker], outcome: ['met'] }),
      absent: count('visits', { worker: [worker], outcome: ['absent'] }),
      refused: count('visits', { worker: [worker], outcome: ['refused'] }),
    })),
    days: daysOf(period)
      .filter((day) => day <= today)
      .map((day) => ({
        day,
        visits: count('visits', { day: [day] }),
        met: count('visits', { day: [day], outcome: ['met'] }),
      })),
    overdue: overdueRows(tally, asOf, grids),
    // Somebody may be in several: categories do not add up to anything.
    categories: categories.map((category) => ({
      category,
      label: [categoryLabel(category, 'zh'), categoryLabel(category, 'en')],
      ...coverageTable([], (measure) => count(measure, { category: [category] }), limit)(null),
    })),
    ...caseTables(tally, period, where, limit),
    ages: ageRows(tally, period, where, limit),
    meters: meterSection(set, {
      ...{ period, asOf, limit, calendar: tally.calendar },
      spaces: new Set(grids.flatMap((name) => findGrid(set, name)?.space ?? [])),
    }),
    unheard: {
      afterDays: warnAfterDays(communityCard(station)),
      stations: unheardOf(station).map(({ station: id, member, days }) => ({
        station: ask.withoutNames ? '' : stationName(set, id),
        member: named(memberName(set, member)),
        days,
      })),
    },
  })
}

/** Names, or the same number for the same name. */
function namer(numbered: boolean, [zh, en]: Label): (name: string) => string {
  const numbers = new Map<string, number>()
  return (name) => {
    if (!numbered) return name
    if (!numbers.has(name)) numbers.set(name, numbers.size + 1)
    return `${zh} ${en} ${numbers.get(name)}`
  }
}

/** Everybody who visited, and every worker who did not. */
function workersOf(station: Station, tally: Tally, period: Period, where: Where): string[] {
  const names = new Set(tally.valuesOf('visits', period, 'worker', where))
  if (!where.grid)
    for (const member of station.membership().members.values())
      if (member.role === 'worker' && roles[member.role].writes) names.add(memberName(tally.set, member.id))
  return [...names].sort(compareNames)
}

function coverageTable(
  names: readonly string[],
  count: (measure: 'households' | 'households-visited', name: string | null) => number,
  limit: number,
): (name: string | null) => Coverage {
  const table = new ProtectedTable()
  const row = (name: string | null) => {
    const households = table.cell(count('households', name))
    const visited = table.cell(count('households-visited', name))
    return { households, visited, rest: table.partOf(visited, households) }
  }
  const total = row(null)
  const rows = new Map(names.map((name) => [name, row(name)]))
  if (rows.size > 0)
    for (const part of ['households', 'visited', 'rest'] as const)
      table.sum(
        [...rows.values()].map((cells) => cells[part]),
        total[part],
      )
  const shown = table.shown(limit)
  return (name) => {
    const cells = name === null ? total : rows.get(name)!
    const [households, visited] = [shown(cells.households), shown(cells.visited)]
    return { households, visited, percent: percentOf(visited, households) }
  }
}

function overdueRows(tally: Tally, on: string, grids: readonly string[]) {
  const days = dueList(tally.set, { on })
    .filter(({ grid, overdueDays }) => overdueDays > 0 && grids.includes(grid?.name ?? ''))
    .map(({ overdueDays }) => overdueDays)
  return OVERDUE.map(({ most, label }, at) => {
    const least = at === 0 ? 0 : OVERDUE[at - 1]!.most
    return { label, households: days.filter((late) => late > least && late <= most).length }
  })
}

function caseTables(tally: Tally, period: Period, where: Where, limit: number) {
  const count = (measure: MeasureName, more: Where = {}) =>
    tally.count(measure, period, { ...where, ...more })
  const states = new ProtectedTable()
  const found = tally.valuesOf('cases-open', period, 'state', where)
  const stateNames = Object.keys(caseStates).filter((state) => found.includes(state))
  const stateCells = stateNames.map((state) => states.cell(count('cases-open', { state: [state] })))
  states.sum(stateCells, states.cell(count('cases-open')))
  const stateShown = states.shown(limit)

  const kinds = new ProtectedTable()
  const row = (more: Where) => {
    const closed = kinds.cell(count('cases-closed', more))
    const closedOnTime = kinds.cell(count('cases-closed', { ...more, 'on-time': ['yes'] }))
    const opened = kinds.cell(count('cases-opened', more))
    const open = kinds.cell(count('cases-open', more))
    // Opened, and open before, are closed or open now: who has last month's report knows the third of these.
    kinds.sum([closed, opened], open)
    return { opened, open, closed, closedOnTime, late: kinds.partOf(closedOnTime, closed) }
  }
  const names = new Set(
    (['cases-opened', 'cases-open', 'cases-closed'] as const).flatMap((measure) =>
      tally.valuesOf(measure, period, 'kind', where),
    ),
  )
  const total = row({})
  const rows = [...names].sort(compareNames).map((kind) => ({ kind, cells: row({ kind: [kind] }) }))
  if (rows.length > 0)
    for (const part of ['opened', 'open', 'closed', 'closedOnTime', 'late'] as const)
      kinds.sum(
        rows.map(({ cells }) => cells[part]),
        total[part],
      )
  const shown = kinds.shown(limit)
  const known = caseKindsOf(tally.set)
  const kindRow = (kind: string, cells: typeof total): CaseKind => ({
    kind,
    label: kind === '' ? ['合计', 'All'] : caseKindOf(known, kind).label,
    opened: shown(cells.opened),
    open: shown(cells.open),
    closed: shown(cells.closed),
    closedOnTime: shown(cells.closedOnTime),
  })
  return {
    caseStates: stateNames.map((state, at) => ({
      state,
      label: isCaseState(state) ? caseStates[state].label : ([state, state] as const),
      cases: stateShown(stateCells[at]!),
    })),
    caseKinds: rows.map(({ kind, cells }) => kindRow(kind, cells)),
    caseTotal: kindRow('', total),
  }
}

function ageRows(tally: Tally, period: Period, where: Where, limit: number) {
  const table = new ProtectedTable()
  const ages = tally
    .valuesOf('people', period, 'age', where)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  const cells = ages.map((age) => table.cell(tally.count('people', period, { ...where, age: [age] })))
  table.sum(
    cells,
    table.cell(ages.reduce((sum, age) => sum + tally.count('people', period, { ...where, age: [age] }), 0)),
  )
  const shown = table.shown(limit)
  return ages.map((age, at) => ({ age, people: shown(cells[at]!) }))
}
