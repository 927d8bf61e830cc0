import { expectOk, listCheckpoints, makeCheckpoint, type Station } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { createWirePair } from '../memory-wire.ts'
import type { Wire } from '../wire.ts'
import { systemClock } from './clock.ts'
import { Session } from './session.ts'

test('A18 a newcomer of a large space starts from the checkpoint and gets the rest as entries', async () => {
  await using setup = await open()
  const { founder, grid, community } = setup
  await many(founder, grid, 2100)
  expectOk(await makeCheckpoint(founder, grid))
  await many(founder, grid, 5)
  const newcomer = await community.join(founder, '测试员丙')
  const { a, b } = meet(founder, newcomer)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  expect(newcomer.digest(grid)).toEqual(founder.digest(grid))
  expect(newcomer.trunk.store.countEntries(grid, 'accepted')).toBe(6)
  expect([...newcomer.records({ type: 'building' })]).toHaveLength(2105)
  expect(listCheckpoints(newcomer, grid)).toMatchObject([
    { state: 'unverified', isHere: true, isOnTrust: true },
  ])
})

async function many(station: Station, space: string, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      station
        .write('record.edit', (book) => book.create('building', space, { set: { name: `楼${n}` } }))
        .then(expectOk),
    ),
  )
}

function start(station: Station, wire: Wire): Session {
  const session = new Session({ station, wire, clock: systemClock, name: 'test' })
  session.start()
  return session
}

function meet(one: Station, two: Station) {
  const pair = createWirePair({ keyA: one.identity.key, keyB: two.identity.key })
  return { pair, a: start(one, pair.a), b: start(two, pair.b) }
}

async function until(condition: () => boolean, what: string, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms for: ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return { community, founder, worker, grid: gridOf(founder), [Symbol.asyncDispose]: () => community.close() }
}
