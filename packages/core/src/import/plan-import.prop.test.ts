import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectOk } from '../result.ts'
import { desiredRecords } from './desired-records.ts'
import type { HeldGrid, PlannedGrid } from './grid-plan.ts'
import { planImport } from './plan-import.ts'
import { readRegister } from './read-register.ts'
import { BLOCKS_HEADER, blocksMapping, bytesOf } from './register.test.data.ts'

const mapping = blocksMapping()
const COMMUNITY = 'co-0000'
type Block = { street: string; block: number; floors: number; units: number }

const block = fc.record({
  street: fc.constantFrom('A ST', 'B ST'),
  block: fc.integer({ min: 1, max: 60 }),
  floors: fc.integer({ min: 1, max: 5 }),
  units: fc.integer({ min: 1, max: 70 }),
})
const blocks = fc.uniqueArray(block, {
  selector: ({ street, block }) => `${block} ${street}`,
  minLength: 1,
  maxLength: 20,
})

function plan(
  rows: readonly Block[],
  maxHouseholds: number,
  grids: readonly HeldGrid[] = [],
): readonly PlannedGrid[] {
  const lines = rows.map(({ street, block, floors, units }) => `TP,${street},${block},${floors},${units},,`)
  const register = expectOk(readRegister(bytesOf([BLOCKS_HEADER, ...lines].join('\n')), mapping))
  expect(register.rejected).toEqual([])
  const planned = planImport(register, mapping, { type: 'split', maxHouseholds }, { id: COMMUNITY, grids })
  return expectOk(planned).grids
}

/** Which grid each record lies in. */
function contents(grids: readonly PlannedGrid[]): Map<string, string> {
  const records = new Map<string, string>()
  for (const grid of grids)
    for (const { id } of desiredRecords(grid.space, grid.buildings, mapping.layout))
      records.set(id, grid.name)
  return records
}

/** The grids after everything planned, or a part of it, was written. */
function written(grids: readonly PlannedGrid[], isWritten: (id: string, at: number) => boolean): HeldGrid[] {
  let at = 0
  const held: HeldGrid[] = []
  for (const { space, name, buildings } of grids) {
    const ids = new Set<string>()
    for (const { id } of desiredRecords(space, buildings, mapping.layout))
      if (isWritten(id, at++)) ids.add(id)
    if (ids.size > 0)
      held.push({
        space,
        name,
        buildings: new Set([...ids].filter((id) => id.startsWith('bu-'))),
        records: () => ids,
      })
  }
  return held
}

const max = fc.integer({ min: 20, max: 60 })

it('puts every household into one grid, and no grid has more than it may', () => {
  fc.assert(
    fc.property(blocks, max, (rows, maxHouseholds) => {
      const grids = plan(rows, maxHouseholds)
      const households = rows.reduce((sum, { units }) => sum + units, 0)
      const ids = [...contents(grids).keys()].filter((id) => id.startsWith('hh-'))
      expect(ids).toHaveLength(households)
      expect(grids.reduce((sum, grid) => sum + grid.households, 0)).toBe(households)
      for (const grid of grids) expect(grid.households).toBeLessThanOrEqual(maxHouseholds)
    }),
  )
})

it('cuts only a building that is larger than any grid', () => {
  fc.assert(
    fc.property(blocks, max, (rows, maxHouseholds) => {
      const parts = new Map<string, number>()
      for (const { buildings } of plan(rows, maxHouseholds))
        for (const { record } of buildings)
          parts.set(record.key.join(), (parts.get(record.key.join()) ?? 0) + 1)
      for (const { street, block, units } of rows) {
        const cut = parts.get(['building', street, String(block)].join())!
        if (units <= maxHouseholds) expect(cut).toBe(1)
        else expect(cut).toBe(Math.ceil(units / maxHouseholds))
      }
    }),
  )
})

it('does not depend on the order of the rows', () => {
  const shuffled = blocks.chain((rows) =>
    fc.tuple(
      fc.constant(rows),
      fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
    ),
  )
  fc.assert(
    fc.property(shuffled, max, ([rows, others], maxHouseholds) => {
      expect(contents(plan(others, maxHouseholds))).toEqual(contents(plan(rows, maxHouseholds)))
    }),
  )
})

it('goes on after a cut as it would have', () => {
  fc.assert(
    fc.property(blocks, max, fc.nat(), (rows, maxHouseholds, cut) => {
      const whole = plan(rows, maxHouseholds)
      const all = contents(whole)
      const until = cut % (all.size + 1)
      const resumed = plan(
        rows,
        maxHouseholds,
        written(whole, (_, at) => at < until),
      )
      expect(contents(resumed)).toEqual(all)
    }),
  )
})

it('leaves what is imported where it is when buildings are added', () => {
  fc.assert(
    fc.property(blocks, blocks, max, (rows, more, maxHouseholds) => {
      const before = plan(rows, maxHouseholds)
      const known = new Set(rows.map(({ street, block }) => `${block} ${street}`))
      const added = more.filter(({ street, block }) => !known.has(`${block} ${street}`))
      const after = plan(
        [...added, ...rows],
        maxHouseholds,
        written(before, () => true),
      )
      const places = contents(after)
      for (const [id, grid] of contents(before)) expect(places.get(id)).toBe(grid)
      for (const grid of after) expect(grid.households).toBeLessThanOrEqual(maxHouseholds)
    }),
  )
})
