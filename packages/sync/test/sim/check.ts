import {
  carryStatus,
  type Diagnosis,
  diagnose,
  mayHold,
  mayRead,
  memberAt,
  type Station,
  toHex,
} from '@doorstep/core'
import { parseEntry, type RawEntry } from '../../../core/src/log/entry.ts'
import { RecordDoc } from '../../../core/src/record/fold.ts'
import { barOf } from '../../../core/src/trunk/bars.ts'
import { rebuildSpace } from '../../../core/src/trunk/rebuild.ts'
import type { Home } from './home.ts'
import { FIELDS } from './ledger.ts'
import type { World } from './world.ts'

/** What must be true once everything was healed and nothing moves any more; the name of each begins what a failure says. */
export type Invariant =
  | 'quiet'
  | 'membership'
  | 'digests'
  | 'projections'
  | 'account'
  | 'cut'
  | 'pending'
  | 'forks'
  | 'doctor'
  | 'refused'
export class Broken extends Error {
  readonly invariant: Invariant
  constructor(invariant: Invariant, detail: string) {
    super(`${invariant}: ${detail}`)
    this.invariant = invariant
  }
}

type Seat = { readonly home: Home; readonly station: Station }

/** Homes whose stations stand, by what the founder's own machine knows. */
export function standingOf(world: World): Seat[] {
  const { stations } = world.homes[0]!.running.membership()
  return world.homes.flatMap((home) => {
    const { station } = home
    return station && stations.has(station.identity.station) ? [{ home, station }] : []
  })
}

export function checkAll(world: World): void {
  const standing = standingOf(world)
  const [first] = standing
  checkMembership(world, standing)
  const { community } = first!.station.identity
  const spaces = [...first!.station.membership().spaces.keys()].sort()
  for (const space of [community, ...spaces]) checkDigests(standing, space, community)
  for (const space of spaces) checkProjections(standing, space)
  checkAccount(world, standing, spaces)
  for (const space of spaces) checkCut(standing, space)
  checkFold(world, standing, spaces)
  checkForks(world, standing)
  checkPending(world, standing)
  checkDoctor(world, standing)
}

function holders(standing: readonly Seat[], space: string, may = mayHold): Seat[] {
  const membership = standing[0]!.station.membership()
  return standing.filter(({ station }) => {
    const member = memberAt(membership, station.identity.station)
    return member !== undefined && may(membership, member, space)
  })
}

function sameOf<T>(
  seats: readonly Seat[],
  invariant: Invariant,
  what: string,
  of: (station: Station) => T,
): void {
  const [first, ...others] = seats
  if (!first) return
  const wanted = JSON.stringify(of(first.station))
  for (const { home, station } of others) {
    const found = JSON.stringify(of(station))
    if (found !== wanted)
      throw new Broken(invariant, `${what}: ${home.name} has ${found}, ${first.home.name} ${wanted}`)
  }
}

function checkMembership(_world: World, standing: readonly Seat[]): void {
  sameOf(standing, 'membership', 'who stands', (station) => {
    const { stations, members, frozen, cuts } = station.membership()
    return [
      [...stations.keys()].sort(),
      [...members.values()].map(({ id, role, spaces }) => [id, role, [...spaces].sort()].join()).sort(),
      [...frozen].sort(),
      [...cuts].map(([id, refs]) => [id, refs.map(({ hash }) => toHex(hash)).sort()]).sort(),
    ]
  })
}

function checkDigests(standing: readonly Seat[], space: string, community: string): void {
  const seats = space === community ? standing : holders(standing, space)
  sameOf(seats, 'digests', `entries of ${space}`, (station) => {
    const { entries, digest } = station.digest(space)
    return [entries, digest]
  })
  sameOf(seats, 'digests', `held of ${space}`, (station) =>
    station
      .heads(space)
      .map(({ log, seq, hash }) => `${log}/${seq}/${toHex(hash)}`)
      .sort(),
  )
  if (space === community) return
  sameOf(holders(standing, space, mayRead), 'digests', `records of ${space}`, (station) => {
    const { recordsDigest } = station.digest(space)
    if (recordsDigest === null) throw new Broken('digests', `${space} cannot be read by who may`)
    return recordsDigest
  })
}

/** What screens read is the same everywhere. */
function checkProjections(standing: readonly Seat[], space: string): void {
  sameOf(holders(standing, space, mayRead), 'projections', space, (station) => projectionsOf(station, space))
}

/**
 * Every acknowledged entry that some disk still held counts everywhere, unless its author was removed; and the records
 * hold exactly the values that the simulator was told, less those that somebody wrote over or erased.
 */
