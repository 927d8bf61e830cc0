/** Which records have had their time by the retention table. Nothing is erased here. */
import type { Projection } from '../record/project.ts'
import type { Station } from '../station/station.ts'
import { foldAlarm } from './alarm-state.ts'
import { foldCaseRecord } from './case-state.ts'
import { MAX_DAYS } from './claim-book.ts'
import { addDays, type Calendar, calendarOf, dateOf } from './day.ts'
import { foldErrandRecord } from './errand-state.ts'
import { homelessAlarms, residencesOf, withMerged } from './family.ts'
import type { Language } from './language.ts'
import { lastDayOf } from './leave-state.ts'
import { byId } from './lookups.ts'
import { withdrawnOn } from './permission.ts'
import { titleOf } from './queries.ts'
import { openRecordSet, type RecordSet } from './record-set.ts'
import { type RetentionClass, retentionTable } from './retention.ts'

export type ErasureDue = {
  readonly record: string
  readonly type: string
  readonly space: string
  readonly class: RetentionClass
  /** YYYY-MM-DD: the day its period started, and the day it ended. */
  readonly since: string
  readonly dueOn: string
  /** The record it goes together with: an old visit alone is its own; a household takes all that is about it. */
  readonly family: string
  readonly because: 'own-period' | 'with-family'
}

/** What has had its time on that day, families together, the longest overdue first. */
export const dueForErasure = (station: Station, on: string): readonly ErasureDue[] =>
  erasureDue(openRecordSet(station, { follow: false }), on)

export function erasureDue(set: RecordSet, on: string): readonly ErasureDue[] {
  const due = new DueBook(set, on)
  const rows: ErasureDue[] = []
  const taken = new Set<string>()
  const take = (family: string, clocks: readonly Clock[]) => {
    for (const clock of clocks) {
      if (taken.has(clock.record.id)) continue
      taken.add(clock.record.id)
      const { record, since, dueOn } = clock
      const because = record.id === family ? 'own-period' : 'with-family'
      rows.push({
        record: record.id,
        type: record.type,
        space: record.space,
        class: clock.class,
        since,
        dueOn,
        family,
        because,
      })
    }
  }
  for (const household of [...set.ofType('household')].sort(byId)) {
    const family = due.household(household)
    if (family) take(household.id, family)
  }
  for (const person of [...set.ofType('person')].sort(byId)) {
    const family = due.person(person)
    if (family?.every(({ dueOn }) => dueOn <= on)) take(person.id, family)
  }
  for (const type of [
    'visit',
    'diary',
    'errand',
    'case',
    'alarm',
    'review',
    'leave',
    'sweep',
    'claim',
    'consent',
    'reveal',
    'export',
  ] as const)
    for (const record of [...set.ofType(type)].sort(byId)) {
      const clock = due.clock(record)
      if (clock && clock.dueOn <= on) take(record.id, [clock, ...due.attached(clock)])
    }
  const oldest = new Map<string, string>()
  for (const { family, dueOn } of rows) {
    const known = oldest.get(family)
    if (known === undefined || dueOn < known) oldest.set(family, dueOn)
  }
  const place = ({ family }: ErasureDue) => `${oldest.get(family)} ${family}`
  return rows.sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0))
}

type Clock = {
  readonly record: Projection
  readonly class: RetentionClass
  readonly since: string
  readonly dueOn: string
}

/** When each record's period began and ends; null while it runs on, or has not begun. */
class DueBook {
  readonly #set: RecordSet
  readonly #on: string
  readonly #calendar: Calendar
  readonly #days: ReadonlyMap<RetentionClass, number>

  constructor(set: RecordSet, on: string) {
    this.#set = set
    this.#on = on
    this.#calendar = calendarOf(set)
    this.#days = new Map(retentionTable(set).map((row) => [row.class, row.days]))
  }

  #from(record: Projection, name: RetentionClass, since: string): Clock {
    return { record, class: name, since, dueOn: addDays(since, this.#days.get(name)!) }
  }

  /** A record that has a period of its own. */
  clock(record: Projection): Clock | null {
    switch (record.type) {
      case 'visit':
      case 'diary':
        return this.#from(record, record.type, dateOf(record, 'on') ?? this.#calendar.dayOf(record.createdAt))
      case 'case':
        return this.#case(record)
      case 'errand': {
        const { open, owing, steps } = foldErrandRecord(record)
        const lastMs = steps.reduce((last, { at }) => Math.max(last, at), record.createdAt)
        return open || owing ? null : this.#from(record, 'errand', this.#calendar.dayOf(lastMs))
      }
      case 'alarm': {
        const { open, heardAtMs, answers } = foldAlarm(record)
        const lastMs = answers.reduce((last, { atMs }) => Math.max(last, atMs), heardAtMs || record.createdAt)
        return open ? null : this.#from(record, 'alarm', this.#calendar.dayOf(lastMs))
      }
      case 'review':
        return this.#from(record, 'review', this.#calendar.dayOf(record.changedAt))
      case 'leave':
        return this.#from(record, 'leave', lastDayOf(record) ?? this.#calendar.dayOf(record.createdAt))
      case 'sweep':
        return this.#from(record, 'sweep', this.#endOf(record))
      case 'claim': {
        const sweep = this.#set.getA('sweep', record.fields.sweep)
        // Of a week, and of a sweep that is not here any more.
        const week = dateOf(record, 'week') ?? this.#calendar.dayOf(record.changedAt)
        return this.#from(record, 'sweep', sweep ? this.#endOf(sweep) : addDays(week, 6 + MAX_DAYS))
      }
      case 'consent': {
        const ended = [withdrawnOn(record), dateOf(record, 'until')].filter((day) => day !== null).sort()[0]
        const gone = ended ?? this.#subjectLeftOn(record)
        return gone === null ? null : this.#from(record, 'consent', gone)
      }
      case 'reveal':
        return this.#from(record, 'reveal', `${String(record.fields.year).padStart(4, '0')}-12-31`)
      case 'export':
        return this.#from(record, 'export', this.#calendar.dayOf(record.createdAt))
      default:
        return null
    }
  }

  #endOf = (sweep: Projection): string => dateOf(sweep, 'to') ?? this.#calendar.dayOf(sweep.createdAt)

  /** Photos and the like go with what they are about. */
  attached(clock: Clock): Clock[] {
    return this.#set.referring('attachment', 'about', clock.record.id).map((record) => ({ ...clock, record }))
  }

  #case(record: Projection): Clock | null {
    const { open, steps } = foldCaseRecord(record)
    if (open) return null
    const lastMs = steps.reduce((last, { at }) => Math.max(last, at), record.createdAt)
    return this.#from(record, 'case', this.#calendar.dayOf(lastMs))
  }

