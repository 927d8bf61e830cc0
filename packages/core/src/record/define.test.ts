import { expect, test } from 'vitest'
import type { Value } from './change.ts'
import { checkField, defineRecord, isDate, parseFieldText } from './define.ts'

const sample = defineRecord({
  type: 'sample',
  prefix: 'xx',
  label: ['样例', 'Sample'],
  space: 'grid',
  version: 1,
  fields: {
    name: { type: 'text', label: ['名称', 'Name'], required: true, maxLength: 4 },
    long: { type: 'text', label: ['长文', 'Long'] },
    storeys: { type: 'integer', label: ['层数', 'Storeys'], min: 1, max: 200 },
    area: { type: 'number', label: ['面积', 'Area'], min: 0 },
    gas: { type: 'boolean', label: ['燃气', 'Gas'] },
    on: { type: 'date', label: ['日期', 'Date'] },
    kind: { type: 'choice', label: ['种类', 'Kind'], choices: { a: ['甲', 'A'], b: ['乙', 'B'] } },
    dwelling: { type: 'id', label: ['房屋', 'Dwelling'], of: ['dw', 'bu'] },
    nothing: { type: 'id', label: ['无', 'Nothing'] },
    answers: { type: 'json', label: ['回答', 'Answers'] },
    even: {
      type: 'integer',
      label: ['双数', 'Even'],
      check: (value) => (Number(value) % 2 === 0 ? null : 'odd'),
    },
  },
})

/** Field, a value, and the rule it breaks; null when it is good. */
const CASES: readonly [field: string, value: Value, rule: string | null][] = [
  ['name', '四个字母', null],
  ['name', '五个字母了', 'too-long'],
  ['name', 5, 'text'],
  ['name', null, 'required'],
  ['name', '', 'required'],
  ['long', 'x'.repeat(500), null],
  ['long', 'x'.repeat(501), 'too-long'],
  ['long', '', null],
  ['storeys', 1, null],
  ['storeys', 200, null],
  ['storeys', 0, 'too-small'],
  ['storeys', 201, 'too-large'],
  ['storeys', 1.5, 'integer'],
  ['storeys', '6', 'number'],
  ['area', 0, null],
  ['area', 88.5, null],
  ['area', -0.1, 'too-small'],
  ['area', Number.NaN, 'number'],
  ['area', Number.POSITIVE_INFINITY, 'number'],
  ['area', true, 'number'],
  ['gas', false, null],
  ['gas', 'true', 'boolean'],
  ['gas', 1, 'boolean'],
  ['on', '2026-02-28', null],
  ['on', '2026-02-29', 'date'],
  ['on', '2026-2-8', 'date'],
  ['on', 20260228, 'date'],
  ['kind', 'a', null],
  ['kind', 'c', 'choice'],
  ['kind', 'toString', 'choice'],
  ['kind', ['a'], 'choice'],
  ['dwelling', 'dw-0000', null],
  ['dwelling', 'bu-0000', null],
  ['dwelling', 'pe-0000', 'id'],
  ['dwelling', 7, 'id'],
  ['nothing', 'dw-0000', 'id'],
  ['answers', { any: ['thing', null] }, null],
  ['even', 4, null],
  ['even', 5, 'odd'],
  ['noSuch', 'x', 'unknown-field'],
  ['constructor', 'x', 'unknown-field'],
  ['toString', 'x', 'unknown-field'],
  ['__proto__', 'x', 'unknown-field'],
]

test.each(CASES)('%s: %j breaks %s', (field, value, rule) => {
  const checked = checkField(sample, field, value)
  if (rule === null) expect(checked).toEqual({ ok: true, value: value === '' ? null : value })
  else
    expect(checked).toMatchObject({
      ok: false,
      problem: { type: 'invalid-field', record: 'sample', field, rule },
    })
})

test.each([
  ['2024-02-29', true],
  ['1900-02-29', false],
  ['2000-02-29', true],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['2026-04-31', false],
  ['0001-01-01', true],
  ['+2026-01-01', false],
  ['2026-01-01T00:00:00Z', false],
  ['', false],
])('the day %s exists: %s', (text, exists) => {
  expect(isDate(text)).toBe(exists)
})

test.each([
  ['storeys', ' 6 ', 6],
  ['storeys', '六', undefined],
  ['storeys', '', null],
  ['area', '88.5', 88.5],
  ['gas', '是', true],
  ['gas', '有', true],
  ['gas', 'Yes', true],
  ['gas', '否', false],
  ['gas', 'n', false],
  ['gas', '也许', undefined],
  ['name', ' 甲 ', '甲'],
] as const)('%s typed as %j is %j', (field, text, value) => {
  expect(parseFieldText(sample.fields[field], text)).toEqual(value)
})

test('a day that exists is one that a calendar has, in every year of four digits', () => {
  const pad = (value: number, digits: number) => String(value).padStart(digits, '0')
  for (const year of [0, 4, 100, 400, 1900, 1999, 2000, 2023, 2024, 2100, 9999])
    for (let month = 0; month <= 13; month++)
      for (let day = 0; day <= 32; day++) {
        const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
        const at = new Date(`${text}T00:00:00Z`)
        expect(isDate(text), text).toBe(!Number.isNaN(at.getTime()) && at.toISOString().startsWith(text))
      }
  for (const text of ['', '2026-1-01', '2026-01-01T00', ' 2026-01-01', '2026-01-0１', '+002026-01-01'])
    expect(isDate(text), text).toBe(false)
})
