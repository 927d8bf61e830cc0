/** What the records say of every device that rules look at: consent, learning, leave, close watching, limits of its own. */
import type { Projection } from '../record/project.ts'
import { DAY_MS, LEARNING_DAYS, type Span, type WatchedDevice } from '../watch/watched.ts'
import { addDays, type Calendar, calendarOf, dateOf } from './day.ts'
import { leaveSpans } from './leave-state.ts'
import { byId } from './lookups.ts'
import { consentState, consentsOf, isAllowed, mayReadDevice } from './permission.ts'
import { monitoringOf, type Purpose } from './purposes.ts'
import { midnightOf } from './quiet-hours.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { residentsOf } from './residents.ts'
import { deviceRulesOf } from './watch-rules.ts'

/** One device that is kept here. */
export function watchedDevice(set: RecordSet, device: Projection, nowMs: number): WatchedDevice {
  const calendar = calendarOf(set)
  const on = calendar.dayOf(nowMs)
  const dwelling = String(device.fields.dwelling)
  const homes = set.referring('household', 'dwelling', dwelling)
  const every = device.fields.reportsEveryMinutes
  const fromMs = watchedFrom(set, device, homes, calendar, on)
  return {
    id: device.id,
    kind: textOf(device, 'kind') ?? 'other',
    allowed: mayReadDevice(set, device, on).ok,
    fromMs,
    learnedMs: fromMs + LEARNING_DAYS * DAY_MS,
    close:
      device.fields.close !== false &&
      homes.length > 0 &&
      homes.every(({ id }) => isAllowed(set, id, 'watch-closely', on)),
    leaves: awayTogether(
      homes.map(({ id }) => leaveSpans([...set.referring('leave', 'household', id)], calendar)),
    ),
    speaksEveryMinutes: typeof every === 'number' && every > 0 ? every : null,
    own: Object.fromEntries(
      Object.entries(deviceRulesOf(device)).map(([code, { limits, disabled }]) => [
        code,
        { limits, disabled },
      ]),
    ),
  }
}

/** What an answer rests on: a change of anything else leaves it as it is. */
const RESTS_ON: ReadonlySet<string> = new Set([
  ...['community', 'device', 'dwelling', 'household', 'person', 'residence', 'consent', 'leave', 'merge'],
])

/** Every device that is kept here, by id: asked for at every reading, so it is worked out once until something changes. */
export class WatchedBook {
  readonly #set: RecordSet
  readonly #stop: () => void
  #devices: ReadonlyMap<string, WatchedDevice> | null = null
  #day = ''

  constructor(set: RecordSet) {
    this.#set = set
    this.#stop = set.subscribe(({ records, erased }) => {
      if ([...records, ...erased].some(({ type }) => RESTS_ON.has(type))) this.#devices = null
    })
  }

  /** Consents and absences begin and end with days of the community. */
  devices(nowMs: number): ReadonlyMap<string, WatchedDevice> {
    const day = calendarOf(this.#set).dayOf(nowMs)
    if (day !== this.#day) this.#devices = null
    this.#day = day
    this.#devices ??= new Map(
      [...this.#set.ofType('device')]
        .sort(byId)
        .map((device) => [device.id, watchedDevice(this.#set, device, nowMs)]),
    )
    return this.#devices
  }

  close(): void {
    this.#stop()
  }
}

/** From the later of its installation and the beginning of the consent it is read by. */
function watchedFrom(
  set: RecordSet,
  device: Projection,
  homes: readonly Projection[],
  calendar: Calendar,
  on: string,
): number {
  const installed = dateOf(device, 'installedOn')
  const days = [installed === null ? calendar.dayOf(device.createdAt) : installed]
  const purpose = monitoringOf(device.fields.kind)
  for (const home of homes) {
    const subjects = [home.id, ...residentsOf(set, home, on).map(({ person }) => person.id)]
    const begun = subjects.flatMap((subject) => begunOn(set, subject, purpose, on) ?? [])
    if (begun.length > 0) days.push(begun.sort()[0]!)
  }
  return midnightOf(calendar, days.sort().at(-1)!)
}

/** The first day of a consent in force that goes on without a break until today; one given anew the day after goes on. */
function begunOn(set: RecordSet, subject: string, purpose: Purpose, on: string): string | null {
  const inForce = consentsOf(set, subject, purpose).filter((one) => consentState(set, one, on) === 'in-force')
  let first = inForce.flatMap((one) => dateOf(one, 'from') ?? []).sort()[0] ?? null
  if (first === null) return null
  for (const one of consentsOf(set, subject, purpose)) {
    const [from, until] = [dateOf(one, 'from'), dateOf(one, 'until')]
    const isEarlier = from !== null && from < first && until !== null && addDays(until, 1) >= first
    if (isEarlier && consentState(set, one, until) === 'in-force') first = from
  }
  return first
}

/** A dwelling is empty when every household in it is away. */
function awayTogether(each: readonly (readonly Span[])[]): readonly Span[] {
  if (each.length === 0) return []
  return each.slice(1).reduce<readonly Span[]>(
    (both, spans) =>
      both.flatMap((one) =>
        spans.flatMap((other) => {
          const fromMs = Math.max(one.fromMs, other.fromMs)
          const untilMs = Math.min(one.untilMs, other.untilMs)
          return fromMs < untilMs ? [{ fromMs, untilMs }] : []
        }),
      ),
    each[0]!,
  )
}
