import { expect, test } from 'vitest'
import { toHex } from '../src/bytes/bytes.ts'
import { MAX_PART_BYTES, MAX_SEGMENT_BYTES, MAX_SEGMENT_ENTRIES } from '../src/log/limits.ts'
import { parseSegment, type Segment } from '../src/log/segment.ts'
import { registryVersion } from '../src/records/registry.ts'
import { expectOk, ok } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'

const build = (station: Station, name: string) =>
  station.write('record.edit', (book) => book.create('building', gridOf(station), { set: { name } }))
const segmentsOf = (station: Station): { bytes: Uint8Array; segment: Segment }[] =>
  station.outgoing(gridOf(station), []).map(({ row }) => {
    const bytes = station.segment(row)
    return { bytes, segment: expectOk(parseSegment(bytes)) }
  })
const visit = (submission: string) => ({
  set: { household: 'hh-0001', outcome: 'met', on: '2026-08-01', submission },
})

test('a tail is signed when it leaves: 130 entries in three signatures, the same bytes every time', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  for (let n = 0; n < 130; n++) expectOk(await build(founder, `楼${n}`))
  const { store } = founder.trunk
  const id = founder.heads(grid)[0]!.log
  expect(store.segmentsOf(id, 0)).toEqual([])
  const sent = segmentsOf(founder)
  expect(sent.map(({ segment }) => segment.entries.length)).toEqual([
    MAX_SEGMENT_ENTRIES,
    MAX_SEGMENT_ENTRIES,
    2,
  ])
  expect(segmentsOf(founder).map(({ bytes }) => toHex(bytes))).toEqual(sent.map(({ bytes }) => toHex(bytes)))
  // A signed segment is never signed anew: what comes later starts another.
  expectOk(await build(founder, '再一'))
  const later = segmentsOf(founder)
  expect(later.slice(0, 3).map(({ bytes }) => toHex(bytes))).toEqual(sent.map(({ bytes }) => toHex(bytes)))
  expect(later).toHaveLength(4)
  await deliver(founder, worker)
  expect(worker.digest(grid)).toEqual(founder.digest(grid))
})

test('an entry that names what is new starts a segment, so that a past goes before what stands on it', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  for (let round = 0; round < 4; round++) {
    for (const [from, to] of [
      [founder, worker],
      [worker, founder],
    ] as const) {
      for (let n = 0; n < 3; n++) expectOk(await build(from, `${round}-${n}`))
      await deliver(from, to)
    }
  }
  const sent = segmentsOf(founder)
  for (const { segment } of sent)
    for (const [at, { header }] of segment.entries.entries())
      if (at > 0) expect([header.deps, header.acts]).toEqual([[], []])
  // In the order they are sent, nothing is ever missing.
  const third = await setup.community.join(founder, '测试员丙')
  for (const { bytes } of sent)
    expect(expectOk(await third.admit([bytes], 'test'))).toMatchObject({ missing: 0, refused: [] })
  expect(third.digest(grid)).toEqual(founder.digest(grid))
})

test('one command with a thousand records: as few entries as fit, no segment over its limit, all or nothing', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const text = '长'.repeat(100)
  const written = expectOk(
    await founder.write('record.import', (book) => {
      for (let n = 0; n < 1000; n++) {
        const made = book.create('building', grid, { set: { name: `楼${n}`, street: text } })
        if (!made.ok) return made
      }
      return ok(undefined)
    }),
  )
  // 1000 parts of some 370 bytes each, a hash for each in the header, 57 KB an entry.
  expect(written.entries.length).toBeGreaterThan(5)
  expect(written.entries.length).toBeLessThan(16)
  for (const { bytes } of segmentsOf(founder)) expect(bytes.length).toBeLessThanOrEqual(MAX_SEGMENT_BYTES)
  await deliver(founder, worker)
  expect([...worker.records({ type: 'building' })]).toHaveLength(1000)
  expect(worker.digest(grid)).toEqual(founder.digest(grid))
  expect(diagnose(worker).ok).toBe(true)
})

