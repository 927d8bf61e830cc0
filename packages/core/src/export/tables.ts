import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import type { RecordType } from '../records/registry.ts'
import { addressOf, addressText, walkingKey } from '../work/address.ts'
import { foldAlarm } from '../work/alarm-state.ts'
import { clockRulesOf } from '../work/case-clock.ts'
import { deadlineOf } from '../work/case-list.ts'
import { foldCaseRecord } from '../work/case-state.ts'
import { dateOf } from '../work/day.ts'
import { type DueVisit, dueList } from '../work/due.ts'
import { gridOf, memberName } from '../work/lookups.ts'
import { plainOf } from '../work/masked-record.ts'
import { type RecordSet, textOf } from '../work/record-set.ts'
import { ageOf, residentsOf } from '../work/residents.ts'
import {
  type Column,
  changedColumn,
  derivedColumn,
  idColumn,
  type RowContext,
  type RowRecords,
  recordColumns,
} from './column.ts'

export const exportNames = [
  'households',
  'people',
  'visits',
  'cases',
  'devices',
  'alarms',
  'dwellings',
  'buildings',
  'register',
] as const
export type ExportName = (typeof exportNames)[number]

export type ExportTable = {
  readonly label: readonly [zh: string, en: string]
  /** The type of which there is one row each; of `register`, each residence, else each household, else each dwelling. */
  readonly subject: RecordType
  readonly columns: readonly Column[]
  /** In walking order; visits and cases by day. */
  readonly rows: (context: RowContext) => Iterable<RowRecords>
}

const placeColumns: readonly Column[] = [
  derivedColumn(
    'grid',
    ['网格', 'Grid'],
    'text',
    (row, { set }) => gridOf(set, spaceOf(row) ?? '')?.name ?? null,
  ),
  derivedColumn('address', ['地址', 'Address'], 'text', (row, { set, language }) => {
    const record = row.household ?? row.dwelling ?? row.building
    return record ? addressText(addressOf(set, record), language) || null : null
  }),
]

const spaceOf = (row: RowRecords): string | undefined =>
  (row.person ?? row.household ?? row.dwelling ?? row.building ?? row.case ?? row.visit ?? row.alarm)?.space

const doorColumns = (): Column[] => [
  column('building', 'name'),
  column('dwelling', 'unit'),
  column('dwelling', 'floor'),
  column('dwelling', 'room'),
]

function column(type: RecordType, name: string): Column {
  return recordColumns(type).find(({ id }) => id === `${type}.${name}`)!
}

const authorColumns = (type: RecordType): Column[] => [
  derivedColumn('by', ['记录人', 'Recorded by'], 'text', (row, { set }) =>
    row[type] ? memberName(set, row[type].createdBy) : null,
  ),
  derivedColumn('recordedAt', ['记录时间', 'Recorded at'], 'instant', (row) => row[type]?.createdAt ?? null),
]

