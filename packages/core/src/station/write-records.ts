import { randomId } from '../ids.ts'
import type { EntryRef } from '../log/entry.ts'
import { type Member, mayWrite } from '../membership/resolve.ts'
import { mayAct } from '../membership/roles.ts'
import { fail, ok, type Result } from '../result.ts'
import { Admission } from '../trunk/admit.ts'
import type { Trunk } from '../trunk/context.ts'
import { mayChange } from '../trunk/records.ts'
import { writeChanges } from '../trunk/write.ts'
import { Draftbook } from './edit.ts'

export type Written<T> = { readonly value: T; readonly entries: readonly (EntryRef & { space: string })[] }

/**
 * Turns what a command's work changed into entries, one act of one person, inside the caller's transaction. What this
 * member may not do fails here (`role-may-not`): the gate would void it, and say so to nobody.
 */
export function writeRecords<T>(
  trunk: Trunk,
  member: Member | null,
  action: string,
  work: (book: Draftbook) => Result<T>,
): Result<Written<T>> {
  if (!member) return fail({ type: 'not-a-member' })
  const { role } = member
  if (!mayAct(role, action)) return fail({ type: 'role-may-not', role, action })
  const book = new Draftbook(trunk.store, role)
  const result = work(book)
  if (!result.ok) return result
  const admission = new Admission(trunk)
  const act = randomId('ac')
  const entries: (EntryRef & { space: string })[] = []
  for (const [space, changes] of book.changes) {
    if (!mayWrite(trunk.acts.now(), member, space)) return fail({ type: 'role-may-not', role, action, space })
    const beyond = changes.find((change) => !mayChange(role, action, change))
    if (beyond)
      return fail({ type: 'action-may-not-touch', action, role, record: beyond.id, of: beyond.type })
    const written = writeChanges(trunk, admission, space, { action, act }, changes)
    if (!written.ok) return written
    for (const ref of written.value) entries.push({ ...ref, space })
  }
  admission.records.flush()
  return ok({ value: result.value, entries })
}
