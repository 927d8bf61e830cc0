import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../crypto/hash.ts'
import type { Change, Unwrite } from '../record/change.ts'
import { RecordDoc, type Stamp } from '../record/fold.ts'
import { projectRecord } from '../record/project.ts'
import { writeTagOf } from '../record/tag.ts'
import { household } from '../records/household.ts'
import { plainOf } from './masked-record.ts'
import { listConflicts } from './queries.ts'
import { RecordSet } from './record-set.ts'
import { GRID_SPACE } from './sample-records.test.data.ts'

const ID = 'hh-1111'
const FIELDS = ['phone', 'mind', 'note'] as const
type Field = (typeof FIELDS)[number]
type Part = { readonly change: Change; readonly stamp: Stamp; readonly seen: ReadonlySet<string> }

const stampOf = (n: number): Stamp => ({
  tag: writeTagOf(sha256(String(n)), 1),
  member: `me-${n}`,
  at: n,
  log: `${n}`,
  seq: 0,
  version: 1,
})

/** What somebody writes who has woken the record after `past`: takes back what lives there, as an edit does. */
function edit(past: readonly Part[], n: number, field: Field, value: string): Part {
  const live = fold(past).live()
  const unwrites = live.fields
    .filter((write) => write.name === field)
    .map((write): Unwrite => ({ type: 'field', name: field, tag: write.stamp.tag }))
  const change: Change = {
    type: 'household',
    version: 1,
    id: ID,
    writes: [{ type: 'field', name: field, value }],
    unwrites,
  }
  return { change, stamp: stampOf(n), seen: new Set(past.map((part) => part.stamp.tag)) }
}

function fold(parts: readonly Part[]): RecordDoc {
  const doc = new RecordDoc(ID, null)
  for (const { change, stamp, seen } of parts) doc.apply(change, stamp, (target) => seen.has(target.tag))
  return doc
}

const setOf = (parts: readonly Part[]) =>
  new RecordSet([projectRecord(ID, 'household', GRID_SPACE, fold(parts).live(), household)])

const plain = (set: RecordSet) => plainOf(set.get(ID)!)

const text = fc.constantFrom('甲', '乙', '丙')
const field = fc.constantFrom(...FIELDS)

test('two who woke the same state both keep their say until a person settles it, whichever arrives first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(field, text), { maxLength: 4 }),
      field,
      text,
      field,
      text,
      text,
      (before, fieldA, valueA, fieldB, valueB, settled) => {
        const past: Part[] = []
        for (const [name, value] of before) past.push(edit(past, past.length + 1, name, value))
        const a = edit(past, 101, fieldA, valueA)
        const b = edit(past, 102, fieldB, valueB)
        const [here, there] = [setOf([...past, a, b]), setOf([...past, b, a])]
        expect(plain(here)).toEqual(plain(there))
        const conflicts = listConflicts(here)
        if (fieldA !== fieldB || valueA === valueB) {
          expect(conflicts).toEqual([])
          expect(plain(here).fields).toMatchObject({ [fieldA]: valueA, [fieldB]: valueB })
          return
        }
        expect(
          plain(here)
            .conflicts[fieldA]?.map((one) => one.value)
            .sort(),
        ).toEqual([valueA, valueB].sort())
        expect(conflicts.map((one) => one.field)).toEqual([fieldA])
        const end = edit([...past, a, b], 103, fieldA, settled)
        for (const parts of [
          [...past, a, b, end],
          [...past, b, a, end],
        ]) {
          expect(listConflicts(setOf(parts))).toEqual([])
          expect(plain(setOf(parts)).fields[fieldA]).toBe(settled)
        }
      },
    ),
  )
})
