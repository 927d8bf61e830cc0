import { expect, test } from 'vitest'
import { checkField } from '../record/define.ts'
import { brokenIdNumberRule, person } from './person.ts'

// Impossible numbers: 990000 is no administrative division.
test.each([
  ['990000195001010019', null],
  ['990000194508150024', null],
  ['990000193802290031', 'id-number-date'],
  ['990000195013010019', 'id-number-date'],
  ['990000195001010018', 'id-number-check'],
  ['990000195001010091', 'id-number-check'],
  ['99000019500101001', 'id-number-shape'],
  ['9900001950010100190', 'id-number-shape'],
  ['99000019500101001Y', 'id-number-shape'],
  ['X90000195001010019', 'id-number-shape'],
  ['990000500101001', 'id-number-shape'],
  [990000195001010, 'id-number-shape'],
])('GB 11643: %s breaks %s', (number, rule) => {
  expect(brokenIdNumberRule(number)).toBe(rule)
})

test('a check character X is written large or small', () => {
  const withX = Array.from({ length: 100 }, (_, n) => `99000019500101${String(n).padStart(3, '0')}`)
  const found = withX.filter((start) => brokenIdNumberRule(`${start}X`) === null)
  expect(found.length).toBeGreaterThan(0)
  for (const start of found) expect(brokenIdNumberRule(`${start}x`)).toBe(null)
})

test('exactly one of the eleven check characters is right', () => {
  for (let n = 0; n < 100; n++) {
    const start = `99000019500101${String(n).padStart(3, '0')}`
    const right = [...'0123456789X'].filter((mark) => brokenIdNumberRule(start + mark) === null)
    expect(right).toHaveLength(1)
  }
})

test('the check stands behind the field', () => {
  expect(checkField(person, 'idNumber', '990000193802290031')).toMatchObject({
    problem: { type: 'invalid-field', rule: 'id-number-date' },
  })
  expect(checkField(person, 'idNumber', '990000195001010019').ok).toBe(true)
})
