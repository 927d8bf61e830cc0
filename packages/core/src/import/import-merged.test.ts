import { expect, it } from 'vitest'
import { expectOk } from '../result.ts'
import { mergeRecords, unmergeRecords } from '../work/merge.ts'
import { listPeople } from '../work/person-list.ts'
import { openRecordSet } from '../work/record-set.ts'
import { importRegister } from './import-register.ts'
import { bytesOf, PEOPLE_HEADER, peopleMapping, TestCommunity } from './register.test.data.ts'

const people = (...lines: string[]) => bytesOf([PEOPLE_HEADER, ...lines].join('\n'))
const options = (...lines: string[]) => ({ file: people(...lines), mapping: peopleMapping() })

it('a register that names somebody twice whom people merged brings nobody back, and what it says anew is asked about', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  const rows = [
    '1,1,101,1990,测试户,,,测试甲,990000195001010019,1950-01-01,',
    '1,1,101,1990,测试户,,,测试假,,1951-01-01,',
  ]
  const set = () => openRecordSet(station, { follow: false })
  const named = () => listPeople(set(), { on: '2026-11-24' }).map(({ id, name }) => [id, name])
  expectOk(await importRegister(station, options(...rows)))
  const [a, b] = ['测试甲', '测试假'].map((name) => named().find((one) => one[1] === name)![0]!) as [
    string,
    string,
  ]
  expectOk(await mergeRecords(station, { type: 'person', keep: a, other: b, reason: '同一人' }))
  const again = expectOk(await importRegister(station, options(...rows)))
  expect(again).toMatchObject({ created: 0, updated: 0, conflicts: 0 })
  expect(named()).toEqual([[a, '测试甲']])
  const changed = [rows[0]!, '1,1,101,1990,测试户,,,测试假,,1952-02-02,']
  expect(expectOk(await importRegister(station, options(...changed)))).toMatchObject({
    created: 0,
    updated: 1,
  })
  expect(named()).toEqual([[a, '测试甲']])
  expect(
    set()
      .get(b)!
      .conflicts.birthDate?.map(({ value }) => value),
  ).toEqual(['1950-01-01', '1952-02-02'])
  expectOk(await unmergeRecords(station, { type: 'person', one: b, reason: '看错了' }))
  expect(set().get(b)!.fields.birthDate).toBe('1952-02-02')
  expect(named()).toHaveLength(2)
})
