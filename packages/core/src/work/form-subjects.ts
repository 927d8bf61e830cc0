import type { FormRule, Prefill, RegisterField, RuledType } from '../form/index.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { isMasked } from './mask.ts'
import type { RecordSet } from './record-set.ts'
import { residentsOf } from './residents.ts'

/** The records a form at one door takes from and gives back to. */
export type FormSubjects = Readonly<Record<RuledType, Projection | null>>

export function subjectsOf(
  set: RecordSet,
  household: string,
  person: string | null,
  on: string,
): FormSubjects {
  const home = set.getA('household', household)
  const resident =
    home && person !== null ? residentsOf(set, home, on).find((one) => one.person.id === person) : undefined
  return {
    household: home,
    dwelling: set.getA('dwelling', home?.fields.dwelling, home?.space),
    person: resident?.person ?? null,
  }
}

/** Whether a form is about one of the household's people. */
export const isAboutPerson = (rules: readonly FormRule[]): boolean =>
  rules.some((rule) => rule.from?.type === 'person' || rule.save?.type === 'person')

/** A fact that is hidden from whoever fills in the form: there is something, and this is what may be seen of it. */
export type HiddenFact = {
  readonly nodeset: string
  readonly record: string
  readonly field: string
  readonly shown: string
}

/** What is known already and may be seen. What is masked is left out, and named. */
export function prefillFor(
  rules: readonly FormRule[],
  subjects: FormSubjects,
  viewer: RecordSet['viewer'],
): { readonly values: Prefill; readonly hidden: readonly HiddenFact[] } {
  const values: Record<string, Value> = {}
  const hidden: HiddenFact[] = []
  for (const { nodeset, from } of rules) {
    const record = from && subjects[from.type]
    if (!from || !record) continue
    const value = factOf(record, from)
    if (isMasked(from.type, from.name, viewer)) {
      const something = from.isSet || value !== null
      if (something) hidden.push({ nodeset, record: record.id, field: from.name, shown: shownText(value) })
    } else if (value !== null) values[nodeset] = value
  }
  return { values, hidden }
}

const shownText = (value: Value): string => (typeof value === 'string' ? value : '****')

/** A field as it stands; a set as a sorted list; null for none. */
export function factOf(record: Projection, { name, isSet }: RegisterField): Value {
  if (!isSet) return record.fields[name] ?? null
  const elements = [...(record.sets[name] ?? [])].sort()
  return elements.length > 0 ? elements : null
}