export const exportTables: Readonly<Record<ExportName, ExportTable>> = {
  households: {
    label: ['住户', 'Households'],
    subject: 'household',
    columns: [
      idColumn('household'),
      ...placeColumns,
      ...doorColumns(),
      ...recordColumns('household'),
      derivedColumn('residents', ['在住人数', 'Residents'], 'integer', ({ household }, { set, on }) =>
        household ? residentsOf(set, household, on).filter(({ present }) => present).length : null,
      ),
      derivedColumn('lastVisitOn', ['上次见到', 'Last met on'], 'date', (row, context) =>
        dueOf(row, context, (due) => due.lastVisitOn),
      ),
      derivedColumn('dueOn', ['应访日期', 'Visit due on'], 'date', (row, context) =>
        dueOf(row, context, (due) => due.dueOn),
      ),
      derivedColumn('overdueDays', ['逾期天数', 'Days overdue'], 'integer', (row, context) =>
        dueOf(row, context, (due) => Math.max(0, due.overdueDays)),
      ),
      changedColumn('household'),
    ],
    rows: ({ set }) => byWalk(set, 'household', (household) => homeOf(set, household)),
  },
  people: {
    label: ['人员', 'People'],
    subject: 'person',
    columns: [
      idColumn('person'),
      idColumn('household'),
      ...placeColumns,
      ...recordColumns('person'),
      derivedColumn('age', ['年龄', 'Age'], 'integer', ({ person }, context) =>
        // An age tells the birth date within a year.
        person && (context.plain || plainOf(person).fields.birthDate === person.fields.birthDate)
          ? ageOf(person, context.on)
          : null,
      ),
      column('residence', 'relation'),
      column('residence', 'kind'),
      column('residence', 'state'),
      column('residence', 'from'),
      column('residence', 'to'),
      changedColumn('person'),
    ],
    rows: ({ set, on }) => byWalk(set, 'person', (person) => ({ person, ...homeOfPerson(set, person, on) })),
  },
  visits: {
    label: ['探访', 'Visits'],
    subject: 'visit',
    columns: [
      idColumn('visit'),
      idColumn('household'),
      ...placeColumns,
      ...recordColumns('visit'),
      ...authorColumns('visit'),
    ],
    rows: ({ set }) =>
      byDay(set, 'visit', (visit) => dateOf(visit, 'on')).map((visit) => ({
        visit,
        ...homeOf(set, set.getA('household', visit.fields.household)),
      })),
  },
  cases: {
    label: ['案件', 'Cases'],
    subject: 'case',
    columns: [
      idColumn('case'),
      idColumn('household'),
      ...placeColumns,
      ...recordColumns('case'),
      derivedColumn('case.state', ['状态', 'State'], 'text', (row) =>
        row.case ? foldCaseRecord(row.case).state : null,
      ),
      derivedColumn('case.deadline', ['现阶段期限', 'Deadline of this stage'], 'date', (row, { set, on }) =>
        row.case ? deadlineOf(row.case, on, clockRulesOf(set)).deadline : null,
      ),
      derivedColumn('case.with', ['在谁手里', 'With'], 'text', (row, { set }) => {
        const holder = row.case ? foldCaseRecord(row.case).with : null
        return holder === null ? null : memberName(set, holder)
      }),
      derivedColumn('case.lateDays', ['超期天数', 'Days late'], 'integer', (row, { set, on }) =>
        row.case ? deadlineOf(row.case, on, clockRulesOf(set)).lateDays : null,
      ),
      derivedColumn('case.steps', ['步骤数', 'Steps'], 'integer', (row) =>
        row.case ? foldCaseRecord(row.case).steps.length : null,
      ),
      ...authorColumns('case'),
    ],
    rows: ({ set, calendar }) =>
      byDay(set, 'case', (one) => calendar.dayOf(one.createdAt)).map((one) => ({
        case: one,
        ...homeOf(set, set.getA('household', one.fields.household)),
      })),
  },
  devices: {
    label: ['设备', 'Devices'],
    subject: 'device',
    columns: [
      idColumn('device'),
      idColumn('dwelling'),
      ...placeColumns,
      ...recordColumns('device'),
      derivedColumn('lastRead.on', ['最近读数日期', 'Last read on'], 'date', (row) => lastRead(row, 'on')),
      derivedColumn('lastRead.item', ['读数项目', 'Item'], 'text', (row) => lastRead(row, 'item')),
      derivedColumn('lastRead.value', ['读数', 'Reading'], 'number', (row) => lastRead(row, 'value')),
      derivedColumn('lastRead.unit', ['单位', 'Unit of the reading'], 'text', (row) => lastRead(row, 'unit')),
    ],
    rows: ({ set }) =>
      byWalk(set, 'device', (device) => ({
        device,
        ...placeOf(set, set.getA('dwelling', device.fields.dwelling, device.space)),
      })),
  },
  alarms: {
    label: ['报警', 'Alarms'],
    subject: 'alarm',
    columns: [
      idColumn('alarm'),
      idColumn('household'),
      ...placeColumns,
      column('alarm', 'rule'),
      derivedColumn('alarm.urgency', ['紧急程度', 'Urgency'], 'text', ({ alarm }) =>
        alarm ? foldAlarm(alarm).rule.urgency : null,
      ),
      derivedColumn('alarm.since', ['开始', 'Since'], 'instant', ({ alarm }) =>
        alarm ? foldAlarm(alarm).sinceMs : null,
      ),
      derivedColumn('alarm.raised', ['报警时间', 'Raised at'], 'instant', ({ alarm }) =>
        alarm ? foldAlarm(alarm).current.raisedAtMs : null,
      ),
      derivedColumn('alarm.state', ['现状', 'State'], 'text', ({ alarm }) =>
        alarm ? foldAlarm(alarm).state : null,
      ),
      derivedColumn('alarm.answered', ['首次处置', 'First answer at'], 'instant', ({ alarm }) =>
        alarm ? (foldAlarm(alarm).current.answers.find((one) => !one.clockDoubtful)?.atMs ?? null) : null,
      ),
      derivedColumn('alarm.verdict', ['结论', 'Verdict'], 'text', ({ alarm }) =>
        alarm ? foldAlarm(alarm).current.verdict : null,
      ),
      derivedColumn('device.kind', ['设备种类', 'Kind of device'], 'text', ({ alarm }, { set }) =>
        textOf(set.getA('device', alarm?.fields.device), 'kind'),
      ),
    ],
    rows: ({ set, calendar }) =>
      byDay(set, 'alarm', (one) => calendar.dayOf(foldAlarm(one).current.raisedAtMs)).map((alarm) => ({
        alarm,
        ...placeOf(set, set.getA('dwelling', alarm.fields.dwelling, alarm.space)),
        ...homeOf(set, set.getA('household', alarm.fields.household)),
      })),
  },
  dwellings: {
    label: ['房屋', 'Dwellings'],
    subject: 'dwelling',
    columns: [
      idColumn('dwelling'),
      ...placeColumns,
      column('building', 'name'),
      ...recordColumns('dwelling'),
      derivedColumn('households', ['户数', 'Households'], 'integer', ({ dwelling }, { set }) =>
        dwelling ? set.referring('household', 'dwelling', dwelling.id).length : null,
      ),
      changedColumn('dwelling'),
    ],
    rows: ({ set }) => byWalk(set, 'dwelling', (dwelling) => placeOf(set, dwelling)),
  },
  buildings: {
    label: ['楼栋', 'Buildings'],
    subject: 'building',
    columns: [
      idColumn('building'),
      ...placeColumns.slice(0, 1),
      ...recordColumns('building'),
      changedColumn('building'),
    ],
    rows: ({ set }) => byWalk(set, 'building', (building) => ({ building })),
  },
  register: {
    label: ['登记表', 'Register'],
    subject: 'household',
    columns: [
      ...placeColumns.slice(0, 1),
      ...(['building', 'dwelling', 'household', 'person', 'residence'] as const).flatMap((type) => [
        idColumn(type),
        ...recordColumns(type),
        changedColumn(type),
      ]),
    ],
    rows: ({ set }) => registerRows(set),
  },
}

