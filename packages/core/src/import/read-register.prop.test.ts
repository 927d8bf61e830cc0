import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectOk } from '../result.ts'
import { desiredRecords } from './desired-records.ts'
import { readRegister } from './read-register.ts'
import { bytesOf, PEOPLE_HEADER, peopleMapping } from './register.test.data.ts'

const mapping = peopleMapping()

/** What the register wants, by id, sets in one order. */
function wanted(rows: readonly string[]) {
  const register = expectOk(readRegister(bytesOf([PEOPLE_HEADER, ...rows].join('\n')), mapping))
  const records = new Map<string, unknown>()
  for (const { id, set, sets } of desiredRecords('sp-test', register.buildings, mapping.layout)) {
    const sorted = Object.entries(sets).map(([name, elements]) => [name, [...elements].sort()])
    records.set(id, { set, sets: Object.fromEntries(sorted) })
  }
  return { records, rejected: register.rejected.map(({ reason }) => reason) }
}

/** Rows that agree with each other: what belongs to a building or household follows from its address. */
const row = fc
  .record({
    building: fc.constantFrom('1', '2'),
    room: fc.constantFrom('101', '102', '201'),
    person: fc.constantFrom('甲', '乙', '丙', '丁'),
    category: fc.constantFrom('', '独居', '低保', '独居、低保'),
    showsPhone: fc.boolean(),
    showsYear: fc.boolean(),
  })
  .map(({ building, room, person, category, showsPhone, showsYear }) => ({
    name: `${building}-${room} ${person}`,
    line: [
      building,
      '',
      room,
      showsYear ? `199${building}` : '',
      `测试户 ${building}-${room}`,
      showsPhone ? `000-${building}-${room}` : '',
      category,
      person,
      '',
      '',
      '',
    ].join(','),
  }))
const rows = fc.uniqueArray(row, { selector: ({ name }) => name, minLength: 1, maxLength: 15 })

it('gives the same records whatever the order of the rows', () => {
  const pairs = rows.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
    ),
  )
  fc.assert(
    fc.property(pairs, ([list, shuffled]) => {
      const expected = wanted(list.map(({ line }) => line))
      expect(expected.rejected).toEqual([])
      expect(wanted(shuffled.map(({ line }) => line))).toEqual(expected)
    }),
  )
})

it('rejects repeated rows and keeps the first of each', () => {
  fc.assert(
    fc.property(rows, (list) => {
      const lines = list.map(({ line }) => line)
      const once = wanted(lines)
      const twice = wanted([...lines, ...lines])
      expect(twice.records).toEqual(once.records)
      expect(twice.rejected).toEqual(lines.map(() => 'duplicate-key'))
    }),
  )
})
