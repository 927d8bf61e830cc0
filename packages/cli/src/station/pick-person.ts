import { isMasked, ok, openRecordSet, type Projection, type Result, type Station } from '@doorstep/core'
import type { Language } from '../voice/language.ts'
import { oneOf, type PickProblem, pickRecord } from './pick-record.ts'

/** A person by id, by the beginning of one, or, for who may see names, by the very name. */
export function pickPerson(
  station: Station,
  text: string,
  language: Language,
): Result<Projection, PickProblem> {
  const byId = pickRecord(station, 'person', text, language)
  if (byId.ok || byId.problem.type !== 'no-such-record') return byId
  const set = openRecordSet(station, { follow: false })
  if (isMasked('person', 'name', set.viewer)) return byId
  const asked = text.trim()
  const named = [...set.ofType('person')].filter(({ fields }) => fields.name === asked)
  if (named.length === 1) return ok(named[0]!)
  return oneOf(station, named, text, 'person', language)
}
