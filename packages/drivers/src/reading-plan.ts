/** What is asked of a device, by the protocol on its record. */
import type { Driver, Reading } from './contract.ts'
import { ALL_DATA } from './mbus/decode.ts'
import { findProfile, MODBUS_PROFILES } from './modbus/profiles.ts'
import { parseRegister } from './modbus/register.ts'
import { drivers } from './registry.gen.ts'

export type ReadingPlan = {
  readonly driver: Driver
  /** Behind the colon on the record: an edition, a Modbus profile or register. '' where nothing distinguishes them. */
  readonly variant: string
  /** Items that say how much was used, each one question. */
  readonly items: readonly string[]
  /** What a gateway asks too: the power of now, the other registers of a profile. */
  readonly more: readonly string[]
}

type Asked = Omit<ReadingPlan, 'driver'>

const DLT645: readonly Asked[] = [
  { variant: '2007', items: ['00010000'], more: ['02030000'] },
  { variant: '1997', items: ['9010'], more: ['B630'] },
]
/** One answer tells everything. */
const CJT188: readonly Asked[] = [{ variant: '', items: ['901F'], more: [] }]
const MBUS: readonly Asked[] = [{ variant: '', items: [ALL_DATA], more: [] }]

/**
 * `dlt645`, `dlt645:1997`, `cjt188`, `mbus`, `modbus:xintai-water`, `modbus:water=3:0001:f32:DCBA`.
 *
 * @returns ways to read it; where there are several, in the order to try them until one answers. None: not to be read.
 */
export function readingPlans(protocol: string): readonly ReadingPlan[] {
  const { name, variant } = splitProtocol(protocol)
  const driver = drivers.find((one) => one.protocol === name)
  return driver ? asked(name, variant).map((plan) => ({ driver, ...plan })) : []
}

/** How a record says a protocol: a driver's name, and behind a colon what its frames do not say. */
export function splitProtocol(protocol: string): { readonly name: string; readonly variant: string } {
  const colon = protocol.indexOf(':')
  if (colon < 0) return { name: protocol, variant: '' }
  return { name: protocol.slice(0, colon), variant: protocol.slice(colon + 1) }
}

/** What may stand on a record, for people. */
export const READABLE_PROTOCOLS: readonly string[] = [
  'dlt645',
  'cjt188',
  'mbus',
  ...MODBUS_PROFILES.map(({ id }) => `modbus:${id}`),
  'modbus:SIGNAL=FUNCTION:REGISTER',
]

function asked(name: string, variant: string): readonly Asked[] {
  if (name === 'modbus') return modbusPlan(variant)
  if (name === 'dlt645') return DLT645.filter((plan) => variant === '' || variant === plan.variant)
  if (variant !== '') return []
  return name === 'cjt188' ? CJT188 : name === 'mbus' ? MBUS : []
}

function modbusPlan(variant: string): readonly Asked[] {
  const [first, ...more] = findProfile(variant)?.registers ?? []
  if (first !== undefined) return [{ variant, items: [first], more }]
  // Without a signal it is a number that means nothing.
  return parseRegister(variant)?.signal ? [{ variant, items: [variant], more: [] }] : []
}

/** Nothing at all came of it, so that the next way may be tried. */
export const isInVain = (readings: readonly Reading[]): boolean =>
  readings.every(({ missing }) => missing === 'refused')
