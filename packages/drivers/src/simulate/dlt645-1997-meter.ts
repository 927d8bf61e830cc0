/** A simulated electricity meter that speaks the 1997 edition of DL/T 645 alone, as old ones do. */
import type { Clock } from '../contract.ts'
import { isReply, READ_DATA_1997 } from '../dlt645/control.ts'
import { type Dlt645Frame, isAddress, sealFrame } from '../dlt645/frame.ts'
import { findItem1997 } from '../dlt645/items-1997.ts'
import { matchesAddress } from '../dlt645/request.ts'
import { formatHex } from '../hex.ts'
import { joinBytes } from '../incremental-parser.ts'
import { encodeValue } from '../value.ts'
import type { Counter } from './counter.ts'
import { createDevice, type Fault, type SimulatedDevice } from './device.ts'

export type Dlt6451997MeterOptions = {
  readonly address: string
  /** kWh. */
  readonly counter: Counter
  readonly clock: Clock
  readonly faults?: readonly Fault[]
}

export function createDlt6451997Meter(options: Dlt6451997MeterOptions): SimulatedDevice {
  const { address, counter, clock, faults = [] } = options
  if (!isAddress(address) || address.includes('A')) throw new RangeError(`not a meter address: ${address}`)
  const shown = () => Math.floor(Math.max(0, counter.at(clock.nowMs())) * 100 + 1e-6) / 100

  return createDevice<Dlt645Frame>({
    protocol: 'dlt645',
    address,
    faults,
    shows: () => ({ value: shown(), unit: 'kWh' }),
    answer({ control, data, address: asked }, { refuses, appended }) {
      if (isReply(control) || !matchesAddress(asked, address)) return null
      // What came with 2007 it does not know, and says nothing to.
      if (control !== READ_DATA_1997) return control > 0x10 ? null : 'command'
      const di = data.subarray(0, 2)
      const value = standsIn(formatHex(di.toReversed()))
      if (refuses || value === null) return sealFrame(address, 0xc1, Uint8Array.of(0x02))
      return sealFrame(address, 0x81, joinBytes([di, value, appended]))
    },
  })

  function standsIn(id: string): Uint8Array | null {
    const values: Record<string, number | string> = {
      '9010': shown(),
      B611: 220,
      B621: 1.5,
      B630: 0.33,
      C030: 1200,
      C032: address,
      C033: address,
    }
    const item = findItem1997(id)
    const value = values[id]
    if (item === null || value === undefined) return null
    return encodeValue(item.partsOf(new Uint8Array(0))[0]!.format, value)
  }
}
