import { signals } from '@doorstep/core'
import type { DeviceReadings } from '../station/device-readings.ts'
import { DIRT_WORDS } from './dirt-words.ts'
import { type Language, say } from './language.ts'
import { table } from './table.ts'

/** More rows than this are for JSON. */
const MOST_ROWS = 200

/** A row a step with its number and a bar; a step that is not told says so, and is no zero. */
export function readingsText(found: DeviceReadings, language: Language): string {
  const { signal, unit, uses, readings, step, timeZone, total, untoldSteps, from, until } = found
  const label = `${say(language, signals[signal].label)}${unit === '' ? '' : ` (${unit})`}`
  const head = `${label}  ${from} – ${until}`
  const when = (instant: string) =>
    new Date(instant)
      .toLocaleString('sv-SE', { timeZone })
      .slice(5, step === 'day' ? 10 : step === 'hour' ? 16 : 19)
  const untold = say(language, ['不知道', 'not told'])
  const rows =
    uses.length > 0
      ? uses.map(({ from: at, use }) => [
          when(at),
          use === null ? untold : String(rounded(use)),
          barOf(use, uses),
        ])
      : readings.map(({ at, value }) => [when(at), String(value), ''])
  const shown = rows.slice(-MOST_ROWS)
  return [
    head,
    shown.length > 0
      ? table([say(language, ['时间', 'When']), label, ''], shown)
      : say(language, ['这段时间没有读数。', 'Nothing was read in this time.']),
    rows.length > shown.length
      ? say(language, [
          `(前面还有 ${rows.length - shown.length} 行,用 --json 看)`,
          `(${rows.length - shown.length} rows before these: --json)`,
        ])
      : '',
    total === null
      ? ''
      : say(language, [
          `共 ${rounded(total)} ${unit}${untoldSteps > 0 ? `,另有 ${untoldSteps} 段不知道` : ''}`,
          `${rounded(total)} ${unit} in all${untoldSteps > 0 ? `; steps not told: ${untoldSteps}` : ''}`,
        ]),
    ...Object.entries(found.dirt).map(([kind, count]) => {
      const { name, done } = DIRT_WORDS[kind as keyof typeof DIRT_WORDS]
      return say(language, [`${name[0]} ${count} 次:${done[0]}`, `${name[1]}, ${count}: ${done[1]}`])
    }),
    found.damagedDays.length > 0
      ? say(language, [
          `打不开的日子:${found.damagedDays.join('、')}。doorstep doctor`,
          `Days that do not open: ${found.damagedDays.join(', ')}. doorstep doctor`,
        ])
      : '',
  ]
    .filter((line) => line !== '')
    .join('\n')
}

/** Meters count litres and tens of watt-hours; what is finer comes of spreading over hours. */
const rounded = (use: number): number => Number(use.toFixed(3))

const BAR = 24
const barOf = (use: number | null, uses: DeviceReadings['uses']): string => {
  const most = Math.max(...uses.map((one) => one.use ?? 0))
  return use === null ? '?' : '█'.repeat(most > 0 ? Math.round((use / most) * BAR) : 0)
}
