import fc from 'fast-check'
import { expect, it } from 'vitest'
import { brokenDoorRule, type LaidOutDoor, layOutDoors } from './lay-out.ts'
import type { Layout } from './mapping.ts'
import { parseTextPattern } from './text-pattern.ts'

const layout = (lowestFloor: number, room = '{f}{nn}', unit: string | null = '{u}'): Layout => ({
  storeys: { type: 'column', column: 'floors' },
  dwellings: { type: 'column', column: 'units' },
  lowestFloor,
  units:
    unit === null ? null : { count: { type: 'constant', count: 1 }, name: parseTextPattern(unit, ['u']) },
  room: parseTextPattern(room, ['f', 'n', 'u']),
})
const nameOf = ({ unit, room }: LaidOutDoor) => `${unit} ${room}`
const sizes = fc.record({
  storeys: fc.integer({ min: 1, max: 50 }),
  dwellings: fc.integer({ min: 1, max: 600 }),
  units: fc.integer({ min: 1, max: 5 }),
})

it('makes as many doors as there are dwellings, on floors that the building has', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 5 }), (size, lowest) => {
      const doors = [...layOutDoors(layout(lowest), size)]
      expect(doors).toHaveLength(size.dwellings)
      for (const { floor } of doors) {
        expect(floor).toBeGreaterThanOrEqual(Math.min(lowest, size.storeys))
        expect(floor).toBeLessThanOrEqual(size.storeys)
      }
    }),
  )
})

it('keeps every door when a building gains dwellings', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 50 }), (size, gained) => {
      const before = [...layOutDoors(layout(1), size)].map(nameOf)
      const after = new Set(
        [...layOutDoors(layout(1), { ...size, dwellings: size.dwellings + gained })].map(nameOf),
      )
      expect(before.filter((door) => !after.has(door))).toEqual([])
    }),
  )
})

it('names the doors by floor and number', () => {
  const doors = [...layOutDoors(layout(2, '#{ff}-{nnn}', null), { storeys: 3, dwellings: 3, units: 1 })]
  expect(doors).toEqual([
    { unit: null, floor: 2, room: '#02-001' },
    { unit: null, floor: 2, room: '#02-002' },
    { unit: null, floor: 3, room: '#03-001' },
  ])
  const inUnits = [...layOutDoors(layout(1, '{f}{nn}', '{u}单元'), { storeys: 1, dwellings: 3, units: 2 })]
  expect(inUnits.map(nameOf)).toEqual(['1单元 101', '1单元 102', '2单元 101'])
})

it('finds patterns that give two doors one name', () => {
  const size = { storeys: 11, dwellings: 121, units: 1 }
  expect(brokenDoorRule(layout(1, '{f}{n}', null), size)).toBe('rooms-not-distinct')
  expect(brokenDoorRule(layout(1, '{f}{nn}', null), size)).toBeNull()
  expect(brokenDoorRule(layout(1, 'on the floor number {f} {n}', null), size)).toBe('room-too-long')
})
