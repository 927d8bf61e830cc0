import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { deliver, gridOf, TestCommunity } from './test-community.ts'

test('a record written on one laptop arrives on another, whole', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const made = expectOk(
    await founder.write('record.edit', (book) =>
      book.create('building', grid, { set: { name: '1幢', storeys: 6 } }),
    ),
  )
  await deliver(founder, worker)
  expect(worker.get(made.value)?.fields).toEqual({ name: '1幢', storeys: 6 })
  expect(worker.digest(grid)).toEqual(founder.digest(grid))
})

test('a concurrent edit of one field keeps both values on both stations until settled', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const { value: id } = expectOk(
    await founder.write('record.edit', (book) =>
      book.create('building', grid, { set: { name: '1幢', street: '旧' } }),
    ),
  )
  await deliver(founder, worker)
  expectOk(await founder.write('record.edit', (book) => book.edit(id, { set: { street: '甲说' } })))
  expectOk(await worker.write('record.edit', (book) => book.edit(id, { set: { street: '乙说' } })))
  await deliver(founder, worker)
  await deliver(worker, founder)
  for (const station of [founder, worker])
    expect(
      station
        .get(id)
        ?.conflicts.street?.map(({ value }) => value)
        .sort(),
    ).toEqual(['乙说', '甲说'])
  expect(worker.digest(grid)).toEqual(founder.digest(grid))
  expectOk(await worker.write('conflict.settle', (book) => book.edit(id, { set: { street: '甲说' } })))
  await deliver(worker, founder)
  for (const station of [founder, worker]) {
    expect(station.get(id)?.conflicts).toEqual({})
    expect(station.get(id)?.fields.street).toBe('甲说')
  }
  expect(worker.digest(grid)).toEqual(founder.digest(grid))
})

test('reading the same segments again changes nothing', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  expectOk(
    await founder.write('record.edit', (book) => book.create('building', grid, { set: { name: '1幢' } })),
  )
  const segments = founder.outgoing(grid, []).map(({ row }) => founder.segment(row))
  const first = expectOk(await worker.admit(segments, 'test'))
  const before = worker.digest(grid)
  const second = expectOk(await worker.admit(segments, 'test'))
  expect([first.admitted, second.admitted, second.known]).toEqual([1, 0, 1])
  expect(worker.digest(grid)).toEqual(before)
})

test('A15 a copied home starts a fresh epoch before its first write, and both copies keep their work', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  expectOk(
    await worker.write('record.edit', (book) => book.create('building', grid, { set: { name: '原来' } })),
  )
  const copy = community.copyHome(worker)
  expect(copy.copied).toBe(true)
  expectOk(
    await worker.write('record.edit', (book) => book.create('building', grid, { set: { name: '本机' } })),
  )
  expectOk(
    await copy.write('record.edit', (book) => book.create('building', grid, { set: { name: '副本' } })),
  )
  await deliver(worker, founder)
  await deliver(copy, founder)
  await deliver(founder, worker)
  await deliver(founder, copy)
  const names = (station: typeof founder) =>
    [...station.records({ type: 'building' })].map((record) => record.fields.name).sort()
  for (const station of [founder, worker, copy]) {
    expect(names(station)).toEqual(['副本', '原来', '本机'].sort())
    expect(station.digest(grid)).toEqual(founder.digest(grid))
    expect(station.forks()).toEqual([])
  }
})

test('A13 two branches of one log are frozen and shown, and no work on either is lost', async () => {
  await using setup = await open()
  const { founder, worker, grid, community } = setup
  const { value: shared } = expectOk(
    await worker.write('record.edit', (book) =>
      book.create('building', grid, { set: { name: '共有', street: '零' } }),
    ),
  )
  await deliver(worker, founder)
  const twin = community.copyHome(worker, { keepEpoch: true })
  expectOk(await worker.write('record.edit', (book) => book.edit(shared, { set: { street: '本机' } })))
  expectOk(await twin.write('record.edit', (book) => book.edit(shared, { set: { street: '副本' } })))
  await deliver(worker, founder)
  const report = await deliver(twin, founder)
  expect(report.forks).toHaveLength(1)
  expect(founder.forks()).toHaveLength(1)
  for (let round = 0; round < 3; round++) {
    for (const other of [worker, twin]) {
      await deliver(founder, other)
      await deliver(other, founder)
    }
  }
  for (const station of [founder, worker, twin]) {
    expect(
      station
        .get(shared)
        ?.conflicts.street?.map(({ value }) => value)
        .sort(),
    ).toEqual(['副本', '本机'])
    expect(station.digest(grid)).toEqual(founder.digest(grid))
    expect(station.quarantine().held).toEqual([])
  }
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return { community, founder, worker, grid: gridOf(founder), [Symbol.asyncDispose]: () => community.close() }
}
