import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { generationIdOf } from '../../src/membership/act.ts'
import { expectOk } from '../../src/result.ts'
import type { Station } from '../../src/station/station.ts'
import { gridOf, TestCommunity } from '../../src/testing/test-community.ts'
import { actsOf, Forger, write } from '../forge.ts'

/** `DOORSTEP_SIM=long` takes the sizes at which growth would show. */
const long = process.env.DOORSTEP_SIM === 'long'
const say = (line: string) => process.stderr.write(`${line}\n`)
const rss = () => `${Math.round(process.memoryUsage().rss / 1e6)} MB`

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const save = (station: Station, grid: string) =>
  station.write('record.edit', (book) => book.create('building', grid, { set: { name: '存' } }))

test('F7 tiny entries without end from one member: time and memory grow with their number and no faster', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const grid = gridOf(worker)
  const total = long ? 100_000 : 4000
  const forger = Forger.of(worker, grid)
  const step = total / 4
  const taken: number[] = []
  for (let from = 0; from < total; from += step) {
    let ms = 0
    let worst = 0
    for (let at = from; at < from + step; at += 1024) {
      const segments: Uint8Array[] = []
      for (let n = at; n < Math.min(at + 1024, from + step); n += 64) {
        const entries = Array.from({ length: Math.min(64, from + step - n) }, (_, k) =>
          forger.data(worker, { parts: [write(`bu-${1000 + ((n + k) % 5000)}`, { name: '小' })] }),
        )
        segments.push(forger.segment(...entries))
      }
      const one = await timed(async () => expectOk(await founder.admit(segments, 'flood')))
      ms += one
      worst = Math.max(worst, one)
    }
    taken.push(ms)
    const saved = await timed(async () => expectOk(await save(founder, grid)))
    say(
      `${from + step} tiny entries: ${((1000 * ms) / step).toFixed(0)} µs each, a batch of 1024 ${worst.toFixed(0)} ms at worst, a save ${saved.toFixed(0)} ms, ${rss()}`,
    )
  }
  expect(taken.at(-1)!).toBeLessThan(5 * taken[0]! + 5000)
})

test('A17 acts without end from one member: what each costs grows no faster than their number', async () => {
  for (const count of long ? [500, 1000, 2000, 5000] : [300, 900]) {
    const { community, founder } = await TestCommunity.create()
    await using _ = community
    const worker = await community.join(founder, '测试员乙')
    const grid = gridOf(worker)
    const forger = Forger.of(worker, founder.identity.community)
    const acts = Array.from({ length: count }, (_, n) =>
      forger.act(
        {
          type: 'generation',
          space: grid,
          generation: generationIdOf(grid, new Uint8Array(randomBytes(32))),
          boxes: [[founder.identity.station, new Uint8Array(92)]],
        },
        n === 0 ? { deps: actsOf(worker) } : {},
      ),
    )
    const segments: Uint8Array[] = []
    for (let at = 0; at < count; at += 64) segments.push(forger.segment(...acts.slice(at, at + 64)))
    const taken = await timed(async () => {
      for (let at = 0; at < segments.length; at += 16)
        expectOk(await founder.admit(segments.slice(at, at + 16), 'flood'))
    })
    const first = await timed(async () => expectOk(await save(founder, grid)))
    const again = await timed(async () => expectOk(await save(founder, grid)))
    const opened = await timed(async () => void community.reopen(founder).membership().members.size)
    say(
      `${count} generations by one worker: ${(taken / count).toFixed(2)} ms each, the next save ${first.toFixed(0)} ms, one after it ${again.toFixed(0)} ms, opening ${opened.toFixed(0)} ms, ${rss()}`,
    )
    expect(again).toBeLessThan(3000)
  }
})

test('F7 logs without end from one member: measured, for it is what costs most', async () => {
  for (const count of long ? [300, 1000, 3000] : [100]) {
    const { community, founder } = await TestCommunity.create()
    await using _ = community
    const worker = await community.join(founder, '测试员乙')
    const grid = gridOf(worker)
    const segments = Array.from({ length: count }, () => {
      const forger = Forger.of(worker, grid)
      return forger.segment(forger.data(worker, { parts: [write('bu-1000', { name: '多' })] }))
    })
    const taken = await timed(async () => {
      for (let at = 0; at < count; at += 16)
        expectOk(await founder.admit(segments.slice(at, at + 16), 'flood'))
    })
    expectOk(await save(founder, grid))
    const again = await timed(async () => expectOk(await save(founder, grid)))
    say(
      `${count} logs by one worker: ${(taken / count).toFixed(1)} ms each, a save ${again.toFixed(0)} ms, ${rss()}`,
    )
    expect(again).toBeLessThan(10_000)
  }
})
