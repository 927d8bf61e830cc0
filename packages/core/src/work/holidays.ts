/**
 * China's public holidays and worked weekends as the State Council announced them, from the npm package
 * `chinese-days`. A year it does not know yet has no rows here at all: who asks must say so and not guess.
 */
import { createRequire } from 'node:module'

export type DayKind = 'on' | 'off'
export type NamedDay = { readonly kind: DayKind; readonly name: string }

type Announced = {
  /** Of the package, told beside every deadline that rests on it: stations of two versions may differ. */
  readonly version: string
  readonly days: ReadonlyMap<string, NamedDay>
  readonly years: ReadonlySet<number>
}

let announced: Announced | null = null

/** Read when it is first asked for: most commands never do. */
export function announcedDays(): Announced {
  announced ??= read()
  return announced
}

function read(): Announced {
  const require = createRequire(import.meta.url)
  const { holidays, workdays } = require('chinese-days/dist/chinese-days.json') as Record<
    'holidays' | 'workdays',
    Record<string, string>
  >
  const { version } = require('chinese-days/package.json') as { version: string }
  const days = new Map<string, NamedDay>()
  // `English name,中文名,days of the holiday`.
  const chinese = (text: string) => text.split(',')[1] ?? text
  for (const [day, text] of Object.entries(holidays)) days.set(day, { kind: 'off', name: chinese(text) })
  for (const [day, text] of Object.entries(workdays)) days.set(day, { kind: 'on', name: chinese(text) })
  return { version, days, years: new Set(Object.keys(holidays).map((day) => Number(day.slice(0, 4)))) }
}
