// What a station does that does not keep to the rules.
import type { Dice } from './dice.ts'
import type { History } from './history.ts'
import { type OracleBody, ROLES } from './shape.ts'
import type { SimulatedStation, Stations } from './stations.ts'

/** Beyond these no keys are made. */
export const MAX_STATIONS = 9

export function createEvil(history: History, stations: Stations) {
  const { oracle } = history
  const { newId, viewOf, inSpace, withEntryPasts, spacesKnownTo, learn, install } = stations

  function evilEntry(station: SimulatedStation, dice: Dice): void {
    const own = [...station.entries].filter((id) => history.entries.get(id)!.by === station.id)
    const forkAt = dice.chance(0.35) ? dice.pick(own) : undefined
    const { log, space, prev } =
      forkAt !== undefined
        ? { ...history.entries.get(forkAt)!, ...(dice.chance(0.3) ? { prev: forkAt } : {}) }
        : { log: newId('log'), space: dice.pick(spacesKnownTo(station)) ?? 'open', prev: null }
    const at =
      forkAt === undefined && dice.chance(0.5)
        ? { space, log, prev, ...nextInLog(station, space) }
        : { space, log, prev }
    const here = inSpace(station.entries, space).filter((id) =>
      oracle.complete(id, station.acts, station.entries),
    )
    const deps = withEntryPasts(dice.part(here))
    const kind = dice.chance(0.7) ? 'data' : dice.pick(['release', 'stand-by', 'checkpoint'] as const)!
    const acts = dice.part(viewOf(station).ready)
    const id = history.entry(newId(`evil-${kind}`), station.id, { ...at, kind, deps, acts })
    if (dice.chance(0.6)) station.logs.set(space, { log: at.log, head: id })
    learn(station, [], [id])
  }

  function nextInLog(station: SimulatedStation, space: string): { log?: string; prev?: string | null } {
    const at = station.logs.get(space)
    return at === undefined ? {} : { log: at.log, prev: at.head }
  }

  function evilAct(station: SimulatedStation, dice: Dice): void {
    const past = history.withPasts(dice.part(viewOf(station).ready))
    const all = [...history.acts.values()]
    const some = (types: readonly string[]) =>
      dice.pick(all.filter(({ body }) => types.includes(body.type)))!.id
    const member = some(['genesis', 'member'])
    const own = oracle.memberOf(station.id)
    const cut = dice.part(station.entries)
    const body = dice.pick<OracleBody>([
      { type: 'remove', target: member, cut },
      { type: 'remove', target: member, cut },
      { type: 'remove-station', target: some(['genesis', 'member', 'station']), cut },
      { type: 'assign', roles: [[member, dice.pick(ROLES)!]], spaces: [] },
      { type: 'assign', roles: [], spaces: [[member, some(['space']), dice.chance(0.5)]] },
      { type: 'member', role: 'chief', spaces: [] },
      { type: 'station', member: dice.chance(0.7) ? own : member },
      { type: 'ratify', act: dice.pick(all)!.id },
      { type: 'generation', space: some(['space']) },
      { type: 'space', kind: 'grid' },
      { type: 'leave', cut },
    ])!
    const adds = body.type === 'member' || body.type === 'station'
    if (adds && stations.all.size >= MAX_STATIONS) return
    const id = history.act(newId(`evil-${body.type}`), station.id, body, past)
    learn(station, [id], [])
    // With a refused adding act there is still somebody with a key.
    const isWellFormed = body.type !== 'station' || past.has(body.member) || body.member === own
    if (adds && isWellFormed) install(id, false, station.acts, station.entries)
  }

  return { evilEntry, evilAct }
}
