/** Every kind of simulated device, read over a line of 2400 baud, well and misbehaving; and several kinds on one line. */
import { describe, expect, it } from 'vitest'
import { createBus } from '../bus.ts'
import { expectOk } from '../expect-ok.ts'
import { hearAnswer } from '../hear-answer.ts'
import { readMeter } from '../read-meter.ts'
import { drivers } from '../registry.gen.ts'
import { attachMeters, type LineOptions } from './line.ts'
import { createManualClock } from './manual-clock.ts'
import { FAULTS } from './misbehave.ts'
import { planMeters } from './plan.ts'
import { createPortPair } from './port-pair.ts'
import { readReplay } from './replay.ts'

const start = Date.UTC(2025, 5, 1, 4)
/** How it is planned, where it is asked, for what, what it then says. */
const KINDS = [
  ['161:1234.56', 'dlt645', '000000000161', '00010000', 'electricity', 1234.56],
  ['dlt645-1997:162:77.5', 'dlt645', '000000000162', '9010', 'electricity', 77.5],
  ['cjt188:00201510270588:12.34', 'cjt188', '00201510270588', '901F', 'water', 12.34],
  ['cjt188:00201510270589:5:gas', 'cjt188', '00201510270589', '901F', 'gas', 5],
  ['cjt188:00201510270590:900:heat', 'cjt188', '00201510270590', '901F', 'heat', 900],
  ['mbus:5:7.25', 'mbus', '5', 'data', 'water', 7.25],
  ['mbus:6:5.125:gas', 'mbus', '6', 'data', 'gas', 5.125],
  ['mbus:8:431:heat', 'mbus', '8', 'data', 'heat', 431],
  ['modbus:3:88.25', 'modbus', '3', 'water=3:0001:f32:DCBA', 'water', 88.25],
  ['modbus:4:42.5:eastron-sdm', 'modbus', '4', 'electricity=4:0048:f32', 'electricity', 42.5],
] as const

function lineOf(meters: readonly string[], faults: readonly string[] = [], options: LineOptions = {}) {
  const clock = createManualClock(start)
  const [master, line] = createPortPair(clock)
  const devices = expectOk(planMeters({ meters, faults, clock }))
  attachMeters(line, devices, { baud: 2400, replyDelayMs: 40, ...options })
  const bus = createBus(master, { baud: 2400 })
  const read = async (protocol: string, address: string, item: string) => {
    const driver = drivers.find((one) => one.protocol === protocol)!
    const readings = await clock.advanceUntil(readMeter(bus, address, [item], { driver }))
    return readings.ok ? hearAnswer(driver, readings.value).heard : readings.problem.cause
  }
  return { clock, bus, devices, read }
}

describe.each(KINDS)('simulated %s', (plan, protocol, address, item, signal, value) => {
  it('says what its register shows, at the speed of its line', async () => {
    const { clock, bus, read } = lineOf([plan])
    const heard = await read(protocol, address, item)
    expect(heard).toContainEqual({ protocol, address, signal, value, atMs: expect.any(Number) })
    expect(bus.counters).toMatchObject({ retries: 0, noiseBytes: 0, unexpectedFrames: 0 })
    // A question and an answer of at least 13 bytes in all, 4.6 ms each, and the delay.
    expect(clock.nowMs() - start).toBeGreaterThan(99)
    expect(clock.nowMs() - start).toBeLessThan(600)
  })

  it('is read all the same when it misbehaves, or said to be silent or refusing', async () => {
    for (const fault of Object.keys(FAULTS)) {
      const { bus, read } = lineOf([plan], [fault])
      const heard = await read(protocol, address, item)
      const isLost = ['silence', 'checksum', 'length', 'together'].includes(fault)
      if (isLost) expect(heard, fault).toMatchObject({ type: 'no-reply', tries: 3 })
      else if (fault === 'refusal') expect(heard, fault).toEqual([])
      else expect(heard, fault).toContainEqual(expect.objectContaining({ signal, value }))
      const { retries, echoes, unexpectedFrames } = bus.counters
      expect(retries, fault).toBe(isLost ? 2 : 0)
      expect(echoes, fault).toBe(fault === 'echo' ? 1 : 0)
      if (fault === 'glued' && protocol === 'dlt645') expect(unexpectedFrames).toBeLessThanOrEqual(1)
    }
  })
})

