import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { cleanText, type EntryPlace, findRecord, withEntries } from './command.ts'

export type OpenCase = {
  /** The door it is about; without one, `space` says whose grid it lies in. */
  readonly household?: string
  readonly space?: string
  readonly kind: string
  readonly title: string
  readonly grade?: 'ordinary' | 'serious'
  /** `worker` when not given. */
  readonly source?: 'visit' | 'worker' | 'resident' | 'hotline' | 'device'
  readonly note?: string
  /** The first limit, YYYY-MM-DD. */
  readonly dueOn?: string
  readonly visit?: string
  /** Which device it is about. */
  readonly device?: string
}

export type OpenedCase = { readonly case: string; readonly entries: readonly EntryPlace[] }

export type OpenCaseProblem = Problem & {
  readonly type: 'no-such-record' | 'no-such-grid' | 'case-without-place' | 'invalid-field'
}

/** Opens a case with its first step, the report. */
export async function openCase(station: Station, input: OpenCase): Promise<Result<OpenedCase>> {
  const title = cleanText('case', 'title', input.title, 200)
  if (!title.ok) return title
  const kind = cleanText('case', 'kind', input.kind, 60)
  if (!kind.ok) return kind
  return withEntries(
    await station.write('case.open', (book) => {
      let space = input.space
      if (input.household !== undefined) {
        const household = findRecord(book, 'household', input.household)
        if (!household.ok) return household
        space = household.value.space
      }
      if (space === undefined) return fail({ type: 'case-without-place' })
      if (!station.spaces().some((one) => one.id === space && one.kind === 'grid'))
        return fail({ type: 'no-such-grid', grid: space })
      if (input.visit !== undefined) {
        const visit = findRecord(book, 'visit', input.visit)
        if (!visit.ok) return visit
      }
      if (input.device !== undefined) {
        const device = findRecord(book, 'device', input.device)
        if (!device.ok) return device
      }
      const opened = book.create('case', space, {
        set: {
          household: input.household ?? null,
          visit: input.visit ?? null,
          device: input.device ?? null,
          kind: kind.value,
          title: title.value,
          grade: input.grade ?? 'ordinary',
          source: input.source ?? 'worker',
          note: input.note?.trim() || null,
          dueOn: input.dueOn ?? null,
        },
        append: { steps: [{ step: 'report', saw: [] }] },
      })
      return opened.ok ? ok({ case: opened.value }) : opened
    }),
  )
}
