import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Value } from '../record/change.ts'
import type { Projection, TimelineItem } from '../record/project.ts'
import { alarmChain, type ChainOptions } from './alarm-chain.ts'
import { foldAlarm } from './alarm-state.ts'
import { calendarIn } from './day.ts'
import { record } from './sample-records.test.data.ts'

/** 2026-11-24 10:00 in Shanghai, by the gateway's clock. */
const RAISED = Date.UTC(2026, 10, 24, 2)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const item = (id: string, atMs: number, value: Value): TimelineItem => ({ id, by: 'me-1', at: atMs, value })
const signal = (id: string, state: string, at: number, more: Record<string, Value> = {}) =>
  item(id, at, { state, at, round: 1, saw: [], ...more })
const CHAIN = [
  { step: 'phone', afterMinutes: 0 },
  { step: 'worker', afterMinutes: 15 },
  { step: 'chief', afterMinutes: 45 },
]
const rule = (urgency: string) => ({ label: ['未用水', 'No water'], urgency, signal: 'water', chain: CHAIN })
const raised = (urgency = 'life', at = RAISED) =>
  signal('a', 'raised', at, { rule: rule(urgency), case: 'ca-1', figures: { used: 3 } })
const answer = (id: string, atMs: number, more: Record<string, Value>) =>
  item(id, atMs, { did: 'nobody', by: 'phone', role: 'worker', round: 1, saw: ['a'], ...more })
const alarm = (signals: TimelineItem[], answers: TimelineItem[] = []): Projection =>
  record(
    'alarm',
    '1',
    { device: 'de-1', rule: 'water-none', sinceMs: RAISED - 24 * HOUR },
    {
      timelines: { signals, answers },
      createdAt: RAISED,
    },
  )

test('cleared and unknown end nothing; an alarm is open until somebody says what it was', () => {
  const gone = [raised(), signal('b', 'cleared', RAISED + MINUTE, { saw: ['a'] })]
  expect(foldAlarm(alarm(gone))).toMatchObject({ state: 'cleared', open: true, figures: { used: 3 } })
  const met = answer('c', RAISED + 9 * MINUTE, {
    did: 'visited',
    by: 'door',
    verdict: 'true',
    saw: ['a', 'b'],
  })
  expect(foldAlarm(alarm(gone, [met]))).toMatchObject({ open: false, current: { verdict: 'true' } })
})

test('of signals that knew nothing of each other the worse holds, and a level decays to unknown, never to well', () => {
  const apart = [raised(), signal('b', 'cleared', RAISED + 2, { saw: ['a'] })]
  expect(foldAlarm(alarm([...apart, signal('c', 'unknown', RAISED + 1, { saw: ['a'] })])).state).toBe(
    'unknown',
  )
  expect(foldAlarm(alarm([...apart, signal('c', 'confirmed', RAISED + 1, { saw: ['a'] })])).state).toBe(
    'raised',
  )
})

test('two verdicts given apart: the one that helps more holds, until somebody who knows both says which', () => {
  const apart = [
    answer('b', RAISED + MINUTE, { did: 'phoned', verdict: 'false' }),
    answer('c', RAISED + 2 * MINUTE, { did: 'visited', by: 'door', verdict: 'true' }),
  ]
  expect(foldAlarm(alarm([raised()], apart)).current).toMatchObject({ verdict: 'true', disputed: true })
  const settled = answer('d', RAISED + 3 * MINUTE, { did: 'phoned', verdict: 'false', saw: ['a', 'b', 'c'] })
  expect(foldAlarm(alarm([raised()], [...apart, settled])).current).toMatchObject({
    verdict: 'false',
    disputed: false,
  })
})

test('raised again, what was said of the round before does not answer it, however late it comes', () => {
  const again = signal('d', 'raised', RAISED + 24 * HOUR, { round: 2, saw: ['a', 'b'], rule: rule('care') })
  const said = [
    answer('b', RAISED + MINUTE, { did: 'phoned', verdict: 'false' }),
    answer('c', RAISED + 25 * HOUR, { did: 'phoned', verdict: 'away' }),
  ]
  expect(foldAlarm(alarm([raised('care'), again], said))).toMatchObject({
    open: true,
    current: { round: 2, raisedAtMs: RAISED + 24 * HOUR, answers: [] },
  })
})

const calendar = calendarIn('Asia/Shanghai')
const QUIET = [22, 7] as const
const nextAt = (one: Projection, nowMs: number, more: Partial<ChainOptions> = {}) =>
  alarmChain(foldAlarm(one), { nowMs, calendar, quiet: QUIET, hasPhone: true, ...more }).next

test('phone, worker, chief: each after its minutes, and overdue from when the first should have answered', () => {
  const one = alarm([raised()])
  const at = (minutes: number) => nextAt(one, RAISED + minutes * MINUTE)
  expect(at(5)).toMatchObject({ step: 'phone', overdueSinceMs: null, followedBy: { step: 'worker' } })
  expect(at(20)).toMatchObject({ step: 'worker', overdueSinceMs: RAISED + 15 * MINUTE })
  expect(at(70)).toMatchObject({ step: 'chief', followedBy: null, overdueSinceMs: RAISED + 15 * MINUTE })
  // Nobody answered the phone: the worker's turn is now, not in fifteen minutes.
  const tried = alarm([raised()], [answer('b', RAISED + 3 * MINUTE, {})])
  expect(nextAt(tried, RAISED + 4 * MINUTE)).toMatchObject({ step: 'worker', fromMs: RAISED + 3 * MINUTE })
  const met = alarm([raised()], [answer('b', RAISED + 9 * MINUTE, { did: 'visited', by: 'door' })])
  expect(nextAt(met, RAISED + 10 * MINUTE)).toMatchObject({ step: 'verdict', fromMs: RAISED + 9 * MINUTE })
  const chief = { role: 'chief', by: 'door', saw: ['a', 'b'] }
  const nobody = [answer('b', RAISED + MINUTE, {}), answer('c', RAISED + 9 * MINUTE, chief)]
  // Everybody was asked and nobody was met: again to the door, not a verdict out of nothing.
  expect(nextAt(alarm([raised()], nobody), RAISED + 80 * MINUTE)).toMatchObject({
    step: 'worker',
    overdueSinceMs: RAISED + 69 * MINUTE,
  })
  expect(nextAt(one, RAISED, { hasPhone: false })).toMatchObject({ step: 'worker', fromMs: RAISED })
})

