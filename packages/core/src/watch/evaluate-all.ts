/**
 * Rounds over many devices. A round looks only at what may have changed: where something was heard, or a moment has
 * come at which a rule may say something else. What it remembers saves work and nothing else: what it says follows from
 * the readings, so a new one that starts from the open alarms goes on where this one stopped.
 */
import type { Observation, SeriesView } from '../series/observation.ts'
import { signals } from '../series/observation.ts'
import type { Course, Episode } from './course.ts'
import { courseOf, findingOf, nextMomentMs } from './evaluate.ts'
import type { Finding, Rule } from './finding.ts'
import { DAY_MS, tellAtMs, type WatchContext, type WatchedDevice } from './watched.ts'
import { stepOf } from './window-moments.ts'

export type OpenFinding = Pick<Finding, 'rule' | 'device' | 'state' | 'sinceMs'>

export type WatchState = {
  /** By device and rule. */
  readonly entries: Map<string, Map<string, Entry>>
  /** By device and signal: what was heard since the last round. */
  readonly heard: Map<string, Map<string, Heard>>
  /** By device and signal: when the newest reading was made. */
  readonly newest: Map<string, Map<string, number>>
  /** Before this only what was heard can change anything. */
  nextMs: number
  /** What the last round looked at: another map is another day, or other homes. */
  devices: Round['devices'] | null
}

/** Of one signal: the times of the first and the last reading of this round, and of the newest before. */
type Heard = { earliestMs: number; latestMs: number; readonly beforeMs: number | null }

type Entry = {
  /** What was said last of the episode; null where nothing was, or it is over. */
  said: OpenFinding | null
  /** Raised, but not to be told yet: looked at again then. */
  checkedMs: number | null
  nextMs: number
}

/** `open`: alarms whose end nobody has said yet, as the records have them. */
export function createWatch(open: readonly OpenFinding[] = []): WatchState {
  const state: WatchState = {
    entries: new Map(),
    heard: new Map(),
    newest: new Map(),
    nextMs: -Infinity,
    devices: null,
  }
  for (const finding of open) entryOf(state, finding.device, finding.rule).said = finding
  return state
}

/** After these were appended: the next round looks at their devices. */
export function hear(state: WatchState, observations: readonly Observation[]): void {
  for (const { device, signal, atMs } of observations) {
    const newest = within(state.newest, device)
    const heard = within(state.heard, device)
    const one = heard.get(signal)
    if (one) {
      one.earliestMs = Math.min(one.earliestMs, atMs)
      one.latestMs = Math.max(one.latestMs, atMs)
    } else heard.set(signal, { earliestMs: atMs, latestMs: atMs, beforeMs: newest.get(signal) ?? null })
    newest.set(signal, Math.max(newest.get(signal) ?? -Infinity, atMs))
  }
}

function within<K, V>(maps: Map<string, Map<K, V>>, key: string): Map<K, V> {
  let map = maps.get(key)
  if (!map) {
    map = new Map()
    maps.set(key, map)
  }
  return map
}

export type Round = {
  readonly rules: readonly Rule[]
  /** By id. Another map than in the last round: everything is looked at. */
  readonly devices: ReadonlyMap<string, WatchedDevice>
  readonly view: SeriesView
  readonly context: WatchContext
  /** Rules, leaves, consents or homes changed: look at everything. */
  readonly all?: boolean
}

/**
 * What is new, and no more: an episode that began (also one that is over again), that cleared, that nobody can follow
 * any more, in the order of time. Whoever acts on it may be told something twice after a restart; device, rule and
 * `sinceMs` say that it is the same.
 */
export function evaluateAll(state: WatchState, round: Round): Finding[] {
  const { rules, devices, view, context } = round
  const all = round.all === true || state.devices !== devices
  state.devices = devices
  const isDue = all || context.nowMs >= state.nextMs
  const looked = isDue ? devices.keys() : [...state.heard.keys()]
  if (isDue) state.nextMs = Infinity
  const found: Finding[] = []
  for (const id of looked) {
    const device = devices.get(id)
    if (!device) continue
    const heard = state.heard.get(id)
    for (const rule of rules) {
      const entry = entryOf(state, id, rule.id)
      if (all || context.nowMs >= entry.nextMs || concerns(rule, heard))
        found.push(...look(entry, rule, device, view, context))
      state.nextMs = Math.min(state.nextMs, entry.nextMs)
    }
  }
  state.heard.clear()
  return found.sort((a, b) => a.sinceMs - b.sinceMs)
}