describe('a line', () => {
  it('carries several protocols, each question heard by its own', async () => {
    const { bus, read, devices } = lineOf(
      KINDS.map(([plan]) => plan),
      [],
      { echoes: true },
    )
    for (const [, protocol, address, item, signal, value] of [...KINDS, ...KINDS.toReversed()])
      expect(await read(protocol, address, item)).toContainEqual(
        expect.objectContaining({ signal, value: expect.closeTo(value, 2) }),
      )
    expect(bus.counters).toMatchObject({ asked: 20, answered: 20, retries: 0, echoes: 20 })
    expect(devices.every(({ counters }) => counters.answered === 2)).toBe(true)
  })

  it('reads M-Bus meters that share a primary address by their numbers', async () => {
    const { bus, read } = lineOf(['mbus:12345678:1', 'mbus:12345679:2', 'mbus:87654321:3'])
    for (const [address, value] of [
      ['12345679', 2],
      ['87654321', 3],
      ['12345678', 1],
    ] as const)
      expect(await read('mbus', address, 'data')).toContainEqual(
        expect.objectContaining({ address, signal: 'water', value }),
      )
    expect(bus.counters).toMatchObject({ retries: 0, noiseBytes: 0 })
    expect(await read('mbus', '99999999', 'data')).toMatchObject({ type: 'no-reply' })
  })

  it.each([{ baud: 2400 }, {}])('loses what two say at once, %j', async (options) => {
    const clock = createManualClock(start)
    const [master, line] = createPortPair(clock)
    attachMeters(line, expectOk(planMeters({ meters: ['161:1', '275:2'], clock })), options)
    const bus = createBus(master, { tries: 1 })
    const dlt645 = drivers.find(({ protocol }) => protocol === 'dlt645')!
    const asked = bus.askEverybody(dlt645, { type: 'address', address: dlt645.anyAddress })
    const heard = expectOk(await clock.advanceUntil(asked))
    expect(heard.answers).toEqual([])
    expect(heard.noiseBytes).toBeGreaterThan(10)
  })
})

describe('words for meters', () => {
  const plan = (meters: readonly string[], faults: readonly string[] = [], count = 1) =>
    planMeters({ meters, faults, count, clock: createManualClock(start) })

  it.each(['x', '161', 'dlt645:161:x', '999999999999999:1', 'mbus:251:1', 'modbus:0:1', 'modbus:1:1:none'])(
    'says that %s is none',
    (text) => {
      expect(plan([text])).toEqual({ ok: false, problem: { type: 'wrong-meter', text } })
    },
  )

  it('counts addresses up and gives a fault to one meter', async () => {
    const devices = expectOk(plan(['cjt188:00201510270588:1', 'mbus:00012345:1'], ['silence@161'], 3))
    expect(devices.map(({ address }) => address)).toEqual([
      '00201510270588',
      '00201510270589',
      '00201510270590',
      '0',
      '0',
      '0',
    ])
    expect(plan(['161:1'], ['nonsense@161'])).toMatchObject({ problem: { type: 'wrong-fault' } })
    const { read } = lineOf(['161:1', '162:2'], ['silence@161'])
    expect(await read('dlt645', '000000000161', '00010000')).toMatchObject({ type: 'no-reply' })
    expect(await read('dlt645', '000000000162', '00010000')).toMatchObject([{ value: 2 }])
  })
})

describe('a replayed register', () => {
  const csv = [
    'user key;datetime;meter reading;diff',
    'a;01/03/2016 00:30:00;68321;10',
    'b;01/03/2016 00:10:00;100;0',
    'a;01/03/2016 03:00:00;68300;-21',
    'a;01/03/2016 01:30:00;68340;19',
    'a;nonsense;1;1',
    'a;01/03/2016 05:00:00;;',
    'a;01/03/2016 04:00:00',
  ].join('\n')

  it('follows the file, its dirt included', async () => {
    const file = expectOk(readReplay(csv, 0.001))
    expect(file.badRows).toBe(3)
    expect(file.replays.map(({ key, rows }) => [key, rows])).toEqual([
      ['a', 3],
      ['b', 1],
    ])
    const [a] = file.replays
    const clock = createManualClock(a!.firstMs)
    const [master, line] = createPortPair(clock)
    // The meter's clock, eight hours ahead of UTC, shows what the file says.
    expect(new Date(a!.firstMs).toISOString()).toBe('2016-02-29T16:30:00.000Z')
    const counters = file.replays.map(({ counter }) => counter)
    const meters = ['cjt188:00201510270588:0', 'mbus:7:0']
    attachMeters(line, expectOk(planMeters({ meters, clock, counters })))
    const bus = createBus(master)
    const shown: number[] = []
    for (let hour = 0; hour < 4; hour += 1) {
      const driver = drivers.find(({ protocol }) => protocol === 'cjt188')!
      const readings = expectOk(
        await clock.advanceUntil(readMeter(bus, '00201510270588', ['901F'], { driver })),
      )
      shown.push(hearAnswer(driver, readings).heard.find(({ signal }) => signal === 'water')!.value)
      await clock.advance(3_600_000)
    }
    expect(shown).toEqual([68.321, 68.34, 68.34, 68.3])
  })

  it('takes other columns, and says which it has not', () => {
    const plain = 'when,litres\n2024-01-01 00:00,5\n2024-01-01T01:00:00Z,7\n'
    const [only] = expectOk(readReplay(plain, 1, { key: null, time: 'when', value: 'litres' })).replays
    expect(only!.counter.at(Date.UTC(2024, 0, 1, 0, 59))).toBe(5)
    expect(only!.counter.at(Date.UTC(2024, 0, 1, 1))).toBe(7)
    expect(readReplay(plain, 1)).toMatchObject({ problem: { type: 'replay-without-column' } })
    expect(readReplay('a;b', 1, { key: null, time: 'a', value: 'b' })).toMatchObject({
      problem: { type: 'replay-empty' },
    })
  })
})