test('quiet hours stop the minutes of care; what concerns life, or was told at night all the same, waits for nothing', () => {
  // 21:55: the phone at once; five minutes are left before ten, and ten are waited after seven.
  const evening = Date.UTC(2026, 10, 24, 13, 55)
  const seven = Date.UTC(2026, 10, 24, 23)
  const late = nextAt(alarm([raised('care', evening)]), evening + HOUR)
  expect(late).toMatchObject({
    step: 'phone',
    fromMs: evening,
    followedBy: { step: 'worker', fromMs: seven + 10 * MINUTE },
    overdueSinceMs: null,
  })
  const night = Date.UTC(2026, 10, 24, 18)
  for (const urgency of ['life', 'care'])
    expect(nextAt(alarm([raised(urgency, night)]), night), urgency).toMatchObject({
      step: 'phone',
      fromMs: night,
      followedBy: { fromMs: night + 15 * MINUTE },
    })
})

test('no wrong clock makes anybody wait: not the answerer’s, not the reader’s', () => {
  // A laptop a day ahead says it tried; a reader on time does not wait until tomorrow for the next step.
  const ahead = alarm([raised()], [answer('b', RAISED + 24 * HOUR, {})])
  expect(nextAt(ahead, RAISED + 30 * MINUTE)).toMatchObject({ step: 'worker', fromMs: RAISED })
  // Once the gateway has seen it, the answer cannot be later than that, and its time is not known.
  const seen = signal('c', 'confirmed', RAISED + 20 * MINUTE, { saw: ['a', 'b'] })
  const [told] = foldAlarm(alarm([raised(), seen], [answer('b', RAISED + 24 * HOUR, {})])).answers
  expect(told).toMatchObject({ clockDoubtful: true, atMs: RAISED })
  // One an hour behind: not before the raising that it answers.
  const [behind] = foldAlarm(alarm([raised()], [answer('b', RAISED - HOUR, {})])).answers
  expect(behind).toMatchObject({ clockDoubtful: true, atMs: RAISED })
  // A reader whose clock is a year behind is at the gateway's time at least.
  expect(nextAt(alarm([raised()]), RAISED - 365 * 24 * HOUR)).toMatchObject({ step: 'phone' })
})

const drawnItem = fc.record({
  isSignal: fc.boolean(),
  state: fc.constantFrom('raised', 'confirmed', 'cleared', 'unknown', 'other'),
  verdict: fc.constantFrom<string | null>(null, 'true', 'false', 'away', 'test', 'fault', 'other'),
  did: fc.constantFrom('phoned', 'visited', 'nobody'),
  round: fc.constantFrom<Value>(1, 1, 2, 3, -1, 'x'),
  at: fc.integer({ min: -2, max: 50 }),
  sees: fc.array(fc.nat(9), { maxLength: 4 }),
})

test('whatever laptops and gateways said apart, in any order and repetition, all fold it to one state', () => {
  fc.assert(
    fc.property(fc.array(drawnItem, { maxLength: 10 }), fc.infiniteStream(fc.nat()), (drawn, noise) => {
      const items = drawn.map((one, at) => {
        const saw = [...new Set(one.sees.filter((seen) => seen < at))].map((seen) => `i${seen}`)
        const atMs = RAISED + one.at * HOUR
        return one.isSignal
          ? signal(`i${at}`, one.state, atMs, { round: one.round, saw })
          : answer(`i${at}`, atMs, {
              ...{ did: one.did, round: one.round, saw },
              ...(one.verdict === null ? {} : { verdict: one.verdict }),
            })
      })
      const isSignal = ({ id }: TimelineItem) => drawn[Number(id.slice(1))]!.isSignal
      const shuffled = [...items, ...items]
        .map((one) => [noise.next().value ?? 0, one] as const)
        .sort((x, y) => x[0] - y[0])
        .map(([, one]) => one)
      const fold = (all: TimelineItem[]) => {
        const one = alarm(
          all.filter(isSignal),
          all.filter((given) => !isSignal(given)),
        )
        return {
          ...foldAlarm(one),
          chain: alarmChain(foldAlarm(one), { nowMs: RAISED, calendar, quiet: QUIET, hasPhone: true }),
        }
      }
      const straight = fold(items)
      expect(fold(shuffled)).toEqual(straight)
      // It stands on what is the case, not on the order: a verdict of the last round that nobody answered closes it.
      const { current, open, answers } = straight
      expect(open).toBe(!answers.some((one) => one.round === current.round && one.verdict !== null))
      for (const one of answers) expect(one.atMs).toBeGreaterThanOrEqual(one.notBeforeMs)
    }),
    { numRuns: 60 },
  )
})
