/**
 * What holds of an alarm: a pure fold of its signals and answers, the same on every station in any order of arrival.
 * Items are ordered by what their authors had seen; clocks order nothing. An alarm is open until a person says what it
 * was: neither `cleared` nor `unknown` ends it.
 */
import type { Value } from '../record/change.ts'
import { isObject } from '../record/place.ts'
import type { Projection, TimelineItem } from '../record/project.ts'
import { isSignal, type Signal } from '../series/observation.ts'
import type { AlarmStep, Urgency } from '../watch/finding.ts'
import {
  type AlarmDeed,
  type AlarmMeans,
  type AlarmVerdict,
  alarmVerdicts,
  isAlarmDeed,
  isAlarmMeans,
  isAlarmVerdict,
} from './alarm-answers.ts'
import { inCausalOrder, type ParsedStep } from './case-order.ts'
import { textOf } from './record-set.ts'

export type AlarmState = 'raised' | 'unknown' | 'cleared'

export type FoldedSignal = {
  readonly id: string
  readonly state: 'raised' | 'confirmed' | 'cleared' | 'unknown'
  /** Milliseconds since 1970 by the gateway's clock. */
  readonly atMs: number
  readonly round: number
  readonly figures: Readonly<Record<string, number>>
  /** Which it opened or joined. */
  readonly case: string | null
}

export type FoldedAnswer = {
  readonly id: string
  readonly by: string
  /** Of whoever answered, as they stated it: a chief's answer is the chain's last. */
  readonly role: string | null
  readonly did: AlarmDeed
  readonly means: AlarmMeans
  readonly verdict: AlarmVerdict | null
  readonly note: string | null
  readonly round: number
  /** By its author's clock, held between what it had seen and what has seen it. */
  readonly atMs: number
  /** It cannot be earlier: the latest of what its author had seen. */
  readonly notBeforeMs: number
  /** Its author's clock said what cannot be true, so when it was is not known. */
  readonly clockDoubtful: boolean
}

/** From one raising to its verdict. Raised again after a verdict, the next begins. */
export type AlarmRound = {
  readonly round: number
  readonly raisedAtMs: number
  readonly answers: readonly FoldedAnswer[]
  readonly verdict: AlarmVerdict | null
  /** The answer that holds. */
  readonly decided: FoldedAnswer | null
  /** Others decided otherwise without knowing of it: a person should look. */
  readonly disputed: boolean
}

/** What the rule said when it was raised. */
export type AlarmRule = {
  readonly id: string
  readonly label: readonly [zh: string, en: string]
  readonly urgency: Urgency
  readonly signal: Signal | null
  readonly chain: readonly AlarmStep[]
}

export type AlarmFold = {
  readonly rule: AlarmRule
  readonly sinceMs: number
  readonly state: AlarmState
  /** When the device was last heard to say so, by the gateway's clock. */
  readonly stateAtMs: number
  /** The latest that any gateway's clock said on it: it is not earlier now. */
  readonly heardAtMs: number
  readonly figures: Readonly<Record<string, number>>
  readonly cases: readonly string[]
  readonly signals: readonly FoldedSignal[]
  readonly answers: readonly FoldedAnswer[]
  /** The oldest first; never empty. */
  readonly rounds: readonly AlarmRound[]
  readonly current: AlarmRound
  /** Nobody has said yet what it was. */
  readonly open: boolean
  /** Every item on it: what the author of the next has seen. */
  readonly saw: readonly string[]
}

/** Clocks of an office differ by so much without being wrong. */
const SLACK_MS = 5 * 60_000
const MOST_ROUNDS = 1000
/** Of findings that nobody saw each other's of, the one that protects more. */
const WORST: readonly FoldedSignal['state'][] = ['raised', 'confirmed', 'unknown', 'cleared']

export const usualAlarmChain: readonly AlarmStep[] = [
  { step: 'phone', afterMinutes: 0 },
  { step: 'worker', afterMinutes: 15 },
  { step: 'chief', afterMinutes: 60 },
]

/** Of a projection, which never changes: lists and screens ask for the same again and again. */
export function foldAlarm(record: Projection): AlarmFold {
  const known = FOLDS.get(record)
  if (known) return known
  const fold = foldItems(record)
  FOLDS.set(record, fold)
  return fold
}
const FOLDS = new WeakMap<Projection, AlarmFold>()

function foldItems(record: Projection): AlarmFold {
  const { signals: said = [], answers: answered = [] } = record.timelines
  const isAnswer = new Set(answered.map(({ id }) => id))
  const ordered = inCausalOrder([...said, ...answered])
  const seenBy = new Map<string, readonly string[]>(ordered.map(({ id, saw }) => [id, saw]))
  const signals = ordered.flatMap(({ id, item }) => (isAnswer.has(id) ? [] : parseSignal(item)))
  const raises = signals.filter(({ state }) => state === 'raised')
  const raisedAt = new Map<number, number>()
  for (const { round, state, atMs } of signals)
    if (state === 'raised') raisedAt.set(round, Math.min(raisedAt.get(round) ?? atMs, atMs))
  const answers = timed(
    ordered.filter(({ id }) => isAnswer.has(id)),
    signals,
    seenBy,
    (round) => raisedAt.get(round) ?? record.createdAt,
  )
  const numbers = new Set([1, ...raisedAt.keys(), ...answers.map(({ round }) => round)])
  const rounds = [...numbers]
    .sort((a, b) => a - b)
    .map((round) =>
      roundOf(
        round,
        raisedAt.get(round) ?? record.createdAt,
        answers.filter((one) => one.round === round),
        seenBy,
      ),
    )
  const ends = signals.filter(({ id }) => !signals.some((other) => seenBy.get(other.id)!.includes(id)))
  const last = ends.sort((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state))[0]
  const current = rounds.at(-1)!
  return {
    rule: ruleOf(record, said.find(({ id }) => id === raises[0]?.id)?.value),
    sinceMs: Number.isSafeInteger(record.fields.sinceMs) ? Number(record.fields.sinceMs) : record.createdAt,
    state: last === undefined || last.state === 'confirmed' ? 'raised' : last.state,
    stateAtMs: last?.atMs ?? record.createdAt,
    heardAtMs: signals.reduce((latest, { atMs }) => Math.max(latest, atMs), 0),
    figures: signals.findLast(({ figures }) => Object.keys(figures).length > 0)?.figures ?? {},
    cases: [...new Set(signals.flatMap((one) => one.case ?? []))],
    signals,
    answers,
    rounds,
    current,
    open: current.verdict === null,
    saw: ordered.map(({ id }) => id).sort(),
  }
}

