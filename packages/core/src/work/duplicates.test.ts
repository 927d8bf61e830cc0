import { expect, test } from 'vitest'
import type { Value } from '../record/change.ts'
import { openDuplicates } from './duplicates.ts'
import { mergeId } from './merge-state.ts'
import { RecordSet } from './record-set.ts'
import { homeRecords, OTHER_SPACE, record, residentRecords } from './sample-records.test.data.ts'

const DOOR = 'hh-1.2.301'
const resident = (name: string, fields: Record<string, Value>, door = DOOR) =>
  residentRecords(name, door, { fields })
const setOf = (...records: ReturnType<typeof resident>[]) =>
  new RecordSet([...homeRecords('1', '2', '301'), ...homeRecords('1', '2', '302'), ...records.flat()])
const listed = async (set: RecordSet, type: 'person' | 'household' = 'person') =>
  (await openDuplicates(set))
    .list(type)
    .map(({ one, other, score, reasons }) => [one, other, score, ...reasons])

const ID = { idNumber: '990000195001010019' }
test.each<[string, Record<string, Value>, Record<string, Value>, string, (number | string)[] | null]>([
  ['one identity number', { name: '甲', ...ID }, { name: '乙', ...ID }, 'hh-1.2.302', [90, 'same-id-number']],
  [
    'one name and birth',
    { name: '测试甲', birthDate: '1950-01-01' },
    { name: '测试甲', ...ID },
    'hh-1.2.302',
    [75, 'same-name-and-birth', 'same-name'],
  ],
  ['one name behind one door', { name: '测试甲' }, { name: '测试 甲' }, DOOR, [50, 'same-name-at-door']],
  ['one sound behind one door', { name: '张伟' }, { name: '章伟' }, DOOR, [40, 'same-sound-at-door']],
  [
    'one name and phone',
    { name: '测试甲', phone: '13800001234' },
    { name: '测试甲', phone: '+86 138 0000 1234' },
    'hh-1.2.302',
    [40, 'same-name', 'same-phone'],
  ],
  ['one name alone', { name: '测试甲' }, { name: '测试甲' }, 'hh-1.2.302', null],
  [
    'one phone behind one door is a family',
    { name: '甲', phone: '13800001234' },
    { name: '乙', phone: '13800001234' },
    DOOR,
    null,
  ],
  ['twins', { name: '甲', birthDate: '1950-01-01' }, { name: '乙', birthDate: '1950-01-01' }, DOOR, null],
  [
    'one name, and two identity numbers',
    { name: '测试甲', ...ID },
    { name: '测试甲', idNumber: '990000194508150024' },
    DOOR,
    null,
  ],
  [
    'one name, and two genders',
    { name: '测试甲', gender: 'male' },
    { name: '测试甲', gender: 'female' },
    DOOR,
    null,
  ],
])('%s', async (_, a, b, door, found) => {
  const set = setOf(resident('a', a), resident('b', b, door))
  expect(await listed(set)).toEqual(found ? [['pe-a', 'pe-b', ...found]] : [])
  // Whoever came first: the list is the same.
  const back = setOf(resident('b', b, door), resident('a', a))
  expect(await listed(back)).toEqual(await listed(set))
  expect((await openDuplicates(set)).of('person', 'pe-b').map(({ id }) => id)).toEqual(found ? ['pe-a'] : [])
  const draft = await openDuplicates(setOf(resident('a', a)))
  const like = draft.like({ type: 'person', fields: b, at: door }).map(({ id }) => id)
  expect(like).toEqual(found ? ['pe-a'] : [])
})

test('two homes behind one door, under two dwellings, in two grids too', async () => {
  const set = new RecordSet([
    ...homeRecords('1', '2', '301'),
    record('dwelling', 'again', { building: 'bu-1', unit: '2单元', room: '301室' }),
    record('household', 'again', { dwelling: 'dw-again', name: '测试住户 1-2-301' }),
    ...homeRecords('1', '2', '302'),
    record('building', 'far', { name: '1幢' }, { space: OTHER_SPACE }),
    record('dwelling', 'far', { building: 'bu-far', unit: '2', room: '302' }, { space: OTHER_SPACE }),
    record('household', 'far', { dwelling: 'dw-far', name: '另一户' }, { space: OTHER_SPACE }),
  ])
  const found = await openDuplicates(set)
  expect(found.list('household')).toMatchObject([
    { one: DOOR, other: 'hh-again', score: 65, reasons: ['same-door', 'same-name'], acrossGrids: false },
    { one: 'hh-1.2.302', other: 'hh-far', score: 50, acrossGrids: true },
  ])
  expect(found.list('household', { space: OTHER_SPACE })).toHaveLength(1)
  expect(found.like({ type: 'household', fields: {}, at: 'dw-again' })[0]).toMatchObject({ score: 50 })
})

test('what was said of two is not asked again, whether they are one or not', async () => {
  for (const same of [true, false]) {
    const set = setOf(resident('a', { name: '甲', ...ID }), resident('b', { name: '乙', ...ID }))
    expect(await listed(set)).toHaveLength(1)
    const value = { id: 'ma-1', same, keep: 'pe-a', over: [], on: '2026-11-24', past: {} }
    const merge = record(
      'merge',
      'x',
      { one: 'pe-a', other: 'pe-b' },
      { timelines: { acts: [{ id: 'x.0', by: 'me-1', at: 1, value }] } },
    )
    set.apply([{ ...merge, id: mergeId('pe-a', 'pe-b') }])
    expect(await listed(set)).toEqual([])
  }
})
