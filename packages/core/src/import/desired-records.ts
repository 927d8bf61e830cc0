import type { Value } from '../record/change.ts'
import { layOutDoors } from './lay-out.ts'
import type { Layout } from './mapping.ts'
import { dwellingKey, importedId, keyName } from './natural-key.ts'
import type { ImportableType } from './record-links.ts'
import type { RegisterBuilding } from './register.ts'

/** A record as the register wants it in one space. */
export type DesiredRecord = {
  readonly type: ImportableType
  readonly id: string
  readonly set: Readonly<Record<string, Value>>
  readonly sets: Readonly<Record<string, readonly string[]>>
}

/** Every record of one grid's buildings, each once, a record always after those it names. */
export function* desiredRecords(
  space: string,
  buildings: readonly RegisterBuilding[],
  layout: Layout | null,
): Generator<DesiredRecord> {
  const made = new Set<string>()
  for (const building of buildings) {
    for (const { type, key, set, sets, links } of building.records) {
      const id = importedId(space, type, key)
      if (made.has(id)) continue
      made.add(id)
      const linked: Record<string, Value> = {}
      for (const [field, target] of Object.entries(links))
        linked[field] = target && importedId(space, target.type, target.key)
      yield { type, id, set: { ...linked, ...set }, sets }
    }
    if (layout) yield* laidOutRecords(space, building, layout)
  }
}

function* laidOutRecords(
  space: string,
  building: RegisterBuilding,
  layout: Layout,
): Generator<DesiredRecord> {
  const { laidOut, record } = building
  if (!laidOut) return
  const buildingId = importedId(space, 'building', record.key)
  for (const door of layOutDoors(layout, laidOut.size)) {
    const key = dwellingKey(record.key, door)
    if (building.doors && !building.doors.has(keyName(key))) continue
    const dwelling = importedId(space, 'dwelling', key)
    const { unit, floor, room } = door
    yield {
      type: 'dwelling',
      id: dwelling,
      set: { building: buildingId, ...(unit === null ? {} : { unit }), floor, room, ...laidOut.dwelling.set },
      sets: laidOut.dwelling.sets,
    }
    yield {
      type: 'household',
      id: importedId(space, 'household', [...key, 'household']),
      set: { dwelling, ...laidOut.household.set },
      sets: laidOut.household.sets,
    }
  }
}

/** Ids of the households that the register puts into a building. */
export function* householdIds(
  space: string,
  building: RegisterBuilding,
  layout: Layout | null,
): Generator<string> {
  for (const { type, key } of building.records) if (type === 'household') yield importedId(space, type, key)
  if (!building.laidOut || !layout) return
  for (const door of layOutDoors(layout, building.laidOut.size)) {
    const key = dwellingKey(building.record.key, door)
    if (!building.doors || building.doors.has(keyName(key)))
      yield importedId(space, 'household', [...key, 'household'])
  }
}

const doorCount = (building: RegisterBuilding): number =>
  building.doors?.size ?? building.laidOut?.size.dwellings ?? 0

/** How many households the register puts into a building. */
export const countHouseholds = (building: RegisterBuilding): number =>
  doorCount(building) + building.records.filter((record) => record.type === 'household').length

/** How many records `desiredRecords` makes of a building, those it shares with others included. */
export const countRecords = (building: RegisterBuilding): number =>
  building.records.length + 2 * doorCount(building)