function roundOf(
  round: number,
  raisedAtMs: number,
  answers: readonly FoldedAnswer[],
  seenBy: ReadonlyMap<string, readonly string[]>,
): AlarmRound {
  const decisions = answers.filter(({ verdict }) => verdict !== null)
  // A verdict whose author knew of another takes its place.
  const standing = decisions.filter(
    ({ id }) => !decisions.some((other) => seenBy.get(other.id)!.includes(id)),
  )
  const rank = ({ verdict }: FoldedAnswer) => alarmVerdicts[verdict!].rank
  const decided = [...standing].sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1))[0] ?? null
  const disputed = standing.some(({ verdict }) => verdict !== decided?.verdict)
  return { round, raisedAtMs, answers, verdict: decided?.verdict ?? null, decided, disputed }
}

function parseSignal({ id, value }: TimelineItem): FoldedSignal[] {
  if (!isObject(value)) return []
  const { state, at } = value
  if (state !== 'raised' && state !== 'confirmed' && state !== 'cleared' && state !== 'unknown') return []
  if (!Number.isSafeInteger(at)) return []
  const which = typeof value.case === 'string' ? value.case : null
  return [
    {
      id,
      state,
      atMs: Number(at),
      round: roundIn(value.round),
      figures: numbersIn(value.figures),
      case: which,
    },
  ]
}

/** A number that was never given out is taken for the first: no answer is lost by it. */
const roundIn = (value: Value | undefined): number =>
  Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MOST_ROUNDS ? Number(value) : 1

const numbersIn = (value: Value | undefined): Readonly<Record<string, number>> =>
  value !== undefined && isObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((one): one is [string, number] => typeof one[1] === 'number'),
      )
    : {}

/** Answers in causal order, each with a time that the gateways' clocks do not contradict. */
function timed(
  ordered: readonly ParsedStep[],
  signals: readonly FoldedSignal[],
  seenBy: ReadonlyMap<string, readonly string[]>,
  raisedAt: (round: number) => number,
): readonly FoldedAnswer[] {
  const times = new Map(signals.map(({ id, atMs }) => [id, atMs]))
  const answers: FoldedAnswer[] = []
  for (const { id, item, saw, note } of ordered) {
    const { value } = item
    if (!isObject(value) || !isAlarmDeed(value.did)) continue
    const round = roundIn(value.round)
    const notBeforeMs = Math.max(raisedAt(round), ...saw.flatMap((seen) => times.get(seen) ?? []))
    const seenAt = signals.filter((one) => seenBy.get(one.id)!.includes(id)).map(({ atMs }) => atMs)
    const notAfterMs = Math.max(notBeforeMs, Math.min(...seenAt, Number.MAX_SAFE_INTEGER))
    const clockDoubtful = item.at < notBeforeMs - SLACK_MS || item.at > notAfterMs + SLACK_MS
    const atMs = clockDoubtful ? notBeforeMs : Math.min(Math.max(item.at, notBeforeMs), notAfterMs)
    times.set(id, atMs)
    answers.push({
      ...{ id, by: item.by, note, round, atMs, notBeforeMs, clockDoubtful },
      did: value.did,
      role: typeof value.role === 'string' ? value.role : null,
      means: isAlarmMeans(value.by) ? value.by : value.did === 'visited' ? 'door' : 'phone',
      verdict: isAlarmVerdict(value.verdict) ? value.verdict : null,
    })
  }
  return answers
}

function ruleOf(record: Projection, raised: Value | undefined): AlarmRule {
  const said = raised !== undefined && isObject(raised) && isObject(raised.rule ?? null) ? raised.rule : null
  const { label, urgency, signal, chain } = (said ?? {}) as Readonly<Record<string, Value>>
  const id = textOf(record, 'rule') ?? ''
  const [zh, en] = Array.isArray(label) ? label : []
  const steps = Array.isArray(chain) ? chain.flatMap(parseAlarmStep) : []
  return {
    id,
    label: [typeof zh === 'string' ? zh : id, typeof en === 'string' ? en : id],
    urgency: urgency === 'life' || urgency === 'upkeep' ? urgency : 'care',
    signal: isSignal(signal) ? signal : null,
    chain: steps.length > 0 ? steps : usualAlarmChain,
  }
}

function parseAlarmStep(value: Value): AlarmStep[] {
  if (!isObject(value)) return []
  const { step, afterMinutes } = value
  if (step !== 'phone' && step !== 'worker' && step !== 'chief') return []
  if (typeof afterMinutes !== 'number' || !(afterMinutes >= 0 && afterMinutes <= 100_000)) return []
  return [{ step, afterMinutes }]
}
