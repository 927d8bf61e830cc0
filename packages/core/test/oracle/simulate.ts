// Random histories over the oracle alone: stations that hold sets of acts and entries, exchange parts of them in any
// order, and behave as the rules say, or do not.
import { createDice, type Dice } from './dice.ts'
import { createHistory, type History } from './history.ts'
import type { BrokenRules } from './oracle.ts'
import { type EntryKind, type OracleBody, ROLES, type Role } from './shape.ts'

/** Each as often as it stands here. */
export const STEPS = [
  ...[
    'write',
    'write',
    'write',
    'write',
    'write',
    'write',
    'contact',
    'contact',
    'partial',
    'partial',
    'courier',
  ],
  ...[
    'invite',
    'station',
    'remove',
    'remove',
    'remove-station',
    'role',
    'handover',
    'space-fact',
    'space',
    'leave',
  ],
  ...['restore', 'clone', 'evil-entry', 'evil-entry', 'evil-act', 'evil-act'],
  ...['release', 'checkpoint', 'ratify', 'ratify', 'generation', 'newcomer'],
] as const
export type Step = { readonly kind: (typeof STEPS)[number]; readonly dice: number }

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

export type World = {
  readonly history: History
  readonly stations: ReadonlyMap<string, SimulatedStation>
  /** Entries whose author kept to the rules when it wrote them. */
  readonly honestEntries: ReadonlySet<string>
  readonly failures: { readonly promise: string; readonly why: string }[]
}

const MAX_STATIONS = 9
/** Beyond these a history only exchanges what it has. */
const MAX_ACTS = 36
const MAX_ENTRIES = 30

