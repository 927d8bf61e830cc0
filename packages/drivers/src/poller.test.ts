import { describe, expect, it } from 'vitest'
import { createBus } from './bus.ts'
import type { Heard } from './heard.ts'
import { createPoller, type PolledMeter } from './poller.ts'
import { driver as dlt645 } from './protocols/dlt645.ts'
import { counterOf } from './simulate/counter.ts'
import { createDlt6451997Meter } from './simulate/dlt645-1997-meter.ts'
import { attachMeters } from './simulate/line.ts'
import { createConstantLoad } from './simulate/load.ts'
import { createManualClock } from './simulate/manual-clock.ts'
import { createMbusMeter } from './simulate/mbus-meter.ts'
import { type Behaviour, createSimulatedMeter } from './simulate/meter.ts'
import * as wrong from './simulate/misbehave.ts'
import { createPortPair } from './simulate/port-pair.ts'

const MINUTE_MS = 60_000
const addressOf = (number: number): string => String(number).padStart(12, '0')
const electricity = (number: number, everyMs: number): PolledMeter => ({
  protocol: 'dlt645',
  address: addressOf(number),
  items: ['00010000'],
  everyMs,
})

function setUp(
  meters: readonly PolledMeter[],
  behaviours: (number: number) => readonly Behaviour[] = () => [],
  keep: () => Promise<void> = async () => {},
) {
  const clock = createManualClock(0)
  const [master, line] = createPortPair(clock)
  attachMeters(
    line,
    meters.map(({ address }) =>
      createSimulatedMeter({
        address,
        clock,
        load: createConstantLoad(0),
        startKilowattHours: Number(address),
        behaviours: behaviours(Number(address)),
      }),
    ),
  )
  const heard: (Heard & { readonly number: number })[] = []
  const stop = new AbortController()
  const poller = createPoller({
    bus: createBus(master),
    meters,
    async onHeard(all) {
      for (const one of all) heard.push({ ...one, number: Number(one.address) })
      await keep()
    },
  })
  const end = async (running: Promise<void>) => {
    stop.abort()
    await clock.advanceUntil(running)
  }
  return { clock, line, heard, stop, poller, end }
}

describe('the poller', () => {
  it('reads each meter as often as it should, in the order they fall due', async () => {
    const { clock, heard, poller, stop, end } = setUp([
      electricity(1, 10 * MINUTE_MS),
      electricity(2, 15 * MINUTE_MS),
      electricity(3, 10 * MINUTE_MS),
    ])
    const running = poller.run(stop.signal)
    await clock.advance(31 * MINUTE_MS)
    const minutes = heard.map(({ number, atMs }) => [Math.floor(atMs / MINUTE_MS), number])
    expect(minutes).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [10, 1],
      [10, 3],
      [15, 2],
      [20, 1],
      [20, 3],
      // Of those due at once, the one longest not read.
      [30, 2],
      [30, 1],
      [30, 3],
    ])
    expect(heard[0]).toMatchObject({ protocol: 'dlt645', signal: 'electricity', value: 1 })
    await end(running)
  })

  it('gives every meter its turn on a line with too much to do, and says how far behind it is', async () => {
    const meters = Array.from({ length: 10 }, (_, at) => electricity(at + 1, at < 2 ? 1000 : 5000))
    const { clock, heard, poller, stop, end } = setUp(meters, () => [wrong.delay(900)])
    const running = poller.run(stop.signal)
    await clock.advance(100_000)
    const counts = meters.map((_, at) => heard.filter(({ number }) => number === at + 1).length)
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(9)
    expect(poller.status().due).toBeGreaterThan(5)
    expect(poller.status().behindMs).toBeGreaterThan(1000)
    await end(running)
  })

  it('lets a person in before the next question, and does not read the meter again for its turn', async () => {
    const meters = Array.from({ length: 20 }, (_, at) => electricity(at + 1, 60 * MINUTE_MS))
    const { clock, heard, poller, stop, end } = setUp(meters, () => [wrong.delay(200)])
    const running = poller.run(stop.signal)
    await clock.advance(500)
    const read = await clock.advanceUntil(poller.readNow('dlt645', addressOf(20)))
    expect(read).toMatchObject({ ok: true, value: [{ value: 20 }] })
    expect(heard.map(({ number }) => number)).toEqual([1, 2, 3, 20])
    await clock.advance(MINUTE_MS)
    expect(heard).toHaveLength(20)
    expect(await poller.readNow('dlt645', addressOf(99))).toMatchObject({
      problem: { type: 'meter-not-polled' },
    })
    await end(running)
  })

  it('tells of each meter what its health is judged by', async () => {
    const meters = [1, 2, 3].map((number) => electricity(number, 5 * MINUTE_MS))
    const { clock, poller, stop, end } = setUp(meters, (number) =>
      number === 1 ? [wrong.delay(80)] : number === 2 ? [wrong.silence()] : [wrong.refusal()],
    )
    const running = poller.run(stop.signal)
    await clock.advance(60 * MINUTE_MS)
    const [well, dead, refusing] = poller.status().meters
    expect(well).toMatchObject({ answered: 12, timeouts: 0, refused: 0, isResting: false, problem: null })
    expect(well!.meanReplyMs).toBeCloseTo(80)
    expect(60 * MINUTE_MS - well!.lastHeardMs!).toBeLessThanOrEqual(5 * MINUTE_MS)
    // Tried again after one minute, then ever more rarely.
    expect(dead).toMatchObject({ answered: 0, isResting: true, problem: { type: 'no-reply' } })
    expect(dead!.timeouts).toBeGreaterThanOrEqual(5)
    expect(dead!.timeouts).toBeLessThanOrEqual(8)
    expect(refusing).toMatchObject({ answered: 12, refused: 12, problem: null })
    await end(running)
  })

  it('keeps its meters due while the line is gone, and follows changes of the list', async () => {
    const { clock, heard, line, poller, stop, end } = setUp([electricity(1, MINUTE_MS)])
    const running = poller.run(stop.signal)
    await clock.advance(10)
    poller.setMeters([electricity(1, MINUTE_MS), electricity(1234, MINUTE_MS)])
    await line.close()
    await clock.advance(5 * MINUTE_MS)
    expect(heard).toHaveLength(1)
    expect(poller.status()).toMatchObject({ due: 2, problem: { type: 'port-closed' } })
    expect(poller.status().meters[1]).toMatchObject({ timeouts: 0, problem: { type: 'port-closed' } })
    poller.setMeters([])
    await clock.advance(MINUTE_MS)
    expect(poller.status()).toMatchObject({ meters: [], due: 0 })
    await end(running)
  })

  it('stops when what it heard cannot be kept', async () => {
    const { clock, poller, stop } = setUp(
      [electricity(1, 1000)],
      () => [],
      () => Promise.reject(new Error('disk full')),
    )
    const running = poller.run(stop.signal)
    running.catch(() => {})
    await clock.advance(5000)
    await expect(running).rejects.toThrow('disk full')
  })
})

