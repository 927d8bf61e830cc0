/** Records for tests: impossible persons in a small estate, as projections, without a station. */
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { type RecordType, recordTypes } from '../records/registry.ts'

export const COMMUNITY_SPACE = 'sp-0000'
export const GRID_SPACE = 'sp-1111'
export const OTHER_SPACE = 'sp-2222'
export const WORKER = 'me-1111'
export const COLLEAGUE = 'me-2222'
/** 2026-11-01 08:00 in Shanghai. */
export const CREATED_AT = Date.UTC(2026, 10, 1)

export const record = (
  type: RecordType,
  name: string,
  fields: Record<string, Value> = {},
  rest: Partial<Projection> = {},
): Projection => ({
  id: `${recordTypes[type].prefix}-${name}`,
  type,
  space: recordTypes[type].space === 'grid' ? GRID_SPACE : COMMUNITY_SPACE,
  fields,
  sets: {},
  timelines: {},
  conflicts: {},
  createdAt: CREATED_AT,
  createdBy: WORKER,
  changedAt: CREATED_AT,
  ...rest,
})

export const communityRecords = (): Projection[] => [
  record('community', 'c', { name: '测试社区', timeZone: 'Asia/Shanghai' }),
  record('grid', '1', { name: '一号网格', space: GRID_SPACE }),
  record('grid', '2', { name: '二号网格', space: OTHER_SPACE }),
  record('member', '1', { member: WORKER, name: '测试员甲' }),
  record('member', '2', { member: COLLEAGUE, name: '测试员乙' }),
]

export const policyRecords = (): Projection[] => [
  record(
    'policy',
    'week',
    { name: '每周', nameEn: 'Weekly', intervalDays: 7 },
    { sets: { categories: ['elderly-alone-80'], modes: ['door', 'phone'] } },
  ),
  record(
    'policy',
    'month',
    { name: '每月', intervalDays: 30 },
    { sets: { categories: ['low-income'], modes: ['door'] } },
  ),
  record('policy', 'all', { name: '半年', intervalDays: 180, everyone: true }, { sets: { modes: ['door'] } }),
]

/** A household at building-unit-room, with its building and dwelling: `homeRecords('1', '2', '301')` is hh-1.2.301. */
export function homeRecords(
  building: string,
  unit: string,
  room: string,
  rest: Partial<Projection> & { readonly household?: Record<string, Value> } = {},
): Projection[] {
  const { household = {}, ...of } = rest
  const door = `${building}.${unit}.${room}`
  const space = of.space === undefined ? {} : { space: of.space }
  return [
    record('building', building, { name: `${building}幢` }, space),
    record('dwelling', door, { building: `bu-${building}`, unit, room }, space),
    record(
      'household',
      door,
      { dwelling: `dw-${door}`, name: `测试住户 ${building}-${unit}-${room}`, ...household },
      of,
    ),
  ]
}

export const visitRecord = (
  name: string,
  household: string,
  on: string,
  fields: Record<string, Value> = {},
  rest: Partial<Projection> = {},
): Projection => record('visit', name, { household, on, outcome: 'met', mode: 'door', ...fields }, rest)

/** Somebody who lives in a household's dwelling. */
export const residentRecords = (
  name: string,
  household: string,
  person: Partial<Projection> & { readonly fields?: Record<string, Value> } = {},
  residence: Record<string, Value> = {},
): Projection[] => [
  record(
    'person',
    name,
    { name: `测试人员 ${name}`, ...person.fields },
    person.sets ? { sets: person.sets } : {},
  ),
  record('residence', name, {
    person: `pe-${name}`,
    household,
    dwelling: household.replace('hh-', 'dw-'),
    state: 'present',
    ...residence,
  }),
]
