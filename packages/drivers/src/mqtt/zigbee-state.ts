/** A device's payload as zigbee2mqtt gives it, read key by key by the tables. */
import { signals } from '@doorstep/core'
import { type JsonObject, own } from './payload.ts'
import type { Said } from './said.ts'
import {
  CALLS_FOR_HELP,
  type ZigbeeState as StateKey,
  type ZigbeeNumber,
  zigbeeNumbers,
  zigbeeStates,
} from './zigbee-keys.ts'

/** What a device's description (`exposes`) says of one key. */
export type KeyDescription = {
  /** `binary`, `numeric`, `enum`, `text`, …; null: not said. */
  readonly kind: string | null
  readonly unit: string | null
  readonly on: string | number | boolean | null
  readonly off: string | number | boolean | null
}

export type ZigbeeState = {
  /** One value a signal. */
  readonly said: readonly Said[]
  /** Booleans whose becoming true is an event; they stay in later payloads as they were. */
  readonly edges: readonly Said[]
  /** Keys of the table whose value could not be taken: counted, nothing else is lost by them. */
  readonly refused: readonly string[]
  /** The press of a button, as the device calls it; null: none. */
  readonly action: string | null
  /** Whether it is under test, as told; null where the payload has no such word. */
  readonly test: boolean | null
  /** When the bridge last heard the device by radio, milliseconds since 1970 by the bridge's clock. */
  readonly lastSeenMs: number | null
}

export function readZigbeeState(
  state: JsonObject,
  describe: (key: string) => KeyDescription | undefined = () => undefined,
): ZigbeeState {
  const said = new Map<Said['signal'], number>()
  const edges: Said[] = []
  const refused: string[] = []
  for (const key of Object.keys(state)) {
    const value = own(state, key)
    // Nothing was heard of it yet.
    if (value === null) continue
    const taken = take(key, value, describe(key))
    if (taken === 'refused') refused.push(key)
    else if (taken?.form === 'edge') edges.push(taken.said)
    else if (taken !== null) {
      const { signal, value: told } = taken.said
      const before = said.get(signal)
      // Gas or carbon monoxide, the one sensor or the other: where one says so, it is so.
      if (before === undefined || (signals[signal].form === 'condition' && told > before))
        said.set(signal, told)
    }
  }
  const action = own(state, 'action')
  return {
    said: Array.from(said, ([signal, value]) => ({ signal, value })),
    edges: edges.filter((one, at) => edges.findIndex(({ signal }) => signal === one.signal) === at),
    refused,
    action: typeof action === 'string' && action.length > 0 && action.length <= 64 ? action : null,
    test: testOf(state),
    lastSeenMs: lastSeenOf(own(state, 'last_seen')),
  }
}

function testOf(state: JsonObject): boolean | null {
  const words = [own(state, 'test'), own(state, 'self_test')].filter((word) => typeof word === 'boolean')
  return words.length === 0 ? null : words.includes(true)
}

type Taken = { readonly form: 'said' | 'edge'; readonly said: Said }

/** Null: it is none of ours, or understood and nothing to keep. */
function take(key: string, value: unknown, described: KeyDescription | undefined): Taken | null | 'refused' {
  const kind = described?.kind ?? null
  const number = zigbeeNumbers.get(key)
  if (number !== undefined && (typeof value === 'number' || !zigbeeStates.has(key)))
    return kind === null || kind === 'numeric' ? takeNumber(number, value, described?.unit ?? null) : null
  const state = zigbeeStates.get(key)
  if (state === undefined) return null
  // The same name is an enumeration or a text elsewhere, with words of its own.
  if (kind !== null && kind !== (state.form === 'word' ? 'enum' : 'binary')) return null
  const level = levelOf(state, value, described)
  if (level === null) return 'refused'
  return {
    form: state.form === 'edge' ? 'edge' : 'said',
    said: { signal: state.signal, value: level ? 1 : 0 },
  }
}

function takeNumber(
  { signal, min, max, units, bare }: ZigbeeNumber,
  value: unknown,
  unit: string | null,
): Taken | null | 'refused' {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'refused'
  if (signal === 'voltage' && (unit === 'mV' || (unit === null && value > 1000))) return null
  const factor = unit === null ? bare : own(units, unit)
  if (typeof factor !== 'number' || value < min || value > max) return 'refused'
  return { form: 'said', said: { signal, value: value * factor } }
}

/** Some devices have their own words for true and false, which their description tells. */
function levelOf(state: StateKey, value: unknown, described: KeyDescription | undefined): boolean | null {
  if (state.form === 'word') {
    if (typeof value !== 'string') return null
    const word = value.toLowerCase()
    return state.one.includes(word) ? true : state.zero.includes(word) ? false : null
  }
  const one = state.form === 'condition' ? state.one : true
  if (typeof value === 'boolean') return value === one
  // Whether the word for "on" means shut or open is not told.
  if (described === undefined || !one) return null
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
