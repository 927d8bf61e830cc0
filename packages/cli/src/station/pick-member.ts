import { fail, ok, type Problem, type Result, type Station } from '@doorstep/core'
import { memberNames } from './names.ts'

/** A member by id or by name. */
export function pickMember(
  station: Station,
  text: string,
): Result<string, Problem & { type: 'unknown-member' | 'ambiguous-member' }> {
  const { members } = station.membership()
  if (members.has(text)) return ok(text)
  const ids = [...memberNames(station)]
    .filter(([id, name]) => name === text && members.has(id))
    .map(([id]) => id)
  if (ids.length === 1) return ok(ids[0]!)
  return ids.length === 0
    ? fail({ type: 'unknown-member', member: text })
    : fail({ type: 'ambiguous-member', name: text, ids })
}
