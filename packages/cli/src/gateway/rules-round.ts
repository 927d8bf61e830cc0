/**
 * Rounds of rules over what was kept. A reading that may mean danger starts one at once; the rest waits for its turn. A
 * finding is written as an alarm in the same round; what could not be written is tried again in the next.
 */
import {
  addDays,
  alarmIdOf,
  calendarOf,
  createWatch,
  evaluateAll,
  type Finding,
  foldAlarm,
  forget,
  hear,
  learnDevices,
  type Observation,
  type OpenFinding,
  QUIET_HOURS,
  type RecordSet,
  type Rule,
  raiseFinding,
  rulesOf,
  type SeriesStore,
  type Signal,
  type Station,
  signals,
  silentAfterMs,
  stillFound,
  summariseDay,
  type WatchContext,
  WatchedBook,
  type WatchState,
} from '@doorstep/core'
import { broke } from './broke.ts'
import type { DeviceStates } from './device-book.ts'
import type { GatewayLog } from './log.ts'
import type { Metrics } from './metrics.ts'

export type RulesDeps = {
  readonly station: Station
  readonly set: RecordSet
  readonly series: SeriesStore
  readonly log: GatewayLog
  readonly metrics: Metrics
}

/** Days whose summaries are looked at again: readings come late after a cut line. */
const SUMMARY_DAYS = 3

export class RulesRound {
  readonly #deps: RulesDeps
  #watch: WatchState
  readonly #watched: WatchedBook
  readonly #startedMs: number
  /** Found and not yet written. */
  #unwritten: Finding[] = []
  #isBroken = false
  #running: Promise<void> | null = null
  #again = false
  #closed = false

  constructor(deps: RulesDeps) {
    this.#deps = deps
    this.#startedMs = deps.station.now
    this.#watched = new WatchedBook(deps.set)
    this.#watch = createWatch(openFindings(deps.set))
    deps.set.subscribe(({ records, erased }) => {
      for (const { id, type } of erased) if (type === 'device') forget(this.#watch, id)
      if (records.some(({ type }) => CONCERNS.has(type))) this.#all = true
    })
  }
  /** Whatever decides what rules say changed: everything is looked at. */
  #all = true

  heard(observations: readonly Observation[]): void {
    hear(this.#watch, observations)
    if (observations.some(({ signal }) => isUrgent(signal))) void this.run()
  }

  /** One round at a time; what was heard meanwhile has its own after it. */
  run(): Promise<void> {
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#rounds().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false
      const { log, metrics } = this.#deps
      const end = metrics.rounds.startTimer()
      try {
        await this.#round()
        this.#isBroken = false
      } catch (error) {
        log.error('rules-failed', broke(error))
        metrics.failures.inc({ kind: 'rules' })
        this.#isBroken = true
        // What was found and not written would be taken for told: begun anew from the records, it is found again.
        this.#watch = createWatch(openFindings(this.#deps.set))
        this.#all = true
      }
      end()
    } while (this.#again && !this.#closed)
  }

  async #round(): Promise<void> {
    const { station, set, series } = this.#deps
    const rules = rulesOf(set)
    const all = this.#all
    this.#all = false
    const round = { rules, view: series, context: this.#context(station.now, set), all }
    const devices = this.#watched.devices(station.now)
    const found = withoutOldNews(evaluateAll(this.#watch, { ...round, devices }), set)
    const waiting = this.#unwritten.splice(0)
    for (const finding of [...waiting, ...found]) await this.#write(finding, rules)
    // After those: what has just been cleared is not found any more.
    for (const finding of stillFound(set, station.now, rules, this.#watched.devices(station.now)))
      await this.#write(finding, rules)
  }

  async #write(finding: Finding, rules: readonly Rule[]): Promise<void> {
    const { station, log, metrics } = this.#deps
    const rule = rules.find(({ id }) => id === finding.rule)
    if (!rule) return
    const raised = await raiseFinding(station, finding, rule)
    if (!raised.ok) {
      // A device that is gone has no alarm any more; all else may pass.
      if (raised.problem.type === 'no-such-record') return
      this.#unwritten.push(finding)
      log.error('alarm-failed', { problem: raised.problem })
      metrics.failures.inc({ kind: 'alarm' })
      return
    }
    if (raised.value.did === 'nothing') return
    metrics.alarms.inc({ urgency: rule.urgency, did: raised.value.did })
    log.info('alarm', { counts: { [`${rule.urgency}-${raised.value.did}`]: 1 } })
  }

  #context(nowMs: number, set: RecordSet): WatchContext {
    return {
      nowMs,
      calendar: calendarOf(set),
      quietHours: QUIET_HOURS,
      listeningSinceMs: this.#startedMs,
    }
  }

  /** The last round broke off: there may be alarms that nobody is told of. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  deviceStates(): DeviceStates {
    const { set, series, station } = this.#deps
    const states = { online: 0, silent: 0, never: 0, 'no-consent': 0 }
    const silence = rulesOf(set).find(({ kind }) => kind === 'silence')
    for (const device of this.#watched.devices(station.now).values()) {
      const heardMs = series.heardAt(device.id)
      if (!device.allowed) states['no-consent']++
      else if (heardMs === null) states.never++
      else {
        const patienceMs = silence ? silentAfterMs(silence, device) : 25 * 3_600_000
        states[station.now - heardMs <= patienceMs ? 'online' : 'silent']++
      }
    }
    return states
  }

  /** What days say, onto the devices' records: today's so far is not a day yet. */
  async summarise(): Promise<void> {
    const { station, set, series, log, metrics } = this.#deps
    const today = calendarOf(set).dayOf(station.now)
    for (let back = SUMMARY_DAYS; back >= 1; back--) {
      const done = await summariseDay(station, series, addDays(today, -back), set)
      if (done.ok) continue
      log.warn('daily-failed', { problem: done.problem })
      metrics.failures.inc({ kind: 'daily' })
    }
    const learned = await learnDevices(station, series, this.#watched.devices(station.now).values())
    if (learned.ok) return
    log.warn('rules-failed', { problem: learned.problem })
    metrics.failures.inc({ kind: 'rules' })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#watched.close()
    await this.#running
  }
}

const CONCERNS: ReadonlySet<string> = new Set([
  'rule',
  'leave',
  'consent',
  'device',
  'household',
  'community',
  'merge',
])

/** A level or an event may be somebody calling; a register's next value may wait for the next round. */
const isUrgent = (signal: Signal): boolean =>
  signals[signal].form === 'condition' || signals[signal].form === 'event'

/** A raising that is over again in the same round and was written before a restart: only its end may be news. */
function withoutOldNews(found: readonly Finding[], set: RecordSet): Finding[] {
  const over = new Set(found.filter(({ state }) => state !== 'raised').map(alarmIdOf))
  return found.filter((finding) => {
    const id = alarmIdOf(finding)
    return finding.state !== 'raised' || !over.has(id) || !set.get(id)
  })
}

function openFindings(set: RecordSet): OpenFinding[] {
  const open: OpenFinding[] = []
  for (const alarm of set.ofType('alarm')) {
    const { device, rule, sinceMs } = alarm.fields
    const { state } = foldAlarm(alarm)
    if (
      state !== 'cleared' &&
      typeof device === 'string' &&
      typeof rule === 'string' &&
      typeof sinceMs === 'number'
    )
      open.push({ device, rule, sinceMs, state })
  }
  return open
}
