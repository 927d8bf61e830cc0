/** Readings as a table, and homes whose every hour a test decides. */
import type { Observation, SeriesView, Signal } from '../series/observation.ts'
import { calendarIn } from '../work/day.ts'
import { builtinRules } from './builtin-rules.ts'
import type { Rule } from './finding.ts'
import { HOUR_MS, QUIET_HOURS, type WatchContext, type WatchedDevice } from './watched.ts'

/** Midnight in Shanghai. */
export const START_MS = Date.UTC(2027, 2, 1, -8)
export const at = (hours: number): number => START_MS + hours * HOUR_MS

export type Table = SeriesView & { add(observations: readonly Observation[]): void }

/** A register is known at a moment only where it was read exactly then; so a test says what is known. */
export function tableView(observations: readonly Observation[] = []): Table {
  const byKey = new Map<string, Observation[]>()
  const registers = new Map<string, Map<number, number>>()
  const heard = new Map<string, number>()
  const of = (device: string, signal: string) => byKey.get(`${device} ${signal}`) ?? []
  const table: Table = {
    add(more) {
      for (const one of more) {
        const key = `${one.device} ${one.signal}`
        const list = byKey.get(key)
        if (list) {
          list.push(one)
          list.sort((a, b) => a.atMs - b.atMs)
        } else byKey.set(key, [one])
        const register = registers.get(key)
        if (register) register.set(one.atMs, one.value)
        else registers.set(key, new Map([[one.atMs, one.value]]))
        heard.set(one.device, Math.max(heard.get(one.device) ?? 0, one.atMs))
      }
    },
    uses(device, signal, fromMs, untilMs, stepMs) {
      const register = registers.get(`${device} ${signal}`)
      const uses: (number | null)[] = []
      for (let ms = fromMs; ms < untilMs; ms += stepMs) {
        const [before, after] = [register?.get(ms), register?.get(ms + stepMs)]
        uses.push(before === undefined || after === undefined ? null : after - before)
      }
      return uses
    },
    points: (device, signal, fromMs, untilMs) =>
      of(device, signal).filter(({ atMs }) => fromMs <= atMs && atMs < untilMs),
    latest: (device, signal) => of(device, signal).at(-1) ?? null,
    heardAt: (device) => heard.get(device) ?? null,
  }
  table.add(observations)
  return table
}

/** The register of a home, read at every step from the start on: `null` use is a reading that is missing. */
export function readRegister(
  signal: Signal,
  uses: readonly (number | null)[],
  { device = 'de-1', stepHours = 1, fromHour = 0 } = {},
): Observation[] {
  let value = 100
  const read: Observation[] = [{ device, signal, atMs: at(fromHour), value }]
  for (const [step, use] of uses.entries()) {
    value += use ?? 0.05
    if (use !== null) read.push({ device, signal, atMs: at(fromHour + (step + 1) * stepHours), value })
  }
  return read
}

export const say = (signal: Signal, hours: number, value: number, device = 'de-1'): Observation => ({
  device,
  signal,
  atMs: at(hours),
  value,
})

export const hours = (count: number, use: number | null): (number | null)[] =>
  Array.from({ length: count }, () => use)

export const sampleDevice = (more: Partial<WatchedDevice> = {}): WatchedDevice => ({
  id: 'de-1',
  kind: 'water',
  allowed: true,
  fromMs: START_MS,
  learnedMs: START_MS,
  close: false,
  leaves: [],
  speaksEveryMinutes: null,
  own: {},
  ...more,
})

export const contextAt = (hour: number, more: Partial<WatchContext> = {}): WatchContext => ({
  nowMs: at(hour),
  calendar: calendarIn('Asia/Shanghai'),
  quietHours: QUIET_HOURS,
  listeningSinceMs: null,
  ...more,
})

export const builtin = (id: string): Rule => builtinRules.find((one) => one.id === id)!
