/** One form being compiled. */
import { callsIn } from '../xpath/calls.ts'
import { isKnownFunction } from '../xpath/known-functions.ts'
import type { ChoiceList } from './choices.ts'
import type { Child } from './element.ts'
import { el } from './element.ts'
import type { Faults, Place } from './fault.ts'
import type { Itext } from './itext.ts'
import type { Context, References } from './references.ts'
import type { Settings } from './settings.ts'
import type { External, Group } from './survey.ts'

export type Compilation = {
  readonly root: Group
  readonly lists: ReadonlyMap<string, ChoiceList>
  readonly externals: readonly External[]
  readonly settings: Settings
  readonly faults: Faults
  readonly references: References
  readonly itext: Itext
  /** Every expression met, for what they read from lists and files. */
  readonly expressions: string[]
}

export function expression(form: Compilation, text: string, context: Context, place: Place): string {
  const resolved = form.references.resolve(text, context, place)
  form.expressions.push(resolved)
  for (const { name } of callsIn(resolved))
    if (!isKnownFunction(name)) form.faults.add('function-unknown', place, name)
  return resolved
}

/** A text with what was answered put out in it. */
export const written = (form: Compilation, text: string, context: Context, place: Place): readonly Child[] =>
  form.references
    .pieces(text, context, place)
    .map((piece) => (typeof piece === 'string' ? piece : el('output', { value: ` ${piece.path} ` })))
