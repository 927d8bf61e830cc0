// Random histories over the oracle alone: what stations do in which order, and that in the end everybody gets all.
import { createDice, type Dice } from './dice.ts'
import { createEvil, MAX_STATIONS } from './evil.ts'
import { createHistory, type History } from './history.ts'
import { type OracleBody, ROLES, type Role } from './shape.ts'
import { type Broken, createStations, type Failure, type SimulatedStation } from './stations.ts'

/** What may happen, and how often. */
const SHARES = {
  write: 6,
  contact: 2,
  partial: 2,
  courier: 1,
  invite: 1,
  station: 1,
  remove: 2,
  'remove-station': 1,
  role: 1,
  handover: 1,
  'space-fact': 1,
  space: 1,
  leave: 1,
  restore: 1,
  clone: 1,
  'evil-entry': 2,
  'evil-act': 2,
  release: 1,
  checkpoint: 1,
  ratify: 2,
  generation: 1,
  newcomer: 1,
}
type StepKind = keyof typeof SHARES
export const STEPS = (Object.keys(SHARES) as StepKind[]).flatMap((kind) =>
  Array<StepKind>(SHARES[kind]).fill(kind),
)
export type Step = { readonly kind: StepKind; readonly dice: number }

export type World = {
  readonly history: History
  readonly stations: ReadonlyMap<string, SimulatedStation>
  /** Entries whose author kept to the rules when it wrote them. */
  readonly honestEntries: ReadonlySet<string>
  readonly failures: readonly Failure[]
}

/** Beyond these a history only exchanges what it has. */
const MAX_ACTS = 36
const MAX_ENTRIES = 30

export function simulate(steps: readonly Step[], seed: number, broken: Broken = {}): World {
  const chance = createDice(seed)
  const history = createHistory(broken)
  const stations = createStations(history, chance, broken)
  found(history, stations, chance)
  for (const { kind, dice: seedOfStep } of steps) {
    const dice = createDice(seedOfStep)
    const living = [...stations.all.values()]
    const station = dice.pick(living)!
    if (dice.chance(0.3)) station.saved.push(copyOf(station))
    const isOnlyExchange = ['contact', 'partial', 'courier', 'restore', 'clone'].includes(kind)
    if (isOnlyExchange || (history.acts.size <= MAX_ACTS && history.entries.size <= MAX_ENTRIES))
      takeStep(kind, { history, stations, living, station, dice })
  }
  settle(history, stations, chance)
  return {
    history,
    stations: stations.all,
    honestEntries: stations.honestEntries,
    failures: stations.failures,
  }
}

type Stations = ReturnType<typeof createStations>

/** The key in the safe, two chiefs, a worker of a grid, one who may turn bad, and a volunteer at a desk. */
function found(history: History, stations: Stations, chance: Dice): void {
  history.act('root', null, { type: 'genesis' })
  const root = stations.install('root', true, [])
  for (const [id, kind] of [
    ['open', 'community'],
    ['north', 'grid'],
    ['desk', 'desk'],
  ] as const)
    stations.learn(root, [history.act(id, 'root', { type: 'space', kind }, root.acts)], [])
  for (const [role, spaces, honest] of [
    ['chief', [], true],
    ['chief', [], true],
    ['worker', ['north'], true],
    ['worker', ['north', 'desk'], chance.chance(0.5)],
    ['volunteer', ['desk'], true],
  ] as const)
    stations.install(stations.act(root, { type: 'member', role, spaces })!, honest, root.acts)
  for (const station of stations.all.values()) stations.learn(station, root.acts, [])
}

/** Everything is delivered everywhere, in some order, until nobody writes anything any more. */
function settle(history: History, stations: Stations, chance: Dice): void {
  for (let round = 0; round < 12; round++) {
    const written = history.acts.size + history.entries.size
    const all = [...stations.all.values()]
    const acts = new Set(all.flatMap((station) => [...station.acts]))
    const entries = new Set(all.flatMap((station) => [...station.entries]))
    for (const station of chance.shuffled(all)) {
      if (chance.chance(0.5)) stations.learn(station, chance.part(acts), chance.part(entries))
      stations.learn(station, acts, entries)
    }
    if (round > 0 && history.acts.size + history.entries.size === written) return
  }
}

function copyOf({ acts, entries, logs, accepted }: SimulatedStation): SimulatedStation['saved'][number] {
  return {
    acts: new Set(acts),
    entries: new Set(entries),
    logs: new Map(logs),
    accepted: new Set(accepted),
  }
}

type Scene = {
  readonly history: History
  readonly stations: Stations
  readonly living: readonly SimulatedStation[]
  /** Somebody; a step that needs a right looks for another who has it. */
  readonly station: SimulatedStation
  readonly dice: Dice
}

