import { definitionOf, fail, ok, type Problem, parseFieldText, type Result, type Value } from '@doorstep/core'

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

/** One of them. An empty text is null: the field is cleared. */
export function parseField(
  record: string,
  name: string,
  text: string,
): Result<{ field: string; value: Value }, TypedFieldProblem> {
  const fields = definitionOf(record)?.fields ?? {}
  const field = Object.hasOwn(fields, name)
    ? name
    : Object.keys(fields).find((one) =>
        fields[one]!.label.some((label) => label.toLowerCase() === name.toLowerCase()),
      )
  if (field === undefined)
    return fail({
      type: 'invalid-field',
      record,
      field: name,
      rule: 'unknown-field',
      allowed: Object.keys(fields),
    })
  const definition = fields[field]!
  const value = parseFieldText(definition, text)
  if (value === undefined) return fail({ type: 'invalid-field', record, field, rule: definition.type })
  return ok({ field, value })
}
