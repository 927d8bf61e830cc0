import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { foldCaseRecord } from './case-state.ts'
import { cleanText, type EntryPlace, findRecord, withEntries } from './command.ts'

export type WithdrawnVisit = {
  readonly visit: string
  /** Open cases that came from it: they stay, somebody has to look at each. */
  readonly openCases: readonly string[]
  readonly entries: readonly EntryPlace[]
}

export type WithdrawVisitProblem = Problem & {
  readonly type: 'no-such-record' | 'already-withdrawn' | 'invalid-field'
}

/** Takes a visit back, with a reason: a later write. The visit stays readable and no longer counts. */
export async function withdrawVisit(
  station: Station,
  input: { readonly visit: string; readonly reason: string },
): Promise<Result<WithdrawnVisit>> {
  const reason = cleanText('visit', 'withdrawn', input.reason, 300)
  if (!reason.ok) return reason
  return withEntries(
    await station.write('visit.withdraw', (book) => {
      const visit = findRecord(book, 'visit', input.visit)
      if (!visit.ok) return visit
      const { id, space, fields } = visit.value
      if (typeof fields.withdrawn === 'string')
        return fail({ type: 'already-withdrawn', visit: id, reason: fields.withdrawn })
      const edited = book.edit(id, { set: { withdrawn: reason.value } })
      if (!edited.ok) return edited
      const openCases: string[] = []
      for (const record of book.records({ space, type: 'case' }))
        if (record.fields.visit === id && foldCaseRecord(record).open) openCases.push(record.id)
      return ok({ visit: id, openCases })
    }),
  )
}
