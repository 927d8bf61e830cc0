import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCbor, encodeCbor } from '../bytes/cbor.ts'
import { MAX_PART_BYTES } from '../log/limits.ts'
import {
  anyWire,
  BOMBS,
  bitFlips,
  chance,
  replacements,
  STRANGE_VALUES,
  truncations,
} from '../testing/hostile-bytes.test.data.ts'
import { anyChange } from './change.test.data.ts'
import { type Change, changeToWire, isValue, parseChange } from './change.ts'

const bytesOf = (change: Change) => encodeCbor(changeToWire(change))
const read = (bytes: Uint8Array) => {
  const decoded = decodeCbor(bytes, MAX_PART_BYTES)
  return decoded.ok ? parseChange(decoded.value) : decoded
}

test('F5 a change is read back as it was written', () => {
  fc.assert(
    fc.property(anyChange, (change) => {
      const parsed = read(bytesOf(change))
      expect(parsed.ok && bytesOf(parsed.value)).toEqual(bytesOf(change))
    }),
    chance(300),
  )
})

test('a broken change is a problem or another change, never a throw', () => {
  for (const change of fc.sample(anyChange, { numRuns: 12, seed: 3 })) {
    const whole = bytesOf(change)
    for (const cut of truncations(whole)) expect(read(cut).ok).toBe(false)
    for (const flipped of bitFlips(whole.subarray(0, 200))) expect(typeof read(flipped).ok).toBe('boolean')
    for (const replaced of replacements(changeToWire(change), STRANGE_VALUES)) {
      const parsed = read(encodeCbor(replaced))
      // What is read is what would be written: no two wires mean the same change.
      if (parsed.ok) expect(bytesOf(parsed.value)).toEqual(encodeCbor(replaced))
    }
  }
})

test('random bytes, random CBOR and bombs are no changes', () => {
  for (const bomb of Object.values(BOMBS)) expect(read(bomb).ok).toBe(false)
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), anyWire.map(encodeCbor)), (input) => {
      expect(read(input).ok).toBe(false)
    }),
    chance(1500),
  )
})

test.each([
  ['a kind named by a word', ['length', 'name', 'x']],
  ['a kind that is the text of a number', ['0', 'name', 'x']],
  ['a kind that is none', [3, 'name', 'x']],
  ['a name that is no name', [0, '__proto__', 'x']],
  ['a name with a mark of our own', [0, 'a#b', 'x']],
  ['an empty element', [1, 'tags', '']],
  ['an element of 201 letters', [1, 'tags', 'x'.repeat(201)]],
  ['bytes as a value', [0, 'name', new Uint8Array(3)]],
  ['a value 13 deep', [0, 'name', nested(13)]],
  ['a value with a key that changes what it is', [0, 'name', JSON.parse('{"__proto__": {"a": 1}}')]],
  ['a value with a key that Yjs tells types by', [0, 'name', { constructor: 'x' }]],
  ['the same, deeper', [2, 'steps', [{ a: JSON.parse('{"__proto__": 1}') }]]],
])('%s is no write', (_, write) => {
  expect(parseChange(['building', 1, 'bu-0000', [write], []]).ok).toBe(false)
  expect(parseChange(['building', 1, 'bu-0000', [[0, 'name', 'x']], []]).ok).toBe(true)
})

test('F7 256 writes and 4096 unwrites are a change, one more is none', () => {
  const writes = (count: number) => Array.from({ length: count }, () => [0, 'name', 1])
  const unwrites = (count: number) => Array.from({ length: count }, () => [0, 'name', new Uint8Array(16)])
  const wire = (w: number, u: number) => ['building', 1, 'bu-0000', writes(w), unwrites(u)]
  expect(parseChange(wire(256, 4096)).ok).toBe(true)
  expect(parseChange(wire(257, 0)).ok).toBe(false)
  expect(parseChange(wire(0, 4097)).ok).toBe(false)
})

test('a value is JSON, nothing else', () => {
  expect(isValue({ valueOf: 'a', toString: ['b'] }, 3)).toBe(true)
  expect(isValue(nested(12), 12)).toBe(true)
  for (const other of [
    undefined,
    Number.NaN,
    Infinity,
    1n,
    new Date(),
    new Map(),
    new Uint8Array(1),
    Symbol('x'),
  ])
    expect(isValue(other, 5)).toBe(false)
})

function nested(depth: number): unknown {
  return depth === 0 ? 'x' : [nested(depth - 1)]
}
