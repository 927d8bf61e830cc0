import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { addDays } from './day.ts'
import { RecordSet } from './record-set.ts'
import { communityRecords, homeRecords, visitRecord } from './sample-records.test.data.ts'
import { codeInQr, codeText, findSheet, looksLikeSheet, parseSheetCode, sheetCode } from './sheet-code.ts'

const community = 'co-0001'
const form = { id: 'home-safety-check', version: '1' }
const household = 'hh-1.2.301'
const printedOn = '2026-11-20'
const printed = { community, household, form, printedOn }
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTWXYZ'
const set = (...more: Parameters<typeof visitRecord>[]) =>
  new RecordSet([
    ...communityRecords(),
    ...homeRecords('1', '2', '301'),
    ...homeRecords('1', '2', '302'),
    ...more.map((one) => visitRecord(...one)),
  ])
const known = { community, forms: [form, { id: 'other', version: '7' }], today: '2026-11-26' }

test('a code is read however it is typed, and opens the household, form and day it was printed for', () => {
  for (const copy of [0, 3]) {
    const code = sheetCode({ ...printed, copy })
    expect(code).toMatch(/^[0-9A-HJKMNP-TW-Z]{12}$/)
    const typed = codeText(code)
    const fullWidth = [...typed].map((one) => String.fromCodePoint(one.codePointAt(0)! + 0xfee0)).join('')
    for (const text of [code, typed, typed.toLowerCase(), ` ${codeInQr(code)}\n`, `ds ${typed}`, fullWidth])
      expect(expectOk(findSheet(set(), text, known))).toMatchObject({
        code,
        households: [household],
        blank: false,
        form,
        printedOn,
        copy,
        typedIn: [],
      })
    expect(expectOk(parseSheetCode(code.replaceAll('0', 'O').replaceAll('1', 'l'))).code).toBe(code)
    expect(looksLikeSheet(codeInQr(code))).toBe(true)
  }
})

test('every slip of one character and every swap of two is noticed', () => {
  const code = sheetCode(printed)
  let tried = 0
  const refused = (text: string) => {
    tried++
    return !parseSheetCode(text).ok
  }
  for (let at = 0; at < code.length; at++) {
    for (const letter of ALPHABET)
      if (letter !== code[at]) expect(refused(code.slice(0, at) + letter + code.slice(at + 1))).toBe(true)
    for (let other = at + 1; other < code.length; other++) {
      if (code[at] === code[other]) continue
      const letters = [...code]
      ;[letters[at], letters[other]] = [letters[other]!, letters[at]!]
      expect(refused(letters.join(''))).toBe(true)
    }
  }
  expect(tried).toBeGreaterThan(12 * 30)
  expect(parseSheetCode(code.slice(1))).toMatchObject({ problem: { type: 'sheet-code-shape', length: 11 } })
})

test('a code of another community, of a household or a form that is not here says so, and names are no codes', () => {
  const type = (text: string, options = known) => {
    const found = findSheet(set(), text, options)
    return found.ok ? null : found.problem.type
  }
  expect(type(sheetCode({ ...printed, community: 'px-0001' }))).toBe('sheet-household-unknown')
  expect(type(sheetCode({ ...printed, household: 'hh-9.9.999' }))).toBe('sheet-household-unknown')
  expect(type(sheetCode({ ...printed, form: { ...form, version: '0' } }))).toBe('sheet-form-unknown')
  for (const name of ['1-2-301', 'zhangsanfeng', '测试住户 1-2-301', '13800001234'])
    expect(looksLikeSheet(name)).toBe(false)
})

test('the day is known for years, also where the clock of the printing station ran ahead by one', () => {
  for (const days of [-1, 0, 1, 400, 2000]) {
    const code = sheetCode({ ...printed, printedOn: addDays('2026-11-26', -days) })
    expect(expectOk(findSheet(set(), code, known)).printedOn).toBe(addDays('2026-11-26', -days))
  }
})

test('a sheet that was typed in is known again, unless that visit was withdrawn; a copy is another sheet', () => {
  const code = sheetCode(printed)
  const fields = { mode: 'paper', sheet: code }
  const typed = set(
    ['2', household, '2026-11-23', fields],
    ['3', household, '2026-11-22', { ...fields, withdrawn: 'wrong door' }],
    ['4', 'hh-1.2.302', '2026-11-22', { sheet: sheetCode({ ...printed, household: 'hh-1.2.302' }) }],
  )
  expect(expectOk(findSheet(typed, code, known)).typedIn).toMatchObject([
    { visit: 'vi-2', on: '2026-11-23', by: { name: '测试员甲' } },
  ])
  expect(expectOk(findSheet(typed, sheetCode({ ...printed, copy: 1 }), known)).typedIn).toEqual([])
  const blank = sheetCode({ ...printed, household: null })
  expect(expectOk(findSheet(typed, blank, known))).toMatchObject({ blank: true, households: [], typedIn: [] })
})
