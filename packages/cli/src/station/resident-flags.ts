import { type CategoryBasis, fail, ok, type Problem, type Result, type Value } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { dayFlag } from '../flags.ts'
import type { GivenText } from './given-text.ts'
import { parseField } from './typed-fields.ts'

/** What categories rest on, as several commands take it. */
export const basisFlags = {
  document: Flags.string({
    helpValue: 'TEXT|@-',
    description: '类别依据的证件或文件 · the document a category rests on',
  }),
  'said-by': Flags.string({ helpValue: 'TEXT|@-', description: '或谁说的 · or who said so' }),
  'basis-on': dayFlag({ description: '依据的日期,默认今天 · its date, today by default' }),
}

export async function basisOf(
  given: GivenText,
  flags: {
    readonly document?: string | undefined
    readonly 'said-by'?: string | undefined
    readonly 'basis-on'?: string | undefined
  },
): Promise<Result<CategoryBasis>> {
  const basis: { document?: string; saidBy?: string; on?: string } = {}
  for (const [name, text] of [
    ['document', flags.document],
    ['saidBy', flags['said-by']],
  ] as const) {
    if (text === undefined) continue
    const value = await given.value(text)
    if (!value.ok) return value
    basis[name] = value.value
  }
  if (flags['basis-on'] !== undefined) basis.on = flags['basis-on']
  return ok(basis)
}

/** Choices of a residence, by value or by label in either language. */
export const residenceFlags = {
  relation: Flags.string({ description: '与户主关系:户主、配偶、子女… · relation to the head' }),
  kind: Flags.string({ description: '居住类型:自住、租住、寄住 · kind of residence' }),
}

export function residenceChoice(
  field: 'relation' | 'kind' | 'state',
  text: string | undefined,
): Result<string | undefined, Problem & { type: 'invalid-field' }> {
  if (text === undefined) return ok(undefined)
  const parsed = parseField('residence', field, text)
  if (!parsed.ok) return parsed
  const value: Value = parsed.value.value
  return typeof value === 'string'
    ? ok(value)
    : fail({ type: 'invalid-field', record: 'residence', field, rule: 'required' })
}
