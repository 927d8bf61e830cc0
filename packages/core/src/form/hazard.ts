/** From the answers of an inspection form to what has to be put right. */
import type { FormValues } from './form-values.ts'

export type Bilingual = { readonly zh: string; readonly en: string }
export type HazardGrade = 'ordinary' | 'serious'

/**
 * Declared beside a form: which answer of which question means a hazard. `path` names the question; its
 * grade, date and note stand beside it as `<path>_grade`, `<path>_fix_by`, `<path>_note`.
 */
export type HazardRule = {
  readonly item: string
  readonly path: readonly string[]
  readonly kind: string
  readonly title: Bilingual
  /** Defaults when the form gives no date; to be configured locally. */
  readonly daysToFix: Readonly<Record<HazardGrade, number>>
}

/** `dueOn` (ISO date) when the form says until when, else `dueInDays` after the visit. */
export type Hazard = {
  readonly item: string
  readonly grade: HazardGrade
  readonly kind: string
  readonly title: Bilingual
  readonly note: string | null
} & ({ readonly dueOn: string } | { readonly dueInDays: number })

/** A hazard without a grade (a form not yet valid) counts as ordinary: it is there all the same. */
export function findHazards(rules: readonly HazardRule[], values: FormValues): Hazard[] {
  return rules.flatMap(({ item, path, kind, title, daysToFix }) => {
    const name = path.at(-1)!
    const group = path.slice(0, -1).reduce<unknown>((inner, step) => read(inner, step), values)
    if (read(group, name) !== 'hazard') return []
    const grade: HazardGrade = read(group, `${name}_grade`) === 'serious' ? 'serious' : 'ordinary'
    const note = read(group, `${name}_note`)
    const dueOn = read(group, `${name}_fix_by`)
    const due = typeof dueOn === 'string' ? { dueOn } : { dueInDays: daysToFix[grade] }
    return [{ item, grade, kind, title, note: typeof note === 'string' ? note : null, ...due }]
  })
}

const read = (values: unknown, name: string): unknown =>
  typeof values === 'object' && values !== null && Object.hasOwn(values, name)
    ? (values as Readonly<Record<string, unknown>>)[name]
    : undefined
