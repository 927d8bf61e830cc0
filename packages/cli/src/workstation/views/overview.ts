import { say } from '../../voice/language.ts'
import {
  cellsOf,
  chartTitle,
  gridColumns,
  mostOf,
  waitingLines,
  workerColumns,
} from '../../voice/overview-text.ts'
import { table } from '../../voice/table.ts'
import { visitsChart } from '../../voice/visits-chart.ts'
import { whenText } from '../dates.ts'
import { blank, type Line, line, span } from '../lines.ts'
import type { Pane } from '../pane.ts'
import type { Screen } from '../screens.ts'
import type { State } from '../state.ts'

/** A chief's view of the whole: what waits, every grid, everybody, and the last two weeks at a glance. */
export function overviewView(state: State, screen: Extract<Screen, { type: 'overview' }>): Pane {
  const { language, facts, size, nowMs, timeZone } = state
  const title = line(' ', span(say(language, ['全局', 'Overview']), 'strong'))
  const { overview: view } = facts
  if (!view) return { title, body: [] }
  const { grids, workers, days } = view.overview
  const when = (ms: number) => whenText(ms, nowMs, timeZone, language)
  return {
    title,
    body: [
      ...waitingLines(view, { language, nowMs, when }).map((text) => line(span(` ! ${text}`, 'warn'))),
      ...tableLines(cellsOf(gridColumns, grids, language), size.columns),
      blank,
      ...tableLines(cellsOf(workerColumns(mostOf(workers)), workers, language), size.columns),
      ...chartLines(state, days),
    ],
    scroll: screen.scroll,
  }
}

/** The head stands apart by its tone; columns are cut to what the screen has. */
function tableLines({ head, rows }: ReturnType<typeof cellsOf>, columns: number): Line[] {
  if (rows.length === 0) return []
  const [first = '', ...rest] = table(head, rows, columns - 2).split('\n')
  return [
    { ...line(span(` ${first}`, 'quiet')), decoration: true },
    ...rest.map((one, at) => ({ ...line(` ${one}`), spoken: sentenceOf(head, rows[at]!) })),
  ]
}

/** `Grid 1: homes 400, met in 7 days 130, …`, without bars. */
const sentenceOf = (head: readonly string[], [name = '', ...cells]: readonly string[]): string =>
  `${name}: ${cells.map((cell, at) => `${head[at + 1]} ${cell.replaceAll(/[▇▁]/g, '').trim()}`).join(', ')}`

function chartLines({ language }: State, days: Parameters<typeof visitsChart>[0]): Line[] {
  const chart = visitsChart(days)
  if (chart.length === 0) return []
  return [
    blank,
    line(span(` ${say(language, chartTitle)}`, 'quiet')),
    // Read aloud the numbers alone: the columns would be noise.
    ...chart.map((one) => ({ ...line(` ${one}`), decoration: true })),
    line(` ${days.map(({ on, visits }) => `${Number(on.slice(8))}:${visits}`).join('  ')}`),
  ]
}
