/** How long the bus waits, for whom, and what a dead meter or a dead line may cost the others. */
import { fail, ok, type Problem, type Result } from '@doorstep/core'
import { describe, expect, it } from 'vitest'
import { type BusOptions, createBus } from './bus.ts'
import type { Port, ReadRequest } from './contract.ts'
import { createLastingBus, DEAF_ATTEMPTS } from './lasting-bus.ts'
import { REST_FIRST_MS, REST_LONGEST_MS } from './meter-memory.ts'
import { driver } from './protocols/dlt645.ts'
import { attachMeters } from './simulate/line.ts'
import { createManualClock } from './simulate/manual-clock.ts'
import { type Behaviour, createSimulatedMeter } from './simulate/meter.ts'
import * as wrong from './simulate/misbehave.ts'
import { createPortPair } from './simulate/port-pair.ts'

const alive = '000000000161'
const dead = '000000000162'
const about = (address: string): ReadRequest => ({ type: 'item', address, item: '00010000' })
const MINUTE_MS = 60_000

function setUp(behaviours: readonly Behaviour[] = [], options: BusOptions = {}) {
  const clock = createManualClock(0)
  const [master, line] = createPortPair(clock)
  attachMeters(line, [createSimulatedMeter({ address: alive, clock, behaviours })])
  const heard: { address: string; atMs: number }[] = []
  const parser = driver.createParser()
  line.onBytes((bytes) => {
    for (const { address } of parser.push(bytes).frames) heard.push({ address, atMs: clock.nowMs() })
  })
  return { clock, line, heard, bus: createBus(master, options) }
}

describe('a meter that does not answer', () => {
  it('rests, longer each time, and is asked once in a while', async () => {
    const { clock, heard, bus } = setUp()
    let silentMs = 0
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const startMs = clock.nowMs()
      const asked = await clock.advanceUntil(bus.ask(driver, about(dead)))
      silentMs += clock.nowMs() - startMs
      expect(asked.ok).toBe(false)
      await clock.advance(MINUTE_MS)
    }
    const tries = heard.filter(({ address }) => address === dead)
    // Three times, once, then once after each of 1, 2, 4 … 32 minutes, then once an hour.
    expect(tries.length).toBe(4 + 6 + 22)
    expect(silentMs).toBeLessThan(34_000)
    const gaps = tries.slice(1).map(({ atMs }, at) => atMs - tries[at]!.atMs)
    expect(gaps[3]).toBeGreaterThanOrEqual(REST_FIRST_MS)
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(REST_LONGEST_MS)
    expect(gaps.at(-1)).toBeLessThan(REST_LONGEST_MS + 2 * MINUTE_MS)
  })

  it('is asked at once for a person, and forgiven as soon as it answers', async () => {
    const { clock, bus } = setUp([wrong.onlyFirst(4, wrong.silence())])
    for (let time = 0; time < 2; time += 1) await clock.advanceUntil(bus.ask(driver, about(alive)))
    const resting = await clock.advanceUntil(bus.ask(driver, about(alive)))
    expect(resting).toMatchObject({ ok: false, problem: { type: 'meter-resting', address: alive } })
    expect((await clock.advanceUntil(bus.ask(driver, about(alive), { urgent: true }))).ok).toBe(true)
    expect((await clock.advanceUntil(bus.ask(driver, about(alive)))).ok).toBe(true)
    expect(bus.meters.of('dlt645', alive)).toMatchObject({ answered: 2, unanswered: 2, restUntilMs: null })
  })
})

describe('the time a meter is given', () => {
  it('follows what it takes, and doubles with each try up to the limit', async () => {
    let delayMs = 60
    const slow: Behaviour = { name: 'slow', send: ([first]) => [{ ...first!, afterMs: delayMs }] }
    const { clock, heard, bus } = setUp([slow])
    for (let time = 0; time < 20; time += 1) await clock.advanceUntil(bus.ask(driver, about(alive)))
    expect(bus.meters.of('dlt645', alive)?.meanReplyMs).toBeCloseTo(60)
    delayMs = 3000
    heard.splice(0)
    await clock.advanceUntil(bus.ask(driver, about(alive)))
    const gaps = heard.slice(1).map(({ atMs }, at) => Math.round(atMs - heard[at]!.atMs))
    expect(gaps).toEqual([250 + 200, 500 + 400])
    // An answer later than any limit reaches the bus while nobody asks, or beside the next question.
    await clock.advance(10_000)
    expect(bus.counters.idleBytes + bus.counters.unexpectedFrames).toBeGreaterThan(0)
  })
})

describe('a meter whose answers come now and then late', () => {
  it('is given more time after each that was not waited for', async () => {
    let nth = 0
    const late: Behaviour = {
      name: 'late',
      send: ([first]) => [{ ...first!, afterMs: ++nth % 3 === 0 ? 420 : 60 }],
    }
    const { clock, bus } = setUp([late])
    const retriesIn = async (questions: number) => {
      const before = bus.counters.retries
      for (let time = 0; time < questions; time += 1)
        expect((await clock.advanceUntil(bus.ask(driver, about(alive)))).ok).toBe(true)
      return bus.counters.retries - before
    }
    expect(await retriesIn(30)).toBeLessThanOrEqual(6)
    expect(await retriesIn(60)).toBeLessThanOrEqual(6)
  })
})

