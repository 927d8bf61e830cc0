/**
 * What can be counted, as data: templates and reports know numbers by these names alone. Each measure makes a flat
 * list of what it counts, with everything it can be told apart by; a number is the length of what passes a filter.
 */
import type { Projection } from '../record/project.ts'
import { bare } from '../work/address.ts'
import { isFalseAlarm } from '../work/alarm-answers.ts'
import { foldAlarm } from '../work/alarm-state.ts'
import { type ClockRules, clockRulesOf } from '../work/case-clock.ts'
import { deadlineOf } from '../work/case-list.ts'
import { foldCaseRecord } from '../work/case-state.ts'
import { type Calendar, calendarOf, dateOf } from '../work/day.ts'
import { isRetired } from '../work/device-life.ts'
import { dueList, isStanding } from '../work/due.ts'
import { gridOf, memberName } from '../work/lookups.ts'
import { plainOf } from '../work/masked-record.ts'
import { type RecordSet, textOf } from '../work/record-set.ts'
import { ageOf, categoriesOf, residentsOf } from '../work/residents.ts'
import { ageGroup, type Dimension } from './dimensions.ts'
import { endOf, type Period } from './period.ts'

export type Counted = Readonly<Partial<Record<Dimension, string | readonly string[] | null>>>

export type Measure = {
  readonly label: readonly [zh: string, en: string]
  /** Names of its own for templates. */
  readonly words: readonly [zh: string, en: string]
  readonly filters: readonly Dimension[]
  /** Of things in a period, or of how things stand at its end. */
  readonly when: 'period' | 'end'
  /** About residents: numbers below the limit do not leave. What workers did is not. */
  readonly sensitive: boolean
}

const PLACE = ['grid', 'building'] as const satisfies readonly Dimension[]
const HOME = [...PLACE, 'category', 'tag'] as const satisfies readonly Dimension[]
const CASE = [
  ...PLACE,
  'kind',
  'state',
  'grade',
  'source',
  'on-time',
  'worker',
] as const satisfies readonly Dimension[]

export const measures = {
  visits: {
    label: ['探访次数(不含撤回的)', 'Visits, without those taken back'],
    words: ['探访次数', 'visits'],
    filters: [...HOME, 'worker', 'outcome', 'mode', 'form', 'day'],
    when: 'period',
    sensitive: false,
  },
  households: {
    label: ['住户数', 'Households'],
    words: ['住户数', 'households'],
    filters: HOME,
    when: 'end',
    sensitive: true,
  },
  'households-visited': {
    label: ['见到过人的住户数', 'Households where somebody was met'],
    words: ['已访户数', 'households-visited'],
    filters: HOME,
    when: 'period',
    sensitive: true,
  },
  'households-due': {
    label: ['到期该访的住户数(含逾期)', 'Households due for a visit, overdue ones included'],
    words: ['应访户数', 'households-due'],
    filters: HOME,
    when: 'end',
    sensitive: false,
  },
  'households-overdue': {
    label: ['逾期未访的住户数', 'Households whose visit is overdue'],
    words: ['逾期户数', 'households-overdue'],
    filters: HOME,
    when: 'end',
    sensitive: false,
  },
  people: {
    label: ['在住人数', 'People living here'],
    words: ['在住人数', 'people'],
    filters: [...HOME, 'age', 'gender', 'population'],
    when: 'end',
    sensitive: true,
  },
  'cases-opened': {
    label: ['新开案件数', 'Cases opened'],
    words: ['新开案件', 'cases-opened'],
    filters: CASE,
    when: 'period',
    sensitive: true,
  },
  'cases-closed': {
    label: ['办结案件数', 'Cases closed'],
    words: ['办结案件', 'cases-closed'],
    filters: CASE,
    when: 'period',
    sensitive: true,
  },
  'cases-open': {
    label: ['未结案件数', 'Cases open'],
    words: ['未结案件', 'cases-open'],
    filters: CASE,
    when: 'end',
    sensitive: true,
  },
  'cases-overdue': {
    label: ['超期未结案件数', 'Cases open past their limit'],
    words: ['超期案件', 'cases-overdue'],
    filters: CASE,
    when: 'end',
    sensitive: true,
  },
  alarms: {
    label: ['报警次数', 'Alarms raised'],
    words: ['报警次数', 'alarms'],
    filters: [...PLACE, 'kind'],
    when: 'period',
    sensitive: true,
  },
  'alarms-answered': {
    label: ['有结论的报警(测试除外)', 'Alarms with a verdict, tests left out'],
    words: ['有结论报警', 'alarms-answered'],
    filters: [...PLACE, 'kind'],
    when: 'period',
    sensitive: true,
  },
  'alarms-false': {
    label: ['误报次数(误报、外出、设备故障)', 'False alarms (nothing wrong, away, a faulty device)'],
    words: ['误报次数', 'alarms-false'],
    filters: [...PLACE, 'kind'],
    when: 'period',
    sensitive: true,
  },
  devices: {
    label: ['设备数', 'Devices'],
    words: ['设备数', 'devices'],
    filters: [...PLACE, 'kind'],
    when: 'end',
    sensitive: true,
  },
  dwellings: {
    label: ['房屋数', 'Dwellings'],
    words: ['房屋数', 'dwellings'],
    filters: [...PLACE, 'use'],
    when: 'end',
    sensitive: true,
  },
} as const satisfies Record<string, Measure>
export type MeasureName = keyof typeof measures