test('the largest part there may be leaves and arrives; one byte more is not acknowledged', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const answers = (size: number) => ({ ...visit(''), set: { ...visit('').set, answers: 'x'.repeat(size) } })
  const write = (size: number) =>
    founder.write('visit.record', (book) => book.create('visit', grid, answers(size), 'vi-0001'))
  const tooLarge = await write(MAX_PART_BYTES)
  if (tooLarge.ok || tooLarge.problem.type !== 'part-too-large') throw new Error('it was taken')
  const largest = MAX_PART_BYTES - (Number(tooLarge.problem.bytes) - MAX_PART_BYTES)
  expect(await write(largest + 1)).toMatchObject({
    problem: { type: 'part-too-large', bytes: MAX_PART_BYTES + 1 },
  })
  expect(founder.get('vi-0001')).toBeNull()
  expectOk(await write(largest))
  for (const { bytes } of segmentsOf(founder)) expect(bytes.length).toBeLessThanOrEqual(MAX_SEGMENT_BYTES)
  await deliver(founder, worker)
  expect(String(worker.get('vi-0001')?.fields.answers)).toHaveLength(largest)
})

test.each([
  ['a value with a key Yjs tells types by', { set: { ...visit('').set, answers: { constructor: 'x' } } }],
  ['a number that is none', { set: { ...visit('').set, answers: [Number.NaN] } }],
  [
    'a value 13 deep',
    { set: { ...visit('').set, answers: JSON.parse(`${'['.repeat(13)}1${']'.repeat(13)}`) } },
  ],
])('%s is not acknowledged: others would find the part void', async (_, content) => {
  await using setup = await open()
  const { founder, grid } = setup
  const written = await founder.write('visit.record', (book) => book.create('visit', grid, content))
  expect(written).toMatchObject({ ok: false, problem: { type: 'part-malformed' } })
  expect([...founder.records({ type: 'visit' })]).toEqual([])
})

test('too many or too long elements of a set are not acknowledged either', async () => {
  await using setup = await open()
  const { founder, grid } = setup
  const add = (categories: string[]) =>
    founder.write('record.edit', (book) =>
      book.create('household', grid, { set: { dwelling: 'dw-0001' }, add: { categories } }),
    )
  for (const categories of [[''], ['x'.repeat(201)], Array.from({ length: 256 }, (_, n) => `c${n}`)])
    expect(await add(categories)).toMatchObject({ ok: false, problem: { type: 'part-malformed' } })
  expectOk(await add(Array.from({ length: 255 }, (_, n) => `c${n}`)))
})

test('projections are made anew when record types have changed since they were kept', async () => {
  await using setup = await open()
  const { founder, community, grid } = setup
  const { value: id } = expectOk(await build(founder, '楼'))
  const { store } = founder.trunk
  const wanted = founder.get(id)
  store.transaction(() => {
    const row = store.record(grid, id)!
    store.putRecord({ ...row, projection: { ...row.projection, fields: { name: '旧样式' } } })
  })
  expect(community.reopen(founder).get(id)?.fields.name).toBe('旧样式')
  // A type that came since concerns no other.
  const withoutAlarms = registryVersion()
    .split(' ')
    .filter((word) => !word.startsWith('alarm@'))
    .join(' ')
  expect(withoutAlarms).not.toBe(registryVersion())
  store.transaction(() => store.putSetting('projections', Buffer.from(withoutAlarms)))
  expect(community.reopen(founder).get(id)?.fields.name).toBe('旧样式')
  store.transaction(() => store.putSetting('projections', Buffer.from('building@0')))
  expect(community.reopen(founder).get(id)).toEqual(wanted)
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  return { community, founder, worker, grid: gridOf(founder), [Symbol.asyncDispose]: () => community.close() }
}
