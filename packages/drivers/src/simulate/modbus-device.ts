/** A simulated Modbus RTU device: the registers of a profile, filled from a counter. */
import type { Signal } from '@doorstep/core'
import type { Clock } from '../contract.ts'
import { joinBytes } from '../incremental-parser.ts'
import { crc16 } from '../modbus/crc.ts'
import { isReadFunction, isUnit, type ModbusFrame } from '../modbus/frame.ts'
import type { ModbusProfile } from '../modbus/profiles.ts'
import { encodeRegister, parseRegister, type Register } from '../modbus/register.ts'
import type { Counter } from './counter.ts'
import { createDevice, type Fault, type SimulatedDevice } from './device.ts'

const ILLEGAL_ADDRESS = 0x02
const HOUR_MS = 3_600_000

export type ModbusDeviceOptions = {
  readonly unit: number
  readonly profile: ModbusProfile
  /** Of the profile's first register, in its signal's unit. */
  readonly counter: Counter
  readonly clock: Clock
  readonly faults?: readonly Fault[]
}

/** What stands in registers that count nothing. */
const STILL: Partial<Record<Signal, number>> = {
  voltage: 230.2,
  current: 1.4,
  temperature: 21.5,
  humidity: 48,
}

export function createModbusDevice(options: ModbusDeviceOptions): SimulatedDevice {
  const { unit, profile, counter, clock, faults = [] } = options
  if (!isUnit(unit)) throw new RangeError(`not a unit: ${unit}`)
  const registers = profile.registers.map((word) => parseRegister(word)!)
  const main = registers[0]!
  /** Whole litres or watt-hours: a register does not show more. */
  const value = () => Math.floor(counter.at(clock.nowMs()) * 1000 + 1e-6) / 1000
  /** A flow or a power is what the counter moved in the last hour. */
  const standsIn = ({ signal }: Register): number => {
    if (signal === main.signal) return value()
    const moved = counter.at(clock.nowMs()) - counter.at(clock.nowMs() - HOUR_MS)
    if (signal === 'flow') return moved
    return signal === 'power' ? moved * 1000 : ((signal && STILL[signal]) ?? 0)
  }

  return createDevice<ModbusFrame>({
    protocol: 'modbus',
    address: String(unit),
    faults,
    shows: () => ({ value: value(), unit: profile.registers[0]!.startsWith('electricity') ? 'kWh' : 'm³' }),
    answer(request, { refuses, appended }) {
      if (request.address !== String(unit)) return null
      if (request.kind === 'write') return 'command'
      if (request.kind !== 'question' || !isReadFunction(request.function)) return null
      const refusal = () => seal(Uint8Array.of(unit, request.function | 0x80, ILLEGAL_ADDRESS))
      if (refuses) return refusal()
      const view = new DataView(request.data.buffer, request.data.byteOffset)
      const data = wordsFrom(request.function, view.getUint16(0), view.getUint16(2))
      if (data === null) return refusal()
      // An answer has the length it was asked for, so what its maker adds stands behind it.
      return joinBytes([seal(Uint8Array.of(unit, request.function, data.length, ...data)), appended])
    },
  })

  /** Null where one of them does not exist. */
  function wordsFrom(code: number, first: number, count: number): Uint8Array | null {
    const words = new Map<number, Uint8Array>()
    for (const register of registers) {
      if (register.function !== code) continue
      const bytes = encodeRegister(register, standsIn(register))
      for (let at = 0; at < bytes.length / 2; at += 1)
        words.set(register.first + at, bytes.subarray(2 * at, 2 * at + 2))
    }
    const found = Array.from({ length: count }, (_, at) => words.get(first + at))
    return found.every((word) => word !== undefined) ? joinBytes(found) : null
  }
}

function seal(body: Uint8Array): Uint8Array {
  const crc = crc16(body)
  return Uint8Array.of(...body, crc & 0xff, crc >> 8)
}
