import { describe, expect, test } from 'vitest'
import { RecordSet } from './record-set.ts'
import {
  communityRecords,
  homeRecords,
  OTHER_SPACE,
  record,
  visitRecord,
} from './sample-records.test.data.ts'

const idsOf = (records: Iterable<{ id: string }>) => [...records].map((one) => one.id).sort()

describe('RecordSet', () => {
  test('finds by id, by type and by reference', () => {
    const set = new RecordSet([
      ...communityRecords(),
      ...homeRecords('1', '1', '101'),
      visitRecord('a', 'hh-1.1.101', '2026-11-02'),
      visitRecord('b', 'hh-1.1.101', '2026-11-03'),
    ])
    expect(set.get('hh-1.1.101')?.type).toBe('household')
    expect(set.getA('dwelling', 'hh-1.1.101')).toBeNull()
    expect(set.countOf('visit')).toBe(2)
    expect(idsOf(set.referring('visit', 'household', 'hh-1.1.101'))).toEqual(['vi-a', 'vi-b'])
    expect(set.referring('visit', 'household', 'hh-none')).toEqual([])
  })

  test('a newer projection replaces the older one in every index', () => {
    const set = new RecordSet([visitRecord('a', 'hh-1', '2026-11-02')])
    const conflict = [
      { value: 'x', by: 'me-1', at: 1, tag: 'one' },
      { value: 'y', by: 'me-2', at: 2, tag: 'two' },
    ]
    set.apply([visitRecord('a', 'hh-2', '2026-11-02', {}, { conflicts: { note: conflict } })])
    expect(set.size).toBe(1)
    expect(set.referring('visit', 'household', 'hh-1')).toEqual([])
    expect(idsOf(set.referring('visit', 'household', 'hh-2'))).toEqual(['vi-a'])
    expect(idsOf(set.inConflict())).toEqual(['vi-a'])
    set.apply([visitRecord('a', 'hh-2', '2026-11-02')])
    expect(idsOf(set.inConflict())).toEqual([])
  })

  test('of one id in two spaces the same one is kept, whichever came first', () => {
    const here = record('household', 'x', { name: '甲' })
    const there = record('household', 'x', { name: '乙' }, { space: OTHER_SPACE })
    for (const order of [
      [here, there],
      [there, here],
    ])
      expect(new RecordSet(order).get('hh-x')?.fields.name).toBe('甲')
  })

  test('subscribers hear of changes until they leave or the set is closed', () => {
    const set = new RecordSet()
    const heard: string[] = []
    const leave = set.subscribe(({ records }) => heard.push(...records.map((one) => one.id)))
    set.subscribe(({ records }) => heard.push(`second ${records[0]?.id}`))
    const before = set.revision
    set.apply([record('household', 'a')])
    expect(set.revision).toBeGreaterThan(before)
    leave()
    set.apply([record('household', 'b')])
    set.close()
    set.apply([record('household', 'c')])
    expect(heard).toEqual(['hh-a', 'second hh-a', 'second hh-b'])
  })
})
