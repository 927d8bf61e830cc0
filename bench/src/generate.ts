import type { RecordType, Value } from '@doorstep/core'
import { impossibleIdNumber } from './impossible-person.ts'
import { safetyAnswers } from './safety-answers.ts'
import { createSeeded, type Seeded } from './seeded.ts'

/** One record as plain data, the same for both sides. */
export type PlainRecord = {
  readonly type: RecordType
  readonly id: string
  /** The grid it lies in, counted from 0. */
  readonly grid: number
  readonly set: Readonly<Record<string, Value>>
  readonly categories?: readonly string[]
  /** Of a case, in the order they were taken. */
  readonly steps?: readonly { readonly step: 'report' | 'accept' | 'handle'; readonly note?: string }[]
}

/** A door and all that belongs to it. */
export type PlainHousehold = {
  readonly grid: number
  readonly household: string
  /** What a register brings: the building before its first dwelling, dwelling, household, persons, residences, device. */
  readonly register: readonly PlainRecord[]
  /** Visits in the order they were made. */
  readonly visits: readonly PlainRecord[]
  /** What visit number `afterVisit` brought up. */
  readonly case: PlainRecord
  readonly afterVisit: number
}

/** The day the community lives in: the due list is asked for it. */
export const TODAY = '2026-11-20'
/** When every record was made: a household that nobody ever met is due from that day on. */
export const BUILT_AT_MS = Date.UTC(2026, 0, 5)
export const HOUSEHOLDS_A_GRID = 500
const DWELLINGS_A_BUILDING = 60
const ROOMS_A_FLOOR = 4
const CATEGORIES = ['elderly-alone-80', 'elderly-alone', 'low-income', 'floating', 'rental', 'elderly']
const PROBLEMS = ['电线老化', '燃气胶管老化', '楼道堆物', '电动自行车停放楼道']

/** `visits` a household, oldest first; three unless told. */
export type Size = { readonly households: number; readonly seed: number; readonly visits?: number }

export const gridsOf = (size: Size): number => Math.ceil(size.households / HOUSEHOLDS_A_GRID)

/** About 13 records a household: dwelling, household, 3 persons, 3 residences, device, 3 visits, a case; a building every 60 doors. */
export function* generate(size: Size): Generator<PlainHousehold> {
  const seeded = createSeeded(size.seed)
  let building = ''
  for (let n = 0; n < size.households; n++) {
    const grid = Math.floor(n / HOUSEHOLDS_A_GRID)
    const door = n % HOUSEHOLDS_A_GRID
    const inBuilding = door % DWELLINGS_A_BUILDING
    const register: PlainRecord[] = []
    if (inBuilding === 0) {
      building = newId('building', seeded)
      register.push(buildingRecord(building, grid, door / DWELLINGS_A_BUILDING + 1))
    }
    yield household(seeded, { grid, building, door: inBuilding, register, visits: size.visits ?? 3 })
  }
}

/** All records of a household, as they stand in the end. */
export const recordsOf = (one: PlainHousehold): readonly PlainRecord[] => [
  ...one.register,
  ...one.visits,
  one.case,
]

/** A visit more than the generator made, for saving it. */
export const oneMoreVisit = (seeded: Seeded, household: string, grid: number): PlainRecord =>
  visit(seeded, household, grid, TODAY)

/** As core's record types have them. Not asked there: the peers' processes should not load Doorstep. */
const PREFIXES = {
  building: 'bu',
  dwelling: 'dw',
  household: 'hh',
  person: 'pe',
  residence: 're',
  device: 'de',
  visit: 'vi',
  case: 'ca',
} as const

const newId = (type: keyof typeof PREFIXES, seeded: Seeded): string =>
  `${PREFIXES[type]}-${seeded.letters(16)}`

const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)

const buildingRecord = (id: string, grid: number, n: number): PlainRecord => ({
  type: 'building',
  id,
  grid,
  set: { name: `测试小区 ${grid + 1}-${n} 幢`, street: '测试路', kind: 'estate', storeys: 15, dwellings: 60 },
})

