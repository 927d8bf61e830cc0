import { fail, ok } from '@doorstep/core'
import { chanceFrom } from '@doorstep/core/fuzz'
import { TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { createWirePair } from '../memory-wire.ts'
import { HandClock } from '../session/hand-clock.fixture.ts'
import { Session } from '../session/session.ts'
import { CallAgain } from './call-again.ts'
import { SyncNode } from './sync-node.ts'

const STEP_MS = 50
/** TCP asks at these times, a call beside it too, and all is given up at the last (`dialLan`). */
const ASKED_MS = [0, 1000, 3000, 4000, 6000, 7000, 9000]
const GIVEN_UP_MS = 10_000

test('calls back off with jitter, are never more than 3 s apart for a day, and once a minute after that', () => {
  for (let seed = 0; seed < 50; seed++) {
    const clock = new HandClock()
    const random = generator(seed)
    const again = new CallAgain(clock, random)
    const waits: number[] = []
    for (let call = 0; call < 40; call++) {
      waits.push(again.nextMs())
      clock.advance(waits.at(-1)!)
    }
    expect(waits[0]).toBeLessThanOrEqual(500)
    expect(waits[3]).toBeGreaterThan(1400)
    expect(Math.max(...waits)).toBeLessThanOrEqual(3000)
    expect(Math.min(...waits.slice(3))).toBeGreaterThanOrEqual(1500)
    expect(new Set(waits.slice(3)).size).toBeGreaterThan(20)
    for (let waited = 0; waited < 24 * 3600_000; ) {
      const wait = again.nextMs()
      clock.advance(wait)
      waited += wait
    }
    expect(again.nextMs()).toBeGreaterThanOrEqual(30_000)
    again.answered()
    expect(again.nextMs()).toBeLessThanOrEqual(500)
  }
})

test('a clock that is set forward, or a night asleep, makes no peer one that was away for a day', () => {
  const clock = new HandClock()
  const again = new CallAgain(clock, () => 0)
  for (let call = 0; call < 10; call++) clock.advance(again.nextMs())
  clock.advance(10 * 365 * 24 * 3600_000)
  expect(again.nextMs()).toBeLessThanOrEqual(3000)
})

test('a peer that answers and hangs up at once is not called more often than one that does not answer', async () => {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const clock = new HandClock()
  let calls = 0
  const call = async () => {
    calls++
    const pair = createWirePair({ keyA: founder.identity.key, keyB: worker.identity.key, via: 'lan' })
    pair.b.close('crowded')
    return ok(pair.a)
  }
  const node = new SyncNode({ station: founder, name: '甲', clock, random: generator(7), call })
  try {
    node.keepCalling('10.0.0.7')
    for (let ms = 0; ms < 60_000; ms += STEP_MS) {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
      clock.advance(STEP_MS)
    }
    expect(calls).toBeGreaterThan(20)
    expect(calls).toBeLessThanOrEqual(44)
  } finally {
    await node.close()
    await community.close()
  }
})

test('while another process of the home calls, this one does not, and says so; it calls once that has gone', async () => {
  const { community, founder } = await TestCommunity.create()
  const clock = new HandClock()
  let calls = 0
  const call = async () => {
    calls++
    return fail({ type: 'unreachable', address: '10.0.0.7', code: 'timed out' } as const)
  }
  const node = new SyncNode({ station: founder, name: '甲', clock, random: generator(7), call })
  const pass = async (untilMs: number) => {
    for (let ms = 0; ms < untilMs; ms += STEP_MS) {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
      clock.advance(STEP_MS)
    }
  }
  const { store } = founder.trunk
  const lease = { pid: process.ppid, until: Date.now() + 3_600_000 }
  try {
    store.transaction(() => store.putSetting('lease/calls', Buffer.from(JSON.stringify(lease))))
    node.keepCalling('10.0.0.7')
    await pass(60_000)
    expect([calls, node.callsElsewhere]).toEqual([0, true])
    store.transaction(() => store.dropSetting('lease/calls'))
    await pass(11_000)
    expect([calls > 0, node.callsElsewhere]).toEqual([true, false])
  } finally {
    await node.close()
    await community.close()
  }
})

test('a peer that dies is noticed in under 8 s, and met again within 5 s of its return, by a manual clock', async () => {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const clock = new HandClock()
  let isUp = true
  let hush = () => {}
  let calls = 0
  const node = new SyncNode({
    station: founder,
    name: '甲',
    clock,
    random: generator(7),
    call: (address) => {
      calls++
      return new Promise((resolve) => {
        let answered = false
        const answer = () => {
          if (!isUp || answered) return
          answered = true
          const pair = createWirePair({ keyA: founder.identity.key, keyB: worker.identity.key, via: 'lan' })
          new Session({ station: worker, wire: pair.b, clock, name: '乙' }).start()
          hush = () => pair.hold()
          resolve(ok(pair.a))
        }
        for (const ms of ASKED_MS) clock.after(ms, answer)
        const problem = { type: 'unreachable', address: address.host, code: 'timed out' } as const
        clock.after(GIVEN_UP_MS, () => resolve(fail(problem)))
      })
    },
  })
  const pass = async (condition: () => boolean, what: string): Promise<number> => {
    for (let ms = 0; ms <= 60_000; ms += STEP_MS) {
      for (let turn = 0; turn < 3; turn++) {
        await new Promise((resolve) => setImmediate(resolve))
        // The disk's time does not count by this clock.
        for (const station of [founder, worker]) await station.onDisk()
      }
      if (condition()) return ms
      clock.advance(STEP_MS)
    }
    throw new Error(`waited a minute of the manual clock for: ${what}`)
  }
  try {
    node.keepCalling('10.0.0.7')
    await pass(() => node.states().some(({ equal }) => equal), 'met')
    const [noticed, back]: [number[], number[]] = [[], []]
    for (const awayMs of [100, 900, 2100, 3700, 9000, 30_000]) {
      isUp = false
      hush()
      noticed.push(await pass(() => node.sessions().length === 0, 'noticed'))
      clock.advance(awayMs)
      isUp = true
      back.push(await pass(() => node.states().some(({ equal }) => equal), 'met again'))
    }
    expect(Math.max(...noticed)).toBeLessThan(8000)
    expect(Math.max(...back)).toBeLessThanOrEqual(5000)
    expect(calls).toBeLessThan(100)
  } finally {
    await node.close()
    await community.close()
  }
})

/** Between 0 and 1. */
function generator(seed: number): () => number {
  const { below } = chanceFrom(seed)
  return () => below(2 ** 32) / 2 ** 32
}
