import { say, type Words } from '../../voice/language.ts'
import { nearDayText, todayOf } from '../dates.ts'
import type { DoorFacts, MeterLine } from '../facts.ts'
import { type Line, type Span, span } from '../lines.ts'
import type { State } from '../state.ts'
import { labelled } from './labelled.ts'

const KINDS: Readonly<Record<string, Words>> = {
  electricity: ['电', 'Power'],
  water: ['水', 'Water'],
  gas: ['燃气', 'Gas'],
  heat: ['热', 'Heat'],
  smoke: ['烟感', 'Smoke'],
  'gas-alarm': ['燃气报警', 'Gas alarm'],
  door: ['门磁', 'Door'],
  button: ['呼叫', 'Button'],
}

/** Each meter on a line: two weeks at a glance, the last day beside the usual one, and how old the reading is. */
export function metersLines(state: State, { meters }: DoorFacts): Line[] {
  return labelled(
    state,
    ['表计', 'Meters'],
    meters.map((one) => meterSpans(state, one)),
  )
}

function meterSpans(state: State, meter: MeterLine): readonly Span[] {
  const { language } = state
  const today = todayOf(state)
  const kind = say(language, KINDS[meter.kind] ?? [meter.name ?? meter.kind, meter.name ?? meter.kind])
  const expired = meter.expiresOn !== null && meter.expiresOn < today
  const expiry: Span[] =
    meter.expiresOn === null
      ? []
      : [
          span(
            say(
              language,
              expired
                ? [`  已过期(${meter.expiresOn})`, `  expired (${meter.expiresOn})`]
                : [`  ${meter.expiresOn} 到期`, `  expires ${meter.expiresOn}`],
            ),
            expired ? 'warn' : 'quiet',
          ),
        ]
  if (meter.lastOn === '')
    return [
      span(kind, 'strong'),
      span(say(language, ['  还没有读数', '  no reading yet']), 'quiet'),
      ...expiry,
    ]
  const on = nearDayText(meter.lastOn, today, language)
  const day =
    meter.lastDay === null
      ? meter.lastText
      : `${number(meter.lastDay)} ${meter.unit}${meter.usual === null ? '' : say(language, [`(平时 ${number(meter.usual)})`, ` (usual ${number(meter.usual)})`])}`
  return [span(`${kind} `, 'strong'), span(bars(meter.days)), span(`  ${on} ${day}`), ...expiry]
}

const BARS = '▁▂▃▄▅▆▇█'

export function bars(values: readonly number[]): string {
  const top = Math.max(...values, 0)
  return values
    .map((value) => BARS[top <= 0 ? 0 : Math.max(0, Math.min(7, Math.round((value / top) * 7)))]!)
    .join('')
}

const number = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10)