  /** A consent without an end ends with whom it is about. */
  #subjectLeftOn(consent: Projection): string | null {
    const subject = this.#set.get(String(consent.fields.subject))
    if (subject?.type === 'person') return this.#leftOn(subject)
    return subject?.type === 'household' ? this.#emptyOn(subject) : null
  }

  /** The day somebody died or the last of their residences ended; null while one is open, or where none is known. */
  #leftOn(person: Projection): string | null {
    const died = dateOf(person, 'diedOn')
    if (died !== null) return died
    let last: string | null = null
    for (const residence of this.#set.referring('residence', 'person', person.id)) {
      const to = dateOf(residence, 'to')
      if (to === null) return null
      if (last === null || to > last) last = to
    }
    return last
  }

  /** The person with their residences. */
  person(person: Projection): readonly Clock[] | null {
    const left = this.#leftOn(person)
    if (left === null) return null
    const own = this.#from(person, 'person', left)
    return [
      own,
      ...withMerged(this.#set, person)
        .filter(({ id }) => id !== person.id)
        .map((record) => ({ ...own, record })),
      ...this.attached(own),
      ...this.#set.referring('residence', 'person', person.id).map((record) => ({ ...own, record })),
    ]
  }

  /** The day the last one left a household; null while somebody belongs to it, or where nobody ever did. */
  #emptyOn(household: Projection): string | null {
    let last: string | null = null
    for (const residence of residencesOf(this.#set, household)) {
      const person = this.#set.getA('person', residence.fields.person)
      const ended = [dateOf(residence, 'to'), dateOf(person, 'diedOn')]
        .filter((day) => day !== null)
        .sort()[0]
      if (ended === undefined) return null
      if (last === null || ended > last) last = ended
    }
    return last
  }

  /** The household with all that is about it, once every one of them has had its time. */
  household(household: Projection): readonly Clock[] | null {
    const empty = this.#emptyOn(household)
    if (empty === null) return null
    const own = this.#from(household, 'household', empty)
    const clocks: Clock[] = [own, ...this.attached(own)]
    const set = this.#set
    for (const record of withMerged(set, household))
      if (record.id !== household.id) clocks.push({ ...own, record })
    for (const residence of residencesOf(set, household)) {
      const person = set.getA('person', residence.fields.person)
      const gone = person && this.#leftOn(person)
      // Somebody who lives elsewhere now takes their record along; the residence here goes.
      if (person && gone !== null) clocks.push(...this.person(person)!, ...this.#about(person.id))
      else clocks.push({ ...own, record: residence })
    }
    for (const type of ['visit', 'diary', 'errand', 'case', 'alarm', 'leave'] as const)
      for (const record of set.referring(type, 'household', household.id)) {
        const clock = this.clock(record)
        if (!clock) return null
        clocks.push(clock, ...this.attached(clock), ...this.#about(record.id))
      }
    clocks.push(...this.#about(household.id))
    const dwelling = String(household.fields.dwelling)
    if (set.referring('household', 'dwelling', dwelling).length === 1)
      for (const device of set.referring('device', 'dwelling', dwelling))
        for (const record of [
          device,
          ...homelessAlarms(set, device),
          ...set.referring('review', 'device', device.id),
        ])
          clocks.push({ ...own, record })
    return clocks.every(({ dueOn }) => dueOn <= this.#on) ? clocks : null
  }

  #about(id: string): Clock[] {
    return [
      ...this.#set.referring('consent', 'subject', id),
      ...this.#set.referring('reveal', 'record', id),
      ...this.#set.referring('export', 'subject', id),
      ...this.#set.referring('diary', 'person', id),
      ...this.#set.referring('errand', 'person', id),
    ].map(
      (record) =>
        this.clock(record) ?? { record, class: 'consent', since: '9999-12-30', dueOn: '9999-12-30' },
    )
  }
}

/** What it is called in a list, masked as everywhere; what is about somebody goes by their name. */
export const erasureTitle = (set: RecordSet, row: ErasureDue, language: Language): string => {
  const record = set.get(row.record)
  if (!record) return row.record
  const { subject, record: seen, person } = record.fields
  const about = set.get(String(subject ?? seen ?? person))
  return titleOf(set, about ?? record, language)
}
