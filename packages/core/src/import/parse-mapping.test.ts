import { describe, expect, it } from 'vitest'
import { parseMapping, parseMappingText } from './parse-mapping.ts'
import { exampleFile } from './register.test.data.ts'

const building = { key: ['blk'], fields: { name: 'blk' } }
const mapping = (records: object, extra: object = {}) =>
  parseMapping({ doorstep: 'mapping/1', name: 'test', records, ...extra })
const faults = (result: ReturnType<typeof parseMapping>) =>
  result.ok ? [] : result.problem.faults.map(({ path, rule }) => `${path}: ${rule}`)

describe('parseMapping', () => {
  it('takes the examples that are shipped', () => {
    for (const name of ['hdb-blocks.mapping.json', 'sample-people.mapping.json'])
      expect(parseMappingText(Buffer.from(exampleFile(name)).toString())).toMatchObject({ ok: true })
  })

  it('says when the file is no JSON or no mapping', () => {
    expect(faults(parseMappingText('{"doorstep":'))).toEqual([': not-json'])
    expect(faults(parseMapping([]))).toEqual([': not-an-object'])
    expect(faults(parseMapping({}))).toEqual([
      'doorstep: not-one-of',
      'name: not-a-text',
      'records: not-an-object',
    ])
  })

  it('names every fault with its path at once', () => {
    const result = mapping(
      { building: { key: [''], fields: { storeys: 'floors', nme: 'x', kind: { value: 'castle' } } } },
      { delimiter: '::', encoding: 'latin1', gridName: 'TP', colour: 1 },
    )
    expect(faults(result)).toEqual([
      'colour: unknown-key',
      'encoding: not-one-of',
      'delimiter: not-one-character',
      'records.building.fields.nme: unknown-field',
      'records.building.fields.kind.value: choice',
      'records.building.fields.name: required',
      'records.building.key.0: not-a-text',
      'records.building.key: required',
      'gridName: needs-one-number',
    ])
  })

  it('checks translated values against the field, and elements of sets', () => {
    const result = mapping({
      building: {
        key: ['blk'],
        fields: { name: 'blk', gasPipeline: { column: 'gas', values: { Y: 'yes', N: null } } },
      },
      dwelling: { key: ['room'], fields: { room: 'room' } },
      household: {
        sets: { categories: { column: 'c', values: { a: 5 } }, labels: 'c', tags: { value: '' } },
      },
    })
    expect(faults(result)).toEqual([
      'records.building.fields.gasPipeline.values.Y: boolean',
      'records.household.sets.categories.values.a: not-a-text',
      'records.household.sets.labels: unknown-set',
      'records.household.sets.tags.value: not-a-text',
    ])
  })

  it('refuses a source that is two things, or none', () => {
    const fields = { name: { column: 'a', text: '{b}' }, street: {}, propertyPhone: { text: 'no column' } }
    expect(faults(mapping({ building: { key: ['a'], fields } }))).toEqual([
      'records.building.fields.name: not-exactly-one-of',
      'records.building.fields.street: not-exactly-one-of',
      'records.building.fields.propertyPhone.text: names-no-column',
    ])
  })

  it('asks for the records that others must name', () => {
    expect(faults(mapping({ household: { fields: {} } }))).toEqual([
      'records.building: required',
      'records.dwelling: required',
    ])
    expect(faults(mapping({ building, residence: {} }))).toEqual([
      'records.person: required',
      'records.dwelling: required',
    ])
    const dwelling = { key: ['room'], fields: { room: 'room', building: 'blk' } }
    expect(faults(mapping({ building, dwelling }))).toEqual([
      'records.dwelling.fields.building: linked-by-itself',
    ])
    expect(faults(mapping({ building, visit: {} }))).toEqual(['records.visit: unknown-key'])
  })

  it('keeps a layout apart from what it makes itself', () => {
    const layout = { storeys: 'floors', dwellings: 'units' }
    expect(
      faults(mapping({ building, household: { fields: { note: { value: 'x' } } } }, { layout })),
    ).toEqual([])
    expect(
      faults(
        mapping(
          {
            building,
            dwelling: { key: ['r'], fields: { room: 'r' } },
            person: { key: ['p'], fields: { name: 'p' } },
          },
          { layout },
        ),
      ),
    ).toEqual([
      'records.dwelling.fields.room: made-by-layout',
      'records.dwelling.key: made-by-layout',
      'records.person: not-with-layout',
    ])
    expect(
      faults(mapping({ building }, { layout: { storeys: 0, dwellings: 'n', room: '{f}-{x}', units: {} } })),
    ).toEqual([
      'layout.storeys: not-a-text',
      'layout.room: not-a-number-name',
      'layout.units.count: not-a-text',
    ])
  })

  it('checks skip rules', () => {
    const skipWhen = [
      { column: 'a', is: 'x', isNot: 'y', reason: 'Why not' },
      { column: 'a', reason: 'ok' },
    ]
    expect(faults(mapping({ building }, { skipWhen }))).toEqual([
      'skipWhen.0.reason: not-a-machine-word',
      'skipWhen.0: not-exactly-one-of',
      'skipWhen.1.isNot: not-a-text',
    ])
  })
})
