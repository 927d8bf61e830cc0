import { expect, test } from 'vitest'
import { factsOfIdNumber } from '../records/person.ts'
import { suggestCategories } from './category-suggestions.ts'
import { listMismatches, mismatchAt } from './mismatch.ts'
import { filledFromId, personWarnings } from './person-checks.ts'
import { phoneDigits, phoneKind } from './phone.ts'
import { RecordSet } from './record-set.ts'
import { homeRecords, residentRecords } from './sample-records.test.data.ts'

const ON = '2026-11-24'

test.each([
  ['13800001234', 'mobile'],
  ['+86 138-0000-1234', 'mobile'],
  ['010-65551234', 'landline'],
  ['0571 8765432', 'landline'],
  ['(021)65551234转8012', 'landline'],
  ['8765432', 'landline'],
  ['400-800-1234', 'service'],
  ['12345', 'short'],
  ['668123', 'short'],
  ['+852 2123 4567', 'abroad'],
  ['1380000123', null],
  ['138000012345', null],
  ['12800001234', null],
  ['02165551', null],
  ['老张家', null],
])('%s is dialled as %s', (text, kind) => {
  expect(phoneKind(text)).toBe(kind)
})

test('the same number written in several ways has the same digits', () => {
  for (const text of ['13800001234', '+86 138 0000 1234', '008613800001234', '１３８００００１２３４'])
    expect(phoneDigits(text)).toBe('13800001234')
})

test('an identity number says when somebody was born and of which gender, once its check character is right', () => {
  expect(factsOfIdNumber('990000195001010019')).toEqual({ birthDate: '1950-01-01', gender: 'male' })
  expect(factsOfIdNumber('990000194508150024')).toEqual({ birthDate: '1945-08-15', gender: 'female' })
  for (const wrong of ['990000195001010018', '990000193802290031', '9900001950', null, undefined])
    expect(factsOfIdNumber(wrong)).toBeNull()
  expect(filledFromId({ idNumber: '990000195001010019', gender: 'female' })).toEqual({
    birthDate: '1950-01-01',
  })
})

test('what does not fit together is said by name, and no value is in it', () => {
  const fields = {
    idNumber: '990000195001010019',
    birthDate: '1951-01-01',
    gender: 'female',
    phone: '1380000123',
  }
  expect(personWarnings(fields, ON)).toEqual([
    { warning: 'id-says-other-birth', field: 'birthDate' },
    { warning: 'id-says-other-gender', field: 'gender' },
    { warning: 'phone-unusual', field: 'phone' },
  ])
  expect(personWarnings({ birthDate: '2027-01-01' }, ON)).toEqual([
    { warning: 'birth-ahead', field: 'birthDate' },
  ])
  expect(personWarnings({ birthDate: '1890-01-01' }, ON)).toEqual([
    { warning: 'age-unlikely', field: 'birthDate' },
  ])
  expect(
    personWarnings({ idNumber: '990000195001010019', birthDate: '1950-01-01', gender: 'male' }, ON),
  ).toEqual([])
})

test.each([
  [
    'lives where the register has them',
    { registeredDwelling: 'dw-1.2.301' },
    {},
    'match',
    'registered-dwelling',
  ],
  [
    'lives here, registered next door',
    { registeredDwelling: 'dw-9' },
    {},
    'unregistered',
    'registered-dwelling',
  ],
  [
    'lives here, registered far away',
    { registeredAddress: '外省' },
    {},
    'unregistered',
    'registered-address',
  ],
  ['registered only', {}, { state: 'nominal' }, 'absent', 'nominal'],
  ['registered here and away', { population: 'registered' }, { state: 'away' }, 'absent', 'population'],
  ['of the floating population', { population: 'floating' }, {}, 'unregistered', 'population'],
  ['nobody wrote it down', {}, {}, 'unknown', 'nothing-known'],
  ['moved out, registered elsewhere', { registeredAddress: '外省' }, { to: '2026-01-01' }, null, null],
  [
    'moved out, still registered here',
    { registeredDwelling: 'dw-1.2.301' },
    { to: '2026-01-01' },
    'absent',
    'registered-dwelling',
  ],
  ['died', { registeredDwelling: 'dw-1.2.301', diedOn: '2026-01-01' }, {}, null, null],
  ['a residence that was withdrawn', { population: 'floating' }, { withdrawn: '记错' }, null, null],
] as const)('%s', (_, fields, residence, state, because) => {
  const set = new RecordSet([
    ...homeRecords('1', '2', '301'),
    ...residentRecords('p', 'hh-1.2.301', { fields }, residence),
  ])
  expect(mismatchAt(set, set.get('pe-p')!, 'dw-1.2.301', ON)).toEqual(state && { state, because })
  const listed = listMismatches(set, { on: ON }).filter(({ dwelling }) => dwelling === 'dw-1.2.301')
  expect(listed.length).toBe(state === 'unregistered' || state === 'absent' ? 1 : 0)
})

test('the register suggests categories, and takes none back by itself', () => {
  const old = (birthDate: string, categories: string[] = []) => ({
    fields: { birthDate },
    sets: { categories },
  })
  const suggest = (...records: Parameters<typeof residentRecords>[]) => {
    const set = new RecordSet([
      ...homeRecords('1', '2', '301'),
      ...records.flatMap((one) => residentRecords(...one)),
    ])
    return suggestCategories(set, set.get('hh-1.2.301')!, ON).map(({ category, what, age }) => [
      category,
      what,
      age,
    ])
  }
  const door = 'hh-1.2.301'
  expect(suggest(['a', door, old('1946-11-24')])).toEqual([['elderly-alone-80', 'add', 80]])
  expect(suggest(['a', door, old('1946-11-25')])).toEqual([['elderly-alone', 'add', 79]])
  expect(suggest(['a', door, old('1940-01-01', ['elderly-alone-80'])])).toEqual([])
  expect(suggest(['a', door, old('1940-01-01')], ['b', door, old('1950-01-01')])).toEqual([
    ['empty-nest', 'add', null],
  ])
  // Somebody who is away lives elsewhere; somebody without an age is somebody.
  expect(suggest(['a', door, old('1940-01-01')], ['b', door, old('1950-01-01'), { state: 'away' }])).toEqual([
    ['elderly-alone-80', 'add', 86],
  ])
  expect(suggest(['a', door, old('1940-01-01', ['elderly-alone-80'])], ['b', door])).toEqual([
    ['elderly-alone-80', 'remove', null],
  ])
})
