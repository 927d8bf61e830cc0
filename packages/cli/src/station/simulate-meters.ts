import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fail, ok, type Problem, type Result } from '@doorstep/core'
import {
  fastClock,
  planMeters,
  type Replay,
  readReplay,
  type SimulatedDevice,
  systemClock,
} from '@doorstep/drivers'

export type ReplayFlags = {
  readonly file: string
  /** Whose meters of the file, in this order; none: all, as they come. */
  readonly keys: readonly string[]
  /** `key,time,value` as the header calls them, or `time,value`; null: as in the DAIAD data. */
  readonly columns: string | null
  readonly unit: 'L' | 'm3' | 'kWh'
}

export type SimulateFlags = {
  readonly meters: readonly string[]
  readonly faults: readonly string[]
  readonly count: number
  readonly speed: number
  readonly replay: ReplayFlags | null
}

/** Made meters and, where they follow a file, what of it they follow. */
export type PlannedMeters = {
  readonly devices: readonly SimulatedDevice[]
  readonly followed: readonly Pick<Replay, 'key' | 'rows' | 'firstMs' | 'lastMs'>[]
  readonly badRows: number
}

/** Registers follow the file in its own time, which begins with the first row of those that are followed. */
export function planSimulation(flags: SimulateFlags): Result<PlannedMeters> {
  const { meters, faults, count, speed, replay } = flags
  if (!replay) {
    const planned = planMeters({ meters, faults, count, clock: fastClock(systemClock, speed) })
    return planned.ok ? ok({ devices: planned.value, followed: [], badRows: 0 }) : planned
  }
  const read = readReplayFile(replay)
  if (!read.ok) return read
  const unknown = replay.keys.find((key) => !read.value.replays.some((one) => one.key === key))
  if (unknown !== undefined) return fail({ type: 'replay-without-key', key: unknown, file: replay.file })
  const wanted =
    replay.keys.length > 0
      ? replay.keys.map((key) => read.value.replays.find((one) => one.key === key)!)
      : read.value.replays
  const followed = wanted.slice(0, meters.length * count)
  const fromMs = Math.min(...followed.map(({ firstMs }) => firstMs))
  const planned = planMeters({
    meters,
    faults,
    count,
    clock: fastClock(systemClock, speed, fromMs),
    counters: followed.map(({ counter }) => counter),
  })
  return planned.ok ? ok({ devices: planned.value, followed, badRows: read.value.badRows }) : planned
}

function readReplayFile({ file, columns, unit }: ReplayFlags) {
  let text: string
  try {
    const bytes = readFileSync(file)
    text = (extname(file) === '.gz' ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\ufeff/, '')
  } catch (error) {
    return fail<Problem>({ type: 'file-unreadable', file, code: (error as NodeJS.ErrnoException).code ?? '' })
  }
  const names = columns?.split(',').map((name) => name.trim())
  const named = names && {
    key: names.length > 2 ? names[0]! : null,
    time: names.at(-2) ?? '',
    value: names.at(-1) ?? '',
  }
  return readReplay(text, unit === 'L' ? 0.001 : 1, named)
}
