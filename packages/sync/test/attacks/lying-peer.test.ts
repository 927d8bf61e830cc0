import { expectOk, handOver, removeMember, type Station } from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { meetUntilEqual, until } from '../../src/session/meet.fixture.ts'
import { meetLiar } from './meet.ts'

const add = (station: Station, name: string, space = gridOf(station)) =>
  station.write('record.edit', (book) => book.create('building', space, { set: { name } }))
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name).sort()

test('S5 a peer that claims equal digests and all heads speaks for itself alone, and is not believed to be equal', async () => {
  await using setup = await open()
  const { founder, worker, third } = setup
  const grid = gridOf(founder)
  expectOk(await add(founder, '楼'))
  const liar = meetLiar(founder, worker.identity.key)
  liar.hello()
  liar.say({ type: 'heads', asks: true, spaces: [{ space: grid, heads: founder.heads(grid) }] })
  liar.say({
    type: 'digest',
    spaces: [{ space: grid, entries: 99, digest: 'ab'.repeat(32), records: null, onTrust: false }],
  })
  await until(() => founder.peers().some(({ space }) => space === grid), 'the claim noted')
  expect(liar.session.isEqual()).toBe(false)
  // Noted of the one whose key TLS proved, and of nobody else.
  expect(new Set(founder.peers().map(({ station }) => station))).toEqual(new Set([worker.identity.station]))
  expect(founder.lastOwnEntry(grid)?.witnesses).not.toContain(third.identity.station)
  liar.session.close()
  await meetUntilEqual(founder, worker)
  expect(names(worker)).toEqual(['楼'])
})

test('S4 a peer that acknowledges what it was never sent is hung up on', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  expectOk(await add(founder, '楼'))
  const liar = meetLiar(founder, worker.identity.key)
  liar.hello()
  liar.say({ type: 'ack', count: 5, isWhole: true })
  await until(() => liar.session.state().closed !== null, 'closed')
  expect(liar.session.state().closed).toBe('false-ack')
})

test('S2 a peer that names a thousand spaces that nobody shares is answered for those that are, and nothing of them is kept', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  const liar = meetLiar(founder, worker.identity.key)
  const head = { log: 'ab'.repeat(16), seq: 9, hash: new Uint8Array(32) }
  liar.hello()
  for (let at = 0; at < 10; at++)
    liar.say({
      type: 'heads',
      asks: false,
      spaces: Array.from({ length: 1000 }, (_, n) => ({
        space: `sp-${(1000 * at + n).toString().padStart(6, '0')}`,
        heads: [head],
      })),
    })
  liar.say({ type: 'heads', asks: true, spaces: [] })
  await until(() => liar.heard.some((message) => message.type === 'heads' && !message.asks), 'answered')
  const said = liar.heard.flatMap((message) => (message.type === 'heads' ? message.spaces : []))
  expect(new Set(said.map(({ space }) => space)).size).toBeLessThan(5)
  expect(
    founder
      .peers()
      .every(({ space }) => founder.membership().spaces.has(space) || space === founder.identity.community),
  ).toBe(true)
  expect(liar.session.state().closed).toBeNull()
})

test('S3 a peer that asks and asks and never reads is hung up on before it costs memory', async () => {
  await using setup = await open()
  const { founder, worker } = setup
  // What one wire keeps for a peer that does not read, and then some.
  const liar = meetLiar(founder, worker.identity.key, { maxUnsentBytes: 100_000 })
  liar.pair.a.send = () => new Promise(() => undefined)
  liar.hello()
  let asked = 0
  for (; asked < 20_000 && liar.session.state().closed === null; asked++) {
    void liar.say({ type: 'heads', asks: true, spaces: [] })
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(liar.session.state().closed).toBe('not-reading')
})

test('S3 a peer that streams segments past the window, or frames larger than a segment, is hung up on; the rest meet', async () => {
  await using setup = await open()
  const { founder, worker, third } = setup
  for (const frames of [
    Array.from({ length: 1000 }, () => new Uint8Array(60_000)),
    [new Uint8Array(900_000)],
  ]) {
    const liar = meetLiar(founder, worker.identity.key)
    liar.hello()
    for (const bytes of frames) void liar.say({ type: 'segment', bytes })
    await until(() => liar.session.state().closed !== null, 'closed')
    expect(liar.session.state().closed).toBe('not-asked-for')
  }
  expectOk(await add(third, '别人'))
  await meetUntilEqual(founder, third)
  expect(names(founder)).toEqual(['别人'])
})

test('S8 a volunteer asks a removed laptop for the grid it lost: it gets nothing, and is no witness for work it may not hold', async () => {
  await using setup = await open()
  const { founder, worker, community } = setup
  const grid = gridOf(worker)
  const volunteer = await community.join(founder, '志愿者', 'volunteer')
  expectOk(await removeMember(founder, worker.identity.member))
  expectOk(await add(worker, '没送出', grid))
  await deliver(founder, worker, [founder.identity.community])
  await deliver(founder, volunteer, [founder.identity.community])
  expect(worker.spacesOwed()).toEqual([grid])
  let told = 0
  const liar = meetLiar(worker, volunteer.identity.key, { onRemoved: () => told++ })
  liar.hello()
  liar.say({ type: 'heads', asks: true, spaces: [{ space: grid, heads: [] }] })
  await until(() => told > 0 || liar.heard.some(({ type }) => type === 'digest'), 'an answer')
  liar.say({ type: 'ack', count: 1, isWhole: true })
  liar.say({ type: 'heads', asks: true, spaces: [{ space: grid, heads: worker.heads(grid) }] })
  liar.say({ type: 'ping', sentMs: 1, echoMs: 0, heldMs: 0 })
  await until(() => liar.pair.inFlight('ba') === 0, 'all heard')
  expect(liar.heard.filter(({ type }) => type === 'segment')).toEqual([])
  expect(worker.lastOwnEntry(grid)?.witnesses).toEqual([])
})

test('S8 a worker who got the grid gets what its last one wrote, and is a witness', async () => {
  await using setup = await open()
  const { founder, worker, third } = setup
  const grid = gridOf(worker)
  expectOk(await handOver(founder, { from: worker.identity.member, to: null, spaces: [grid] }))
  expectOk(await add(worker, '没送出', grid))
  await deliver(founder, worker, [founder.identity.community])
  await deliver(founder, third, [founder.identity.community])
  const wire = meetLiar(worker, third.identity.key)
  wire.hello()
  wire.say({ type: 'heads', asks: true, spaces: [{ space: grid, heads: [] }] })
  await until(() => wire.heard.some(({ type }) => type === 'segment'), 'the grid’s segments')
  wire.session.close()
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  return { community, founder, worker, third, [Symbol.asyncDispose]: () => community.close() }
}
