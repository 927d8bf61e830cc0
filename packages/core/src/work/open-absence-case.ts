import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { type EntryPlace, findRecord, withEntries } from './command.ts'
import { addDays, calendarOf } from './day.ts'
import { nextVisit } from './due.ts'
import type { RecordSet } from './record-set.ts'

export type OpenedAbsenceCase = {
  readonly case: string
  /** False when it was there already, opened elsewhere: nothing was written. */
  readonly opened: boolean
  readonly entries: readonly EntryPlace[]
}

/** So many days it has for its first step, from the day the chain came to it. */
const LIMIT_DAYS = 1

/** In both languages: two stations that open it apart write the same. */
const TITLE = '多次无人应答 · Nobody home, again and again'

/**
 * Opens the case that a row of vain attempts leads to. Its id, title and limit follow from the visits, so stations
 * that open it apart make one case. A person may open it before the chain has come to it.
 */
export async function openAbsenceCase(
  station: Station,
  set: RecordSet,
  household: string,
): Promise<Result<OpenedAbsenceCase, Problem>> {
  const record = set.getA('household', household)
  const on = calendarOf(set).dayOf(station.now)
  const absence = record ? nextVisit(set, record, { on })?.absence : null
  if (!absence) return fail({ type: 'nobody-missed', household })
  const dueOn = addDays(absence.next?.dueOn ?? on, LIMIT_DAYS)
  return withEntries(
    await station.write('case.open', (book): Result<Pick<OpenedAbsenceCase, 'case' | 'opened'>> => {
      const home = findRecord(book, 'household', household)
      if (!home.ok) return home
      const { space } = home.value
      if (book.get(absence.case, space)) return ok({ case: absence.case, opened: false })
      const set = {
        household,
        kind: 'nobody-home',
        title: TITLE,
        grade: 'ordinary',
        source: 'visit',
        dueOn,
      }
      const made = book.create('case', space, { set }, absence.case)
      return made.ok ? ok({ case: absence.case, opened: true }) : made
    }),
  )
}
