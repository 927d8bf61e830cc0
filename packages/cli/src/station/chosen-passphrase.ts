import { fail, ok, type Problem, type Result } from '@doorstep/core'

export type WeakPassphrase = Problem & { readonly type: 'weak-passphrase' }

/** Below this, guessing all of them at Argon2id's price becomes a matter of days. In characters. */
export const LEAST_CHARACTERS = 8

/** What is tried first, and this program's own name. Lower case, letters and digits only. */
const OBVIOUS = new Set([
  'password',
  'password1',
  'passw0rd',
  'p4ssw0rd',
  'passphrase',
  'administrator',
  'letmein1',
  'welcome1',
  'qwertyui',
  'qwertyuiop',
  'qwerty123',
  'asdfghjk',
  'asdfghjkl',
  '1qaz2wsx',
  '1q2w3e4r',
  'abcd1234',
  'abc12345',
  'a1234567',
  'a12345678',
  'q1234567',
  '123456789a',
  '123123123',
  '12341234',
  '11223344',
  '1234abcd',
  '147258369',
  'iloveyou',
  'woaini1314',
  'woaini520',
  '5201314520',
  '13145201314',
  'doorstep',
  'doorstep1',
  'samplepassphrase1',
])

/** A passphrase that a person chooses: why it is too weak, or itself. Length is what counts; nothing else is asked. */
export function checkChosen(text: string): Result<string, WeakPassphrase> {
  const weak = (reason: 'short' | 'obvious') =>
    fail<WeakPassphrase>({ type: 'weak-passphrase', reason, least: LEAST_CHARACTERS })
  const characters = [...text.normalize('NFC').trim()]
  if (characters.length < LEAST_CHARACTERS) return weak('short')
  const plain = characters
    .join('')
    .toLowerCase()
    .replaceAll(/[\s\p{P}]/gu, '')
  if (OBVIOUS.has(plain) || isRun(characters) || new Set(characters).size < 3) return weak('obvious')
  return ok(text)
}

/** 12345678, 87654321, abcdefgh. */
function isRun(characters: readonly string[]): boolean {
  const codes = characters.map((character) => character.codePointAt(0)!)
  return [1, -1, 0].some((step) => codes.every((code, at) => at === 0 || code - codes[at - 1]! === step))
}
