import { mayWrite } from '../membership/resolve.ts'
import { mayAct } from '../membership/roles.ts'
import { ok, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { type EntryPlace, withEntries } from './command.ts'

/** What is printed; each for one door, or for many. */
type Printed = 'sheet' | 'notice' | 'receipt' | 'meters' | 'review'

export type NoteExport = {
  readonly what: 'bundle' | 'report' | 'table' | 'submissions' | Printed
  /** Ids of the spaces it holds. */
  readonly spaces: readonly string[]
  readonly count?: number
  readonly to?: string
  readonly reason?: string
  /** Of a table or a report. */
  readonly name?: string
  readonly format?: string
  readonly filters?: string
  readonly columns?: string
  readonly masked?: boolean
  /** Whom it is about, if that is one. */
  readonly subject?: string
}

export type ExportAction = 'bundle.write' | 'report.write' | 'table.write' | 'table.unmask' | 'paper.print'

/**
 * Writes down that a file leaves this station, before it does. Null where this station cannot write: a relay that
 * reads nothing, an auditor, somebody not let in yet. They may carry all the same, and the caller says so.
 */
export async function noteExport(
  station: Station,
  action: ExportAction,
  { spaces, ...said }: NoteExport,
): Promise<Result<{ readonly export: string; readonly entries: readonly EntryPlace[] } | null>> {
  const member = station.member()
  const community = station.communitySpace()
  if (
    !member ||
    !community ||
    !mayAct(member.role, action) ||
    !mayWrite(station.membership(), member, community)
  )
    return ok(null)
  const noted = withEntries(
    await station.write(action, (book) => {
      const made = book.create('export', community, {
        set: said,
        add: { spaces },
      })
      return made.ok ? ok({ export: made.value }) : made
    }),
  )
  // Let in, but without the key yet: as one who cannot write.
  return !noted.ok && noted.problem.type === 'no-key' ? ok(null) : noted
}
