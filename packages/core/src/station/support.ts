import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../crypto/hash.ts'
import { toBase32 } from '../ids.ts'
import { ROOT_MEMBER } from '../membership/graph.ts'
import { isStanding } from '../membership/resolve.ts'
import { definitionOf, registryVersion } from '../records/registry.ts'
import { type Census, censusOf } from '../store/census.ts'
import { DamagedStoreError } from '../store/store.ts'
import { type Diagnosis, diagnose } from './doctor.ts'
import { FILE } from './home.ts'
import { readRescue } from './rescue.ts'
import { secretKindOf } from './secret.ts'
import type { Station } from './station.ts'

/**
 * What helps a maintainer and names nobody. Everything in it is put there one by one: counts, sizes, times, hashes
 * of ids under a salt that is thrown away, and words of our own. No field of a record, no name, no path, no address
 * is read for it, so none can slip in.
 */
export type SupportFacts = ReturnType<typeof supportFacts>

export function supportFacts(station: Station) {
  const { store } = station.trunk
  const census = censusOf(join(station.home, FILE))
  const short = shortener()
  return {
    schemaVersion: census.schemaVersion,
    recordTypes: registryVersion(),
    copied: station.copied,
    secret: orNull(() => secretKindOf(store.setting('wrap') ?? new Uint8Array())),
    /** How many chiefs' stations could help after a forgotten passphrase. */
    rescuers: orNull(() => readRescue(store)?.boxes.length ?? 0),
    bytes: {
      file: sizeOf(join(station.home, FILE)),
      log: sizeOf(join(station.home, `${FILE}-wal`)),
      page: census.pageBytes,
      pages: census.pages,
      freePages: census.freePages,
    },
    rows: census.tables,
    drafts: Object.fromEntries(
      DRAFT_KINDS.map((name) => [name, census.drafts.find(({ kind }) => kind === name)?.count ?? 0]),
    ),
    membership: orNull(() => membershipFacts(station, short)),
    spaces: orNull(() => spaceFacts(station, census, short)),
    quarantine: orNull(() => {
      const { held, refused } = station.quarantine()
      return {
        held: counted(held.map(({ reason }) => reason)),
        refused: counted(refused.map(({ reason }) => reason)),
        void: counted(store.voids().map(({ reason }) => reason)),
      }
    }),
    peers: orNull(() =>
      station.peers().map(({ station: peer, space, equal, at }) => ({
        peer: short(peer),
        space: short(space),
        equal,
        at: new Date(at).toISOString(),
      })),
    ),
    knownAddresses: station.addresses().length,
    doctor: withoutDetails(diagnose(station)),
  }
}

/** Kinds of drafts there are; of others nothing is said. */
const DRAFT_KINDS = ['visit', 'invite', 'join', 'founding-key', 'workstation']

function membershipFacts(station: Station, short: (id: string) => string) {
  const membership = station.membership()
  const stations = [...membership.stations.values()].filter((card) => card.member !== ROOT_MEMBER)
  return {
    community: short(station.identity.community),
    station: short(station.identity.station),
    role: station.member()?.role ?? null,
    members: counted(
      [...membership.members.values()].filter(({ id }) => id !== ROOT_MEMBER).map(({ role }) => role),
    ),
    stations: stations.length,
    standing: stations.filter(({ id }) => isStanding(membership, id)).length,
    generations: membership.generations.length,
    frozenLogs: membership.frozen.size,
  }
}

function spaceFacts(station: Station, census: Census, short: (id: string) => string) {
  const { store } = station.trunk
  const readable = new Set(station.spaces().map((space) => space.id))
  const spaces = [[station.identity.community, 'membership'] as const, ...station.membership().spaces]
  return spaces.map(([id, kind]) => ({
    space: short(id),
    kind,
    readable: readable.has(id),
    logs: census.logs.find(({ space }) => space === id)?.count ?? 0,
    accepted: store.countEntries(id, 'accepted'),
    held: store.countEntries(id, 'held'),
    records: census.records
      .filter(({ space }) => space === id)
      .map(({ type, count, conflicts, bytes }) => ({
        type: definitionOf(type) ? type : 'other',
        count,
        conflicts,
        bytes,
      })),
  }))
}

/** A damaged home is what such a report is most wanted of: what cannot be read is null. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof DamagedStoreError) return null
    throw error
  }
}

const withoutDetails = ({ ok, checks }: Diagnosis) => ({
  ok,
  checks: checks.map((check) => ({ name: check.name, ok: check.ok })),
})

/** Ids as eight characters that are the same within one report and tell nothing outside it. */
function shortener(): (id: string) => string {
  const salt = randomBytes(16)
  return (id) => toBase32(sha256(salt, id)).slice(0, 8)
}

/** Reasons and kinds are words of our own; whatever is none, a future version's or a stranger's, is not repeated. */
const word = (text: string): string => (/^[a-z][a-z-]{0,30}$/.test(text) ? text : 'other')

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const one of words.map(word)) counts[one] = (counts[one] ?? 0) + 1
  return counts
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
