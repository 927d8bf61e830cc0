import type { Layout } from './mapping.ts'
import { fillTextPattern } from './text-pattern.ts'

/** A door of a building that the register describes only by its height and number of dwellings. */
export type LaidOutDoor = { readonly unit: string | null; readonly floor: number; readonly room: string }

export type BuildingSize = { readonly storeys: number; readonly dwellings: number; readonly units: number }

export const MAX_STOREYS = 200
export const MAX_DWELLINGS_IN_BUILDING = 10_000

/**
 * Spreads the dwellings evenly over the floors, the lower ones taking one more, and on each floor over the units.
 * Which door is on which floor is an assumption; what holds is that the number is right, that everyone who computes
 * it gets the same doors, and that a building which gains dwellings keeps the doors it had.
 */
export function* layOutDoors(layout: Layout, size: BuildingSize): Generator<LaidOutDoor> {
  const lowest = Math.min(layout.lowestFloor, size.storeys)
  const floors = size.storeys - lowest + 1
  for (let at = 0; at < floors; at++) {
    const floor = lowest + at
    const onFloor = shareOf(size.dwellings, floors, at)
    for (let unit = 1; unit <= size.units; unit++) {
      const doors = shareOf(onFloor, size.units, unit - 1)
      for (let door = 1; door <= doors; door++) {
        const numbers = { f: floor, n: door, u: unit }
        yield {
          unit: layout.units ? fillTextPattern(layout.units.name, none, numbers) : null,
          floor,
          room: fillTextPattern(layout.room, none, numbers),
        }
      }
    }
  }
}

/** How much of `total` the share number `at` of `shares` gets; the first ones get what does not divide. */
const shareOf = (total: number, shares: number, at: number): number =>
  Math.floor(total / shares) + (at < total % shares ? 1 : 0)

const none = () => ''

/** A dwelling's `unit` and `room` hold this many characters. */
const MAX_NAME_LENGTH = 20

/** Why the patterns do not serve for a building: `{f}{n}` makes 111 of two doors. Null when they do. */
export function brokenDoorRule(layout: Layout, size: BuildingSize): string | null {
  const doors = new Set<string>()
  for (const { unit, room } of layOutDoors(layout, size)) {
    if (room.length > MAX_NAME_LENGTH || (unit ?? '').length > MAX_NAME_LENGTH) return 'room-too-long'
    doors.add(`${unit ?? ''}\n${room}`)
  }
  return doors.size === size.dwellings ? null : 'rooms-not-distinct'
}
