/**
 * Who is to be visited: computed from records alone, so that every station that holds the same records shows the
 * same list. The rule of every number is a policy record; domain sources are named there.
 */
import type { Role } from '../membership/roles.ts'
import type { Projection } from '../record/project.ts'
import { type ChainStep, parseChain } from '../records/policy.ts'
import { type Absence, absenceOf, askedOf, usualChain } from './absence.ts'
import { addressOf, addressText, walkingKey } from './address.ts'
import { addDays, type Calendar, calendarOf, dateOf, daysBetween } from './day.ts'
import { type DeviceTask, deviceTasks, taskDueOn } from './device-life.ts'
import { type Norms, normsOf } from './device-norms.ts'
import type { Language } from './language.ts'
import { byId, findGrid, type GridRef, gridOf } from './lookups.ts'
import { isMasked, shown } from './mask.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { categoriesOf } from './residents.ts'

export type DuePolicy = {
  readonly id: string
  readonly name: string
  readonly nameEn: string | null
  readonly intervalDays: number
  /** Why this one: the household's categories it covers; empty when it covers everyone. */
  readonly because: readonly string[]
}

/** A rule by itself: the day by which it asks for a visit. */
export type DueRule = { readonly policy: DuePolicy; readonly dueOn: string; readonly overdueDays: number }

export type DueVisit = {
  readonly household: string
  readonly name: string | null
  readonly address: string
  readonly grid: GridRef | null
  /**
   * Null when only a promise (`nextOn`) or a device makes it due, or when the rule would tell a category that is masked.
   */
  readonly policy: DuePolicy | null
  /** Other rules that ask for it by the day asked about: a call does not stand for the half-yearly visit. */
  readonly also: readonly DueRule[]
  readonly dueOn: string
  /** Days late on the day asked about; negative when it is still ahead. */
  readonly overdueDays: number
  /** The day came from a visit's `nextOn`, ahead of the policy's. */
  readonly promised: boolean
  /** What devices there need, by what they are told ahead; the day came from the first of them when `forDevice`. */
  readonly tasks: readonly DeviceTask[]
  readonly forDevice: boolean
  /** Visits since the last counting one that met nobody or were refused. */
  readonly attempts: number
  /** Where nobody was met: what comes next. */
  readonly absence: Absence | null
  /** Of the last visit that counts. */
  readonly lastVisitOn: string | null
  readonly categories: readonly string[]
  readonly mind: string | null
  readonly promise: string | null
}

export type DueOptions = {
  /** YYYY-MM-DD in the community's time zone; visits dated later are not looked at. */
  readonly on: string
  /** A grid's id, name or space. */
  readonly grid?: string
  /** `walking`: building, unit, floor, room. `overdue`: the latest first, then walking. */
  readonly order?: 'walking' | 'overdue'
  /** Shows also what falls due within so many days. */
  readonly aheadDays?: number
  /**
   * Whose list it is: rules that name other roles are left out. The viewer's when not given. Who visits nobody, a
   * steward or an auditor, sees every rule.
   */
  readonly role?: Role
  /** Under which name what was worked out is kept: whoever asks for another day than the lists do names another. */
  readonly keptAs?: string
  readonly language?: Language
}

export function dueList(set: RecordSet, options: DueOptions): readonly DueVisit[] {
  const { on, order = 'walking', aheadDays = 0, language = 'zh', role = set.viewer } = options
  const grid = options.grid === undefined ? null : findGrid(set, options.grid)
  if (options.grid !== undefined && !grid) return []
  const asked = { ...options, rules: rulesOf(set, role), calendar: calendarOf(set), norms: normsOf(set) }
  const until = addDays(on, aheadDays)
  const rows: { readonly due: DueVisit; readonly walk: string }[] = []
  for (const household of set.ofType('household')) {
    if (grid && household.space !== grid.space) continue
    const row = set.households.of(options.keptAs ?? 'due', `${on} ${language} ${role}`, household, () => ({
      due: dueOf(set, household, asked),
      walk: walkingKey(set, household),
    }))
    if (row.due && row.due.dueOn <= until) rows.push({ due: row.due, walk: row.walk })
  }
  rows.sort((a, b) => {
    const late = order === 'overdue' ? b.due.overdueDays - a.due.overdueDays : 0
    return late || (a.walk < b.walk ? -1 : 1)
  })
  return rows.map((row) => row.due)
}

/** One household's next visit, whether due or far ahead; null when no policy and no promise covers it. */
export const nextVisit = (set: RecordSet, household: Projection, options: DueOptions): DueVisit | null =>
  dueOf(set, household, {
    ...options,
    rules: rulesOf(set, options.role ?? set.viewer),
    calendar: calendarOf(set),
    norms: normsOf(set),
  })

type Asked = DueOptions & {
  readonly rules: readonly Rule[]
  readonly calendar: Calendar
  readonly norms: Norms
}

