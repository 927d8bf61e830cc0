/** What a change touched, for the audit trail: names, never values. */
import type { Change } from '../record/change.ts'
import { isMasked } from './mask.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { isRevealReason } from './reveal-reasons.ts'

export type Touched = { readonly id: string; readonly type: string; readonly fields: readonly string[] }

/** Of a reveal: the record that was looked at, and the fields. */
export function touched(set: RecordSet, { id, type, writes, unwrites }: Change): Touched {
  const looked = type === 'reveal' ? textOf(set.get(id), 'record') : null
  if (looked !== null)
    return { id: looked, type: set.get(looked)?.type ?? '', fields: seen(writes).map(({ field }) => field) }
  return { id, type, fields: [...new Set([...writes, ...unwrites].map(({ name }) => name))] }
}

export function reasonOf(set: RecordSet, changes: readonly Change[]): string | null {
  const reasons = changes.filter(({ type }) => type === 'reveal').flatMap(({ writes }) => seen(writes))
  // Somebody's own words are a note.
  const hidden = isMasked('case', 'note', set.viewer)
  return reasons.map(({ reason }) => (hidden && !isRevealReason(reason) ? '****' : reason)).join(' ') || null
}

const seen = (writes: Change['writes']): { field: string; reason: string }[] =>
  writes.flatMap((write) => {
    if (write.type !== 'append' || write.name !== 'seen') return []
    const { value } = write
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
    return [{ field: String(value.field ?? ''), reason: String(value.reason ?? '') }]
  })