/** Shares of a hundred that have a name. */
export const ratios = {
  coverage: {
    label: ['探访覆盖率(%):已访户数占住户数', 'Coverage in percent: households visited of households'],
    words: ['覆盖率', 'coverage'],
    part: { measure: 'households-visited', where: {} },
    whole: { measure: 'households', where: {} },
  },
  'closed-on-time': {
    label: [
      '按时办结率(%):按时办结占有期限的办结',
      'Closed on time in percent, of those closed that had a limit',
    ],
    words: ['按时办结率', 'closed-on-time'],
    part: { measure: 'cases-closed', where: { 'on-time': ['yes'] } },
    whole: { measure: 'cases-closed', where: { 'on-time': ['yes', 'no'] } },
  },
  'false-alarm-rate': {
    label: ['误报率(%):误报占有结论的报警', 'False alarms in percent, of those with a verdict'],
    words: ['误报率', 'false-alarm-rate'],
    part: { measure: 'alarms-false', where: {} },
    whole: { measure: 'alarms-answered', where: {} },
  },
} as const satisfies Record<string, Ratio>
export type Ratio = {
  readonly label: readonly [string, string]
  readonly words: readonly [string, string]
  readonly part: { readonly measure: MeasureName; readonly where: Where }
  readonly whole: { readonly measure: MeasureName; readonly where: Where }
}
export type RatioName = keyof typeof ratios

/** Any of the values of each dimension. */
export type Where = Readonly<Partial<Record<Dimension, readonly string[]>>>

/** Counts over one record set as it stands, each list made once. */
export class Tally {
  readonly set: RecordSet
  readonly calendar: Calendar
  readonly today: string
  readonly #lists = new Map<string, ReadonlyMap<string, readonly Counted[]>>()
  readonly #homes = new Map<string, Counted>()
  #rules: ClockRules | null = null

  /** `today`: how things stand is never told for a day that has not come. */
  constructor(set: RecordSet, today: string) {
    this.set = set
    this.calendar = calendarOf(set)
    this.today = today
  }

