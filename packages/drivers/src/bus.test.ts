import { describe, expect, it } from 'vitest'
import { type BusOptions, createBus } from './bus.ts'
import type { ReadRequest } from './contract.ts'
import { driver } from './protocols/dlt645.ts'
import { readAddress, readMeter } from './read-meter.ts'
import { attachMeters } from './simulate/line.ts'
import { createConstantLoad } from './simulate/load.ts'
import { createManualClock } from './simulate/manual-clock.ts'
import { type Behaviour, createSimulatedMeter } from './simulate/meter.ts'
import * as wrong from './simulate/misbehave.ts'
import { createPortPair } from './simulate/port-pair.ts'

const address = '000000000161'
const energy: ReadRequest = { type: 'item', address, item: '00010000' }
const start = Date.UTC(2025, 5, 1, 4)

function setUp(behaviours: readonly Behaviour[] = [], options: BusOptions = {}) {
  const clock = createManualClock(start)
  const [master, line] = createPortPair(clock)
  const load = createConstantLoad(1)
  const meter = createSimulatedMeter({
    address,
    clock,
    load,
    startKilowattHours: 100,
    behaviours,
    maxDataBytes: 8,
  })
  attachMeters(line, [meter])
  return { clock, master, line, meter, bus: createBus(master, options) }
}

