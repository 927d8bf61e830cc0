import { expect, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import type { Value, Write } from './change.ts'
import { defineRecord, type RecordDefinition } from './define.ts'
import { RecordDoc } from './fold.ts'
import { projectRecord } from './project.ts'
import { writeTagOf } from './tag.ts'

const shape = {
  type: 'sample',
  prefix: 'xx',
  label: ['样例', 'Sample'],
  space: 'grid',
  fields: {
    first: { type: 'text', label: ['名', 'First'] },
    last: { type: 'text', label: ['姓', 'Last'] },
    storeys: { type: 'integer', label: ['层', 'Storeys'] },
  },
} as const

/** Version 1 had one `name`; version 2 splits it; version 3 renames `floors` and counts from 0. */
const definition = defineRecord({
  ...shape,
  version: 3,
  upgrades: {
    1: (name: string, value: Value) => {
      if (name !== 'name' || typeof value !== 'string') return [[name, value]] as const
      const [last, ...first] = value
      return [
        ['last', last ?? null],
        ['first', first.join('')],
      ] as const
    },
    2: (name: string, value: Value) =>
      name === 'floors' ? ([['storeys', Number(value) + 1]] as const) : ([[name, value]] as const),
  },
})

type Part = { at: number; version: number; fields: Readonly<Record<string, Value>> }

function folded(parts: readonly Part[], order: readonly number[], by: RecordDefinition = definition) {
  const doc = new RecordDoc('xx-0000', null)
  for (const which of order) {
    const { at, version, fields } = parts[which]!
    const writes: Write[] = Object.entries(fields).map(([name, value]) => ({ type: 'field', name, value }))
    doc.apply(
      { type: 'sample', version, id: 'xx-0000', writes, unwrites: [] },
      { tag: writeTagOf(sha256(String(at)), 1), member: `me-000${at}`, at, log: 'ab', seq: at, version },
      () => true,
    )
  }
  return {
    hash: toHex(doc.hash()),
    projection: projectRecord('xx-0000', 'sample', 'sp-0000', doc.live(), by),
  }
}

test('what was written at version 1 is read at version 3, each step in turn', () => {
  const { projection } = folded([{ at: 1, version: 1, fields: { name: '张三', floors: 5 } }], [0])
  expect(projection.fields).toEqual({ last: '张', first: '三', storeys: 6 })
})

test('a writer of each version: all stations read the same, whatever came first', () => {
  const parts = [
    { at: 1, version: 1, fields: { name: '张三' } },
    { at: 2, version: 2, fields: { floors: 5 } },
    { at: 3, version: 3, fields: { last: '李', storeys: 6 } },
  ]
  const orders = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [2, 0, 1],
  ]
  const [first, ...others] = orders.map((order) => folded(parts, order))
  for (const other of others) expect(other).toEqual(first)
  expect(first!.projection.fields).toMatchObject({ first: '三', storeys: 6 })
  // Five floors counted from 0 are six storeys: one value. Two names stay two.
  expect(Object.keys(first!.projection.conflicts)).toEqual(['last'])
  expect(first!.projection.conflicts.last!.map(({ value }) => value).sort()).toEqual(['张', '李'].sort())
})

test('an upgrade changes what is read, never what is kept: old and new programs hold equal records', () => {
  const parts = [{ at: 1, version: 1, fields: { name: '张三' } }]
  const old = folded(parts, [0], { ...shape, version: 1 })
  const now = folded(parts, [0])
  expect(old.hash).toBe(now.hash)
  expect(old.projection.fields).toEqual({ name: '张三' })
})

test('what a later version wrote is shown as it is', () => {
  const { projection } = folded([{ at: 1, version: 9, fields: { name: '张三', novelty: true } }], [0])
  expect(projection.fields).toEqual({ name: '张三', novelty: true })
})

test('a field of two equal values is no conflict; null beside a value is one', () => {
  const equal = folded(
    [
      { at: 1, version: 3, fields: { first: '三' } },
      { at: 2, version: 3, fields: { first: '三' } },
    ],
    [1, 0],
  )
  expect(equal.projection).toMatchObject({ fields: { first: '三' }, conflicts: {} })
  const emptied = folded(
    [
      { at: 1, version: 3, fields: { first: '三' } },
      { at: 2, version: 3, fields: { first: null } },
    ],
    [0, 1],
  )
  expect(emptied.projection.conflicts.first).toHaveLength(2)
})

test('created is the earliest part by its author’s clock, changed the latest, in any order', () => {
  const parts = [
    { at: 5, version: 3, fields: { first: 'a' } },
    { at: 2, version: 3, fields: { last: 'b' } },
    { at: 9, version: 3, fields: { storeys: 1 } },
  ]
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
  ])
    expect(folded(parts, order).projection).toMatchObject({
      createdAt: 2,
      createdBy: 'me-0002',
      changedAt: 9,
    })
})
