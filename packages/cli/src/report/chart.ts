/** Charts as SVG text: a picture of the table beside it. Parts differ by pattern and by their numbers, not by colour alone. */
import { scaleBand, scaleLinear } from 'd3-scale'
import type { Words } from '../voice/language.ts'
import { both, escaped } from './html.ts'

/** Small enough for a phone, where it is drawn a little smaller than this, in CSS pixels. */
const WIDTH = 440
const LABEL_WIDTH = 120
const VALUE_WIDTH = 74
const ROW = 26

export type Bar = {
  readonly label: Words
  /** What is done, and what is left of the whole. */
  readonly done: number
  readonly rest: number
  /** At the end of the bar. */
  readonly text: string
}

/** A bar each row. A row whose numbers are hidden says so, and has no bar. */
export function barChart(title: Words, bars: readonly (Bar | { label: Words; text: string })[]): string {
  const most = Math.max(1, ...bars.map((bar) => ('done' in bar ? bar.done + bar.rest : 0)))
  const x = scaleLinear([0, most], [0, WIDTH - LABEL_WIDTH - VALUE_WIDTH])
  const height = bars.length * ROW + 4
  const rows = bars.map((bar, at) => {
    const top = at * ROW + 2
    const middle = top + ROW / 2 + 5
    const done = 'done' in bar ? x(bar.done) : 0
    const rest = 'done' in bar ? x(bar.rest) : 0
    return [
      `<text x="${LABEL_WIDTH - 8}" y="${middle}" text-anchor="end">${words(bar.label)}</text>`,
      done > 0 ? rect('done', LABEL_WIDTH, top + 4, done, ROW - 8) : '',
      rest > 0 ? rect('rest', LABEL_WIDTH + done, top + 4, rest, ROW - 8) : '',
      `<text x="${round(LABEL_WIDTH + done + rest + 6)}" y="${middle}">${escaped(bar.text)}</text>`,
    ].join('')
  })
  return picture(title, height, rows.join(''))
}

export type DayColumn = { readonly day: string; readonly done: number; readonly rest: number }

/** A column each day, with the number of the day below every fifth. */
export function dayChart(title: Words, days: readonly DayColumn[]): string {
  const height = 190
  const foot = 22
  const left = 34
  const most = Math.max(1, ...days.map(({ done, rest }) => done + rest))
  const y = scaleLinear([0, most], [height - foot, 10]).nice(4)
  const x = scaleBand(
    days.map(({ day }) => day),
    [left, WIDTH - 4],
  ).padding(0.2)
  const lines = y
    .ticks(4)
    .filter(Number.isInteger)
    .map(
      (tick) =>
        `<line class="axis" x1="${left}" x2="${WIDTH - 4}" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text x="${left - 6}" y="${round(y(tick) + 5)}" text-anchor="end">${tick}</text>`,
    )
  const columns = days.map(({ day, done, rest }, at) => {
    const from = x(day)!
    const number = Number(day.slice(8))
    const base = y(0)
    return [
      done > 0 ? rect('done', from, y(done), x.bandwidth(), base - y(done)) : '',
      rest > 0 ? rect('rest', from, y(done + rest), x.bandwidth(), y(done) - y(done + rest)) : '',
      at === 0 || number % 5 === 0
        ? `<text x="${round(from + x.bandwidth() / 2)}" y="${height - 5}" text-anchor="middle">${number}</text>`
        : '',
    ].join('')
  })
  return picture(title, height, lines.join('') + columns.join(''))
}

const picture = (title: Words, height: number, content: string): string =>
  `<svg role="img" viewBox="0 0 ${WIDTH} ${height}" aria-label="${escaped(title.join(' / '))}">${content}</svg>`

const rect = (kind: 'done' | 'rest', x: number, y: number, width: number, height: number): string =>
  `<rect class="${kind}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"/>`

const round = (value: number): number => Math.round(value * 10) / 10

/** As many letters as stand beside a bar; the table has the whole name. */
const words = ([zh, en]: Words): string => both([cut(zh), cut(en)], 'tspan')

function cut(text: string): string {
  let width = 0
  let kept = ''
  for (const sign of text) {
    width += sign > '\u2e7f' ? 2 : 1
    if (width > 14) return `${kept.trimEnd()}…`
    kept += sign
  }
  return kept
}