it('tries another edition in turn until the meter told a value, and keeps to the one that it speaks', async () => {
  const clock = createManualClock(0)
  const [master, line] = createPortPair(clock)
  const counter = counterOf(createConstantLoad(0), 7, 0)
  const old = createDlt6451997Meter({ address: addressOf(9), counter, clock })
  attachMeters(line, [old])
  const asked: string[] = []
  const listen = dlt645.createParser()
  line.onBytes((bytes) => {
    for (const frame of listen.push(bytes).frames)
      asked.push(...dlt645.decode(frame).items.map(({ id }) => id))
  })
  const heard: Heard[] = []
  const stop = new AbortController()
  const poller = createPoller({
    bus: createBus(master, { tries: 1 }),
    meters: [{ ...electricity(9, 10 * MINUTE_MS), otherwise: ['9010'] }],
    async onHeard(all) {
      heard.push(...all)
    },
  })
  const running = poller.run(stop.signal)
  await clock.advance(25 * MINUTE_MS)
  expect(asked).toEqual(['00010000', '9010', '9010', '9010'])
  expect(heard.map(({ signal }) => signal)).toEqual(['electricity', 'electricity', 'electricity'])
  stop.abort()
  await clock.advanceUntil(running)
})

it('says what it heard of the meter that it asked, also where that answers by another address', async () => {
  const clock = createManualClock(0)
  const [master, line] = createPortPair(clock)
  const counter = counterOf(createConstantLoad(0), 7, 0)
  attachMeters(line, [createMbusMeter({ kind: 'water', primary: 0, id: '12000071', counter, clock })])
  const heard: Heard[] = []
  const stop = new AbortController()
  const poller = createPoller({
    bus: createBus(master),
    meters: [{ protocol: 'mbus', address: '12000071', items: ['data'], everyMs: MINUTE_MS }],
    async onHeard(all) {
      heard.push(...all)
    },
  })
  const running = poller.run(stop.signal)
  await clock.advance(MINUTE_MS / 2)
  stop.abort()
  await clock.advanceUntil(running)
  expect(heard.find(({ signal }) => signal === 'water')).toMatchObject({ address: '12000071', value: 7 })
})
