import { describe, expect, it } from 'vitest'
import { createBus } from '../bus.ts'
import { expectOk } from '../expect-ok.ts'
import { parseHex } from '../hex.ts'
import { driver } from '../protocols/dlt645.ts'
import { readMeter } from '../read-meter.ts'
import { attachMeters } from './line.ts'
import { createConstantLoad } from './load.ts'
import { createManualClock } from './manual-clock.ts'
import { createSimulatedMeter, type SimulatedMeterOptions } from './meter.ts'
import { createPortPair } from './port-pair.ts'

const address = '000000000161'
/** 2025-06-01 12:00 in Beijing, a Sunday. */
const start = Date.UTC(2025, 5, 1, 4)
const HOUR_MS = 3_600_000

function setUp(options: Partial<SimulatedMeterOptions> = {}) {
  const clock = createManualClock(start)
  const [master, line] = createPortPair(clock)
  const meter = createSimulatedMeter({
    address,
    clock,
    load: createConstantLoad(2),
    startKilowattHours: 1000,
    ...options,
  })
  attachMeters(line, [meter])
  const bus = createBus(master)
  const read = async (...items: string[]) =>
    expectOk(await clock.advanceUntil(readMeter(bus, address, items))).map(({ id, value }) => [id, value])
  return { clock, meter, read, line, master }
}

describe('a simulated meter', () => {
  it('counts the energy its load draws', async () => {
    const { clock, read } = setUp()
    expect(await read('00010000')).toEqual([['00010000', 1000]])
    await clock.advance(90 * 60_000)
    expect(await read('00010000')).toEqual([['00010000', 1003]])
  })

  it('remembers midnight and the first of the month', async () => {
    const { clock, read } = setUp()
    await clock.advance(24 * HOUR_MS)
    expect(await read('05060001', '05060101')).toEqual([
      ['05060001', '2025-06-02T00:00'],
      ['05060101', 1024],
      ['05060101.t1', 102.4],
      ['05060101.t2', 307.2],
      ['05060101.t3', 409.6],
      ['05060101.t4', 204.8],
    ])
    // Twelve hours before the start it had drawn 24 kWh less.
    expect(await read('00010001')).toEqual([['00010001', 976]])
  })

  it('tells voltage, current, power and factor that agree', async () => {
    const { read } = setUp({ powerFactor: 0.8 })
    const [voltage, current, power, factor] = (
      await read('02010100', '02020100', '02030000', '02060000')
    ).map(([, value]) => Number(value))
    expect((voltage! * current! * factor!) / 1000).toBeCloseTo(power!, 3)
    expect(power).toBe(2)
  })

  it('keeps local time', async () => {
    const { read } = setUp()
    expect(await read('04000101', '04000102')).toEqual([
      ['04000101', '2025-06-01'],
      ['04000101.weekday', 0],
      ['04000102', '12:00:00'],
    ])
  })

  it('shows an open relay and a balance', async () => {
    const { read } = setUp({ relayOpen: true, balanceYuan: 3.5 })
    expect(await read('00900200', '02030000')).toEqual([
      ['00900200', 3.5],
      ['02030000', 0],
    ])
    expect(await read('04000503')).toContainEqual(['04000503.relay', 'open'])
  })

  it('ignores other addresses, and counts commands without obeying', () => {
    const { meter } = setUp()
    const parser = driver.createParser()
    const say = (hex: string) => meter.hear(parser.push(expectOk(parseHex(hex))).frames[0]! as never)
    expect(say('68 90 78 56 34 12 00 68 11 04 33 33 33 33 55 16')).toEqual([])
    expect(meter.counters).toEqual({ answered: 0, ignoredCommands: 0 })
    const tripped = createSimulatedMeter({ address: '111111111111' })
    const command = parser.push(
      expectOk(
        parseHex('68 11 11 11 11 11 11 68 1C 10 33 33 33 33 33 33 33 33 4D 33 57 74 48 45 38 4B 55 16'),
      ),
    )
    expect(tripped.hear(command.frames[0]! as never)).toEqual([])
    expect(tripped.counters).toEqual({ answered: 0, ignoredCommands: 1 })
    expect(tripped.state.relayOpen).toBe(false)
  })
})
