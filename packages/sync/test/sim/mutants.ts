import { type Station, toHex } from '@doorstep/core'
import { type Invariant, standingOf } from './check.ts'
import type { World } from './world.ts'

/**
 * Faults that are planted in a history, each for the check that must find it: a check that cannot fail says nothing.
 * `atPeace`: before everybody meets. `atEnd`: when everything is equal and about to be looked at.
 */
export type Mutant = {
  readonly finds: Invariant
  /** Where to begin: the fault needs a history in which it matters, and earlier ones are not such. */
  readonly from?: number
  readonly atPeace?: (world: World) => void
  readonly atEnd?: (world: World) => void
  /** Crashes bring back what was there before the last acknowledged write. */
  readonly forgetsCommits?: boolean
  /** Disks say that they have what they were given, and have not. */
  readonly flushesNothing?: boolean
}

const last = (world: World): Station => standingOf(world).at(-1)!.station
const all = (world: World): Station[] => standingOf(world).map(({ station }) => station)
const sql = (world: World, station: Station, text: string): void => {
  const home = world.homes.find((one) => one.station === station)!
  world.platform.database(home.file)!.exec(text)
}

/** A head of the community's own space, which every member reads and the account does not know. */
const anEntry = (world: World): string => {
  const { station } = standingOf(world)[0]!
  const known = (hash: Uint8Array) => world.ledger.entries.has(toHex(hash))
  const head = station.heads(station.communitySpace()!).find(({ hash }) => !known(hash))
  return head ? toHex(head.hash) : ''
}
const hold = (station: Station, entry: string): void => {
  if (entry === '') return
  station.trunk.store.transaction(() => station.trunk.store.hold(Buffer.from(entry, 'hex')))
}
/** What screens read, changed behind the record's back. */
const repaint = ({ trunk: { store } }: Station): void =>
  store.transaction(() =>
    store.reproject(({ projection }) => ({ ...projection, fields: { ...projection.fields, name: '改' } })),
  )

export const mutants: Record<string, Mutant> = {
  'a station that says another digest': {
    finds: 'quiet',
    atPeace: (world) => {
      const station = last(world)
      const { digest } = station
      station.digest = (space) => ({ ...digest.call(station, space), digest: '00'.repeat(32) })
    },
  },
  'a member more': {
    finds: 'membership',
    atEnd: (world) => {
      const station = last(world)
      const { members, stations, ...rest } = station.membership()
      const more = new Map([...members, ['me-more', { id: 'me-more', role: 'chief', spaces: [] } as never]])
      station.membership = () => ({ ...rest, stations, members: more })
    },
  },
  'an entry held by one': { finds: 'digests', atEnd: (world) => hold(last(world), anEntry(world)) },
  'an entry held by all': {
    finds: 'cut',
    atEnd: (world) => {
      const entry = anEntry(world)
      for (const station of all(world)) hold(station, entry)
    },
  },
  'another projection at one': {
    finds: 'projections',
    atEnd: (world) => repaint(standingOf(world)[0]!.station),
  },
  'another projection at all': {
    finds: 'projections',
    atEnd: (world) => {
      for (const station of all(world)) repaint(station)
    },
  },
  'an acknowledged entry that is nowhere': {
    finds: 'account',
    atEnd: (world) => {
      const [some] = world.ledger.entries.values()
      const { station } = standingOf(world)[0]!
      const space = station.communitySpace()!
      const name = '00'.repeat(32)
      world.ledger.entries.set(name, {
        ...some!,
        name,
        space,
        station: station.identity.station,
        isAcknowledged: true,
        isLost: false,
      })
    },
  },
  'a value that nobody wrote': {
    finds: 'account',
    atEnd: (world) => {
      for (const entry of world.ledger.entries.values()) entry.values = []
    },
  },
  'crashes that forget a commit': { finds: 'account', from: 23, forgetsCommits: true },
  'disks that say too early that they have it': { finds: 'account', from: 80, flushesNothing: true },
  'a fork that one does not know of': {
    finds: 'forks',
    from: 14,
    atEnd: (world) => {
      const station = last(world)
      station.forks = () => []
    },
  },
  'an entry that came without its parts': {
    finds: 'pending',
    atEnd: (world) => {
      const { store } = last(world).trunk
      store.transaction(() =>
        store.putStripped({ hash: new Uint8Array(32), log: 'ab'.repeat(16), seq: 0, source: '', at: 0 }),
      )
    },
  },
  'a signature that is none': {
    finds: 'doctor',
    atEnd: (world) => {
      for (const station of all(world)) sql(world, station, 'UPDATE segment SET signature = zeroblob(64)')
    },
  },
}
