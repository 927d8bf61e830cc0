import { recordTypes } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { foldAlarm } from '../work/alarm-state.ts'
import { foldCaseRecord } from '../work/case-state.ts'
import { caseStates } from '../work/case-steps.ts'
import { calendarOf, dateOf } from '../work/day.ts'
import type { Language } from '../work/language.ts'
import { findGrid } from '../work/lookups.ts'
import { isMasked } from '../work/mask.ts'
import { plainOf } from '../work/masked-record.ts'
import type { RecordSet } from '../work/record-set.ts'
import { categoriesOf } from '../work/residents.ts'
import type { Column, RowContext, RowRecords } from './column.ts'
import { type ExportName, exportTables } from './tables.ts'

export type ExportFilter = {
  /** A grid's id, name or space. */
  readonly grid?: string
  readonly tag?: string
  /** Of the household, or of somebody who lives there. */
  readonly category?: string
  /** Days, both included: of a visit, or on which a case was opened. */
  readonly from?: string
  readonly until?: string
  /** Of a case; of a visit its outcome; of a person or a row of the register whether they live there. */
  readonly state?: string
}
export type ExportAsk = {
  readonly what: ExportName
  readonly filter?: ExportFilter
  /** In this order; all of them when not given. */
  readonly columns?: readonly string[]
  /** Ages and lateness on this day. */
  readonly on: string
  /** The text behind the masks: only after it was written down, see `noteExport`. */
  readonly plain: boolean
  readonly language: Language
}
export type PlannedExport = {
  readonly columns: readonly Column[]
  readonly rows: readonly RowRecords[]
  readonly context: RowContext
  /** Whether a column that is masked for this viewer is given in plain text. */
  readonly unmasks: boolean
}
export type ExportProblem = Problem & {
  type: 'no-such-column' | 'filter-not-here' | 'bad-state' | 'unknown-grid' | 'role-may-not'
}

/** Which rows and columns, and nothing given out yet. */
export function planExport(set: RecordSet, ask: ExportAsk): Result<PlannedExport, ExportProblem> {
  const { what, on, plain, language, filter = {} } = ask
  const table = exportTables[what]
  const columns = chooseColumns(what, ask.columns)
  if (!columns.ok) return columns
  const context: RowContext = { set, calendar: calendarOf(set), on, plain, language }
  const passes = createFilter(what, filter, context)
  if (!passes.ok) return passes
  return ok({
    columns: columns.value,
    rows: [...table.rows(context)].filter(passes.value),
    context,
    unmasks: plain && columns.value.some(({ of }) => of && isMasked(of.type, of.name, set.viewer)),
  })
}

function chooseColumns(what: ExportName, names: readonly string[] | undefined) {
  const all = exportTables[what].columns
  if (!names) return ok(all)
  const chosen: Column[] = []
  for (const name of names) {
    const column = all.find(({ id, label }) => [id, ...label].includes(name))
    if (!column)
      return fail<ExportProblem>({ type: 'no-such-column', column: name, columns: all.map(({ id }) => id) })
    if (!chosen.includes(column)) chosen.push(column)
  }
  return ok(chosen)
}

type RowTest = (row: RowRecords) => boolean

function createFilter(
  what: ExportName,
  { grid, tag, category, from, until, state }: ExportFilter,
  { set, calendar, on }: RowContext,
): Result<RowTest, ExportProblem> {
  const tests: RowTest[] = []
  if (grid !== undefined) {
    const found = findGrid(set, grid)
    if (!found) {
      const grids = [...set.ofType('grid')].map(({ fields }) => String(fields.name))
      return fail({ type: 'unknown-grid', grid, grids })
    }
    tests.push((row) => subjectOf(what, row)?.space === found.space)
  }
  if (tag !== undefined || category !== undefined) {
    // To be told who belongs to a group is to be told what somebody is.
    if (isMasked('household', 'categories', set.viewer))
      return fail({ type: 'role-may-not', role: set.viewer, action: 'household.tag' })
    if (what === 'buildings') return notHere(what, tag === undefined ? 'category' : 'tag')
  }
  if (tag !== undefined)
    tests.push(({ household }) => household !== undefined && hasElement(household.sets.tags, tag))
  if (category !== undefined)
    tests.push(({ household, person }) =>
      person && what === 'people'
        ? hasElement(plainOf(person).sets.categories, category) ||
          (household !== undefined && hasElement(plainOf(household).sets.categories, category))
        : household !== undefined && categoriesOf(set, household, on).includes(category),
    )
  if (from !== undefined || until !== undefined) {
    if (!DATED.has(what)) return notHere(what, from === undefined ? 'until' : 'from')
    tests.push((row) => {
      const day = row.visit
        ? dateOf(row.visit, 'on')
        : row.case
          ? calendar.dayOf(row.case.createdAt)
          : row.alarm
            ? calendar.dayOf(foldAlarm(row.alarm).current.raisedAtMs)
            : null
      return day !== null && day >= (from ?? '') && day <= (until ?? '9999')
    })
  }
  if (state !== undefined) {
    const states = STATES[what]
    if (!states) return notHere(what, 'state')
    if (!states.allowed.includes(state)) return fail({ type: 'bad-state', state, allowed: states.allowed })
    tests.push((row) => states.of(row) === state)
  }
  return ok((row) => tests.every((test) => test(row)))
}

const hasElement = (elements: readonly string[] | undefined, wanted: string): boolean =>
  elements?.includes(wanted) ?? false

const notHere = (what: ExportName, filter: string) =>
  fail<ExportProblem>({ type: 'filter-not-here', what, filter, allowed: filtersOf(what) })

/** Rows of which each is of a day. */
const DATED: ReadonlySet<ExportName> = new Set(['visits', 'cases', 'alarms'])

/** The filters that a table knows. */
export const filtersOf = (what: ExportName): readonly string[] => [
  'grid',
  ...(what === 'buildings' ? [] : ['tag', 'category']),
  ...(DATED.has(what) ? ['from', 'until'] : []),
  ...(STATES[what] ? ['state'] : []),
]

const STATES: Readonly<
  Partial<
    Record<ExportName, { readonly allowed: readonly string[]; readonly of: (row: RowRecords) => unknown }>
  >
> = {
  cases: { allowed: Object.keys(caseStates), of: (row) => row.case && foldCaseRecord(row.case).state },
  visits: {
    allowed: Object.keys(recordTypes.visit.fields.outcome.choices),
    of: ({ visit }) => visit?.fields.outcome,
  },
  people: {
    allowed: Object.keys(recordTypes.residence.fields.state.choices),
    of: ({ residence }) => residence?.fields.state,
  },
  register: {
    allowed: Object.keys(recordTypes.residence.fields.state.choices),
    of: ({ residence }) => residence?.fields.state,
  },
}

function subjectOf(what: ExportName, row: RowRecords) {
  return row[exportTables[what].subject] ?? row.dwelling ?? row.building
}