/** Everything of one dwelling beside each other: a row each resident; of a home without residents, and an empty one, one. */
function* registerRows(set: RecordSet): Generator<RowRecords> {
  const seen = new Set<string>()
  for (const place of byWalk(set, 'dwelling', (dwelling) => placeOf(set, dwelling))) {
    const dwelling = place.dwelling!
    const households = [...set.referring('household', 'dwelling', dwelling.id)].sort(byId)
    const residences = [...set.referring('residence', 'dwelling', dwelling.id)].sort(byId)
    const settled = new Set<string>()
    for (const residence of residences) {
      const person = set.getA('person', residence.fields.person, residence.space)
      if (!person || seen.has(residence.id)) continue
      const household =
        households.find(({ id }) => id === residence.fields.household) ??
        (households.length === 1 && !residence.fields.household ? households[0] : undefined)
      if (household) settled.add(household.id)
      seen.add(residence.id)
      yield { ...place, residence, person, ...(household ? { household } : {}) }
    }
    for (const household of households) if (!settled.has(household.id)) yield { ...place, household }
    if (households.length === 0 && residences.length === 0) yield place
  }
  for (const building of set.ofType('building'))
    if (set.referring('dwelling', 'building', building.id).length === 0) yield { building }
}

const byId = (a: Projection, b: Projection) => (a.id < b.id ? -1 : 1)

