import { join } from 'node:path'
import {
  carryStatus,
  eraseRecords,
  expectOk,
  handOver,
  ok,
  parseSegment,
  removeStation,
  type Station,
  setCarry,
} from '@doorstep/core'
import { TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { readBundle } from '../bundle/read-bundle.ts'
import { writeBundle } from '../bundle/write-bundle.ts'
import { fillDisk, meet, meetUntilEqual, until } from './meet.fixture.ts'
import { type Message, parseMessage } from './message.ts'

const ROOM = 1024 * 1024

test('S12 a laptop that opted in carries what it may not read from one to another, counts none of it as its own, and drops what everybody has', async () => {
  await using setup = await open(['一号网格', '二号网格'])
  const { founder, first, second, grid, carrier } = setup
  await building(first, grid, '楼')
  // Not before it opted in.
  await meetUntilEqual(first, carrier)
  expect(carryStatus(carrier)).toMatchObject({ isOn: false, usedBytes: 0, spaces: [] })
  expectOk(setCarry(carrier, ROOM))
  await meetUntilEqual(first, carrier)
  expect(carryStatus(carrier).spaces).toMatchObject([{ space: grid, entries: 1, undelivered: 1 }])
  // It holds none of it: no records, no entries, no digest of it, and it is nobody's witness.
  expect(carrier.holdings()).not.toContain(grid)
  expect([...carrier.records({ moved: true })].filter(({ space }) => space === grid)).toEqual([])
  expect([carrier.heads(grid), carrier.digest(grid).entries]).toEqual([[], 0])
  expect(first.lastOwnEntry(grid)!.witnesses).toEqual([])
  const one = meet(carrier, second)
  await until(() => names(second).length === 1 && one.a.isEqual() && one.b.isEqual(), 'handed on')
  expect(one.a.state().spaces.map(({ space }) => space)).not.toContain(grid)
  one.a.close()
  expect(names(second)).toEqual(['楼'])
  // The founder holds everything and has not got it; so it stays.
  expect(carryStatus(carrier).spaces).toMatchObject([{ entries: 1, undelivered: 0 }])
  await meetUntilEqual(carrier, founder)
  expect([names(founder), carryStatus(carrier).spaces, carryStatus(carrier).usedBytes]).toEqual([
    ['楼'],
    [],
    0,
  ])
  // What was dropped is not taken again, and what is new is.
  await meetUntilEqual(first, carrier)
  expect(carryStatus(carrier).spaces).toEqual([])
  await building(first, grid, '新楼')
  await meetUntilEqual(first, carrier)
  expect(carryStatus(carrier).spaces).toMatchObject([{ entries: 1 }])
  await meetUntilEqual(carrier, second)
  expect(names(second)).toEqual(['新楼', '楼'])
  expectOk(setCarry(carrier, null))
  expect(carryStatus(carrier)).toMatchObject({ isOn: false, usedBytes: 0, spaces: [] })
})

test('S12 S6 a carrier whose disk is full hands on what it carries', async () => {
  await using setup = await open(['一号网格', '二号网格'])
  const { first, second, grid, carrier } = setup
  await building(first, grid, '楼')
  expectOk(setCarry(carrier, ROOM))
  await meetUntilEqual(first, carrier)
  await meetUntilEqual(second, carrier)
  await building(first, grid, '新楼')
  await meetUntilEqual(first, carrier)
  const emptyDisk = fillDisk(carrier)
  const { a, b } = meet(carrier, second)
  await until(() => names(second).length === 2 && a.isEqual() && b.isEqual(), 'handed on')
  emptyDisk()
  a.close()
  b.close()
})

test('S12 a stick through five hands of mixed grids brings a grid its entries, and each hand keeps to its own', async () => {
  await using setup = await open(['一号网格', '二号网格', '三号网格', '四号网格', '五号网格'])
  const { community, founder, first, second, grid, carrier } = setup
  const hands = [carrier]
  for (const name of ['三号网格', '四号网格', '五号网格'])
    hands.push(await community.join(founder, `测试员${name}`, 'worker', [name]))
  for (const hand of hands) expectOk(setCarry(hand, ROOM))
  await building(first, grid, '五手')
  let [from, n]: [Station, number] = [first, 0]
  for (const to of [...hands, second]) {
    const stick = join(community.folder, `stick-${n++}.bundle`)
    expectOk(await writeBundle(from, stick))
    const read = expectOk(await readBundle(to, stick))
    expect(read.refused).toEqual([])
    if (to !== second) expect([read.aside, [...to.records({ type: 'building' })]]).toEqual([1, []])
    from = to
  }
  expect(names(second)).toEqual(['五手'])
  // By hands that meet one another it goes the same way.
  await building(first, grid, '再来')
  for (const [giver, taker] of [first, ...hands, second]
    .slice(1)
    .map((to, at) => [[first, ...hands][at]!, to] as const))
    await meetUntilEqual(giver, taker)
  expect(names(second)).toEqual(['五手', '再来'])
})

test('S12 whoever works at a desk alone may not carry; a removed station is told and given nothing; a full one takes no more', async () => {
  await using setup = await open(['一号网格', '二号网格'])
  const { community, founder, first, second, grid, carrier } = setup
  const auditor = await community.join(founder, '测试员审', 'auditor')
  expect(setCarry(auditor, ROOM)).toMatchObject({ problem: { type: 'holds-all' } })
  expect(setCarry(carrier, 10)).toMatchObject({ problem: { type: 'too-little-room' } })
  expectOk(setCarry(carrier, 132_000))
  // One station fills half of the room at most.
  for (let n = 0; n < 4; n++) {
    const many = Array.from({ length: 120 }, (_, at) => `${n}-${at}${'长'.repeat(60)}`)
    await building(first, grid, ...many)
    first.outgoing(grid, [])
  }
  await meetUntilEqual(first, carrier)
  const { usedBytes, spaces } = carryStatus(carrier)
  expect(usedBytes).toBeLessThanOrEqual(64 * 1024)
  expect(spaces[0]!.entries).toBeGreaterThan(0)
  expect(spaces[0]!.entries).toBeLessThan(4)
  // With less room the newest goes, for nothing stands on it.
  expectOk(await removeStation(founder, second.identity.station))
  await meetUntilEqual(founder, carrier)
  const { a, b } = meet(carrier, second)
  await until(() => second.membership().former.has(second.identity.station), 'it learned')
  a.close()
  b.close()
  expect(names(second)).toEqual([])
})

test('S12 a carrier that is given the grid reads what it carried, meeting nobody', async () => {
  await using setup = await open(['一号网格', '二号网格'])
  const { founder, first, grid, carrier } = setup
  expectOk(setCarry(carrier, ROOM))
  await building(first, grid, '移交')
  await meetUntilEqual(first, carrier)
  const [from, to] = [first.identity.member, carrier.identity.member]
  expectOk(await handOver(founder, { spaces: [grid], from, to }))
  // Through the acts alone: nothing of the grid comes from the founder, who has none of it.
  const acts = founder.identity.community
  const segments = founder.outgoing(acts, carrier.heads(acts)).map(({ row }) => founder.segment(row))
  expectOk(await carrier.admit(segments, 'test'))
  expect([names(carrier), carryStatus(carrier).usedBytes]).toEqual([['移交'], 0])
})

test('S12 who carries a grid that it wrote in and lost hands on what it carries, and is told of it once in a message', async () => {
  await using setup = await open(['一号网格', '二号网格'])
  const { founder, first, second, grid } = setup
  await building(first, grid, '移交之前')
  await meetUntilEqual(first, founder)
  const [from, to] = [first.identity.member, second.identity.member]
  expectOk(await handOver(founder, { spaces: [grid], from, to }))
  for (const station of [first, second]) await meetUntilEqual(founder, station)
  expectOk(setCarry(first, ROOM))
  await building(second, grid, '移交之后')
  await meetUntilEqual(second, first)
  expect(carryStatus(first).spaces).toMatchObject([{ space: grid, entries: 1 }])
  const said: Message[] = []
  const { a, b } = meet(founder, first, {}, ({ a: wire }) => ({
    ...wire,
    send: (frame) => {
      said.push(expectOk(parseMessage(frame)))
      return wire.send(frame)
    },
  }))
  await until(() => a.isEqual() && b.isEqual() && names(founder).length === 2, 'handed on')
  a.close()
  b.close()
  const named = said.flatMap((message) => (message.type === 'heads' ? [message.spaces] : []))
  expect(named.some((spaces) => spaces.some(({ space }) => space === grid))).toBe(true)
  for (const spaces of named) expect(new Set(spaces.map(({ space }) => space)).size).toBe(spaces.length)
})

const carriedBytes = ({ trunk }: Station): Uint8Array[] =>
  trunk.store.aside.rows({ reason: 'carry' }).flatMap(({ n }) => trunk.store.aside.segment(n) ?? [])

/** The sealed part of the first entry in the first segment. */
const partOf = ([bytes]: readonly Uint8Array[]): Uint8Array =>
  expectOk(parseSegment(bytes!)).entries[0]!.raw.blobs[1]!

const names = (station: Station): unknown[] =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name).sort()

