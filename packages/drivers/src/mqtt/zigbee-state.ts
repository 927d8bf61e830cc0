/** A device's payload as zigbee2mqtt gives it, read key by key by the table. */
import { type JsonObject, own } from './payload.ts'
import type { Said } from './said.ts'
import { CALLS_FOR_HELP, type ZigbeeKey, zigbeeKeys } from './zigbee-keys.ts'

/** What a device's description (`exposes`) says of one key, where it differs from what is usual. */
export type KeyDescription = {
  readonly unit: string | null
  readonly on: string | number | boolean | null
  readonly off: string | number | boolean | null
}

export type ZigbeeState = {
  readonly said: readonly Said[]
  /** Booleans whose becoming true is an event; they stay in later payloads as they were. */
  readonly edges: readonly Said[]
  /** Keys of the table whose value could not be taken: counted, nothing else is lost by them. */
  readonly refused: readonly string[]
  /** The press of a button, as the device calls it; null: none. */
  readonly action: string | null
  /** `test` itself as told, null where the payload has no such word. */
  readonly test: boolean | null
  /** When the bridge last heard the device by radio, milliseconds since 1970 by the bridge's clock. */
  readonly lastSeenMs: number | null
}

export function readZigbeeState(
  state: JsonObject,
  describe: (key: string) => KeyDescription | undefined = () => undefined,
): ZigbeeState {
  const said: Said[] = []
  const edges: Said[] = []
  const refused: string[] = []
  for (const key of Object.keys(state)) {
    const known = zigbeeKeys.get(key)
    if (known === undefined) continue
    const value = own(state, key)
    // Nothing was heard of it yet.
    if (value === null) continue
    const taken = takeValue(known, value, describe(key))
    if (taken === 'refused') refused.push(key)
    else if (taken !== null)
      (known.form === 'edge' ? edges : said).push({ signal: known.signal, value: taken })
  }
  const action = own(state, 'action')
  const test = own(state, 'test')
  return {
    said,
    edges,
    refused,
    action: typeof action === 'string' && action.length > 0 && action.length <= 64 ? action : null,
    test: typeof test === 'boolean' ? test : null,
    lastSeenMs: lastSeenOf(own(state, 'last_seen')),
  }
}

/** In the signal's unit; null: understood, and nothing to keep. */
function takeValue(
  known: ZigbeeKey,
  value: unknown,
  described: KeyDescription | undefined,
): number | null | 'refused' {
  if (known.form === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'refused'
    const unit = described?.unit ?? null
    if (known.signal === 'voltage' && (unit === 'mV' || (unit === null && value > 1000))) return null
    const factor = unit === null ? 1 : own(known.units, unit)
    if (typeof factor !== 'number' || value < known.min || value > known.max) return 'refused'
    return value * factor
  }
  const one = known.form === 'condition' ? known.one : true
  const level = typeof value === 'boolean' ? value === one : wordOf(value, described)
  if (level === null) return 'refused'
  return level ? 1 : 0
}

/** Some devices have their own words for it; `value_on` is the one to act on, of a door that it is open. */
function wordOf(value: unknown, described: KeyDescription | undefined): boolean | null {
  if (described === undefined) return null
  if (described.on !== null && value === described.on) return true
  return described.off !== null && value === described.off ? false : null
}

/** zigbee2mqtt's `last_seen`: `epoch` in ms, `ISO_8601` in UTC or with an offset. Without an offset it is no moment. */
function lastSeenOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? value : null
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]{5,12}(?:Z|[+-]\d\d:?\d\d)$/.test(value))
    return null
  const atMs = Date.parse(value)
  return Number.isNaN(atMs) ? null : atMs
}

export const callsForHelp = (action: string, ours: ReadonlySet<string> | undefined): boolean =>
  CALLS_FOR_HELP.has(action.toLowerCase()) || ours?.has(action) === true
