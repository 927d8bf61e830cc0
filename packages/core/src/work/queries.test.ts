import { describe, expect, test } from 'vitest'
import { addressOf, addressText, shortAddress, stairText } from './address.ts'
import { householdCard } from './household-card.ts'
import { findGrid, gridName, memberName } from './lookups.ts'
import { maskValue, shownFields } from './mask.ts'
import { listHouseholds, listVisits } from './queries.ts'
import { RecordSet } from './record-set.ts'
import { ageOf } from './residents.ts'
import {
  COLLEAGUE,
  communityRecords,
  GRID_SPACE,
  homeRecords,
  OTHER_SPACE,
  record,
  residentRecords,
  visitRecord,
} from './sample-records.test.data.ts'

const DOOR = 'hh-1.2.301'
const ON = '2026-11-24'

describe('addresses', () => {
  const at = (building: string | null, unit: string | null, room: string | null) => ({
    building,
    unit,
    room,
    floor: null,
    street: null,
  })
  test.each([
    [at('1', '2', '301'), '1幢2单元301室', 'Building 1, Unit 2, Room 301', '1-2-301'],
    [at('3幢', null, '12A'), '3幢12A室', 'Building 3, Room 12A', '3-12A'],
    [at('阳光小区', '乙', '地下室'), '阳光小区乙地下室', '阳光小区, 乙, 地下室', '阳光小区-乙-地下'],
    [at('12号楼', '2单元', '301室'), '12号楼2单元301室', 'Building 12, Unit 2, Room 301', '12-2-301'],
    [at('A座', '1', null), 'A座1单元', 'Building A, Unit 1', 'A-1'],
    [at(null, null, null), '', '', ''],
  ])('%o', (address, zh, en, short) => {
    expect([addressText(address), addressText(address, 'en'), shortAddress(address)]).toEqual([zh, en, short])
  })

  test('follow the dwelling to its building; the stair is the heading; the floor is read off the room', () => {
    const set = new RecordSet(homeRecords('1', '2', '1203'))
    const address = addressOf(set, set.get('hh-1.2.1203'))
    expect(stairText(address)).toBe('1幢2单元')
    expect(address.floor).toBe(12)
    expect(addressText(addressOf(set, record('household', 'lost', { dwelling: 'dw-gone' })))).toBe('')
  })
})

describe('masks', () => {
  test.each([
    ['name', '张三', '张*'],
    ['name', '欧阳测试', '欧阳*'],
    ['name', '测试住户 1-2-301', '测*'],
    ['id-number', '990000195001010019', '990000****0019'],
    ['id-number', '9900', '****'],
    ['phone', '13800001234', '138****1234'],
    ['phone', '010-8765432', '****432'],
    ['phone', '8765', '****'],
    ['text', '高血压', '****'],
    ['phone', null, '****'],
  ] as const)('%s %s', (kind, value, masked) => {
    expect(maskValue(kind, value)).toBe(masked)
  })

  test('a worker reads names; an auditor does not; nobody reads numbers and health', () => {
    const person = record('person', 'p', {
      name: '测试人员',
      idNumber: '990000195001010019',
      phone: '13800001234',
      health: '高血压',
      gender: 'female',
    })
    const hidden = { idNumber: '990000****0019', phone: '138****1234', health: '****', gender: 'female' }
    expect(shownFields(person, 'worker')).toEqual({ name: '测试人员', ...hidden })
    expect(shownFields(person, 'chief')).toEqual({ name: '测试人员', ...hidden })
    expect(shownFields(person, 'auditor')).toEqual({ name: '测*', ...hidden })
  })
})

describe('lookups', () => {
  const set = new RecordSet(communityRecords())
  test('names, or the id itself until the card has arrived', () => {
    expect([memberName(set, COLLEAGUE), memberName(set, 'me-9999')]).toEqual(['测试员乙', 'me-9999'])
    expect([gridName(set, GRID_SPACE), gridName(set, 'sp-9999')]).toEqual(['一号网格', 'sp-9999'])
    expect([findGrid(set, '二号网格')?.space, findGrid(set, '三号网格')]).toEqual([OTHER_SPACE, null])
  })
})