const placeOf = (set: RecordSet, dwelling: Projection | null): RowRecords => {
  const building = set.getA('building', dwelling?.fields.building, dwelling?.space)
  return { ...(dwelling ? { dwelling } : {}), ...(building ? { building } : {}) }
}

function homeOf(set: RecordSet, household: Projection | null): RowRecords {
  if (!household) return {}
  return { household, ...placeOf(set, set.getA('dwelling', household.fields.dwelling, household.space)) }
}

/** Where somebody lives on a day: where they are present, else where they are written down at all. */
function homeOfPerson(set: RecordSet, person: Projection, on: string): RowRecords {
  const residences = set
    .referring('residence', 'person', person.id)
    .filter((one) => (dateOf(one, 'to') ?? '9999') >= on)
  const residence =
    [...residences].sort(byId).find(({ fields }) => fields.state !== 'away' && fields.state !== 'nominal') ??
    residences[0]
  if (!residence) return {}
  const dwelling = set.getA('dwelling', residence.fields.dwelling, residence.space)
  const household =
    set.getA('household', residence.fields.household, residence.space) ??
    (dwelling && set.referring('household', 'dwelling', dwelling.id)[0]) ??
    null
  return { ...placeOf(set, dwelling), ...homeOf(set, household), residence }
}

/** Rows as one walks past the doors they belong to; those without a door at the end. */
function byWalk(
  set: RecordSet,
  type: RecordType,
  records: (record: Projection) => RowRecords,
): readonly RowRecords[] {
  const rows = [...set.ofType(type)].map((record) => {
    const row = records(record)
    const door = row.dwelling ?? row.building
    const key = row.household
      ? walkingKey(set, row.household)
      : row.dwelling
        ? dwellingWalk(set, row.dwelling)
        : (textOf(door, 'name') ?? '\uffff')
    return { row, key: `${key}\u0000${record.id}` }
  })
  return rows.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ row }) => row)
}

/** As if its first household were walked to. */
const dwellingWalk = (set: RecordSet, dwelling: Projection): string =>
  walkingKey(set, { ...dwelling, fields: { dwelling: dwelling.id } })

const byDay = (
  set: RecordSet,
  type: RecordType,
  dayOf: (record: Projection) => string | null,
): Projection[] =>
  [...set.ofType(type)]
    .map((record) => ({ record, key: `${dayOf(record) ?? ''}\u0000${record.id}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ record }) => record)

const DUES = new WeakMap<RowContext, ReadonlyMap<string, DueVisit>>()
/** Further ahead than any rule reaches: all households that any rule or promise covers. */
const AHEAD_DAYS = 36_500

function dueOf(row: RowRecords, context: RowContext, pick: (due: DueVisit) => Value): Value {
  let dues = DUES.get(context)
  if (!dues) {
    const all = dueList(context.set, { on: context.on, aheadDays: AHEAD_DAYS })
    dues = new Map(all.map((due) => [due.household, due]))
    DUES.set(context, dues)
  }
  const due = row.household && dues.get(row.household.id)
  return due ? pick(due) : null
}

function lastRead({ device }: RowRecords, name: string): Value {
  const last = device?.timelines.daily?.at(-1)?.value
  return typeof last === 'object' && last !== null && !Array.isArray(last) ? (last[name] ?? null) : null
}