function checkAccount(world: World, standing: readonly Seat[], spaces: readonly string[]): void {
  const { community } = standing[0]!.station.identity
  const membership = standing[0]!.station.membership()
  const counted = new Set<string>()
  for (const entry of world.ledger.entries.values()) {
    const { name, space, station: author } = entry
    const seats = space === community ? standing : holders(standing, space)
    const hash = Buffer.from(name, 'hex')
    const [first] = seats
    if (!first) continue
    const there = first.station.trunk.store.entry(hash)
    if (there?.status === 'accepted') counted.add(name)
    if (!entry.isAcknowledged || entry.isLost) continue
    // Of who does not stand any more, what its removal does not name is held, and may be nowhere: see `checkCut`.
    if (space !== community && !membership.stations.has(author)) continue
    if (!membership.stations.has(author) && !there) continue
    for (const { home, station } of seats) {
      const found = station.trunk.store.entry(hash)
      if (found?.status !== 'accepted')
        throw new Broken(
          'account',
          `${entry.by}'s ${space} ${entry.seq} was acknowledged; at ${home.name} it is ${found?.status ?? 'lost'}`,
        )
    }
  }
  for (const space of spaces) checkValues(world, holders(standing, space, mayRead), space, counted)
}

function checkValues(
  world: World,
  readers: readonly Seat[],
  space: string,
  counted: ReadonlySet<string>,
): void {
  const [first] = readers
  if (!first) return
  const erased = new Set<string>()
  const entries = [...world.ledger.entries.values()]
  /** Records that an erasure named which does not count, for its author was removed. */
  const struck = new Set(
    entries.flatMap(({ name, space: where, erases }) =>
      where === space && !counted.has(name) ? erases : [],
    ),
  )
  const written = new Set<string>()
  const over = new Set<string>()
  const isWhole = (name: string) =>
    world.homes.some(({ station }) =>
      station?.trunk.store.entry(Buffer.from(name, 'hex'))?.raw.blobs.every((blob) => blob !== null),
    )
  for (const { name, values, erases, space: where } of entries) {
    if (!counted.has(name)) continue
    // An erasure may come with acts in the community's log: what erases is its entry in the record's own space.
    if (where === space) for (const record of erases) erased.add(record)
    for (const value of values) {
      if (value.space !== space) continue
      // Whoever wrote it took it off its own disk again before anybody else had it whole.
      if (!struck.has(value.record) || isWhole(name))
        written.add(`${value.record}/${value.field}/${value.value}`)
      for (const old of value.over) over.add(`${value.record}/${value.field}/${old}`)
    }
  }
  const wanted = [...written]
    .filter((name) => !over.has(name) && !erased.has(name.slice(0, name.indexOf('/'))))
    .sort()
  const { store } = first.station.trunk
  const living: string[] = []
  for (const { id } of store.recordHashes(space))
    for (const { name, value } of new RecordDoc(id, store.record(space, id)!.state).live().fields)
      if ((FIELDS as readonly string[]).includes(name)) living.push(`${id}/${name}/${String(value)}`)
  const lost = wanted.filter((name) => !living.includes(name))
  const back = living.filter((name) => !wanted.includes(name))
  if (lost.length + back.length > 0)
    throw new Broken('account', `values of ${space}: lost ${lost.join(', ')}; came back ${back.join(', ')}`)
}

/** A9 from its definition: what counts is the past of everything that nothing bars, and nothing else. */
function checkCut(standing: readonly Seat[], space: string): void {
  // Entries of one name say the same at whoever holds them.
  const named = new Map<string, readonly string[]>()
  const depsOf = (name: string, raw: RawEntry): readonly string[] => {
    let deps = named.get(name)
    if (!deps) {
      const parsed = parseEntry(raw)
      deps = parsed.ok ? parsed.value.header.deps.map(({ hash }) => toHex(hash)) : []
      named.set(name, deps)
    }
    return deps
  }
  for (const { home, station } of holders(standing, space)) {
    const { store, acts } = station.trunk
    // Of what a checkpoint stands for, what it named is not here to be followed.
    if (store.shelf.baseTops(space).length > 0) continue
    const entries = store.entriesOf(space, 0, 1_000_000)
    const membership = acts.now()
    const counts = new Set<string>()
    for (const entry of entries.toReversed()) {
      const name = toHex(entry.hash)
      if (!counts.has(name) && barOf(store, membership, entry) !== null) continue
      counts.add(name)
      if (entry.seq > 0) counts.add(toHex(entry.prev))
      for (const dep of depsOf(name, entry.raw)) counts.add(dep)
    }
    for (const { hash, status, log, seq } of entries)
      if ((status === 'accepted') !== counts.has(toHex(hash)))
        throw new Broken('cut', `${home.name} has ${space} ${log.slice(0, 8)}/${seq} ${status}`)
  }
}

