import type { GridOverview, WorkerOverview } from '@doorstep/core'
import type { ChiefView } from '../station/chief-view.ts'
import { bar } from '../workstation/bar.ts'
import { type Language, say, type Words } from './language.ts'
import type { Told } from './sync-text.ts'
import { unheardText } from './sync-text.ts'
import { table } from './table.ts'
import { visitsChart } from './visits-chart.ts'

type Column<T> = { readonly head: Words; readonly of: (row: T) => string | number }

const BAR_CELLS = 6

export const gridColumns: readonly Column<GridOverview>[] = [
  { head: ['网格', 'Grid'], of: ({ grid }) => grid.name },
  { head: ['户', 'Homes'], of: ({ households }) => households },
  {
    head: ['七天见到', 'Met in 7 d'],
    of: ({ met7, households }) => `${met7} ${bar(met7, households, BAR_CELLS)}`,
  },
  { head: ['今天', 'Today'], of: ({ metToday }) => metToday },
  { head: ['待访', 'Due'], of: ({ due }) => due },
  { head: ['逾期', 'Late'], of: ({ late }) => late },
  { head: ['未遇逾期', 'Missed'], of: ({ missedLate }) => missedLate },
  {
    head: ['案件', 'Cases'],
    of: ({ openCases, lateCases }) => (lateCases > 0 ? `${openCases} !${lateCases}` : openCases),
  },
  { head: ['双认领', 'Twice'], of: ({ doubleClaims }) => doubleClaims },
]

export const workerColumns = (most: number): readonly Column<WorkerOverview>[] => [
  { head: ['谁', 'Who'], of: ({ by }) => by.name },
  { head: ['七天探访', 'Visits in 7 d'], of: ({ seven }) => `${seven} ${bar(seven, most, BAR_CELLS)}` },
  { head: ['今天', 'Today'], of: ({ today }) => today },
  { head: ['见到', 'Met'], of: ({ met }) => met },
  { head: ['无人', 'Absent'], of: ({ absent }) => absent },
  { head: ['拒访', 'Refused'], of: ({ refused }) => refused },
  { head: ['还要去', 'To go'], of: ({ toGo }) => toGo },
  { head: ['最近', 'Last'], of: ({ lastOn }) => lastOn ?? '' },
]

/** The longest bar is the most that one of them did. */
export const mostOf = (workers: readonly WorkerOverview[]): number =>
  Math.max(1, ...workers.map(({ seven }) => seven))

export const cellsOf = <T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  language: Language,
): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } => ({
  head: columns.map(({ head }) => say(language, head)),
  rows: rows.map((row) => columns.map(({ of }) => String(of(row)))),
})

/** What waits for a chief: held back, two sayings, who is not heard of. Empty when nothing does. */
export function waitingLines({ overview, held, unheard }: ChiefView, told: Told): readonly string[] {
  const { language } = told
  const some = (count: number, words: Words) => (count > 0 ? [say(language, words)] : [])
  return [
    ...some(overview.conflicts, [
      `两种说法 ${overview.conflicts} 处`,
      `Said in two ways: ${overview.conflicts}`,
    ]),
    ...some(held, [`扣下待看 ${held} 条`, `Held back: ${held}`]),
    ...unheard.map((one) => unheardText(one, told, true)),
  ]
}

export const chartTitle: Words = ['近两周每天的探访', 'Visits a day, the last two weeks']

export function overviewText(view: ChiefView, told: Told): string {
  const { language } = told
  const { overview } = view
  const grids = cellsOf(gridColumns, overview.grids, language)
  const workers = cellsOf(workerColumns(mostOf(overview.workers)), overview.workers, language)
  const chart = visitsChart(overview.days)
  const counts = overview.days.map(({ on, visits }) => `${on.slice(5)} ${visits}`).join('  ')
  return [
    table(grids.head, grids.rows),
    table(workers.head, workers.rows),
    ...(chart.length > 0 ? [[say(language, chartTitle), ...chart, counts].join('\n')] : []),
    waitingLines(view, told).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
