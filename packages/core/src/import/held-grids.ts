import { derivedId } from '../ids.ts'
import { roles } from '../membership/roles.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { newGeneration } from '../trunk/generation.ts'
import type { HeldGrid } from './grid-plan.ts'

export type GridProblem = Problem & { type: 'role-may-not' | 'unreadable-grid' }

/** The grids that this station reads, with what the plan of an import asks of them. */
export function heldGrids(station: Station): HeldGrid[] {
  const buildings = new Map<string, Set<string>>()
  for (const { space, id } of station.records({ type: 'building' })) {
    const ids = buildings.get(space)
    if (ids) ids.add(id)
    else buildings.set(space, new Set([id]))
  }
  const grids: HeldGrid[] = []
  for (const { space, name } of gridCards(station)) {
    if (!isReadable(station, space)) continue
    let records: ReadonlySet<string> | null = null
    grids.push({
      space,
      name,
      buildings: buildings.get(space) ?? new Set(),
      records: () => {
        records ??= new Set(station.trunk.store.recordHashes(space).map(({ id }) => id))
        return records
      },
    })
  }
  return grids
}

/** A split must know every grid: what it cannot read it would make a second time. */
export function refuseSplit(station: Station): GridProblem | null {
  const member = station.member()
  if (!member || !roles[member.role].acts)
    return { type: 'role-may-not', role: member?.role ?? null, action: 'grid.add' }
  const unreadable = gridCards(station).filter(({ space }) => !isReadable(station, space))
  return unreadable.length > 0 ? { type: 'unreadable-grid', grids: unreadable.map(({ name }) => name) } : null
}

const gridCards = (station: Station): { space: string; name: string }[] =>
  [...station.records({ type: 'grid' })].map(({ fields }) => ({
    space: String(fields.space),
    name: String(fields.name),
  }))

const isReadable = (station: Station, space: string): boolean =>
  station.trunk.keyring.readable(station.membership(), space)

/** Makes a grid whose space id was derived, with its key and its card, whatever of it is missing here. */
export async function openGrid(station: Station, space: string, name: string): Promise<Result<void>> {
  const community = station.communitySpace()
  if (!community) return fail({ type: 'unreadable-grid', grids: [name] })
  if (!isReadable(station, space)) {
    const made = await station.act((write) => {
      if (!station.membership().spaces.has(space)) write({ type: 'space', space, kind: 'grid', parent: null })
      write(newGeneration(station.membership(), space))
      return ok(undefined)
    })
    if (!made.ok) return made
  }
  const card = derivedId('gr', [space])
  const carded = await station.write('grid.add', (book) =>
    book.get(card) ? ok(card) : book.create('grid', community, { set: { name, space } }, card),
  )
  return carded.ok ? ok(undefined) : carded
}