describe('the line', () => {
  it('is given to what a person waits for before all the rest', async () => {
    const { clock, heard, bus } = setUp([wrong.delay(100)])
    const order: string[] = []
    const ask = async (name: string, urgent = false) => {
      await bus.ask(driver, about(alive), { urgent })
      order.push(name)
    }
    const all = Promise.all([ask('1'), ask('2'), ask('3'), ask('person a', true), ask('person b', true)])
    expect(bus.waiting).toBe(4)
    await clock.advanceUntil(all)
    expect(order).toEqual(['1', 'person a', 'person b', '2', '3'])
    expect(heard).toHaveLength(5)
  })

  it('must fall silent before a question when what was last heard was no frame', async () => {
    const { clock, line, heard, bus } = setUp()
    await line.write(new Uint8Array(40).fill(0x55))
    await clock.advance(10)
    expect((await clock.advanceUntil(bus.ask(driver, about(alive)))).ok).toBe(true)
    // Twenty characters at 2400 baud after the last byte.
    expect(heard[0]!.atMs).toBeCloseTo(91.7, 0)
    expect(bus.counters).toMatchObject({ resyncs: 1, retries: 0 })
    // A byte or two of a transceiver that lets the line go costs no more than any pause.
    await line.write(Uint8Array.of(0))
    await clock.advance(1)
    await clock.advanceUntil(bus.ask(driver, about(alive)))
    expect(heard[1]!.atMs - heard[0]!.atMs).toBeLessThan(20)
  })

  it('hears out everybody who answers when it is asked to', async () => {
    const { clock, line, bus } = setUp([wrong.delay(50)])
    attachMeters(line, [createSimulatedMeter({ address: dead, clock, behaviours: [wrong.delay(300)] })])
    const all = await clock.advanceUntil(bus.askEverybody(driver, about(driver.anyAddress)))
    if (!all.ok) throw new Error(all.problem.type)
    expect(all.value.answers.map(({ address }) => address)).toEqual([alive, dead])
    expect(all.value).toMatchObject({ noiseBytes: 0, replyMs: 50 })
  })
})

describe('a line that lasts', () => {
  function lasting(openings: readonly ('works' | 'deaf' | Problem)[]) {
    const clock = createManualClock(0)
    const opened: number[] = []
    const lines: Port[] = []
    const bus = createLastingBus({
      clock,
      async open(): Promise<Result<Port, Problem>> {
        const how = openings[Math.min(opened.length, openings.length - 1)]!
        opened.push(clock.nowMs())
        if (typeof how !== 'string') return fail(how)
        const [master, line] = createPortPair(clock)
        if (how === 'works') attachMeters(line, [createSimulatedMeter({ address: alive, clock })])
        lines.push(line)
        return ok(master)
      },
    })
    const ask = (address = alive, urgent = false) =>
      clock.advanceUntil(bus.ask(driver, about(address), { urgent }))
    return { clock, bus, opened, lines, ask }
  }

  it('is opened when it is needed, and again after it closed', async () => {
    const { bus, lines, opened, ask } = lasting(['works'])
    expect(opened).toEqual([])
    expect((await ask()).ok).toBe(true)
    expect((await ask()).ok).toBe(true)
    await lines[0]!.close()
    expect(bus.state.isOpen).toBe(false)
    expect((await ask()).ok).toBe(true)
    expect(bus.state).toEqual({ isOpen: true, opened: 2, foundDeaf: 0, problem: null })
    expect(bus.counters).toMatchObject({ asked: 3, answered: 3 })
    await bus.close()
    expect(await ask()).toEqual({ ok: false, problem: { type: 'aborted' } })
  })

  it('is not tried again at once when it cannot be opened', async () => {
    const refused = { type: 'connect-failed', code: 'ECONNREFUSED' }
    const { clock, bus, opened, ask } = lasting([refused, refused, refused, 'works'])
    expect(await ask()).toEqual({ ok: false, problem: { type: 'line-down', cause: refused, untilMs: 1000 } })
    for (let time = 0; time < 100; time += 1) {
      await ask()
      await clock.advance(100)
    }
    expect(opened).toEqual([0, 1000, 3000, 7000])
    expect(bus.state).toMatchObject({ isOpen: true, problem: null })
    expect(bus.meters.of('dlt645', alive)).toMatchObject({ unanswered: 0 })
  })

  it('is opened again when nothing at all is heard on it, and its meters are not blamed', async () => {
    const { bus, ask } = lasting(['deaf', 'works'])
    // Three tries, then one, then three for a person.
    for (const urgent of [false, false, true]) expect((await ask(alive, urgent)).ok).toBe(false)
    expect(DEAF_ATTEMPTS).toBeLessThanOrEqual(7)
    expect(bus.state).toMatchObject({ isOpen: false, foundDeaf: 1 })
    expect((await ask()).ok).toBe(true)
    expect(bus.state).toMatchObject({ isOpen: true, opened: 2 })
  })

  it('is not opened over and over for the sake of a meter that is dead', async () => {
    const { clock, opened, ask } = lasting(['works'])
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      await ask(dead)
      if (minute % 30 === 0) expect((await ask(alive)).ok).toBe(true)
      await clock.advance(MINUTE_MS)
    }
    expect(opened.length).toBeLessThan(60)
  })
})
