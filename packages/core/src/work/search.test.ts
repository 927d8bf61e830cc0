import { describe, expect, test } from 'vitest'
import { mergeId } from './merge-state.ts'
import { RecordSet } from './record-set.ts'
import { communityRecords, homeRecords, record, residentRecords } from './sample-records.test.data.ts'
import { openSearch } from './search.ts'

const estate = () => [
  ...communityRecords(),
  ...homeRecords('1', '2', '301', {
    household: { name: '单测试', phone: '13800001234' },
    sets: { categories: ['low-income', 'elderly-alone-80'], tags: ['养狗'] },
  }),
  ...homeRecords('1', '2', '302', { household: { name: '吕测试', phone: '13900005678' } }),
  ...homeRecords('10', '1', '301', { household: { name: '张测试', emergencyPhone: '010-66661234' } }),
  ...homeRecords('1', '12', '3011', { household: { name: '测试户' } }),
  ...residentRecords('zhang', 'hh-1.2.302', { fields: { name: '张三测', phone: '13700009999' } }),
]
const searchIn = async (set: RecordSet) => {
  const search = await openSearch(set)
  return (text: string) => search.find(text).map((match) => match.id)
}

describe('find', () => {
  test.each([
    ['1-2-301', ['hh-1.2.301']],
    ['1栋2单元301室', ['hh-1.2.301']],
    ['1 幢 2 单元 302', ['hh-1.2.302', 'pe-zhang']],
    ['１－２－３０１', ['hh-1.2.301']],
    ['301', ['hh-1.2.301', 'hh-10.1.301', 'hh-1.12.3011']],
    ['1-2-', ['hh-1.2.301', 'hh-1.2.302', 'pe-zhang']],
    ['单测试', ['hh-1.2.301']],
    ['shancs', []],
    ['shanceshi', ['hh-1.2.301']],
    ['scs', ['hh-1.2.301']],
    ['lvceshi', ['hh-1.2.302']],
    ['zs', ['pe-zhang']],
    ['ZHANG', ['hh-10.1.301', 'pe-zhang']],
    ['1234', ['hh-1.2.301', 'hh-10.1.301']],
    ['34', []],
    ['01234', []],
    ['13800001234', ['hh-1.2.301']],
    ['低保', ['hh-1.2.301']],
    ['low', ['hh-1.2.301']],
    ['独居', ['hh-1.2.301']],
    ['养狗', ['hh-1.2.301']],
    ['10-1 张', ['hh-10.1.301']],
    ['1-2 张', ['pe-zhang']],
    ['三测', ['pe-zhang']],
    ['  ', []],
    ['没有这样的人', []],
  ])('%s', async (text, ids) => {
    expect((await searchIn(new RecordSet(estate())))(text)).toEqual(ids)
  })

  test('a match says what it is and where, masked for who asks, and nothing of numbers', async () => {
    const found = async (viewer: 'worker' | 'auditor', text: string) =>
      (await openSearch(new RecordSet(estate(), viewer))).find(text)
    expect(await found('worker', '9999')).toEqual([
      {
        type: 'person',
        id: 'pe-zhang',
        title: '张三测',
        address: '1幢2单元302室',
        why: 'phone',
        state: 'present',
      },
    ])
    expect(await found('auditor', '9999')).toEqual([])
    expect(await found('auditor', '10-1-301')).toMatchObject([{ title: '张*' }])
    const set = new RecordSet(homeRecords('3', '1', '101', { household: { name: null } }))
    const english = (await openSearch(set)).find('3-1-101', { language: 'en' })
    expect(english).toMatchObject([{ title: 'Building 3, Unit 1, Room 101' }])
  })

  test('says by what it was found, one letter off too, and shows who moved out as such', async () => {
    const gone = residentRecords('gone', 'hh-1.2.301', { fields: { name: '钱旧户' } }, { to: '2025-01-01' })
    const set = new RecordSet([...estate(), ...gone])
    const search = await openSearch(set)
    const whys = (text: string) => search.find(text).map(({ id, why, state }) => [id, why, state])
    expect(whys('钱旧户')).toEqual([['pe-gone', 'name', 'gone']])
    expect(whys('qianjiuhu')).toEqual([['pe-gone', 'spelling', 'gone']])
    for (const typo of ['qianjuhu', 'qianjiuhuu', 'qinajiuhu', 'qiamjiuhu'])
      expect(whys(typo), typo).toEqual([['pe-gone', 'typo', 'gone']])
    expect(whys('qiamjuhu')).toEqual([])
    expect(whys('养狗')).toEqual([['hh-1.2.301', 'tag', null]])
    expect(whys('10-1 张')).toEqual([['hh-10.1.301', 'name', null]])
  })

  test('who was merged is found by every name, once', async () => {
    const set = new RecordSet([
      ...estate(),
      ...residentRecords('zhang2', 'hh-1.2.302', { fields: { name: '章三测' } }),
    ])
    const search = await openSearch(set)
    expect(search.find('zsc').map(({ id }) => id)).toEqual(['pe-zhang', 'pe-zhang2'])
    const value = { id: 'ma-1', same: true, keep: 'pe-zhang', over: [], on: '2026-11-24', past: {} }
    const acts = [{ id: 'x.0', by: 'me-1111', at: 1, value }]
    const merge = {
      ...record('merge', 'x', { one: 'pe-zhang', other: 'pe-zhang2' }, { timelines: { acts } }),
      id: mergeId('pe-zhang', 'pe-zhang2'),
    }
    set.apply([merge])
    expect(search.find('zsc').map(({ id }) => id)).toEqual(['pe-zhang'])
    expect(search.find('章三测').map(({ id, why }) => [id, why])).toEqual([['pe-zhang', 'other-name']])
  })

  test('follows what changes, up to the name of the building', async () => {
    const set = new RecordSet(estate())
    const find = await searchIn(set)
    expect(find('9-2-301')).toEqual([])
    set.apply([record('building', '1', { name: '9幢' })])
    expect(find('9-2-302')).toEqual(['hh-1.2.302', 'pe-zhang'])
    set.apply(homeRecords('1', '2', '302', { household: { name: '王测试' } }))
    expect([find('wcs'), find('lvceshi')]).toEqual([['hh-1.2.302'], []])
    set.apply(homeRecords('7', '1', '701', { household: { name: '新测试' } }))
    expect(find('xinceshi')).toEqual(['hh-7.1.701'])
    set.apply(residentRecords('zhang', 'hh-7.1.701', { fields: { name: '张三测' } }))
    expect(find('7-1-701')).toEqual(['hh-7.1.701', 'pe-zhang'])
  })

  test('limits how much comes back', async () => {
    const set = new RecordSet(estate())
    expect((await openSearch(set)).find('测', { limit: 2 })).toHaveLength(2)
  })
})

test('A19 an erased person is not found, nor the household whose record is gone; the rest is', async () => {
  const set = new RecordSet(estate())
  const find = await searchIn(set)
  expect(find('zs')).toEqual(['pe-zhang'])
  set.erase([{ space: set.get('pe-zhang')!.space, id: 'pe-zhang' }])
  expect([find('zs'), find('吕测试')]).toEqual([[], ['hh-1.2.302']])
  set.erase([{ space: set.get('hh-1.2.302')!.space, id: 'hh-1.2.302' }])
  expect([find('吕测试'), find('1-2-302'), find('单测试')]).toEqual([[], [], ['hh-1.2.301']])
  set.erase([{ space: 'sp-elsewhere', id: 'hh-1.2.301' }])
  expect(find('单测试')).toEqual(['hh-1.2.301'])
})
