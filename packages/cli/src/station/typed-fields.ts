import {
  definitionOf,
  type Field,
  fail,
  ok,
  type Problem,
  parseFieldText,
  type Result,
  type Value,
} from '@doorstep/core'

export type TypedFieldProblem = Problem & { readonly type: 'invalid-field' }

/** What was typed, as the fields' types; a field by its name or by its label in either language. */
export function parseFields(
  record: string,
  typed: Readonly<Record<string, string>>,
): Result<Record<string, Value>, TypedFieldProblem> {
  const set: Record<string, Value> = {}
  for (const [name, text] of Object.entries(typed)) {
    const parsed = parseField(record, name, text)
    if (!parsed.ok) return parsed
    set[parsed.value.field] = parsed.value.value
  }
  return ok(set)
}

/** A field, or a set, by its name or by its label in either language. */
export function fieldNamed(record: string, name: string): Result<string, TypedFieldProblem> {
  const definition = definitionOf(record)
  const known = { ...definition?.sets, ...definition?.fields }
  if (Object.hasOwn(known, name)) return ok(name)
  const field = Object.keys(known).find((one) =>
    known[one]!.label.some((label) => label.toLowerCase() === name.toLowerCase()),
  )
  if (field !== undefined) return ok(field)
  const allowed = Object.keys(definition?.fields ?? {})
  return fail({ type: 'invalid-field', record, field: name, rule: 'unknown-field', allowed })
}

/** A choice by its label in either language; null where it is none, or named already. */
const choiceNamed = ({ choices = {} }: Field, text: string): string | null => {
  const asked = text.trim().toLowerCase()
  return (
    Object.keys(choices).find((one) => choices[one]!.some((label) => label.toLowerCase() === asked)) ?? null
  )
}

/** One of them. An empty text is null: the field is cleared. */
export function parseField(
  record: string,
  name: string,
  text: string,
): Result<{ field: string; value: Value }, TypedFieldProblem> {
  const named = fieldNamed(record, name)
  if (!named.ok) return named
  const field = named.value
  const definition = definitionOf(record)?.fields[field]
  if (!definition) return fail({ type: 'invalid-field', record, field: name, rule: 'unknown-field' })
  const value = choiceNamed(definition, text) ?? parseFieldText(definition, text)
  if (value === undefined) return fail({ type: 'invalid-field', record, field, rule: definition.type })
  return ok({ field, value })
}
