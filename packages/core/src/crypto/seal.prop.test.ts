import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitFlips, chance, truncations } from '../testing/hostile-bytes.test.data.ts'
import { createKeyPair, createSigner, isSignedBy } from './keys.ts'
import { box, deriveKey, SEAL_OVERHEAD_BYTES, seal, unbox, unseal } from './seal.ts'

const key = (byte: number) => new Uint8Array(32).fill(byte)
const about = Buffer.from('here')

test('what is sealed opens, with the same key in the same place only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (text) => {
      const sealed = seal(key(1), text, about)
      expect(sealed.length).toBe(text.length + SEAL_OVERHEAD_BYTES)
      const opened = unseal(key(1), sealed, about)
      expect(opened.ok && Buffer.from(opened.value)).toEqual(Buffer.from(text))
      expect(unseal(key(2), sealed, about).ok).toBe(false)
      expect(unseal(key(1), sealed, Buffer.from('there')).ok).toBe(false)
    }),
    chance(100),
  )
})

test('no cut and no flipped bit of a sealed text opens', () => {
  const sealed = seal(key(1), Buffer.from('测试'), about)
  for (const cut of truncations(sealed)) expect(unseal(key(1), cut, about).ok).toBe(false)
  for (const flipped of bitFlips(sealed)) expect(unseal(key(1), flipped, about).ok).toBe(false)
})

test('ten thousand seals of one text have ten thousand nonces', () => {
  const nonces = new Set<string>()
  for (let n = 0; n < 10_000; n++)
    nonces.add(Buffer.from(seal(key(1), about, about)).toString('latin1', 0, 12))
  expect(nonces.size).toBe(10_000)
})

test('a box opens for its recipient alone; cut, altered or not a box: unreadable', () => {
  const mine = createKeyPair('x25519')
  const boxed = box(mine.publicKey, key(7), about)
  expect(unbox(mine, boxed, about)).toMatchObject({ ok: true, value: Buffer.from(key(7)) })
  expect(unbox(createKeyPair('x25519'), boxed, about).ok).toBe(false)
  for (const cut of truncations(boxed)) expect(unbox(mine, cut, about).ok).toBe(false)
  for (const flipped of bitFlips(boxed)) expect(unbox(mine, flipped, about).ok).toBe(false)
  // An all-zero ephemeral key agrees on nothing (RFC 7748 §6.1).
  expect(unbox(mine, new Uint8Array(100), about).ok).toBe(false)
})

test('a signature holds for its message and key; with any bit turned it does not', () => {
  const pair = createKeyPair('ed25519')
  const message = Buffer.from('doorstep')
  const signature = createSigner(pair.privateKey)(message)
  expect(isSignedBy(pair.publicKey, message, signature)).toBe(true)
  for (const flipped of bitFlips(signature)) expect(isSignedBy(pair.publicKey, message, flipped)).toBe(false)
  for (const flipped of bitFlips(message)) expect(isSignedBy(pair.publicKey, flipped, signature)).toBe(false)
  expect(isSignedBy(new Uint8Array(31), message, signature)).toBe(false)
  expect(isSignedBy(pair.publicKey, message, new Uint8Array(0))).toBe(false)
})

test('keys derived for two uses, salts or secrets differ', () => {
  const derived = [
    deriveKey(key(1), key(2), 'a'),
    deriveKey(key(1), key(2), 'b'),
    deriveKey(key(1), key(3), 'a'),
    deriveKey(key(2), key(2), 'a'),
  ].map((bytes) => Buffer.from(bytes).toString('hex'))
  expect(new Set(derived).size).toBe(4)
})
