import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { fromBase32, toBase32 } from '../ids.ts'
import { building } from '../records/building.ts'
import { chance } from '../testing/hostile-bytes.test.data.ts'
import { anyChange } from './change.test.data.ts'
import { type Change, TAG_BYTES } from './change.ts'
import { RecordDoc, type Stamp } from './fold.ts'
import { projectRecord } from './project.ts'
import { writeTagOf } from './tag.ts'

const stampOf = (at: number): Stamp => ({
  tag: writeTagOf(sha256(String(at)), 1),
  member: 'me-0001',
  at,
  log: 'ab',
  seq: at,
  version: 1,
})
const seenAll = () => true
const seenNothing = () => false
const fold = (doc: RecordDoc, changes: readonly Change[], order = changes.map((_, at) => at)) => {
  for (const at of order) doc.apply(changes[at]!, stampOf(at), seenNothing)
  return doc
}
const project = (doc: RecordDoc) => projectRecord('bu-0000', 'building', 'sp-0000', doc.live(), building)

test('a record put to sleep and woken is the same, whatever was written', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { minLength: 1, maxLength: 5 }), (changes) => {
      const awake = fold(new RecordDoc('bu-0000', null), changes)
      const woken = new RecordDoc('bu-0000', awake.state())
      expect(toHex(woken.hash())).toBe(toHex(awake.hash()))
      expect(JSON.stringify(project(woken))).toBe(JSON.stringify(project(awake)))
      const { hash, state, live } = awake.asleep()
      expect(toHex(hash)).toBe(toHex(awake.hash()))
      expect(toHex(state)).toBe(toHex(awake.state()))
      expect(live).toEqual(awake.live())
    }),
    chance(300),
  )
})

test('F5 changes that have not seen each other fold to one record in any order, twice or once, asleep between or not', () => {
  const inAnyOrder = fc.array(anyChange, { minLength: 1, maxLength: 6 }).chain((changes) =>
    fc.tuple(
      fc.constant(changes),
      fc.shuffledSubarray(
        changes.map((_, at) => at),
        { minLength: changes.length },
      ),
      fc.array(fc.nat({ max: changes.length - 1 }), { maxLength: 3 }),
    ),
  )
  fc.assert(
    fc.property(inAnyOrder, ([changes, order, again]) => {
      const one = fold(new RecordDoc('bu-0000', null), changes)
      let two = new RecordDoc('bu-0000', null)
      for (const at of [...order, ...again]) two = new RecordDoc('bu-0000', fold(two, changes, [at]).state())
      expect(toHex(two.hash())).toBe(toHex(one.hash()))
      expect(JSON.stringify(project(two))).toBe(JSON.stringify(project(one)))
    }),
    chance(200),
  )
})

test('a name that means something to JavaScript is a name like any other', () => {
  const change: Change = {
    type: 'building',
    version: 1,
    id: 'bu-0000',
    writes: ['constructor', 'toString', 'valueOf', 'hasOwnProperty'].flatMap((name) => [
      { type: 'field', name, value: 'f' } as const,
      { type: 'add', name, element: 'e' } as const,
      { type: 'append', name, value: 'a' } as const,
    ]),
    unwrites: [],
  }
  const projection = project(fold(new RecordDoc('bu-0000', null), [change]))
  expect(Object.keys(projection.fields)).toEqual(['constructor', 'hasOwnProperty', 'toString', 'valueOf'])
  expect(Object.entries(projection.sets)).toContainEqual(['constructor', ['e']])
  expect(Object.entries(projection.timelines)).toContainEqual([
    'toString',
    [expect.objectContaining({ value: 'a' })],
  ])
})

test('F6 a write that its author had seen is taken back; one it had not lives on', () => {
  const set = (value: string, unwrites: Change['unwrites'] = []): Change => ({
    type: 'building',
    version: 1,
    id: 'bu-0000',
    writes: [{ type: 'field', name: 'street', value }],
    unwrites,
  })
  const over: Change['unwrites'] = [{ type: 'field', name: 'street', tag: stampOf(0).tag }]
  const seen = new RecordDoc('bu-0000', null)
  seen.apply(set('旧'), stampOf(0), seenAll)
  seen.apply(set('新', over), stampOf(1), seenAll)
  expect(project(seen)).toMatchObject({ fields: { street: '新' }, conflicts: {} })
  const unseen = new RecordDoc('bu-0000', null)
  unseen.apply(set('旧'), stampOf(0), seenAll)
  unseen.apply(set('新', over), stampOf(1), seenNothing)
  expect(
    project(unseen)
      .conflicts.street?.map(({ value }) => value)
      .sort(),
  ).toEqual(['新', '旧'].sort())
})

test('F5 a tag is 128 bits, one for each part, and is read back from its text', () => {
  const tags = new Set<string>()
  for (let n = 0; n < 500; n++)
    for (let part = 0; part < 4; part++) {
      const tag = writeTagOf(sha256(String(n)), part)
      expect(fromBase32(tag)).toHaveLength(TAG_BYTES)
      expect(toBase32(fromBase32(tag))).toBe(tag)
      tags.add(tag)
    }
  expect(tags.size).toBe(2000)
})

test('A14 parts whose tags give Yjs one and the same client fold as any others: no state leaves its station', () => {
  const sameClient = fc.uint8Array({ minLength: 9, maxLength: 9 }).map((end) => {
    const bytes = new Uint8Array(TAG_BYTES).fill(7)
    bytes.set(end, 7)
    return toBase32(bytes)
  })
  const inAnyOrder = fc
    .uniqueArray(fc.tuple(sameClient, anyChange), { minLength: 2, maxLength: 6, selector: ([tag]) => tag })
    .chain((parts) => fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length })))
  fc.assert(
    fc.property(inAnyOrder, ([parts, shuffled]) => {
      const apply = (doc: RecordDoc, [tag, change]: (typeof parts)[number]) => {
        doc.apply(change, { ...stampOf(1), tag }, seenNothing)
        return doc
      }
      const one = parts.reduce(apply, new RecordDoc('bu-0000', null))
      const two = shuffled.reduce(
        (doc, part) => new RecordDoc('bu-0000', apply(doc, part).state()),
        new RecordDoc('bu-0000', null),
      )
      expect(one.live().stamps.size).toBe(parts.length)
      expect(toHex(two.hash())).toBe(toHex(one.hash()))
      expect(JSON.stringify(project(two))).toBe(JSON.stringify(project(one)))
    }),
    chance(200),
  )
})
