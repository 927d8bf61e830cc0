import type { Projection } from '../record/project.ts'
import { foldCaseRecord } from './case-state.ts'
import { type RecordSet, textOf } from './record-set.ts'

/** How often the same kind of thing came up at one door. */
export type Recurrence = {
  /** With this one: 3 says that it is the third time in a year. */
  readonly times: number
  /** The earlier ones, the latest first. */
  readonly cases: readonly string[]
}

const YEAR_MS = 365 * 86_400_000

/** What was declined or voided did not come up; what lies more than a year before is past. */
export function recurrenceOf(set: RecordSet, record: Projection): Recurrence | null {
  const household = textOf(record, 'household')
  const kind = textOf(record, 'kind')
  if (household === null || kind === null) return null
  const before = set
    .referring('case', 'household', household)
    .filter((one) => one.id !== record.id && textOf(one, 'kind') === kind)
    .filter(
      ({ createdAt, id }) => isBefore({ createdAt, id }, record) && createdAt > record.createdAt - YEAR_MS,
    )
    .filter((one) => !['declined', 'void'].includes(foldCaseRecord(one).state))
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
  return before.length === 0 ? null : { times: before.length + 1, cases: before.map(({ id }) => id) }
}

type Made = Pick<Projection, 'createdAt' | 'id'>
const isBefore = (a: Made, b: Made): boolean =>
  a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id)
