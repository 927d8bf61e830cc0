import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitFlips, chance, truncations } from '../testing/hostile-bytes.test.data.ts'
import type { Value } from './change.ts'
import { textOf } from './column-read.ts'
import { encodePage, type PageRecord, type PartPlace, pageWithOnly } from './page.ts'
import { decodePage, visitPage } from './page-read.ts'
import { mayConflict, textOfPlain } from './plain.ts'
import { writeTagOf } from './tag.ts'

const ENTRIES = Array.from({ length: 5 }, (_, n) => ({
  log: `${n % 2}`.repeat(32),
  seq: 10 + n,
  hash: new Uint8Array(32).fill(n + 1),
}))
const PLACES = new Map<string, PartPlace>(
  ENTRIES.flatMap(({ hash }, entry) =>
    [1, 2, 130].map((part): [string, PartPlace] => [writeTagOf(hash, part), { entry, part }]),
  ),
)
const TAGS = [...PLACES.keys()]
const placeOf = (tag: string) => PLACES.get(tag)
const entryAt = (ordinal: number) => ENTRIES[ordinal]

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Value[]>(
      null,
      true,
      false,
      '',
      '中文',
      'pe-0123456789abcdef',
      'pe-01',
      `${TAGS[0]}.3`,
      `${TAGS[0]}.03`,
    ),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => (Object.is(one, -0) ? 0 : one)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '1', 'toString', '字'), tie('value'), {
      noNullPrototype: true,
      maxKeys: 3,
    }),
  ),
}))

const write = fc.record({
  kind: fc.constantFrom('#', '+', '!'),
  name: fc.constantFrom('name', 'steps', 'a1'),
  stamp: fc.nat(),
  element: fc.string({ unit: 'binary', minLength: 1 }),
  value,
})
const record = fc
  .record({
    type: fc.constantFrom('person', 'visit', 'other'),
    tags: fc.uniqueArray(fc.constantFrom(...TAGS), { minLength: 1, maxLength: 4 }),
    version: fc.nat(9),
    writes: fc.array(write, { maxLength: 6 }),
  })
  .map(({ type, tags, version, writes }) => {
    const plain = new Map<string, unknown>()
    for (const tag of tags) {
      const { entry } = PLACES.get(tag)!
      const { log, seq } = ENTRIES[entry]!
      plain.set(`@${tag}`, [`me-000${entry}`, 1_800_000_000_000 - entry, log, seq, version])
    }
    for (const { kind, name, stamp, element, value } of writes) {
      const tag = tags[stamp % tags.length]!
      if (kind === '#') plain.set(`${name}#${tag}`, value)
      else if (kind === '!') plain.set(`${name}!${tag}.${stamp % 1000}`, value)
      else plain.set(`${name}+${element}#${tag}`, true)
    }
    return { type, plain: new Map([...plain].sort(([a], [b]) => (a < b ? -1 : 1))) }
  })
const page = fc.array(record, { minLength: 1, maxLength: 40 }).map((records): PageRecord[] =>
  records.map((one, n) => ({
    id: n % 7 === 0 ? `vi-${n}abc` : `vi-${String(n).padStart(16, '0')}`,
    ...one,
  })),
)

const asJson = (records: readonly PageRecord[]) =>
  JSON.stringify(records.map(({ id, type, plain }) => [id, type, [...plain]]))

test('a page is read as it was written, by whoever knows the entries: every value, stamp and key, in order', () => {
  fc.assert(
    fc.property(page, (records) => {
      const placed = new Map<string, PartPlace>()
      const read = decodePage(encodePage(records, placeOf), entryAt, placed)
      expect(read.ok && asJson(read.value.records)).toBe(asJson(records))
      if (!read.ok) return
      // Beside it only what it names is needed, and some of it can be put anew.
      const [, ...left] = records
      const some = pageWithOnly(left, read.value.entries, placed)
      const again = decodePage(some.packed, (_, at) => some.entries[at])
      expect(again.ok && asJson(again.value.records)).toBe(asJson(left))
    }),
    chance(60),
  )
})

