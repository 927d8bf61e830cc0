/** Pictures of a case: how it was before, and how it is after. */
import type { Projection } from '../record/project.ts'
import { caseKindOf, caseKindsOf } from './case-kinds.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type CaseEvidence = {
  /** Ids of attachments about the case, the oldest first. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Neither. */
  readonly other: readonly string[]
  /** It is not closed without a picture of the result, or a written reason why there is none. */
  readonly wanted: boolean
}

export function evidenceOf(set: Pick<RecordSet, 'ofType' | 'referring'>, record: Projection): CaseEvidence {
  const about = [...set.referring('attachment', 'about', record.id)].sort(
    (a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
  )
  const of = (phase: string | null) =>
    about.filter((one) => textOf(one, 'phase') === phase).map(({ id }) => id)
  const kind = caseKindOf(caseKindsOf(set), textOf(record, 'kind'))
  return {
    before: of('before'),
    after: of('after'),
    other: of(null),
    wanted: kind.pictureWanted && textOf(record, 'grade') === 'serious',
  }
}