  count(measure: MeasureName, period: Period, where: Where): number {
    const rest = Object.entries(where).filter(([name]) => name !== 'grid') as [Dimension, readonly string[]][]
    let count = 0
    for (const one of this.#of(measure, period, where.grid))
      if (rest.every(([name, wanted]) => isAmong(one[name], wanted))) count++
    return count
  }

  /** The values that a dimension takes among what a measure counts. */
  valuesOf(measure: MeasureName, period: Period, dimension: Dimension, where: Where = {}): string[] {
    const values = new Set<string>()
    for (const one of this.#of(measure, period, where.grid))
      for (const value of [one[dimension] ?? []].flat()) values.add(value)
    return [...values]
  }

  #of(measure: MeasureName, period: Period, grids: readonly string[] | undefined): readonly Counted[] {
    const { from, until } = period
    const key = measures[measure].when === 'period' ? `${measure} ${from} ${until}` : `${measure} ${until}`
    let list = this.#lists.get(key)
    if (!list) {
      const byGrid = new Map<string, Counted[]>()
      for (const one of this.#list(measure, period)) {
        const grid = String(one.grid ?? '')
        const there = byGrid.get(grid)
        if (there) there.push(one)
        else byGrid.set(grid, [one])
      }
      list = byGrid
      this.#lists.set(key, list)
    }
    return (grids ?? [...list.keys()]).flatMap((grid) => list.get(grid) ?? [])
  }

  *#list(measure: MeasureName, period: Period): Generator<Counted> {
    const { set } = this
    const on = endOf(period, this.today)
    switch (measure) {
      case 'visits':
        for (const visit of this.#visits(period)) {
          const { outcome, mode, form } = visit.fields
          yield {
            ...this.#home(textOf(visit, 'household'), on),
            worker: memberName(set, visit.createdBy),
            outcome: String(outcome),
            mode: typeof mode === 'string' ? mode : 'door',
            form: typeof form === 'string' ? form : null,
            day: dateOf(visit, 'on'),
          }
        }
        return
      case 'households':
        for (const { id } of set.ofType('household')) yield this.#home(id, on)
        return
      case 'households-visited': {
        const met = new Set<string>()
        for (const visit of this.#visits(period))
          if (visit.fields.outcome === 'met') met.add(String(visit.fields.household))
        for (const id of met) if (set.getA('household', id)) yield this.#home(id, on)
        return
      }
      case 'households-due':
      case 'households-overdue':
        for (const due of dueList(set, { on }))
          if (measure === 'households-due' || due.overdueDays > 0) yield this.#home(due.household, on)
        return
      case 'people':
        yield* this.#people(on)
        return
      case 'cases-opened':
      case 'cases-closed':
      case 'cases-open':
      case 'cases-overdue':
        for (const one of set.ofType('case')) {
          const counted = this.#case(one, measure, period, on)
          if (counted) yield counted
        }
        return
      case 'alarms':
      case 'alarms-answered':
      case 'alarms-false':
        yield* this.#alarms(measure, period)
        return
      case 'devices':
        for (const device of set.ofType('device'))
          if (!isRetired(device, on))
            yield { ...this.#place(device, textOf(device, 'dwelling')), kind: textOf(device, 'kind') }
        return
      case 'dwellings':
        for (const dwelling of set.ofType('dwelling'))
          yield { ...this.#place(dwelling, dwelling.id), use: textOf(dwelling, 'use') }
        return
    }
  }

  *#visits({ from, until }: Period): Generator<Projection> {
    for (const visit of this.set.ofType('visit')) {
      const day = dateOf(visit, 'on')
      if (day !== null && day >= from && day <= until && isStanding(visit)) yield visit
    }
  }

  /** One that was raised again counts again; its kind is its rule. */
  *#alarms(measure: MeasureName, { from, until }: Period): Generator<Counted> {
    for (const alarm of this.set.ofType('alarm')) {
      const { rule, rounds } = foldAlarm(alarm)
      for (const { raisedAtMs, verdict } of rounds) {
        const day = this.calendar.dayOf(raisedAtMs)
        if (day < from || day > until) continue
        if (measure === 'alarms-answered' && (verdict === null || verdict === 'test')) continue
        if (measure === 'alarms-false' && !isFalseAlarm(verdict)) continue
        yield { ...this.#place(alarm, textOf(alarm, 'dwelling')), kind: rule.id }
      }
    }
  }

  *#people(on: string): Generator<Counted> {
    const counted = new Set<string>()
    for (const household of this.set.ofType('household'))
      for (const { person, present } of residentsOf(this.set, household, on)) {
        if (!present || counted.has(person.id)) continue
        counted.add(person.id)
        const age = ageOf(person, on)
        yield {
          ...this.#home(household.id, on),
          category: [...(plainOf(person).sets.categories ?? [])],
          age: age === null ? null : ageGroup(age),
          gender: textOf(person, 'gender'),
          population: textOf(person, 'population'),
        }
      }
  }

  #case(one: Projection, measure: MeasureName, period: Period, on: string): Counted | null {
    const opened = this.calendar.dayOf(one.createdAt)
    const fold = foldCaseRecord(one)
    const ended = fold.endedAt === null ? null : this.calendar.dayOf(fold.endedAt)
    const within = (day: string | null) => day !== null && day >= period.from && day <= period.until
    const isOpen = opened <= on && (ended === null || ended > on)
    this.#rules ??= clockRulesOf(this.set)
    const { deadline, lateDays } = deadlineOf(one, on, this.#rules, fold)
    const late = lateDays > 0
    const counts =
      measure === 'cases-opened'
        ? within(opened)
        : measure === 'cases-closed'
          ? within(ended)
          : isOpen && (measure === 'cases-open' || late)
    if (!counts) return null
    return {
      ...this.#place(one, null),
      ...this.#home(textOf(one, 'household'), on),
      ...(gridOf(this.set, one.space) ? { grid: gridOf(this.set, one.space)!.name } : {}),
      kind: textOf(one, 'kind'),
      state: fold.state,
      grade: textOf(one, 'grade'),
      source: textOf(one, 'source'),
      worker: memberName(this.set, one.createdBy),
      'on-time': deadline === null ? 'no-limit' : late ? 'no' : 'yes',
    }
  }

  #home(id: string | null, on: string): Counted {
    const known = this.#homes.get(`${id} ${on}`)
    if (known) return known
    const household = this.set.getA('household', id)
    const home: Counted = household
      ? {
          ...this.#place(household, textOf(household, 'dwelling')),
          category: categoriesOf(this.set, household, on),
          tag: [...(plainOf(household).sets.tags ?? [])],
        }
      : {}
    this.#homes.set(`${id} ${on}`, home)
    return home
  }

  #place(of: Projection, dwellingId: string | null): Counted {
    const dwelling = this.set.getA('dwelling', dwellingId, of.space)
    const building = this.set.getA('building', dwelling?.fields.building, of.space)
    const name = textOf(building, 'name')
    return { grid: gridOf(this.set, of.space)?.name ?? of.space, building: name && bare(name) }
  }
}

const isAmong = (value: Counted[Dimension], wanted: readonly string[]): boolean =>
  typeof value === 'string' ? wanted.includes(value) : (value ?? []).some((one) => wanted.includes(one))
