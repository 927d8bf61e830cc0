/** Forms that come with the package. Documents only: nothing here starts the engine. */
import { homeSafetyCheck } from './builtin/home-safety-check.ts'
import type { FormValues } from './form-values.ts'
import { type Bilingual, findHazards, type Hazard, type HazardRule } from './hazard.ts'

export type FormDocument = {
  readonly id: string
  readonly version: string
  readonly title: Bilingual
  /** An ODK XForm. */
  readonly xml: string
  /** For inspection forms: which answers are hazards. */
  readonly hazards?: readonly HazardRule[]
}

export const builtinForms: readonly FormDocument[] = [homeSafetyCheck]

export const formById = (id: string): FormDocument | null =>
  builtinForms.find((form) => form.id === id) ?? null

/** Whether a form is about one of a household's people; read from its text, so that a list of forms opens none. */
export const asksAboutPerson = ({ xml }: FormDocument): boolean =>
  /\bdoorstep:(?:from|save)\s*=\s*["']person\./.test(xml)

/** What has to be put right after a visit with this form; none for a form that declares no hazards. */
export const hazardsOf = (formId: string, values: FormValues): readonly Hazard[] =>
  findHazards(formById(formId)?.hazards ?? [], values)