test('a page that is cut, or has a bit turned, is malformed or another page, never an error', () => {
  fc.assert(
    fc.property(page, (records) => {
      const packed = encodePage(records.slice(0, 3), placeOf)
      const some = (list: Iterable<Uint8Array>) => [...list].filter((_, at) => at % 17 === 0)
      for (const cut of some(truncations(packed))) expect(decodePage(cut, entryAt).ok).toBe(false)
      for (const flipped of some(bitFlips(packed))) decodePage(flipped, entryAt)
    }),
    chance(4),
  )
})

test('keys and names may be anything: a page with more of them than it has columns for is read as it was written', () => {
  const [tag] = TAGS as [string]
  const { log, seq } = ENTRIES[0]!
  const stamp = [`@${tag}`, ['me-0000', 1, log, seq, 1]] as const
  const manyKeys = Object.fromEntries(Array.from({ length: 4000 }, (_, n) => [`k${n}`, n]))
  const manyShapes = Array.from({ length: 3000 }, (_, n) => ({
    [`key${n % 60}`]: 1,
    [`other${n % 59}`]: [[[]], {}],
  }))
  const manyNames = Array.from(
    { length: 4000 },
    (_, n) => [`name${n}#${tag}`, [n, { [`a${n}`]: -n }]] as const,
  )
  const records = [
    [[`name#${tag}`, manyKeys] as const, [`shapes#${tag}`, manyShapes] as const],
    manyNames,
    [[`name#${tag}`, { k1: 1, late: [1] }] as const],
  ].map((writes, n) => ({
    id: `vi-${String(n).padStart(16, '0')}`,
    type: 'visit',
    plain: new Map<string, unknown>([stamp, ...writes].sort(([a], [b]) => (a < b ? -1 : 1))),
  }))
  const read = decodePage(encodePage(records, placeOf), entryAt)
  expect(read.ok && asJson(read.value.records)).toBe(asJson(records))
})

test('a value that costs no byte is counted: a small page does not unpack to millions', () => {
  const [tag] = TAGS as [string]
  const { log, seq } = ENTRIES[0]!
  const plain = new Map<string, unknown>([
    [`@${tag}`, ['me-0000', 1, log, seq, 1]],
    [`name#${tag}`, Array.from({ length: 1024 * 1024 }, () => [])],
  ])
  const packed = encodePage([{ id: 'vi-0000', type: 'visit', plain }], placeOf)
  expect(packed.length).toBeLessThan(4096)
  expect(decodePage(packed, entryAt)).toMatchObject({ ok: false, problem: { detail: /too many values/ } })
})

test('what is hashed of a record on a page is what is hashed of the record, to the byte', () => {
  fc.assert(
    fc.property(page, (records) => {
      const texts: string[] = []
      const rare: boolean[] = []
      const visited = visitPage(encodePage(records, placeOf), entryAt, ({ text, mayConflict: may }) => {
        texts.push(textOf(text))
        rare.push(may)
      })
      expect(visited.ok).toBe(true)
      expect(texts).toEqual(records.map(({ id, plain }) => textOfPlain(id, plain)))
      expect(rare).toEqual(records.map(({ plain }) => mayConflict(plain.keys())))
    }),
    chance(60),
  )
})

test('a long word that many values name is not written out for all of them', () => {
  const [tag] = TAGS as [string]
  const { log, seq } = ENTRIES[0]!
  const plain = new Map<string, unknown>([
    [`@${tag}`, ['me-0000', 1, log, seq, 1]],
    [`name#${tag}`, Array.from({ length: 1000 }, () => 'x'.repeat(100_000))],
  ])
  const packed = encodePage([{ id: 'vi-0000', type: 'visit', plain }], placeOf)
  expect(decodePage(packed, entryAt)).toMatchObject({ ok: false, problem: { detail: /too much text/ } })
})
