/**
 * Meters from the words of a command line:
 *
 *   [PROTOCOL:]ADDRESS:VALUE[:KIND]     161:1234.56  cjt188:00201510270588:12.3:gas  mbus:5:7.25  modbus:3:88:pzem-004t
 *   FAULT[@ADDRESS]                     echo  silence@162
 */
import { fail, ok, type Result } from '@doorstep/core'
import { isAddress as isCjt188Address } from '../cjt188/frame.ts'
import type { Clock } from '../contract.ts'
import { isAddress as isDlt645Address } from '../dlt645/frame.ts'
import { findProfile, MODBUS_PROFILES } from '../modbus/profiles.ts'
import { createCjt188Meter, isCjt188Kind } from './cjt188-meter.ts'
import { type Counted, type Counter, counterOf, createDailyCounter, loadOf } from './counter.ts'
import type { SimulatedDevice } from './device.ts'
import { createDlt6451997Meter } from './dlt645-1997-meter.ts'
import { createDailyLoad } from './load.ts'
import { createMbusMeter, isMbusKind } from './mbus-meter.ts'
import { createSimulatedMeter } from './meter.ts'
import { FAULTS, MISBEHAVIOURS } from './misbehave.ts'
import { createModbusDevice } from './modbus-device.ts'

export type MeterPlan = {
  readonly meters: readonly string[]
  readonly faults?: readonly string[]
  /** So many of each, their addresses counting up. Default 1. */
  readonly count?: number
  readonly clock: Clock
  /** What the registers show, first come first served; those behind them begin with their VALUE and use as homes do. */
  readonly counters?: readonly Counter[]
}

export type WrongMeter = { readonly type: 'wrong-meter'; readonly text: string }
export type WrongFault = {
  readonly type: 'wrong-fault'
  readonly text: string
  readonly known: readonly string[]
}

const BEIJING_MINUTES = 480
const PROTOCOLS = ['dlt645', 'dlt645-1997', 'cjt188', 'mbus', 'modbus']

export function planMeters(plan: MeterPlan): Result<SimulatedDevice[], WrongMeter | WrongFault> {
  const { meters, faults = [], count = 1, counters = [] } = plan
  const wrongFault = faults.find((text) => MISBEHAVIOURS[text.split('@')[0]!] === undefined)
  if (wrongFault !== undefined)
    return fail({ type: 'wrong-fault', text: wrongFault, known: Object.keys(MISBEHAVIOURS) })
  const devices: SimulatedDevice[] = []
  for (const text of meters) {
    for (let nth = 0; nth < count; nth += 1) {
      const device = planOne(text, nth, faults, plan.clock, counters[devices.length] ?? null)
      if (device === null) return fail({ type: 'wrong-meter', text })
      devices.push(device)
    }
  }
  return ok(devices)
}

type Wanted = {
  readonly address: string
  readonly start: number
  readonly kind: string | undefined
  readonly clock: Clock
  readonly counter: Counter | null
  /** Names of faults that are this meter's. */
  readonly faults: readonly string[]
}

/** Null where the words make no meter. */
function planOne(
  text: string,
  nth: number,
  faults: readonly string[],
  clock: Clock,
  counter: Counter | null,
): SimulatedDevice | null {
  const [, named, digits, value, kind] =
    /^(?:([a-z][a-z0-9-]*):)?(\d{1,14}):(\d{1,8}(?:\.\d+)?)(?::([a-z][a-z0-9-]*))?$/.exec(text) ?? []
  const protocol = named ?? 'dlt645'
  if (digits === undefined || !PROTOCOLS.includes(protocol)) return null
  const address = addressOf(protocol, BigInt(digits) + BigInt(nth), digits.length)
  if (address === null) return null
  const own = faults
    .map((fault) => fault.split('@') as [string, string?])
    .filter(([, at]) => at === undefined || BigInt(at) === BigInt(address))
    .map(([name]) => name)
  return makers[protocol]!({ address, start: Number(value), kind, clock, counter, faults: own })
}

function addressOf(protocol: string, number: bigint, width: number): string | null {
  const plain = String(number)
  if (protocol === 'cjt188') return isCjt188Address(plain.padStart(14, '0')) ? plain.padStart(14, '0') : null
  if (protocol === 'modbus') return number >= 1n && number <= 247n ? plain : null
  // Eight digits are a meter's number, by which it is found whatever its primary address.
  if (protocol === 'mbus') return width === 8 ? plain.padStart(8, '0') : number <= 250n ? plain : null
  return isDlt645Address(plain.padStart(12, '0')) ? plain.padStart(12, '0') : null
}

const counterFor = (counted: Counted, { counter, start, clock }: Wanted): Counter =>
  counter ?? createDailyCounter(counted, start, clock.nowMs())
const electricity = ({ counter, start, clock }: Wanted): Counter =>
  counter ?? counterOf(createDailyLoad(BEIJING_MINUTES), start, clock.nowMs())
const faultsOf = ({ faults }: Wanted) => faults.map((name) => FAULTS[name]!())

const makers: Readonly<Record<string, (wanted: Wanted) => SimulatedDevice | null>> = {
  dlt645(wanted) {
    const { address, clock, counter, start, kind, faults } = wanted
    if (kind !== undefined) return null
    return createSimulatedMeter({
      address,
      clock,
      startKilowattHours: counter ? counter.at(clock.nowMs()) : start,
      ...(counter && { load: loadOf(counter) }),
      behaviours: faults.map((name) => MISBEHAVIOURS[name]!()),
    })
  },
  'dlt645-1997': (wanted) =>
    wanted.kind === undefined
      ? createDlt6451997Meter({ ...wanted, counter: electricity(wanted), faults: faultsOf(wanted) })
      : null,
  cjt188(wanted) {
    const { kind = 'water' } = wanted
    if (!isCjt188Kind(kind)) return null
    const inLitres = wanted.counter !== null && kind === 'water'
    return createCjt188Meter({
      ...wanted,
      kind,
      inLitres,
      counter: counterFor(kind, wanted),
      faults: faultsOf(wanted),
    })
  },
  mbus(wanted) {
    const { kind = 'water', address } = wanted
    if (!isMbusKind(kind)) return null
    const primary = address.length === 8 ? 0 : Number(address)
    const id = address.length === 8 ? address : address.padStart(8, '0')
    return createMbusMeter({
      ...wanted,
      kind,
      primary,
      id,
      counter: counterFor(kind, wanted),
      faults: faultsOf(wanted),
    })
  },
  modbus(wanted) {
    const profile = findProfile(wanted.kind ?? MODBUS_PROFILES[0]!.id)
    if (profile === null) return null
    const isWater = profile.registers[0]!.startsWith('water')
    const counter = isWater ? counterFor('water', wanted) : electricity(wanted)
    return createModbusDevice({
      ...wanted,
      unit: Number(wanted.address),
      profile,
      counter,
      faults: faultsOf(wanted),
    })
  },
}