function dueOf(
  set: RecordSet,
  household: Projection,
  { on, rules, calendar, norms, language = 'zh' }: Asked,
): DueVisit | null {
  const categories = categoriesOf(set, household, on)
  const visits = set
    .referring('visit', 'household', household.id)
    .filter((visit) => isStanding(visit) && (dateOf(visit, 'on') ?? '9999') <= on)
  const covering = rules.filter((one) => one.everyone || categories.some((name) => one.categories.has(name)))
  const judged = covering
    .map((rule) => judge(rule, visits, calendar.dayOf(household.createdAt)))
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0))
  const first = judged[0]
  // Whoever was met after a promise had it kept, in whatever way they were met.
  const lastMetOn = latest(visits.filter((visit) => visit.fields.outcome === 'met'))
  const promisedOn = promiseOf(visits, lastMetOn)
  const byPromise = promisedOn !== null && (first === undefined || promisedOn < first.dueOn)
  const byVisits = byPromise ? promisedOn : (first?.dueOn ?? null)
  const tasks = deviceTasks(set, household, { on, norms })
  const byDevice = tasks.map((task) => taskDueOn(task, lastMetOn)).sort()[0] ?? null
  const forDevice = byDevice !== null && (byVisits === null || byDevice < byVisits)
  const promised = byPromise && !forDevice
  const dueOn = forDevice ? byDevice : byVisits
  if (dueOn === null) return null
  const lastVisitOn = first ? first.lastOn : latest(visits.filter((visit) => counts(visit, undefined)))
  const seen = (field: string) => shown('household', field, household.fields[field], set.viewer)
  const hidden = isMasked('household', 'categories', set.viewer)
  // A rule tells what somebody is as plainly as a category does.
  const told = (rule: Rule): DuePolicy | null =>
    hidden && !rule.everyone
      ? null
      : {
          ...rule.policy,
          because: rule.everyone ? [] : categories.filter((name) => rule.categories.has(name)),
        }
  return {
    household: household.id,
    name: seen('name') as string | null,
    address: addressText(addressOf(set, household), language),
    grid: gridOf(set, household.space),
    policy: first ? told(first.rule) : null,
    also: judged.slice(1).flatMap(({ rule, dueOn: by }) => {
      const policy = by <= on ? told(rule) : null
      return policy ? [{ policy, dueOn: by, overdueDays: daysBetween(by, on) }] : []
    }),
    dueOn,
    overdueDays: daysBetween(dueOn, on),
    promised,
    tasks,
    forDevice,
    attempts: visits.filter((visit) => isAttempt(visit, lastVisitOn)).length,
    absence: hidden ? null : absenceOf(set, household, visits, chainOf(covering), calendar),
    lastVisitOn,
    categories: hidden ? [] : categories,
    mind: seen('mind') as string | null,
    promise: seen('promise') as string | null,
  }
}

/** A rule by itself: a visit in a way that it does not allow is none to it. */
function judge(rule: Rule, visits: readonly Projection[], since: string) {
  const lastOn = latest(visits.filter((visit) => counts(visit, rule)))
  return { rule, lastOn, dueOn: lastOn === null ? since : addDays(lastOn, rule.policy.intervalDays) }
}

/** Of the strictest rule that has one. */
const chainOf = (covering: readonly Rule[]): readonly ChainStep[] =>
  covering.find(({ chain }) => chain !== null)?.chain ?? usualChain

type Rule = {
  readonly policy: Omit<DuePolicy, 'because'>
  readonly everyone: boolean
  readonly categories: ReadonlySet<string>
  /** Empty: any way of visiting counts. */
  readonly modes: ReadonlySet<string>
  readonly chain: readonly ChainStep[] | null
}

/** Who goes to doors, or calls: on their lists stands what names their role, or none. */
const VISITORS: readonly Role[] = ['chief', 'worker', 'partner', 'volunteer']

/** Shortest interval first; of several that ask for the same day it is named first. */
function rulesOf(set: RecordSet, role: Role): readonly Rule[] {
  const rules: Rule[] = []
  for (const policy of [...set.ofType('policy')].sort(byId)) {
    const { intervalDays, disabled, everyone, retains, chain } = policy.fields
    if (
      disabled === true ||
      retains !== undefined ||
      typeof intervalDays !== 'number' ||
      !(intervalDays >= 1)
    )
      continue
    const named = policy.sets.roles
    if (named && named.length > 0 && !named.includes(role) && VISITORS.includes(role)) continue
    rules.push({
      policy: {
        id: policy.id,
        name: textOf(policy, 'name') ?? policy.id,
        nameEn: textOf(policy, 'nameEn'),
        intervalDays: Math.floor(intervalDays),
      },
      everyone: everyone === true,
      categories: new Set(policy.sets.categories ?? []),
      modes: new Set(policy.sets.modes ?? []),
      chain: parseChain(chain),
    })
  }
  return rules.sort((a, b) => a.policy.intervalDays - b.policy.intervalDays)
}

/** Not taken back. */
export const isStanding = (visit: Projection): boolean => textOf(visit, 'withdrawn') === null

/** Seen in person in a way the policy allows. What was noted on paper was done at the door. */
function counts(visit: Projection, rule: Rule | undefined): boolean {
  if (visit.fields.outcome !== 'met') return false
  const mode = textOf(visit, 'mode') ?? 'door'
  return !rule || rule.modes.size === 0 || rule.modes.has(mode === 'paper' ? 'door' : mode)
}

function latest(visits: readonly Projection[]): string | null {
  let last: string | null = null
  for (const visit of visits) {
    const on = dateOf(visit, 'on')
    if (on !== null && (last === null || on > last)) last = on
  }
  return last
}

function isAttempt(visit: Projection, lastVisitOn: string | null): boolean {
  const { outcome } = visit.fields
  const on = dateOf(visit, 'on')
  return (
    (outcome === 'absent' || outcome === 'refused') &&
    askedOf(visit) === 'resident' &&
    on !== null &&
    (lastVisitOn === null || on > lastVisitOn)
  )
}

/** What the latest visit that names a next day promised; of several on one day the earliest promise holds. */
function promiseOf(visits: readonly Projection[], since: string | null): string | null {
  let from = since ?? ''
  let next: string | null = null
  for (const visit of visits) {
    const on = dateOf(visit, 'on')
    const nextOn = dateOf(visit, 'nextOn')
    if (on === null || nextOn === null || on < from) continue
    if (on > from || next === null || nextOn < next) next = nextOn
    from = on
  }
  return next
}
