/** A home's sheet in a terminal: charts where they can be seen, the same in words where they cannot. */
import type { HomeSheet } from '@doorstep/core'
import stringWidth from 'string-width'
import { dayWords, type SheetFrame, type SheetPart, sheetParts, sheetTitle } from './home-sheet-words.ts'
import { type Language, say } from './language.ts'

type Days = Extract<SheetPart, { type: 'days' }>
type Band = Extract<SheetPart, { type: 'band' }>

/** `spoken`: for a pipe or a screen reader; no charts, and no line is broken. */
export type SheetLook = { readonly columns: number; readonly spoken: boolean }

export function homeSheetText(sheet: HomeSheet, frame: SheetFrame, look: SheetLook): string {
  const { language } = frame
  return [
    `${sheetTitle(language)}  ${sheet.on}`,
    [sheet.address, sheet.name].filter(Boolean).join('  '),
    ...sheetParts(sheet, frame).flatMap((part) => partLines(part, language, look)),
  ].join('\n')
}

export function partLines(part: SheetPart, language: Language, look: SheetLook): string[] {
  switch (part.type) {
    case 'heading':
      return ['', look.spoken ? part.text : `── ${part.text} ──`]
    case 'days':
      return look.spoken ? [weeksInWords(part, language)] : dayBars(part, language)
    case 'band':
      return look.spoken ? [] : bandLine(part, look.columns)
    default:
      return look.spoken ? [part.text] : wrapWords(part.text, look.columns)
  }
}

const EIGHTHS = '▁▂▃▄▅▆▇█'

/** A week on a line: its days as bars of one height, what is not known as a dot, and the sum beside it. */
function dayBars({ days, unit }: Days, language: Language): string[] {
  const most = Math.max(...days.map(({ value }) => value ?? 0), 0)
  const sign = (value: number | null) =>
    value === null ? '·' : most === 0 ? EIGHTHS[0]! : EIGHTHS[Math.min(7, Math.round((value / most) * 7))]!
  return weeksOf(days).map((week) => {
    const { sum, known } = sumOf(week)
    const bars = week.map(({ value }) => sign(value)).join(' ')
    const told =
      known === 0
        ? say(language, ['没有数', 'nothing known'])
        : `${sum.toLocaleString('en-US')} ${unit}${known < week.length ? say(language, [`(${known} 天)`, ` (${known} days)`]) : ''}`
    return `  ${padded(dayWords(week[0]!.on, language), 10)} ${padded(bars, 14)} ${told}`
  })
}

function weeksInWords({ days, unit }: Days, language: Language): string {
  const weeks = weeksOf(days).map((week) => {
    const { sum, known } = sumOf(week)
    const from = dayWords(week[0]!.on, language)
    if (known === 0)
      return say(language, [
        `${from}起 ${week.length} 天没有数`,
        `${week.length} days from ${from}: not known`,
      ])
    return say(language, [
      `${from}起 ${week.length} 天 ${sum.toLocaleString('en-US')} ${unit}${known < week.length ? `(${known} 天有数)` : ''}`,
      `${week.length} days from ${from}: ${sum.toLocaleString('en-US')} ${unit}${known < week.length ? ` (${known} days known)` : ''}`,
    ])
  })
  return `${weeks.join(say(language, [';', '; ']))}${say(language, ['。', '.'])}`
}

/** Seven days each, the last week whole. */
function weeksOf(days: Days['days']): Days['days'][] {
  const first = days.length % 7
  const weeks = first > 0 ? [days.slice(0, first)] : []
  for (let at = first; at < days.length; at += 7) weeks.push(days.slice(at, at + 7))
  return weeks
}

function sumOf(week: Days['days']) {
  const known = week.flatMap(({ value }) => value ?? [])
  const sum = known.reduce((total, value) => total + value, 0)
  return { sum: Math.round(sum * 100) / 100, known: known.length }
}

/** `▲`: this home. The dark part is the middle half of the others, `┃` the one in the middle. */
function bandLine({ low, middle, high, own, unit }: Band, columns: number): string[] {
  const width = Math.max(20, Math.min(56, columns - 20))
  const most = Math.max(high * 1.3, own ?? 0) || 1
  const at = (value: number) => Math.min(width - 1, Math.max(0, Math.round((value / most) * (width - 1))))
  const signs = Array.from({ length: width }, (_, cell) =>
    cell === at(middle) ? '┃' : cell >= at(low) && cell <= at(high) ? '▒' : '─',
  ).join('')
  const lines = [`  0 ${signs} ${Math.round(most).toLocaleString('en-US')} ${unit}`]
  if (own !== null) lines.push(`    ${' '.repeat(at(own))}▲ ${own.toLocaleString('en-US')}`)
  return lines
}

/** At spaces in English and anywhere in Chinese, but not before what ends a sentence. */
function wrapWords(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of text.match(/[\u0000-\u02ff²³’]+\s?|[^\u0000-\u02ff][。,;:、)!?]*/gu) ?? []) {
    for (const word of piece.match(/\S+\s*|\s+/gu) ?? []) {
      if (line !== '' && stringWidth((line + word).trimEnd()) > columns - 2) {
        lines.push(`  ${line.trimEnd()}`)
        line = ''
      }
      line += word
    }
  }
  return [...lines, `  ${line.trimEnd()}`]
}

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - stringWidth(text)))
