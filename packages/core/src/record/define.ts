import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Value } from './change.ts'

export type FieldType = 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'choice' | 'id' | 'json'

export type Field = {
  readonly type: FieldType
  /** Names in Chinese and English, as screens and problems show them. */
  readonly label: readonly [zh: string, en: string]
  readonly required?: boolean
  /** For `choice`: value → label. */
  readonly choices?: Readonly<Record<string, readonly [zh: string, en: string]>>
  /** For `id`: the prefixes of the record types it may name. */
  readonly of?: readonly string[]
  readonly maxLength?: number
  readonly min?: number
  readonly max?: number
  /** How it is shown until revealed: domain A.7 of the privacy rules (PIPL 51, GB/T 35273 §7.2). */
  readonly mask?: 'phone' | 'id-number' | 'text'
  /** Follows from other writes; nobody sets it. */
  readonly derived?: boolean
  /** A check of one value beyond its type; returns the name of the broken rule. */
  readonly check?: (value: Value) => string | null
}

/**
 * A record type keeps its shape, its checks, its merge rules and its past in one file.
 * Fields keep concurrent values; sets are observed-remove; timelines are append-only.
 */
export type RecordDefinition = {
  readonly type: string
  /** Two letters, the start of every id of this type. */
  readonly prefix: string
  readonly label: readonly [zh: string, en: string]
  /** Which kind of space it lives in. */
  readonly space: 'community' | 'grid' | 'desk'
  readonly version: number
  readonly fields: Readonly<Record<string, Field>>
  readonly sets?: Readonly<Record<string, { readonly label: readonly [string, string] }>>
  readonly timelines?: Readonly<Record<string, { readonly label: readonly [string, string] }>>
  /** `upgrades[n]` turns a field written at version n into the fields of version n+1. Pure, at projection, never an entry. */
  readonly upgrades?: Readonly<
    Record<number, (name: string, value: Value) => readonly (readonly [string, Value])[]>
  >
}

/** The space a record is kept in now, where that is another one: from its moves. */
export const movedTo = {
  type: 'id',
  of: ['sp'],
  label: ['迁往', 'Moved to'],
  derived: true,
} as const satisfies Field

/** Timelines of what may be moved to another space: its moves, and what was on its other timelines before; place.ts. */
export const moving = {
  /** `{id, over, from, to, also?, on, reason?, carried, origin}`. */
  moves: { label: ['迁移', 'Moves'] },
  /** `{in, id, by, at, value}`. */
  past: { label: ['迁移前', 'Before the move'] },
} as const

export const defineRecord = <const D extends RecordDefinition>(definition: D): D => definition

export type FieldProblem = Problem & { type: 'invalid-field'; record: string; field: string; rule: string }

/** Checks one value before it is written. What others wrote is never judged by this: it is shown as it is. */
export function checkField(
  definition: RecordDefinition,
  name: string,
  value: Value,
): Result<Value, FieldProblem> {
  const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined
  // A masked value stays out of problems: they are printed and logged.
  const wrong = (rule: string) =>
    fail<FieldProblem>({
      type: 'invalid-field',
      record: definition.type,
      field: name,
      rule,
      ...(field?.mask ? {} : { value }),
    })
  if (!field || field.derived) return wrong('unknown-field')
  if (value === null || value === '') return field.required ? wrong('required') : ok(null)
  const rule = broken(field, value)
  return rule ? wrong(rule) : ok(value)
}

function broken(field: Field, value: Value): string | null {
  switch (field.type) {
    case 'text':
      if (typeof value !== 'string') return 'text'
      if (value.length > (field.maxLength ?? 500)) return 'too-long'
      break
    case 'integer':
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'number'
      if (field.type === 'integer' && !Number.isSafeInteger(value)) return 'integer'
      if (field.min !== undefined && value < field.min) return 'too-small'
      if (field.max !== undefined && value > field.max) return 'too-large'
      break
    case 'boolean':
      if (typeof value !== 'boolean') return 'boolean'
      break
    case 'date':
      if (typeof value !== 'string' || !isDate(value)) return 'date'
      break
    case 'choice':
      if (typeof value !== 'string' || !Object.hasOwn(field.choices ?? {}, value)) return 'choice'
      break
    case 'id':
      if (typeof value !== 'string' || !(field.of ?? []).some((prefix) => value.startsWith(`${prefix}-`)))
        return 'id'
      break
    case 'json':
      break
  }
  return field.check?.(value) ?? null
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

/** A day that exists, as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  // Asked of every visit when a list is made: a Date for each took a twentieth of the first screen.
  if (!/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text)) return false
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8))]
  if (day <= 28) return true
  if (month === 2) return day === 29 && isLeap(Number(text.slice(0, 4)))
  return day <= 30 || ![4, 6, 9, 11].includes(month)
}

/** A typed text from a command line or a table cell, turned into the field's type. Null when it cannot be. */
export function parseFieldText(field: Field, text: string): Value | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (field.type === 'integer' || field.type === 'number') {
    const number = Number(trimmed)
    return Number.isFinite(number) ? number : undefined
  }
  if (field.type === 'boolean') {
    if (/^(true|yes|y|1|是|有)$/i.test(trimmed)) return true
    if (/^(false|no|n|0|否|无)$/i.test(trimmed)) return false
    return undefined
  }
  return trimmed
}