describe('listHouseholds', () => {
  const set = new RecordSet([
    ...communityRecords(),
    ...homeRecords('1', '2', '301', { sets: { tags: ['养狗'], categories: ['low-income'] } }),
    ...homeRecords('1', '2', '201'),
    ...homeRecords('2', '1', '101', { space: OTHER_SPACE }),
    visitRecord('a', DOOR, '2026-11-10'),
    visitRecord('b', DOOR, '2026-11-20', { outcome: 'absent' }),
    visitRecord('c', DOOR, '2026-11-21', { withdrawn: '误记' }),
  ])
  const addresses = (filter?: Parameters<typeof listHouseholds>[1]) =>
    listHouseholds(set, filter).map((row) => row.address)

  test('in walking order, with the last visit that met somebody', () => {
    expect(addresses()).toEqual(['1幢2单元201室', '1幢2单元301室', '2幢1单元101室'])
    expect(listHouseholds(set)[1]).toMatchObject({ id: DOOR, tags: ['养狗'], lastVisitOn: '2026-11-10' })
    expect(listHouseholds(set)[0]).toMatchObject({ lastVisitOn: null, lastVisitAtMs: null })
  })

  test('by grid, by tag or category', () => {
    expect(addresses({ grid: '二号网格' })).toEqual(['2幢1单元101室'])
    expect(addresses({ grid: '三号网格' })).toEqual([])
    expect([addresses({ tag: '养狗' }), addresses({ tag: 'low-income' })]).toEqual([
      ['1幢2单元301室'],
      ['1幢2单元301室'],
    ])
  })
})

describe('listVisits', () => {
  test('the latest day first, what was taken back included, a day ahead of its writing marked', () => {
    const set = new RecordSet([
      ...communityRecords(),
      ...homeRecords('1', '2', '301'),
      visitRecord('a', DOOR, '2026-10-30'),
      visitRecord('b', DOOR, '2026-11-20', { withdrawn: '误记' }, { createdBy: COLLEAGUE }),
    ])
    expect(listVisits(set)).toMatchObject([
      { id: 'vi-b', withdrawn: '误记', datedAhead: true, by: { name: '测试员乙' } },
      { id: 'vi-a', withdrawn: null, datedAhead: false, address: '1幢2单元301室' },
    ])
    expect(listVisits(set, { household: 'hh-none' })).toEqual([])
  })
})

describe('householdCard', () => {
  const conflict = [
    { value: '13800001111', by: 'me-1111', at: 1, tag: 'one' },
    { value: '13900002222', by: 'me-2222', at: 2, tag: 'two' },
  ]
  const set = new RecordSet([
    ...communityRecords(),
    ...homeRecords('1', '2', '301', { conflicts: { phone: conflict }, household: { phone: '13800001111' } }),
    ...residentRecords(
      'old',
      DOOR,
      { fields: { idNumber: '990000194508150024' } },
      { relation: 'head', household: null },
    ),
    ...residentRecords('gone', DOOR, {}, { to: '2026-01-01' }),
    ...Array.from({ length: 12 }, (_, n) => visitRecord(`${n}`, DOOR, `2026-11-${10 + n}`)),
    record(
      'device',
      'w',
      { dwelling: 'dw-1.2.301', kind: 'water' },
      {
        timelines: {
          daily: ['2026-11-22', '2026-11-20', '2026-11-21'].map((on, n) => ({
            id: `d${n}`,
            by: 'me',
            at: 1,
            value: { on, value: n },
          })),
        },
      },
    ),
    record('case', 'open', { household: DOOR, title: '楼道堆物', kind: 'passage' }),
    record(
      'case',
      'void',
      { household: DOOR, title: '重复', kind: 'passage' },
      {
        timelines: { decisions: [{ id: 's', by: 'me', at: 1, value: { step: 'void', saw: [] } }] },
      },
    ),
  ])

  test('everything to know at the door, in one answer', () => {
    const card = householdCard(set, DOOR, { on: ON, days: 2 })
    expect(card).toMatchObject({
      household: { address: '1幢2单元301室', fields: { phone: '138****1111' }, grid: { name: '一号网格' } },
      dwelling: { fields: { room: '301' } },
      building: { fields: { name: '1幢' } },
      residents: [
        {
          person: 'pe-old',
          relation: 'head',
          age: 81,
          present: true,
          fields: { idNumber: '990000****0024' },
        },
      ],
      devices: [{ fields: { kind: 'water' }, daily: [{ on: '2026-11-21' }, { on: '2026-11-22' }] }],
      cases: [{ id: 'ca-open', state: 'reported' }],
      conflicts: [{ field: 'phone', values: [{ value: '138****1111' }, { value: '139****2222' }] }],
      next: null,
    })
    expect(card?.visits).toHaveLength(10)
    expect(card?.visits[0]?.on).toBe('2026-11-21')
  })

  test('of an unknown household there is none', () => {
    expect(householdCard(set, 'hh-none', { on: ON })).toBeNull()
  })

  test('ages turn on the birthday; an impossible birth date gives none', () => {
    const born = (fields: Record<string, string>) => record('person', 'p', fields)
    expect(ageOf(born({ birthDate: '1946-11-24' }), ON)).toBe(80)
    expect(ageOf(born({ birthDate: '1946-11-25' }), ON)).toBe(79)
    expect(ageOf(born({ idNumber: '990000193802290031' }), ON)).toBeNull()
    expect(ageOf(born({ birthDate: '2027-01-01' }), ON)).toBeNull()
  })
})
