/**
 * Who is asked next about an alarm, and since when that is overdue: derived from what the rule said, the raising and
 * the answers, so that every station says the same of the same instant. The raising is at the gateway's time; an answer
 * at its author's, held between the gateway's times before and after it. Whoever asks has a clock of their own, too:
 * it is never taken to be earlier than what a gateway has said, and an answer from its future counts as of what its
 * author had seen, so that no wrong clock makes anybody wait.
 */
import type { AlarmStep } from '../watch/finding.ts'
import type { AlarmFold, FoldedAnswer } from './alarm-state.ts'
import type { Calendar } from './day.ts'
import { afterWaiting, type QuietHours } from './quiet-hours.ts'

export type ChainStepPlace = {
  readonly step: AlarmStep['step']
  /** From when on it is their turn. */
  readonly fromMs: number
  /** When the next is asked, or, of the last, when it has waited too long. */
  readonly untilMs: number
  readonly answeredMs: number | null
}

export type AlarmNext = {
  /** `verdict`: somebody was met at the door, and it is to be said what it was. */
  readonly step: AlarmStep['step'] | 'verdict'
  /** Later than now while quiet hours hold, or while the rule waits. */
  readonly fromMs: number
  /** Who is asked after that, and when. */
  readonly followedBy: { readonly step: AlarmStep['step']; readonly fromMs: number } | null
  /** Since when the first of those who did not answer should have. */
  readonly overdueSinceMs: number | null
}

export type AlarmChain = {
  readonly steps: readonly ChainStepPlace[]
  /** Null: it was said what it was. */
  readonly next: AlarmNext | null
}

/** No source gives these: whoever is last has an hour, and so has whoever was there to say what it was. */
const LAST_MINUTES = 60
const VERDICT_MINUTES = 60

export type ChainOptions = {
  readonly nowMs: number
  readonly calendar: Calendar
  /** Of the community; they do not hold for what concerns life. */
  readonly quiet: QuietHours
  /** Whether there is anybody to phone. */
  readonly hasPhone: boolean
}

export function alarmChain(fold: AlarmFold, options: ChainOptions): AlarmChain {
  const nowMs = Math.max(options.nowMs, fold.heardAtMs)
  const { raisedAtMs, answers, verdict } = fold.current
  const mornings = afterWaiting(raisedAtMs, 0, options.quiet, options.calendar)
  // What was told in the quiet hours all the same, as of a home that is watched closely, does not wait after that.
  const quiet = fold.rule.urgency === 'life' || mornings > raisedAtMs ? null : options.quiet
  const wait = (fromMs: number, minutes: number) => afterWaiting(fromMs, minutes, quiet, options.calendar)
  const timeOf = (one: FoldedAnswer) => (one.atMs > nowMs ? one.notBeforeMs : one.atMs)
  const firstAnswer = (is: (one: FoldedAnswer) => boolean): number | null => {
    const times = answers.filter(is).map(timeOf)
    return times.length > 0 ? Math.min(...times) : null
  }
  const answered: Readonly<Record<AlarmStep['step'], number | null>> = {
    // Whoever stands at the door need not call any more.
    phone: firstAnswer(() => true),
    worker: firstAnswer(({ means }) => means === 'door'),
    chief: firstAnswer(({ role }) => role === 'chief'),
  }
  const wanted = fold.rule.chain.filter(({ step }) => step !== 'phone' || options.hasPhone)
  const froms: number[] = []
  for (const [at, { afterMinutes }] of wanted.entries()) {
    const before = wanted[at - 1]
    // Where there is nobody to phone, whoever comes after takes that place.
    const minutes = before ? afterMinutes : (fold.rule.chain[0]?.afterMinutes ?? 0)
    const unasked = wait(froms[at - 1] ?? raisedAtMs, minutes)
    // An answer that settled nothing hands on at once.
    const told = before && answered[before.step]
    froms.push(told == null ? unasked : Math.min(unasked, wait(told, 0)))
  }
  const steps = wanted.map(({ step }, at): ChainStepPlace => {
    const fromMs = froms[at]!
    const untilMs = froms[at + 1] ?? wait(fromMs, LAST_MINUTES)
    return { step, fromMs, untilMs, answeredMs: answered[step] }
  })
  if (verdict !== null) return { steps, next: null }
  const met = firstAnswer(({ did }) => did === 'visited')
  const open = met === null ? steps.filter(({ answeredMs }) => answeredMs === null) : []
  if (open.length === 0) {
    const fromMs = met ?? Math.max(raisedAtMs, ...answers.map(timeOf))
    const dueMs = wait(fromMs, VERDICT_MINUTES)
    const overdueSinceMs = dueMs <= nowMs ? dueMs : null
    // Everybody was asked and nobody was met: somebody goes there again.
    const step = met === null ? 'worker' : 'verdict'
    return { steps, next: { step, fromMs, followedBy: null, overdueSinceMs } }
  }
  const turn = open.findLast(({ fromMs }) => fromMs <= nowMs) ?? open[0]!
  const after = open[open.indexOf(turn) + 1]
  const late = open.find(({ untilMs }) => untilMs <= nowMs)
  return {
    steps,
    next: {
      step: turn.step,
      fromMs: turn.fromMs,
      followedBy: after ? { step: after.step, fromMs: after.fromMs } : null,
      overdueSinceMs: late?.untilMs ?? null,
    },
  }
}
