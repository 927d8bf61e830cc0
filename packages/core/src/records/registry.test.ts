import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Field, RecordDefinition } from '../record/define.ts'
import { defaultPolicies } from './default-policies.ts'
import { definitionOf, recordTypes, typeOf } from './registry.ts'

const definitions: [string, RecordDefinition][] = Object.entries(recordTypes)
/** Files that are not a record type of their own. */
const OTHERS = new Set(['registry.ts', 'default-policies.ts'])

test('every file in this folder is a registered record type, and every type has its file', async () => {
  const files = readdirSync(import.meta.dirname).filter(
    (file) => file.endsWith('.ts') && !file.includes('.test.') && !OTHERS.has(file),
  )
  const exported: RecordDefinition[] = []
  for (const file of files) {
    const module = (await import(new URL(file, import.meta.url).href)) as Record<string, unknown>
    const found = Object.values(module).filter(
      (value): value is RecordDefinition => typeof value === 'object' && value !== null && 'prefix' in value,
    )
    expect(found, file).toHaveLength(1)
    expect(file).toBe(`${found[0]!.type}.ts`)
    exported.push(...found)
  }
  expect(exported.map(({ type }) => type).sort()).toEqual(definitions.map(([type]) => type).sort())
  for (const definition of exported) expect(definitionOf(definition.type)).toBe(definition)
})

test('a type is registered under its own name, and prefixes are two letters, each used once', () => {
  const prefixes = definitions.map(([, { prefix }]) => prefix)
  expect(new Set(prefixes).size).toBe(prefixes.length)
  for (const [name, { type, prefix }] of definitions) {
    expect(type).toBe(name)
    expect(prefix).toMatch(/^[a-z]{2}$/)
    // Members, stations, communities, spaces, invites and acts have ids of their own kind.
    expect(['me', 'st', 'co', 'px', 'sp', 'in', 'ac']).not.toContain(prefix)
  }
})

test('an id says its type; one of no known type says none', () => {
  for (const [type, { prefix }] of definitions) expect(typeOf(`${prefix}-0000`)).toBe(type)
  for (const id of ['zz-0000', 'sp-0000', 'toString', '']) expect(typeOf(id)).toBeUndefined()
})

test('names that every object has are no types', () => {
  for (const name of ['constructor', 'toString', '__proto__']) expect(definitionOf(name)).toBeUndefined()
})

const isChinese = (text: string) => /\p{Script=Han}/u.test(text)
const isEnglish = (text: string) => /^[\x20-\x7e²≤–’]+$/u.test(text) && /[A-Za-z]/.test(text)

test.each(definitions)(
  '%s is named in Chinese and English, its fields, choices, sets and timelines too',
  (_, definition) => {
    const fields: [string, Field][] = Object.entries(definition.fields)
    const labels = [
      definition.label,
      ...fields.map(([, field]) => field.label),
      ...fields.flatMap(([, field]) => Object.values(field.choices ?? {})),
      ...Object.values(definition.sets ?? {}).map((set) => set.label),
      ...Object.values(definition.timelines ?? {}).map((timeline) => timeline.label),
    ]
    for (const [zh, en] of labels) {
      expect(isChinese(zh), zh).toBe(true)
      expect(isEnglish(en), en).toBe(true)
    }
    const names = fields.map(([name]) => name)
    expect(names.every((name) => /^[a-z][A-Za-z0-9]{0,40}$/.test(name))).toBe(true)
  },
)

test.each(definitions)(
  '%s: choices are given where there is a choice, prefixes where an id is named',
  (_, definition) => {
    const known = new Set([...definitions.map(([, { prefix }]) => prefix), 'me', 'st', 'sp'])
    for (const [name, field] of Object.entries<Field>(definition.fields)) {
      expect(field.choices !== undefined, name).toBe(field.type === 'choice')
      expect(field.of !== undefined, name).toBe(field.type === 'id')
      for (const prefix of field.of ?? []) expect(known, name).toContain(prefix)
    }
    for (let version = 1; version < definition.version; version++)
      expect(definition.upgrades?.[version], `version ${version} has no way up`).toBeTypeOf('function')
  },
)

test('the policies a community starts with fit their own record type', () => {
  const { fields, sets } = recordTypes.policy
  for (const policy of defaultPolicies) {
    for (const name of Object.keys(policy.set)) expect(fields).toHaveProperty(name)
    for (const name of Object.keys(policy.add)) expect(sets).toHaveProperty(name)
  }
  expect(new Set(defaultPolicies.map(({ id }) => id)).size).toBe(defaultPolicies.length)
})
