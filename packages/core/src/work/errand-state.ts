/** What an errand has come to, from its steps alone: the same on every station, in any order of arrival. */
import { isDate } from '../record/define.ts'
import type { Projection, TimelineItem } from '../record/project.ts'
import { inCausalOrder } from './case-order.ts'
import { dateOf } from './day.ts'
import {
  type ErrandState,
  errandRule,
  isErrandStep,
  isOpenErrandState,
  nextErrandState,
} from './errand-steps.ts'

export type FoldedErrandStep = {
  readonly id: string
  /** As written; a step this version does not know keeps its name. */
  readonly step: string
  readonly by: string
  /** Milliseconds since 1970 by the author's clock: shown, never used to order. */
  readonly at: number
  readonly note: string | null
  /** A day: of an appointment. */
  readonly on: string | null
  readonly papers: readonly string[]
  /** Hundredths of a yuan. */
  readonly fen: number
  readonly counted: boolean
  /** Of the relative who signed; null where the person did. */
  readonly relation: string | null
  /** Number of a receipt. */
  readonly receipt: string | null
  readonly state: ErrandState
  /** It did not fit what others had written apart, or is not known here; what it took or gave counts all the same. */
  readonly flag: 'not-from-state' | 'unknown-step' | 'malformed' | null
}

export type ErrandFold = {
  readonly state: ErrandState
  readonly open: boolean
  readonly steps: readonly FoldedErrandStep[]
  readonly dueOn: string | null
  readonly appointedOn: string | null
  /** Papers and things of theirs that lie with us; one that lies here twice is there twice. */
  readonly papers: readonly string[]
  /** Money of theirs that lies with us, in fen; negative when more was given out than taken. */
  readonly fen: number
  /** Something of theirs is still with us, or more was given than taken. */
  readonly owing: boolean
  readonly endedAt: number | null
  readonly flagged: boolean
}

/**
 * Steps are taken by what their authors had seen (as those of cases). What changed hands is counted whatever the state:
 * that a paper was taken is true, even if somebody else had cancelled the errand without knowing.
 */
export function foldErrand(items: readonly TimelineItem[], dueOn: string | null): ErrandFold {
  let state: ErrandState = 'requested'
  let due = dueOn
  let appointedOn: string | null = null
  let endedAt: number | null = null
  const held = new Map<string, number>()
  let fen = 0
  const steps: FoldedErrandStep[] = []
  for (const { id, item, step, note, due: newDue, malformed } of inCausalOrder(items)) {
    const said = detailsOf(item)
    const known = !malformed && isErrandStep(step)
    const next: ErrandState | null = known ? nextErrandState(state, step) : null
    const flag = malformed
      ? 'malformed'
      : !known
        ? 'unknown-step'
        : next === null
          ? ('not-from-state' as const)
          : null
    if (known) {
      const { moves } = errandRule(step)
      const sign = moves === 'in' ? 1 : moves === 'out' ? -1 : 0
      fen += sign * said.fen
      if (sign !== 0) for (const paper of said.papers) held.set(paper, (held.get(paper) ?? 0) + sign)
    }
    if (next !== null) {
      if (newDue !== null) due = newDue
      if (step === 'appoint') appointedOn = said.on
      if (isOpenErrandState(state) && !isOpenErrandState(next)) endedAt = item.at
      state = next
    }
    steps.push({ id, step, by: item.by, at: item.at, note, ...said, state, flag })
  }
  const papers = [...held].flatMap(([name, count]) => Array.from({ length: Math.max(0, count) }, () => name))
  return {
    state,
    open: isOpenErrandState(state),
    steps,
    dueOn: due,
    appointedOn,
    papers: papers.sort(),
    fen,
    owing: papers.length > 0 || fen !== 0,
    endedAt,
    flagged: steps.some(({ flag }) => flag !== null),
  }
}

export const foldErrandRecord = (record: Projection): ErrandFold =>
  foldErrand(record.timelines.steps ?? [], dateOf(record, 'dueOn'))

/** More than any errand has; beyond it a step says nothing. */
const MOST_PAPERS = 50
export const MOST_FEN = 100_000_000

function detailsOf({ value }: TimelineItem) {
  const said = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  const text = (name: string) => {
    const given = said[name]
    return typeof given === 'string' && given !== '' ? given : null
  }
  const on = text('on')
  const { papers, fen } = said
  return {
    on: on !== null && isDate(on) ? on : null,
    papers: Array.isArray(papers)
      ? papers.filter((one): one is string => typeof one === 'string' && one !== '').slice(0, MOST_PAPERS)
      : [],
    fen: typeof fen === 'number' && Number.isSafeInteger(fen) && fen > 0 && fen <= MOST_FEN ? fen : 0,
    counted: said.counted === true,
    relation: text('relation'),
    receipt: text('receipt'),
  }
}