export function simulate(steps: readonly Step[], seed: number, broken: Broken = {}): World {
  const history = createHistory(broken)
  const { oracle } = history
  const stations = new Map<string, SimulatedStation>()
  const honestEntries = new Set<string>()
  const failures: World['failures'] = []
  const chance = createDice(seed)

  const newId = (what: string) =>
    `${chance
      .below(2 ** 32)
      .toString(16)
      .padStart(8, '0')}-${what}`
  const viewOf = ({ acts }: SimulatedStation) => oracle.resolve(acts)
  const stands = (station: SimulatedStation) => viewOf(station).standing.has(station.id)
  const roleOf = (station: SimulatedStation) =>
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
    const { holds } = viewOf(station)
    for (const id of lost)
      if (stood && stands(station) && holds(oracle.memberOf(station.id), history.entries.get(id)!.space))
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
    const { holds } = viewOf(station)
    const own = [...oracle.held(station.acts, station.entries)].filter(
      (id) => history.entries.get(id)!.by === station.id,
    )
    const lost = [...before].filter((id) => !station.accepted.has(id))
    const accepted = station.accepted
    for (const space of new Set([...own, ...lost].map((id) => history.entries.get(id)!.space))) {
      if (!holds(oracle.memberOf(station.id), space)) continue
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
    return [...from].filter((id) => ended(history.entries.get(id)!.by))
  }

  function removal(station: SimulatedStation, member: string): OracleBody {
    return { type: 'remove', target: member, cut: cutOf(station, (by) => oracle.memberOf(by) === member) }
  }

  function stationRemoval(station: SimulatedStation, target: string): OracleBody {
    return { type: 'remove-station', target, cut: cutOf(station, (by) => by === target) }
  }

  // Those who do not keep to the rules

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
    if (adds && stations.size >= MAX_STATIONS) return
    const id = history.act(newId(`evil-${body.type}`), station.id, body, past)
    learn(station, [id], [])
    // With a refused adding act there is still somebody with a key.
    const isWellFormed = body.type !== 'station' || past.has(body.member) || body.member === own
    if (adds && isWellFormed) install(id, false, station.acts, station.entries)
  }

  // The steps

  function takeStep({ kind, dice: seedOfStep }: Step): void {
    const dice = createDice(seedOfStep)
    const living = [...stations.values()]
    const station = dice.pick(living)!
    const other = dice.pick(living)!
    const withRole = (roles: readonly Role[]) => {
      const able = living.filter((one) => one.honest && roles.includes(roleOf(one)!))
      return dice.pick(able)
    }
    if (dice.chance(0.3))
      station.saved.push({
        acts: new Set(station.acts),
        entries: new Set(station.entries),
        logs: new Map(station.logs),
        accepted: new Set(station.accepted),
      })
    switch (kind) {
      case 'contact': {
        const [acts, entries] = [[...other.acts], [...other.entries]]
        learn(other, station.acts, station.entries)
        learn(station, acts, entries)
        return
      }
      case 'partial':
        learn(other, dice.part(station.acts), dice.part(station.entries))
        return
      case 'courier':
        learn(other, [], station.entries)
        return
      case 'restore':
      case 'clone': {
        const saved = dice.pick(station.saved)
        if (saved === undefined) return
        station.acts = new Set(saved.acts)
        station.entries = new Set(saved.entries)
        station.accepted = new Set(saved.accepted)
        station.logs = kind === 'restore' ? new Map() : new Map(saved.logs)
        return
      }
    }
    if (history.acts.size > MAX_ACTS || history.entries.size > MAX_ENTRIES) return
    const room = stations.size < MAX_STATIONS
    switch (kind) {
      case 'write': {
        const by = withRole(ROLES)
        if (by !== undefined) write(by, 'data', dice)
        return
      }
      case 'evil-entry':
        if (station.id !== 'root' && dice.chance(0.5)) station.honest = false
        if (!station.honest) evilEntry(station, dice)
        return
      case 'evil-act':
        if (!station.honest) evilAct(station, dice)
        return
      case 'invite': {
        const chief = room ? withRole(['chief']) : undefined
        if (chief === undefined) return
        const role = dice.pick<Role>(['worker', 'worker', 'chief', 'chief', 'steward', ...ROLES])!
        const id = act(chief, { type: 'member', role, spaces: dice.part(spacesKnownTo(chief)) })
        if (id !== null) install(id, dice.chance(0.8), chief.acts)
        return
      }
      case 'station': {
        if (!room || !station.honest) return
        const members = membersKnownTo(station)
        const member = dice.chance(0.7) ? oracle.memberOf(station.id) : dice.pick(members)
        const id = member === undefined ? null : act(station, { type: 'station', member })
        if (id !== null) install(id, dice.chance(0.9), station.acts)
        return
      }
      case 'remove': {
        const chief = withRole(['chief'])
        if (chief === undefined) return
        tryActs(
          chief,
          membersKnownTo(chief).map((member) => removal(chief, member)),
          dice,
        )
        return
      }
      case 'remove-station': {
        if (!station.honest) return
        tryActs(
          station,
          [...viewOf(station).standing].map((id) => stationRemoval(station, id)),
          dice,
        )
        return
      }
      case 'role': {
        const chief = withRole(['chief'])
        if (chief === undefined) return
        const role = dice.pick(ROLES)!
        tryActs(
          chief,
          membersKnownTo(chief).map((who) => ({ type: 'assign', roles: [[who, role]], spaces: [] })),
          dice,
        )
        return
      }
      case 'handover': {
        const chief = withRole(['chief'])
        if (chief === undefined) return
        const members = dice.shuffled(membersKnownTo(chief))
        const role = viewOf(chief).role(members[0]!)!
        const handovers = members.slice(1).map((to): OracleBody => {
          return {
            type: 'assign',
            roles: [
              [members[0]!, 'auditor'],
              [to, role],
            ],
            spaces: [],
          }
        })
        tryActs(chief, handovers, dice)
        return
      }
      case 'space-fact': {
        const chief = withRole(['chief'])
        const space = chief && dice.pick(spacesKnownTo(chief))
        if (chief === undefined || space === undefined) return
        const has = dice.chance(0.5)
        const roles = dice.chance(0.2) ? dice.pick(ROLES) : undefined
        tryActs(
          chief,
          membersKnownTo(chief).map((who) => ({
            type: 'assign',
            roles: roles === undefined ? [] : [[who, roles]],
            spaces: [[who, space, has]],
          })),
          dice,
        )
        return
      }
      case 'space': {
        const chief = withRole(['chief'])
        if (chief !== undefined) act(chief, { type: 'space', kind: dice.pick(['grid', 'desk'] as const)! })
        return
      }
      case 'leave':
        if (station.honest && station.id !== 'root')
          act(station, { type: 'leave', cut: cutOf(station, (by) => by === station.id) })
        return
      case 'generation': {
        const space = dice.pick(spacesKnownTo(station))
        const type = dice.chance(0.5) ? 'generation' : 'box'
        if (station.honest && space !== undefined) act(station, { type, space })
        return
      }
      case 'release': {
        const able = living.filter(
          (one) =>
            one.honest &&
            ['steward', 'chief'].includes(roleOf(one)!) &&
            oracle.held(one.acts, one.entries).size > 0,
        )
        const by = dice.pick(able)
        const entry = by && dice.pick([...oracle.held(by.acts, by.entries)])
        if (by !== undefined && entry !== undefined) write(by, 'release', dice, [entry])
        return
      }
      case 'checkpoint': {
        const by = withRole(['steward', 'chief'])
        if (by !== undefined) write(by, 'checkpoint', dice)
        return
      }
      case 'ratify': {
        const voided = (one: SimulatedStation) => {
          const { ready, effective } = viewOf(one)
          return [...ready].filter((id) => !effective.has(id))
        }
        const able = living.filter((one) => roleOf(one) === 'chief' && voided(one).length > 0)
        const by = dice.pick(able)
        if (by !== undefined)
          tryActs(
            by,
            voided(by).map((id) => ({ type: 'ratify', act: id })),
            dice,
          )
        return
      }
      case 'newcomer': {
        const chief = room ? withRole(['chief']) : undefined
        if (chief === undefined) return
        const checkpoint = dice.pick(
          [...chief.accepted].filter((id) => history.entries.get(id)!.kind === 'checkpoint'),
        )
        if (checkpoint === undefined) return
        const id = act(chief, { type: 'member', role: 'worker', spaces: spacesKnownTo(chief) })
        if (id !== null) learn(install(id, true, chief.acts), [], withEntryPasts([checkpoint]))
        return
      }
    }
  }

  /** Everything is delivered everywhere, in some order, until nobody writes anything any more. */
  function settle(): void {
    for (let round = 0; round < 12; round++) {
      const written = history.acts.size + history.entries.size
      const acts = new Set([...stations.values()].flatMap((station) => [...station.acts]))
      const entries = new Set([...stations.values()].flatMap((station) => [...station.entries]))
      for (const station of chance.shuffled(stations.values())) {
        if (chance.chance(0.5)) learn(station, chance.part(acts), chance.part(entries))
        learn(station, acts, entries)
      }
      if (round > 0 && history.acts.size + history.entries.size === written) return
    }
  }

  /** The key in the safe, two chiefs, a worker of a grid, one who may turn bad, and a volunteer at a desk. */
  function found(): void {
    history.act('root', null, { type: 'genesis' })
    const root = install('root', true, [])
    for (const [id, kind] of [
      ['open', 'community'],
      ['north', 'grid'],
      ['desk', 'desk'],
    ] as const)
      learn(root, [history.act(id, 'root', { type: 'space', kind }, root.acts)], [])
    for (const [role, spaces, honest] of [
      ['chief', [], true],
      ['chief', [], true],
      ['worker', ['north'], true],
      ['worker', ['north', 'desk'], chance.chance(0.5)],
      ['volunteer', ['desk'], true],
    ] as const)
      install(act(root, { type: 'member', role, spaces })!, honest, root.acts)
    for (const station of stations.values()) learn(station, root.acts, [])
  }

  found()
  for (const step of steps) takeStep(step)
  settle()
  return { history, stations, honestEntries, failures }
}