/** What a home that withdrew said, and a device that is gone, is forgotten: nothing is said of it any more. */
export function forget(state: WatchState, device: string): void {
  state.entries.delete(device)
  state.heard.delete(device)
  state.newest.delete(device)
}

function entryOf(state: WatchState, device: string, rule: string): Entry {
  const rules = within(state.entries, device)
  let entry = rules.get(rule)
  if (!entry) {
    entry = { said: null, checkedMs: null, nextMs: -Infinity }
    rules.set(rule, entry)
  }
  return entry
}

/** Whether what was heard may change what a rule said. */
function concerns(rule: Rule, heard: ReadonlyMap<string, Heard> | undefined): boolean {
  if (!heard) return false
  const { signal } = rule
  // Anything said ends a silence, and shows that a device which tells of no movement is alive.
  if (signal === null) return true
  const one = heard.get(signal)
  if (signals[signal].form !== 'register')
    return one !== undefined || rule.kind === 'no-use' || heard.has('test')
  if (!one) return false
  const { beforeMs, earliestMs, latestMs } = one
  // A reading within the hour that runs changes no hour that is over, unless it comes late.
  const stepMs = stepOf(rule)
  return (
    beforeMs === null ||
    earliestMs < beforeMs ||
    Math.floor(latestMs / stepMs) > Math.floor(beforeMs / stepMs)
  )
}

function look(
  entry: Entry,
  rule: Rule,
  device: WatchedDevice,
  view: SeriesView,
  context: WatchContext,
): Finding[] {
  const { nowMs } = context
  const sinceMs = entry.checkedMs ?? nowMs - DAY_MS
  const course = courseOf(rule, device, view, context, sinceMs)
  entry.checkedMs = nowMs
  entry.nextMs = nextMomentMs(rule, device, view, context, course?.isOpen ?? false)
  if (!course) return []
  const found: Finding[] = []
  const { said } = entry
  const episodes = named(course, said, sinceMs)
  for (const [at, episode] of episodes.entries()) {
    const isOpen = course.isOpen && at === episodes.length - 1
    const isSaid = said?.sinceMs === episode.sinceMs
    if (!isSaid && !isOpen && episode.raisedMs <= sinceMs) continue
    const tellMs = tellAtMs(rule, device, context, episode.raisedMs)
    if (!isSaid && nowMs < tellMs && isOpen) entry.nextMs = Math.min(entry.nextMs, tellMs)
    // What is over again by the morning wakes nobody, and is not told then either.
    if (!isSaid && (nowMs < tellMs || (tellMs > episode.raisedMs && episode.clearedMs !== null))) continue
    const finding = findingOf(rule, device, course, episode, nowMs)
    if (isSaid && said.state === finding.state) continue
    // What was so once, as a broker keeps it, and nobody confirmed since is no news.
    if (!isSaid && finding.state === 'unknown' && episode.raisedMs <= sinceMs) continue
    if (entry.said === said && said && !isSaid) found.push(...ended(said, episodes, course, nowMs))
    if (!isSaid && finding.state !== 'raised') found.push({ ...finding, state: 'raised' })
    found.push(finding)
    entry.said = finding
  }
  if (said && entry.said === said) {
    const over = ended(said, episodes, course, nowMs)
    if (over.length > 0) entry.said = null
    found.push(...over)
  }
  if (entry.said && !course.isOpen && entry.said.state === 'cleared') entry.said = null
  return found
}

/**
 * What was said to be open, and goes on beyond what the readings still tell: it keeps its name, so that old readings
 * that went, or late ones that came, make no second alarm of it.
 */
function named(course: Course, said: OpenFinding | null, checkedMs: number): readonly Episode[] {
  const { episodes } = course
  const last = episodes.at(-1)
  if (!said || said.state === 'cleared' || !course.isOpen || !last || last.raisedMs > checkedMs)
    return episodes
  if (episodes.some(({ sinceMs }) => sinceMs === said.sinceMs)) return episodes
  return [...episodes.slice(0, -1), { ...last, sinceMs: said.sinceMs }]
}

/** What was said before and is no more. Never from silence: only what is known to be over is said to be. */
function ended(said: OpenFinding, episodes: readonly Episode[], { truth }: Course, nowMs: number): Finding[] {
  if (said.state === 'cleared' || truth !== 'cleared') return []
  if (episodes.some(({ sinceMs }) => sinceMs === said.sinceMs)) return []
  return [{ ...said, state: 'cleared', atMs: nowMs, figures: {} }]
}