describe('the bus', () => {
  it('reads values, blocks in several frames, and what the meter has not, in the order asked', async () => {
    const { clock, bus } = setUp()
    const read = await clock.advanceUntil(
      readMeter(bus, address, ['00010000', '0001FF00', '03300D99', '00900200']),
    )
    if (!read.ok) throw new Error(read.problem.cause.type)
    expect(read.value.map(({ id, value, missing }) => [id, value, missing])).toEqual([
      ['00010000', 100, null],
      ['00010000', 100, null],
      ['00010100', 10, null],
      ['00010200', 30, null],
      ['00010300', 40, null],
      ['00010400', 20, null],
      ['03300D99', null, 'refused'],
      ['00900200', null, 'refused'],
    ])
    expect(read.value[0]).toMatchObject({
      address,
      protocol: 'dlt645',
      unit: 'kWh',
      raw: '00000100',
      at: '2025-06-01T04:00:00.000Z',
    })
    expect(read.value.at(-1)).toMatchObject({
      name: { zh: '剩余金额' },
      error: { reasons: ['no-requested-data'] },
    })
  })

  it('asks the next question only after the last is done', async () => {
    const { clock, bus, line } = setUp([wrong.delay(300)])
    const heard: number[] = []
    line.onBytes(() => heard.push(clock.nowMs() - start))
    const both = Promise.all([bus.ask(driver, energy), bus.ask(driver, { ...energy, item: '02010100' })])
    const answers = await clock.advanceUntil(both)
    expect(answers.map((answer) => answer.ok)).toEqual([true, true])
    // The answer, and a character of quiet at 2400 baud.
    expect(heard.map((at) => Math.round(at))).toEqual([0, 305])
  })

  it('asks again after silence, waiting longer each time, and then gives up', async () => {
    const { clock, bus, line } = setUp([wrong.silence()])
    const heard: number[] = []
    line.onBytes(() => heard.push(clock.nowMs() - start))
    expect(await clock.advanceUntil(bus.ask(driver, energy))).toEqual({
      ok: false,
      problem: { type: 'no-reply', address, tries: 3, noiseBytes: 0 },
    })
    expect(heard).toEqual([0, 1200, 2600])
  })

  it('hears the answer to the second try', async () => {
    const { clock, bus } = setUp([wrong.onlyFirst(1, wrong.wrongChecksum())])
    expect((await clock.advanceUntil(bus.ask(driver, energy))).ok).toBe(true)
    expect(bus.counters).toMatchObject({ asked: 1, answered: 1, retries: 1, noiseBytes: 24 })
  })

  it('ends a frame with a corrupt length at silence instead of waiting for the bytes it promises', async () => {
    const { clock, bus } = setUp([wrong.onlyFirst(1, wrong.corruptLength())])
    expect((await clock.advanceUntil(bus.ask(driver, energy))).ok).toBe(true)
    expect(clock.nowMs() - start).toBe(1200)
  })

  it('drops one echo and takes no late reply for the answer', async () => {
    const { clock, bus } = setUp([wrong.gluedToLateReply(), wrong.echo()])
    const answer = await clock.advanceUntil(bus.ask(driver, energy))
    if (!answer.ok) throw new Error(answer.problem.type)
    expect(driver.decode(answer.value).items[0]?.value).toBe(100)
    expect(bus.counters).toMatchObject({ echoes: 1, unexpectedFrames: 1, retries: 0, noiseBytes: 0 })
  })

  it('ignores the reply to a question it gave up on', async () => {
    const { clock, bus } = setUp([wrong.onlyFirst(1, wrong.delay(1100))], { tries: 1 })
    const given = await clock.advanceUntil(bus.ask(driver, { ...energy, item: '02010100' }))
    expect(given).toMatchObject({ ok: false, problem: { type: 'no-reply' } })
    const answer = await clock.advanceUntil(bus.ask(driver, energy))
    if (!answer.ok) throw new Error(answer.problem.type)
    expect(driver.decode(answer.value).items[0]).toMatchObject({ id: '00010000', value: 100 })
  })

  it('is not kept waiting for ever by a line that only babbles', async () => {
    const { clock, bus, line } = setUp([wrong.silence()], { tries: 1 })
    const babble = () => {
      void line.write(Uint8Array.of(0x68))
      clock.after(100, babble)
    }
    babble()
    expect(await clock.advanceUntil(bus.ask(driver, energy))).toMatchObject({
      ok: false,
      problem: { type: 'no-reply' },
    })
    expect(clock.nowMs() - start).toBeLessThanOrEqual(3600)
  })

  it('reports noise as it comes, and counts what comes while nobody asks', async () => {
    const noise: string[] = []
    const { clock, bus, line } = setUp([wrong.noiseBefore()], { onNoise: (run) => noise.push(run.reason) })
    await line.write(Uint8Array.of(1, 2, 3))
    await clock.advance(10)
    await clock.advanceUntil(bus.ask(driver, energy))
    expect(bus.counters).toMatchObject({ idleBytes: 3, noiseBytes: 6 })
    expect(noise).toEqual(['stray', 'stray'])
  })

  it('stops when told to: before its turn, while waiting, and when the port closes', async () => {
    const { clock, bus, master, line } = setUp([wrong.silence()])
    const first = new AbortController()
    const heard: number[] = []
    line.onBytes(() => heard.push(clock.nowMs()))
    const asked = bus.ask(driver, energy, { signal: first.signal })
    const queued = bus.ask(driver, energy, { signal: AbortSignal.abort() })
    expect(await queued).toEqual({ ok: false, problem: { type: 'aborted' } })
    first.abort()
    expect(await asked).toEqual({ ok: false, problem: { type: 'aborted' } })
    const last = bus.ask(driver, energy)
    await clock.advance(10)
    await master.close()
    expect(await last).toEqual({ ok: false, problem: { type: 'port-closed' } })
    expect(await bus.ask(driver, energy)).toEqual({ ok: false, problem: { type: 'port-closed' } })
    expect(heard.length).toBeLessThanOrEqual(2)
  })

  it('keeps what was read when the line fails half-way', async () => {
    const { clock, bus, line } = setUp()
    let questions = 0
    line.onBytes(() => {
      questions += 1
      if (questions === 2) void line.close()
    })
    expect(await clock.advanceUntil(readMeter(bus, address, ['00010000', '02010100']))).toMatchObject({
      ok: false,
      problem: {
        type: 'read-interrupted',
        item: '02010100',
        cause: { type: 'port-closed' },
        read: [{ id: '00010000', value: 100 }],
      },
    })
  })

  it('asks nothing that cannot be asked', async () => {
    const { bus, meter } = setUp()
    expect(await bus.ask(driver, { ...energy, address: '999999999999' })).toMatchObject({
      ok: false,
      problem: { type: 'invalid-request', reason: 'broadcast-address' },
    })
    expect(meter.counters.answered).toBe(0)
  })

  it('finds out who is on the line', async () => {
    const { clock, bus } = setUp()
    expect(await clock.advanceUntil(readAddress(bus))).toEqual({ ok: true, value: address })
  })
})