async function building(station: Station, grid: string, ...list: readonly string[]): Promise<void> {
  const write = station.write('record.edit', (book) => {
    for (const name of list) expectOk(book.create('building', grid, { set: { name } }))
    return ok(undefined)
  })
  expectOk(await write)
}

async function open(grids: readonly string[]) {
  const { community, founder } = await TestCommunity.create(grids)
  const first = await community.join(founder, '测试员乙', 'worker', [grids[0]!])
  const second = await community.join(founder, '测试员丙', 'worker', [grids[0]!])
  const carrier = await community.join(founder, '测试员丁', 'worker', [grids[1]!])
  // Everybody knows who belongs, and the founder's own records.
  for (const station of [first, second, carrier]) await meetUntilEqual(founder, station)
  const grid = first.spaces().find(({ kind }) => kind === 'grid')!.id
  return { community, founder, first, second, carrier, grid, [Symbol.asyncDispose]: () => community.close() }
}

test('S12 A19 what is carried is emptied of what an erasure names as soon as the erasure passes here', async () => {
  await using setup = await open(['一号网格', '二号网格'])
  const { founder, first, second, grid, carrier } = setup
  expectOk(setCarry(carrier, ROOM))
  await building(first, grid, '要删')
  await meetUntilEqual(first, carrier)
  await meetUntilEqual(first, founder)
  const [record] = [...founder.records({ type: 'building' })]
  const before = carriedBytes(carrier)
  expectOk(await eraseRecords(founder, [record!.id], { reason: '离开社区' }))
  await meetUntilEqual(founder, carrier)
  // The part is gone from the shelf, by its own bytes; the signed headers stay.
  const sealed = partOf(before)
  expect(carriedBytes(carrier).some((bytes) => Buffer.from(bytes).includes(Buffer.from(sealed)))).toBe(false)
  await meetUntilEqual(carrier, second)
  expect(names(second)).toEqual([])
  expect(second.quarantine().stripped).toEqual([])
  await meetUntilEqual(founder, second)
  expect(second.digest(grid)).toEqual(founder.digest(grid))
})