type Place = { grid: number; building: string; door: number; register: PlainRecord[]; visits: number }

function household(seeded: Seeded, { grid, building, door, register, visits: count }: Place): PlainHousehold {
  const floor = Math.floor(door / ROOMS_A_FLOOR) + 1
  const room = `${floor}${String((door % ROOMS_A_FLOOR) + 1).padStart(2, '0')}`
  const dwelling = newId('dwelling', seeded)
  const id = newId('household', seeded)
  const categories = CATEGORIES.filter(() => seeded.chance(0.06))
  register.push(
    {
      type: 'dwelling',
      id: dwelling,
      grid,
      set: { building, unit: '1', floor, room, use: 'owner-occupied' },
    },
    {
      type: 'household',
      id,
      grid,
      set: {
        dwelling,
        name: `测试住户 ${grid + 1}-1-${room}`,
        phone: phoneOf(seeded),
        mind: seeded.chance(0.2) ? '养狗,先打电话' : '按门铃两次',
      },
      categories,
    },
  )
  for (let person = 0; person < 3; person++) register.push(...resident(seeded, grid, dwelling, id, person))
  register.push({
    type: 'device',
    id: newId('device', seeded),
    grid,
    set: {
      dwelling,
      name: '电表',
      kind: 'electricity',
      protocol: 'dlt645',
      address: String(seeded.below(1e9)),
    },
  })
  // The last knock within ten months, the earlier ones three months apart, or spread over a year.
  const last = addDays(TODAY, -seeded.below(300))
  const apart = Math.min(90, Math.floor(360 / count))
  const visits = Array.from({ length: count }, (_, n) =>
    visit(seeded, id, grid, addDays(last, -apart * (count - 1 - n))),
  )
  const afterVisit = seeded.below(visits.length)
  const problem = caseRecord(seeded, id, visits[afterVisit]!)
  return { grid, household: id, register, visits, case: problem, afterVisit }
}

const phoneOf = (seeded: Seeded): string => `1990000${String(seeded.below(10_000)).padStart(4, '0')}`

function resident(
  seeded: Seeded,
  grid: number,
  dwelling: string,
  household: string,
  n: number,
): PlainRecord[] {
  const person = newId('person', seeded)
  const birthDate = addDays('1940-01-01', seeded.below(28_000))
  const serial = seeded.below(1000)
  return [
    {
      type: 'person',
      id: person,
      grid,
      set: {
        name: `测试住户${seeded.pick(['甲', '乙', '丙', '丁', '戊'])}${n + 1}`,
        gender: serial % 2 === 1 ? 'male' : 'female',
        birthDate,
        idNumber: impossibleIdNumber(birthDate, serial),
        phone: phoneOf(seeded),
        population: 'registered',
      },
    },
    {
      type: 'residence',
      id: newId('residence', seeded),
      grid,
      set: {
        person,
        dwelling,
        household,
        from: '2015-06-01',
        kind: 'own',
        relation: (['head', 'spouse', 'child'] as const)[n]!,
        state: 'present',
      },
    },
  ]
}

const visit = (seeded: Seeded, household: string, grid: number, on: string): PlainRecord => ({
  type: 'visit',
  id: newId('visit', seeded),
  grid,
  set: {
    household,
    outcome: seeded.chance(0.85) ? 'met' : 'absent',
    on,
    mode: 'door',
    form: 'home-safety-check',
    formVersion: '1',
    answers: safetyAnswers(seeded),
    note: `测试备注 ${seeded.below(10_000)}`,
  },
})

const caseRecord = (seeded: Seeded, household: string, from: PlainRecord): PlainRecord => {
  const title = seeded.pick(PROBLEMS)
  return {
    type: 'case',
    id: newId('case', seeded),
    grid: from.grid,
    set: { household, visit: from.id, kind: 'electric-hazard', title, grade: 'ordinary', source: 'visit' },
    steps: [
      { step: 'report' },
      { step: 'accept' },
      { step: 'handle', note: `测试处置:${title},已约定整改日期` },
    ],
  }
}
