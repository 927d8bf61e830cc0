import { layOutDoors } from './lay-out.ts'
import type { Layout } from './mapping.ts'
import { dwellingKey, keyName } from './natural-key.ts'
import { compareKeysNaturally } from './natural-order.ts'
import type { RegisterBuilding, RegisterRecord } from './register.ts'

/** A dwelling of a building as the register has it, with the households behind its door. */
export type BuildingDoor = { readonly key: readonly string[]; readonly households: number }

/** A building's dwellings in an order that does not depend on the file's. */
export function doorsOf(building: RegisterBuilding, layout: Layout | null): BuildingDoor[] {
  if (building.laidOut && layout)
    return [...layOutDoors(layout, building.laidOut.size)].map((door) => ({
      key: dwellingKey(building.record.key, door),
      households: 1,
    }))
  const households = new Map<RegisterRecord, number>()
  for (const record of building.records) {
    const dwelling = record.links.dwelling
    if (record.type === 'household' && dwelling) households.set(dwelling, (households.get(dwelling) ?? 0) + 1)
  }
  return building.records
    .filter((record) => record.type === 'dwelling')
    .map((record) => ({ key: record.key, households: households.get(record) ?? 0 }))
    .sort((a, b) => compareKeysNaturally(a.key, b.key))
}

/**
 * The part of a building behind some of its doors: only a building that is too large for any grid is cut. The
 * building's own record is in every part, and a person in each part where they live. `takesRest`: people of whom
 * the register says no dwelling come along.
 */
export function sliceBuilding(
  building: RegisterBuilding,
  doors: readonly BuildingDoor[],
  takesRest: boolean,
): RegisterBuilding {
  const names = new Set(doors.map((door) => keyName(door.key)))
  const isInside = (dwelling: RegisterRecord | null | undefined) =>
    !!dwelling && names.has(keyName(dwelling.key))
  const inside = new Set<RegisterRecord>()
  const housed = new Set<RegisterRecord>()
  for (const record of building.records) {
    if (record.type !== 'residence' || !record.links.person) continue
    housed.add(record.links.person)
    if (isInside(record.links.dwelling)) inside.add(record.links.person)
  }
  const records = building.records.filter((record) => {
    switch (record.type) {
      case 'building':
        return true
      case 'dwelling':
        return isInside(record)
      case 'person':
        return inside.has(record) || (takesRest && !housed.has(record))
      default:
        return isInside(record.links.dwelling)
    }
  })
  return { ...building, records, doors: building.laidOut ? names : null }
}
