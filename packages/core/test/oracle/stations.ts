// Stations that hold sets of acts and entries, and behave as the rules say.
import type { Dice } from './dice.ts'
import type { History } from './history.ts'
import type { BrokenRules, Resolution } from './oracle.ts'
import type { EntryKind, OracleBody, Role } from './shape.ts'

/** Habits of stations that fell, besides the broken rules; see the tests. */
export type Broken = BrokenRules & {
  /** A10: nobody stands by anything. */
  readonly standBy?: 'never'
  /** A8: a remover lets stand what it has, held or not. */
  readonly cutAt?: 'held'
}

export type SimulatedStation = {
  readonly id: string
  honest: boolean
  acts: Set<string>
  entries: Set<string>
  /** By space: the log that the station goes on with, and its last entry. */
  logs: Map<string, { readonly log: string; readonly head: string | null }>
  accepted: Set<string>
  readonly saved: Pick<SimulatedStation, 'acts' | 'entries' | 'logs' | 'accepted'>[]
}

export type Failure = { readonly promise: string; readonly why: string }

export type Stations = ReturnType<typeof createStations>

export function createStations(history: History, chance: Dice, broken: Broken) {
  const { oracle } = history
  const stations = new Map<string, SimulatedStation>()
  /** Entries whose author kept to the rules when it wrote them. */
  const honestEntries = new Set<string>()
  const failures: Failure[] = []

  const newId = (what: string) =>
    `${chance
      .below(2 ** 32)
      .toString(16)
      .padStart(8, '0')}-${what}`
  const viewOf = ({ acts }: SimulatedStation): Resolution => oracle.resolve(acts)
  const stands = (station: SimulatedStation) => viewOf(station).standing.has(station.id)
  const roleOf = (station: SimulatedStation): Role | null =>
    stands(station) ? viewOf(station).role(oracle.memberOf(station.id)) : null
  const inSpace = (ids: Iterable<string>, space: string) =>
    [...ids].filter((id) => history.entries.get(id)!.space === space)
  const withEntryPasts = (ids: Iterable<string>) => {
    const closed = new Set(ids)
    for (const id of [...closed]) for (const before of oracle.pastOf(id)) closed.add(before)
    return closed
  }
  const spacesKnownTo = (station: SimulatedStation) =>
    [...viewOf(station).effective].filter((id) => history.acts.get(id)!.body.type === 'space')
  const membersKnownTo = (station: SimulatedStation) => {
    const { effective, role } = viewOf(station)
    return [...effective].filter((id) => role(id) !== null)
  }

  function install(id: string, honest: boolean, acts: Iterable<string>, entries: Iterable<string> = []) {
    const station: SimulatedStation = {
      id,
      honest,
      acts: new Set(acts).add(id),
      entries: new Set(entries),
      logs: new Map(),
      accepted: new Set(),
      saved: [],
    }
    station.accepted = oracle.accepted(station.acts, station.entries)
    stations.set(id, station)
    return station
  }

  /** An act on top of all that the station counts as past; null where it has not the right. */
  function act(station: SimulatedStation, body: OracleBody): string | null {
    const id = history.act(newId(body.type), station.id, body, viewOf(station).ready)
    if (!oracle.valid(id)) return null
    learn(station, [id], [])
    return id
  }

  function tryActs(station: SimulatedStation, bodies: readonly OracleBody[], dice: Dice): string | null {
    for (const body of dice.shuffled(bodies).slice(0, 4)) {
      const id = act(station, body)
      if (id !== null) return id
    }
    return null
  }

  function append(station: SimulatedStation, space: string, kind: EntryKind, deps: Iterable<string>): string {
    const { log, head } = station.logs.get(space) ?? { log: newId('log'), head: null }
    const acts = viewOf(station).ready
    const id = history.entry(newId(kind), station.id, { log, space, kind, prev: head, deps, acts })
    station.logs.set(space, { log, head: id })
    station.entries.add(id)
    if (station.honest) honestEntries.add(id)
    return id
  }

  function leaveFrozenLogs(station: SimulatedStation): void {
    const { frozen } = viewOf(station)
    for (const [space, { log }] of station.logs) if (frozen.has(log)) station.logs.delete(space)
  }

  /** Membership first, in one transaction. */
  function learn(station: SimulatedStation, acts: Iterable<string>, entries: Iterable<string>): void {
    const before = station.accepted
    const stood = stands(station)
    for (const id of acts) station.acts.add(id)
    for (const id of entries) station.entries.add(id)
    if (station.honest) reportForks(station)
    station.accepted = oracle.accepted(station.acts, station.entries)
    if (!station.honest) return
    leaveFrozenLogs(station)
    if (stands(station) && broken.standBy !== 'never') standBy(station, before)
    const lost = [...before].filter((id) => !station.accepted.has(id))
    for (const id of lost)
      if (stood && stands(station))
        failures.push({ promise: 'P2', why: `standing station ${station.id} lost ${id}` })
  }

  /** A13 */
  function reportForks(station: SimulatedStation): void {
    const seen = new Set<string>()
    for (const id of station.entries) {
      const { log, seq } = history.entries.get(id)!
      const link = `${log}#${seq}`
      if (seen.has(link) && (viewOf(station).frozen.get(log) ?? Number.POSITIVE_INFINITY) > seq) {
        const freeze = history.act(
          newId('freeze'),
          station.id,
          { type: 'freeze', log, seq },
          viewOf(station).ready,
        )
        station.acts.add(freeze)
      }
      seen.add(link)
    }
  }

  /** A10, A15: by what it would lose, and by its own entries of every branch. */
  function standBy(station: SimulatedStation, before: ReadonlySet<string>): void {
    const own = [...oracle.held(station.acts, station.entries)].filter(
      (id) => history.entries.get(id)!.by === station.id,
    )
    const lost = [...before].filter((id) => !station.accepted.has(id))
    const accepted = station.accepted
    for (const space of new Set([...own, ...lost].map((id) => history.entries.get(id)!.space))) {
      append(station, space, 'stand-by', withEntryPasts(inSpace([...before, ...accepted, ...own], space)))
    }
    station.accepted = oracle.accepted(station.acts, station.entries)
  }

  function write(
    station: SimulatedStation,
    kind: EntryKind,
    dice: Dice,
    extra: readonly string[] = [],
  ): void {
    const { reads } = viewOf(station)
    const member = oracle.memberOf(station.id)
    const open = spacesKnownTo(station).filter((space) => reads(member, space))
    const space = extra.length ? history.entries.get(extra[0]!)!.space : dice.pick(open)
    const role = roleOf(station)
    if (space === undefined || role === null || !open.includes(space)) return
    if (kind === 'data' && role === 'auditor') return
    leaveFrozenLogs(station)
    const id = append(station, space, kind, withEntryPasts([...inSpace(station.accepted, space), ...extra]))
    if (!oracle.validEntry(id)) failures.push({ promise: 'P6', why: `honest entry ${id} is refused` })
    learn(station, [], [id])
  }

  function cutOf(station: SimulatedStation, ended: (by: string) => boolean): string[] {
    const from = broken.cutAt === 'held' ? station.entries : station.accepted
    const its = [...from].filter((id) => ended(history.entries.get(id)!.by))
    // The last of each branch.
    return its.filter((id) => !its.some((later) => history.entries.get(later)!.prev === id))
  }

  function removal(station: SimulatedStation, member: string): OracleBody {
    return { type: 'remove', target: member, cut: cutOf(station, (by) => oracle.memberOf(by) === member) }
  }

  function stationRemoval(station: SimulatedStation, target: string): OracleBody {
    return { type: 'remove-station', target, cut: cutOf(station, (by) => by === target) }
  }

  return {
    all: stations as ReadonlyMap<string, SimulatedStation>,
    honestEntries: honestEntries as ReadonlySet<string>,
    failures: failures as readonly Failure[],
    newId,
    viewOf,
    roleOf,
    inSpace,
    withEntryPasts,
    spacesKnownTo,
    membersKnownTo,
    install,
    act,
    tryActs,
    learn,
    write,
    cutOf,
    removal,
    stationRemoval,
  }
}
