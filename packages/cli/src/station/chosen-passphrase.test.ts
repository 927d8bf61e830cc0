import { expect, test } from 'vitest'
import { checkChosen } from './chosen-passphrase.ts'

test.each(['', 'seven77', '三堵不可能的墙', '  1234567 '])('%j is too short', (text) => {
  expect(checkChosen(text)).toMatchObject({ problem: { type: 'weak-passphrase', reason: 'short', least: 8 } })
})

test.each([
  '12345678',
  '87654321',
  'abcdefghij',
  '88888888',
  '10101010',
  'Password',
  'pass-word!',
  'Woaini1314',
  'qwertyuiop',
])('%j is what is tried first', (text) =>
  expect(checkChosen(text)).toMatchObject({ problem: { type: 'weak-passphrase', reason: 'obvious' } }),
)

test.each([
  'three impossible walls',
  '三堵不可能的白墙',
  'a test passphrase',
  'cafe\u0301 et tarte',
  'Tr0ub4dor&3',
])('%j will do, as it was typed', (text) => expect(checkChosen(text)).toEqual({ ok: true, value: text }))
