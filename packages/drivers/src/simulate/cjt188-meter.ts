/** A simulated water, gas or heat meter of CJ/T 188-2004. */
import { isReply, READ_ADDRESS, READ_DATA } from '../cjt188/control.ts'
import { METER_READING } from '../cjt188/decode.ts'
import { type Cjt188Frame, isAddress } from '../cjt188/frame.ts'
import type { Clock } from '../contract.ts'
import { checksum, PREAMBLE } from '../fe-frame.ts'
import { formatHex } from '../hex.ts'
import { joinBytes } from '../incremental-parser.ts'
import { encodeValue } from '../value.ts'
import type { Counter } from './counter.ts'
import { createDevice, type Fault, type SimulatedDevice } from './device.ts'
import { localDateTime } from './register.ts'

const TYPES = { water: 0x10, gas: 0x30, heat: 0x20 } as const
export type Cjt188Kind = keyof typeof TYPES
export const isCjt188Kind = (text: string): text is Cjt188Kind => Object.hasOwn(TYPES, text)

const CUBIC_METRES = 0x2c
const LITRES = 0x29
const KILOWATT_HOURS = 0x05
const ANY = 0xaa
const REFUSED = 0xc1
const BEIJING_MINUTES = 480
const DIGITS = 8

export type Cjt188MeterOptions = {
  /** Fourteen digits, the maker's code first. */
  readonly address: string
  readonly kind: Cjt188Kind
  /** m³ of water or gas, kWh of heat. */
  readonly counter: Counter
  readonly clock: Clock
  /** Water in litres, which shows a hundred times more than in m³ but is full at 1000 m³. */
  readonly inLitres?: boolean
  readonly faults?: readonly Fault[]
}

export function createCjt188Meter(options: Cjt188MeterOptions): SimulatedDevice {
  const { address, kind, counter, clock, faults = [], inLitres = false } = options
  if (!isAddress(address) || address.includes('A')) throw new RangeError(`not a meter address: ${address}`)
  const type = TYPES[kind]
  const value = () => Math.max(0, counter.at(clock.nowMs()))

  return createDevice<Cjt188Frame>({
    protocol: 'cjt188',
    address,
    faults,
    shows: () => ({ value: value(), unit: kind === 'heat' ? 'kWh' : 'm³' }),
    answer(request, { refuses, appended }) {
      const { control } = request
      if (isReply(control) || (request.meterType !== ANY && request.meterType !== type)) return null
      if (!pairsMatch(request.address, address)) return null
      if (control !== READ_DATA && control !== READ_ADDRESS) return 'command'
      const head = request.data.subarray(0, 3)
      if (refuses) return sealAnswer(type, address, REFUSED, Uint8Array.of(...head.subarray(2), 0x02))
      if (control === READ_ADDRESS) return sealAnswer(type, address, 0x83, joinBytes([head, appended]))
      const asked = formatHex(head.subarray(0, 2))
      // Makers send the identifier in either order; it comes back as it was asked.
      if (asked !== METER_READING && asked !== '1F90')
        return sealAnswer(type, address, REFUSED, head.slice(2))
      return sealAnswer(type, address, 0x81, joinBytes([head, reading(), appended]))
    },
  })

  function reading(): Uint8Array {
    const settlement = value()
    const ending = [clockBytes(), Uint8Array.of(0, 0)]
    if (kind !== 'heat') {
      const one = measured(inLitres ? value() * 1000 : value(), inLitres ? LITRES : CUBIC_METRES)
      return joinBytes([one, one, ...ending])
    }
    return joinBytes([
      measured(settlement, KILOWATT_HOURS),
      measured(value(), KILOWATT_HOURS),
      measured(1.2, 0x17),
      measured(0.1, 0x35),
      measured(settlement / 20, CUBIC_METRES),
      encodeValue({ type: 'number', bytes: 3, decimals: 2 }, 55.5),
      encodeValue({ type: 'number', bytes: 3, decimals: 2 }, 42.25),
      encodeValue({ type: 'number', bytes: 3, decimals: 0 }, 1234),
      ...ending,
    ])
  }

  /** ss mm hh DD MM YY and the century behind it. */
  function clockBytes(): Uint8Array {
    const { date, time } = localDateTime({ utcOffsetMinutes: BEIJING_MINUTES }, clock.nowMs())
    return Uint8Array.of(...encodeValue({ type: 'second', bytes: 6 }, `${date}T${time}`), 0x20)
  }
}

/** A register shows what is full: hundredths are cut, and it begins again at zero when it is full. */
function measured(value: number, unit: number): Uint8Array {
  const hundredths = Math.floor(value * 100 + 1e-6) % 10 ** DIGITS
  return Uint8Array.of(...encodeValue({ type: 'number', bytes: 4, decimals: 0 }, hundredths), unit)
}

const pairsMatch = (asked: string, own: string): boolean =>
  asked.match(/../g)!.every((pair, at) => pair === 'AA' || pair === own.slice(2 * at, 2 * at + 2))

/** Only answers to the two reading functions. */
function sealAnswer(
  type: number,
  address: string,
  control: 0x81 | 0x83 | 0xc1,
  data: Uint8Array,
): Uint8Array {
  if (![0x81, 0x83, REFUSED].includes(control)) throw new RangeError(`control code ${control} is no answer`)
  const pairs = address.match(/../g)!.map((two) => Number.parseInt(two, 16))
  const body = Uint8Array.of(0x68, type, ...pairs.reverse(), control, data.length, ...data)
  return Uint8Array.of(PREAMBLE, PREAMBLE, ...body, checksum(body), 0x16)
}
