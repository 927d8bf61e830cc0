/** A simulated meter of wired M-Bus: primary address, secondary address, one answer of the household subset. */
import type { Clock } from '../contract.ts'
import { checksum } from '../fe-frame.ts'
import { joinBytes } from '../incremental-parser.ts'
import type { MbusFrame } from '../mbus/frame.ts'
import { encodeValue } from '../value.ts'
import type { Counter } from './counter.ts'
import { createDevice, type Fault, type SimulatedDevice } from './device.ts'
import { localDateTime } from './register.ts'

const MEDIA = { water: 0x07, gas: 0x03, heat: 0x04 } as const
export type MbusKind = keyof typeof MEDIA
export const isMbusKind = (text: string): text is MbusKind => Object.hasOwn(MEDIA, text)

const ACK = Uint8Array.of(0xe5)
const SELECTED = 253
const ALONE = 254
const INITIALISE = 0x40
const ASK_DATA = 0x4b
const SELECT = 0x52
const LONG_HEADER = 0x72
const APPLICATION_ERROR = 0x70
const ALL_DIGITS = 0x0f
const BEIJING_MINUTES = 480
/** "DST", a maker that does not exist. */
const MAKER = (('D'.charCodeAt(0) - 64) << 10) | (('S'.charCodeAt(0) - 64) << 5) | ('T'.charCodeAt(0) - 64)
const VERSION = 1

export type MbusMeterOptions = {
  /** 0 … 250. */
  readonly primary: number
  /** Eight digits. */
  readonly id: string
  readonly kind: MbusKind
  /** m³ of water or gas, kWh of heat. */
  readonly counter: Counter
  readonly clock: Clock
  readonly faults?: readonly Fault[]
}

export function createMbusMeter(options: MbusMeterOptions): SimulatedDevice {
  const { primary, id, kind, counter, clock, faults = [] } = options
  if (!Number.isInteger(primary) || primary < 0 || primary > 250)
    throw new RangeError(`not a primary address: ${primary}`)
  if (!/^\d{8}$/.test(id)) throw new RangeError(`not a meter number: ${id}`)
  const identity = Uint8Array.of(
    ...encodeValue({ type: 'digits', bytes: 4 }, id),
    MAKER & 0xff,
    MAKER >> 8,
    VERSION,
    MEDIA[kind],
  )
  const value = () => Math.max(0, counter.at(clock.nowMs()))
  let isSelected = false
  let accesses = 0

  return createDevice<MbusFrame>({
    protocol: 'mbus',
    address: String(primary),
    faults,
    shows: () => ({ value: value(), unit: kind === 'heat' ? 'kWh' : 'm³' }),
    answer({ control, address, ci, data }, { refuses, appended }) {
      if (control === null || (control & 0xcf) === 0x08) return null
      const to = Number(address)
      if (ci === SELECT && to === SELECTED) {
        isSelected = fits(data)
        return isSelected ? ACK : null
      }
      if (control === INITIALISE && to === SELECTED) isSelected = false
      if (to !== primary && to !== ALONE && !(to === SELECTED && isSelected)) return null
      if (control === INITIALISE) return ACK
      if ((control & 0xcf) !== ASK_DATA) return 'command'
      accesses = (accesses + 1) & 0xff
      const body = refuses ? [Uint8Array.of(APPLICATION_ERROR, 0x01)] : [header(), records()]
      const tail = appended.length > 0 ? [Uint8Array.of(0x0f), appended] : []
      return sealAnswer(primary, joinBytes([...body, ...tail]))
    },
  })

  /** Each digit of the number and each byte behind it as asked, F or FF standing for any. */
  function fits(mask: Uint8Array): boolean {
    return identity.every((own, at) => {
      const asked = mask[at] ?? 0xff
      if (at > 3) return asked === 0xff || asked === own
      return [0, 4].every((shift) => {
        const digit = (asked >> shift) & 0x0f
        return digit === ALL_DIGITS || digit === ((own >> shift) & 0x0f)
      })
    })
  }

  function header(): Uint8Array {
    return Uint8Array.of(LONG_HEADER, ...identity, accesses, 0, 0, 0)
  }

  function records(): Uint8Array {
    // Eight digits in litres, in kWh for heat; then date and time.
    const counted = Math.floor((kind === 'heat' ? value() : value() * 1000) + 1e-6) % 1e8
    const bcd = encodeValue({ type: 'number', bytes: 4, decimals: 0 }, counted)
    return joinBytes([Uint8Array.of(0x0c, kind === 'heat' ? 0x06 : 0x13), bcd, moment()])
  }

  /** Type F: 04 6D. */
  function moment(): Uint8Array {
    const { date, time } = localDateTime({ utcOffsetMinutes: BEIJING_MINUTES }, clock.nowMs())
    const [year, month, day] = date.split('-').map(Number) as [number, number, number]
    const [hour, minute] = time.split(':').map(Number) as [number, number]
    const short = year % 100
    return Uint8Array.of(0x04, 0x6d, minute, hour, day | ((short & 7) << 5), month | ((short >> 3) << 4))
  }
}

/** RSP_UD, the answer to a question for data, and nothing else. */
function sealAnswer(primary: number, body: Uint8Array): Uint8Array {
  const inner = Uint8Array.of(0x08, primary, ...body)
  return Uint8Array.of(0x68, inner.length, inner.length, 0x68, ...inner, checksum(inner), 0x16)
}
