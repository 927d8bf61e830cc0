/** What a category rests on: kept beside it, one item for each time somebody added some. */
import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import { isObject } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { isSensitiveCategory } from './categories.ts'
import { plainOf } from './masked-record.ts'

export type CategoryBasis = {
  /** A certificate, a notice, a list: which one. */
  readonly document?: string
  /** Or who said so. */
  readonly saidBy?: string
  /** YYYY-MM-DD of the document, or of when it was said; today when not given. */
  readonly on?: string
}

export type BasisProblem = Problem & {
  readonly type: 'basis-needed'
  readonly categories: readonly string[]
}

const MAX_TEXT = 200

/** The item to append beside the categories that are new to a record; null where there is nothing to say. */
export function basisFor(
  record: Projection | null,
  added: readonly string[],
  basis: CategoryBasis | undefined,
  today: string,
): Result<Value | null> {
  const known = record ? (plainOf(record).sets.categories ?? []) : []
  const categories = [...new Set(added.map((one) => one.trim()))].filter((one) => !known.includes(one)).sort()
  const document = basis?.document?.trim() || null
  const saidBy = basis?.saidBy?.trim() || null
  const on = basis?.on ?? today
  if (document === null && saidBy === null) {
    const sensitive = categories.filter(isSensitiveCategory)
    return sensitive.length === 0
      ? ok(null)
      : fail<BasisProblem>({ type: 'basis-needed', categories: sensitive })
  }
  const wrong = !isDate(on) ? 'date' : on > today ? 'too-late' : null
  const invalid = (broken: string) =>
    fail({ type: 'invalid-field', record: 'person', field: 'basis', rule: broken })
  if (wrong) return invalid(wrong)
  if ([document, saidBy].some((text) => text !== null && text.length > MAX_TEXT)) return invalid('too-long')
  if (categories.length === 0) return ok(null)
  return ok({ categories, on, ...(document ? { document } : {}), ...(saidBy ? { saidBy } : {}) })
}

export type BasisRow = {
  readonly categories: readonly string[]
  readonly document: string | null
  readonly saidBy: string | null
  readonly on: string
  readonly by: string
  readonly atMs: number
}

/** Why each category holds, the newest first; of a viewer who may not see categories, nothing. */
export const basesOf = (record: Projection): readonly BasisRow[] =>
  (record.timelines.basis ?? [])
    .flatMap(({ value, by, at }): BasisRow[] => {
      if (!isObject(value) || !Array.isArray(value.categories)) return []
      const text = (one: Value | undefined) => (typeof one === 'string' ? one : null)
      const { document, saidBy, on } = value
      const categories = value.categories.filter((one) => typeof one === 'string')
      return [
        { categories, document: text(document), saidBy: text(saidBy), on: text(on) ?? '', by, atMs: at },
      ]
    })
    .sort((a, b) => b.atMs - a.atMs)