/**
 * Two own entries under one number, both of which some standing station holds: everybody knows, from there or earlier.
 * What only a checkpoint stands for has no header that could show it (A13).
 */
function checkForks(world: World, standing: readonly Seat[]): void {
  const { community } = standing[0]!.station.identity
  for (const [place, names] of world.ledger.places) {
    if (names.size < 2) continue
    const [log, seq] = place.split('/') as [string, string]
    const { space } = world.ledger.entries.get([...names][0]!)!
    if (space === community) continue
    const seats = holders(standing, space)
    const here = [...names].filter((name) =>
      seats.some(({ station }) => {
        const entry = station.trunk.store.entry(Buffer.from(name, 'hex'))
        return entry && !entry.base
      }),
    )
    if (here.length < 2) continue
    world.count('fork')
    for (const { home, station } of standing) {
      const known = station.forks().find((fork) => fork.log === log)
      if (!known || known.seq > Number(seq))
        throw new Broken('forks', `${home.name} does not know of the fork at ${place}`)
    }
  }
}

function checkPending(world: World, standing: readonly Seat[]): void {
  for (const { home, station } of standing) {
    const { store } = station.trunk
    const membership = station.membership()
    const fail = (what: string) => {
      throw new Broken('pending', `${home.name}: ${what}`)
    }
    const { held, stripped, announced } = station.quarantine()
    for (const one of held)
      if (membership.stations.has(one.from))
        fail(`holds ${one.log.slice(0, 8)}/${one.seq} of ${one.from}, who stands: ${one.reason}`)
    // What was lost with the only disk that held it can come no more: of it a part may be known, or what it names.
    const lost = [...world.ledger.entries.values()].filter(({ isLost }) => isLost)
    const comes = ({ id }: { id: string }) => !lost.some(({ name }) => name.startsWith(id))
    const waits = stripped.filter(comes)
    if (waits.length > 0) fail(`${waits.length} entries came without their parts`)
    // One of who was removed came, and is held: it is among those.
    const never = announced.filter((one) => comes(one) && !held.some(({ id }) => id === one.id))
    if (never.length > 0) fail(`${never.length} erasures are announced and never came`)
    const { usedBytes, budgetBytes, spaces: carried } = carryStatus(station)
    if (usedBytes > budgetBytes) fail(`carries ${usedBytes} bytes with room for ${budgetBytes}`)
    const holdings = station.holdings()
    const own = carried.find(({ space }) => holdings.includes(space))
    if (own) fail(`carries ${own.entries} entries of its own ${own.space}`)
    const readable = new Set(station.spaces().map(({ id }) => id))
    for (const space of readable) {
      const unread = store.voids({ space, reason: 'no-key' })
      if (unread.length > 0) fail(`${unread.length} parts of ${space} cannot be opened`)
    }
  }
}

/** Records folded anew from the log are what is kept: at one reader of each space, for all hold the same. */
function checkFold(world: World, standing: readonly Seat[], spaces: readonly string[]): void {
  for (const space of spaces) {
    const seat = world.dice.pick(holders(standing, space, mayRead))
    if (!seat) continue
    const { home, station } = seat
    const { store } = station.trunk
    const kept = station.digest(space).recordsDigest
    const projections = projectionsOf(station, space)
    let fresh: string | null = null
    let refolded: string[] = []
    try {
      store.transaction(() => {
        rebuildSpace(station.trunk, space)
        fresh = station.digest(space).recordsDigest
        refolded = projectionsOf(station, space)
        throw new Undo()
      })
    } catch (error) {
      if (!(error instanceof Undo)) throw error
    }
    if (fresh !== kept || JSON.stringify(refolded) !== JSON.stringify(projections))
      throw new Broken('projections', `${home.name} folds ${space} anew to something else`)
  }
}
class Undo extends Error {}

const projectionsOf = (station: Station, space: string): string[] =>
  [...station.trunk.store.records({ space })].map((record) => JSON.stringify(record)).sort()

/** In some histories one of them looks at everything again: it costs as much as the rest of a small one. */
function checkDoctor(world: World, standing: readonly Seat[]): void {
  if (!world.dice.chance(0.1)) return
  const { home, station } = world.dice.pick(standing)!
  const diagnosis: Diagnosis = diagnose(station)
  world.count('doctor')
  if (!diagnosis.ok)
    throw new Broken('doctor', `${home.name}: ${JSON.stringify(diagnosis.checks.filter(({ ok }) => !ok))}`)
}