function takeStep(kind: StepKind, scene: Scene): void {
  const { history, stations, living, station, dice } = scene
  const { act, install, learn, write, viewOf, roleOf, membersKnownTo, spacesKnownTo } = stations
  const { oracle } = history
  const evil = createEvil(history, stations)
  const room = living.length < MAX_STATIONS
  const other = dice.pick(living)!
  const someone = (roles: readonly Role[], can = (_: SimulatedStation) => true) =>
    dice.pick(living.filter((one) => one.honest && roles.includes(roleOf(one)!) && can(one)))
  const tryOnMembers = (chief: SimulatedStation, bodyFor: (member: string) => OracleBody) =>
    stations.tryActs(chief, membersKnownTo(chief).map(bodyFor), dice)

  const steps: Record<StepKind, () => void> = {
    contact() {
      const { acts, entries } = copyOf(other)
      learn(other, station.acts, station.entries)
      learn(station, acts, entries)
    },
    partial: () => learn(other, dice.part(station.acts), dice.part(station.entries)),
    courier: () => learn(other, [], station.entries),
    restore() {
      const saved = dice.pick(station.saved)
      if (saved !== undefined) Object.assign(station, copyOf({ ...station, ...saved }), { logs: new Map() })
    },
    clone() {
      const saved = dice.pick(station.saved)
      if (saved !== undefined) Object.assign(station, copyOf({ ...station, ...saved }))
    },
    write() {
      const by = someone(ROLES)
      if (by !== undefined) write(by, 'data', dice)
    },
    invite() {
      const chief = someone(['chief'], () => room)
      if (chief === undefined) return
      const role = dice.pick<Role>(['worker', 'worker', 'chief', 'chief', 'steward', ...ROLES])!
      const id = act(chief, { type: 'member', role, spaces: dice.part(spacesKnownTo(chief)) })
      if (id !== null) install(id, dice.chance(0.8), chief.acts)
    },
    newcomer() {
      const checkpointsOf = (one: SimulatedStation) =>
        [...one.accepted].filter((id) => history.entries.get(id)!.kind === 'checkpoint')
      const chief = someone(['chief'], (one) => room && checkpointsOf(one).length > 0)
      if (chief === undefined) return
      const from = stations.withEntryPasts([dice.pick(checkpointsOf(chief))!])
      const id = act(chief, { type: 'member', role: 'worker', spaces: spacesKnownTo(chief) })
      if (id !== null) learn(install(id, true, chief.acts), [], from)
    },
    station() {
      if (!room || !station.honest) return
      const member = dice.chance(0.7) ? oracle.memberOf(station.id) : dice.pick(membersKnownTo(station))
      const id = member === undefined ? null : act(station, { type: 'station', member })
      if (id !== null) install(id, dice.chance(0.9), station.acts)
    },
    remove() {
      const chief = someone(['chief'])
      if (chief !== undefined) tryOnMembers(chief, (member) => stations.removal(chief, member))
    },
    'remove-station'() {
      const removals = [...viewOf(station).standing].map((id) => stations.stationRemoval(station, id))
      if (station.honest) stations.tryActs(station, removals, dice)
    },
    role() {
      const chief = someone(['chief'])
      const role = dice.pick(ROLES)!
      if (chief !== undefined)
        tryOnMembers(chief, (who) => ({ type: 'assign', roles: [[who, role]], spaces: [] }))
    },
    handover() {
      const chief = someone(['chief'])
      const from = chief && dice.pick(membersKnownTo(chief))
      if (chief === undefined || from === undefined) return
      const role = viewOf(chief).role(from)!
      const both = (to: string): OracleBody => {
        const roles = [[from, 'auditor'] as const, [to, role] as const]
        return { type: 'assign', roles, spaces: [] }
      }
      tryOnMembers(chief, both)
    },
    'space-fact'() {
      const chief = someone(['chief'])
      const space = chief && dice.pick(spacesKnownTo(chief))
      if (chief === undefined || space === undefined) return
      const has = dice.chance(0.5)
      const role = dice.chance(0.2) ? dice.pick(ROLES) : undefined
      tryOnMembers(chief, (who) => {
        const roles = role === undefined ? [] : [[who, role] as const]
        return { type: 'assign', roles, spaces: [[who, space, has]] }
      })
    },
    space() {
      const chief = someone(['chief'])
      if (chief !== undefined) act(chief, { type: 'space', kind: dice.pick(['grid', 'desk'] as const)! })
    },
    leave() {
      if (!station.honest || station.id === 'root') return
      act(station, { type: 'leave', cut: stations.cutOf(station, (by) => by === station.id) })
    },
    generation() {
      const space = dice.pick(spacesKnownTo(station))
      const type = dice.chance(0.5) ? 'generation' : 'box'
      if (station.honest && space !== undefined) act(station, { type, space })
    },
    release() {
      const heldBy = (one: SimulatedStation) => [...oracle.held(one.acts, one.entries)]
      const by = someone(['steward', 'chief'], (one) => heldBy(one).length > 0)
      if (by !== undefined) write(by, 'release', dice, [dice.pick(heldBy(by))!])
    },
    checkpoint() {
      const by = someone(['steward', 'chief'])
      if (by !== undefined) write(by, 'checkpoint', dice)
    },
    ratify() {
      const voidedFor = (one: SimulatedStation) => {
        const { ready, effective } = viewOf(one)
        return [...ready].filter((id) => !effective.has(id))
      }
      const chief = someone(['chief'], (one) => voidedFor(one).length > 0)
      if (chief === undefined) return
      const bodies = voidedFor(chief).map((id): OracleBody => ({ type: 'ratify', act: id }))
      stations.tryActs(chief, bodies, dice)
    },
    'evil-entry'() {
      if (station.id !== 'root' && dice.chance(0.5)) station.honest = false
      if (!station.honest) evil.evilEntry(station, dice)
    },
    'evil-act'() {
      if (!station.honest) evil.evilAct(station, dice)
    },
  }
  steps[kind]()
}
