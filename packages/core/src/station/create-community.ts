import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { createSigner } from '../crypto/keys.ts'
import { derivedId, randomId, type SpaceId, stationIdOf } from '../ids.ts'
import { createEntry, type EntryRef, logIdOf, rootOf } from '../log/entry.ts'
import { encodeSegment, segmentClaim } from '../log/segment.ts'
import { type Act, communityIdOf, encodeAct, practiceNonce, proveStation } from '../membership/act.ts'
import type { SpaceKind } from '../membership/roles.ts'
import { defaultPolicies } from '../records/default-policies.ts'
import { fail, ok, type Result } from '../result.ts'
import { newGeneration } from '../trunk/generation.ts'
import type { Draftbook } from './edit.ts'
import { createHome, newKeys, removeHome } from './home.ts'
import type { HomeSecret, PassphraseCost } from './secret.ts'
import { Station } from './station.ts'

export type NewCommunity = {
  readonly home: string
  readonly secret: HomeSecret
  readonly community: string
  readonly member: string
  readonly grids: readonly string[]
  readonly stationName?: string
  /** IANA name; the machine's own when not given. */
  readonly timeZone?: string
  readonly cost?: PassphraseCost
  /** Made-up, and never part of any other: its id says so. */
  readonly practice?: boolean
  readonly now?: () => number
}

/**
 * Founds a community. The founding key signs two acts (genesis, the founder with a station) and is then
 * kept, sealed, in the founder's home until it is printed for the office safe.
 */
export async function createCommunity(input: NewCommunity): Promise<Result<Station>> {
  const root = newKeys()
  const random = new Uint8Array(randomBytes(16))
  const nonce = input.practice ? practiceNonce(random) : random
  const community = communityIdOf(root.signing.publicKey, nonce)
  const keys = newKeys()
  const home = createHome(input.home, input.secret, { community, ...keys }, input.cost)
  if (!home.ok) return home
  const station = new Station(home.value, input.now)
  const founding: Act[] = [
    { type: 'genesis', nonce, box: root.boxing.publicKey },
    {
      type: 'member',
      role: 'chief',
      spaces: [],
      key: keys.signing.publicKey,
      box: keys.boxing.publicKey,
      proof: proveStation(
        keys.signing.privateKey,
        community,
        stationIdOf(root.signing.publicKey),
        keys.boxing.publicKey,
      ),
    },
  ]
  const founded = await found(station, input, signActs(root.signing, community, founding))
  if (founded.ok) {
    station.putDraft('founding-key', Buffer.from(root.signing.privateKey).toString('base64'))
    return ok(station)
  }
  // A home that is half a community would only be in the way of the next attempt.
  await station.close()
  removeHome(input.home)
  return founded
}

async function found(station: Station, input: NewCommunity, acts: Uint8Array): Promise<Result<void>> {
  const { community, station: id } = station.identity
  const report = await station.admit([acts], 'founding')
  if (!report.ok) return report
  if (report.value.refused.length > 0)
    throw new Error(`founding acts refused: ${report.value.refused[0]!.reason}`)
  const { member } = station.identity
  const space = randomId('sp')
  const added = await addSpace(station, space, 'community')
  if (!added.ok) return added
  const written = await station.write('community.found', (book) => {
    const timeZone = input.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
    const card = book.create(
      'community',
      space,
      { set: { name: input.community, timeZone } },
      derivedId('cm', [community]),
    )
    if (!card.ok) return card
    for (const { id: policy, ...content } of defaultPolicies) {
      const made = book.create('policy', space, content, derivedId('po', [community, policy]))
      if (!made.ok) return made
    }
    return introduce(book, member, input.member, id, input.stationName ?? hostname(), space)
  })
  if (!written.ok) return written
  for (const name of input.grids) {
    const grid = await addGrid(station, name)
    if (!grid.ok) return grid
  }
  return ok(undefined)
}

/** Adds a grid: its space, its key, and its card in the community's space. */
export async function addGrid(station: Station, name: string): Promise<Result<SpaceId>> {
  const communitySpace = station.communitySpace()
  if (!communitySpace) return fail({ type: 'no-key', space: station.identity.community })
  const space = randomId('sp')
  const added = await addSpace(station, space, 'grid')
  if (!added.ok) return added
  const card = await station.write('grid.add', (book) =>
    book.create('grid', communitySpace, { set: { name, space } }),
  )
  return card.ok ? ok(space) : card
}

export const addSpace = (
  station: Station,
  space: string,
  kind: SpaceKind,
  parent: string | null = null,
): Promise<Result<void>> =>
  station.act((write) => {
    write({ type: 'space', space, kind, parent })
    write(newGeneration(station.membership(), space))
    return ok(undefined)
  })

/** What people will call a member and a station; a member who was there already has a name. */
export function introduce(
  book: Draftbook,
  member: string,
  memberName: string | null,
  station: string,
  stationName: string,
  space: string,
): Result<void> {
  if (memberName !== null) {
    const set = { member, name: memberName }
    const person = book.create('member', space, { set }, derivedId('mc', [member]))
    if (!person.ok) return person
  }
  const machine = book.create(
    'station',
    space,
    { set: { station, name: stationName } },
    derivedId('sc', [station]),
  )
  return machine.ok ? ok(undefined) : machine
}

/** Acts of the founding key, in a log of their own; `deps`: the acts it has seen. */
export function signActs(
  key: { publicKey: Uint8Array; privateKey: Uint8Array },
  community: string,
  acts: readonly Act[],
  deps: readonly EntryRef[] = [],
): Uint8Array {
  const log = { key: key.publicKey, epoch: new Uint8Array(randomBytes(16)), space: community }
  const id = logIdOf(log)
  const entries = []
  let prev = rootOf(id)
  for (const [seq, act] of acts.entries()) {
    const entry = createEntry({ seq, prev, deps: seq === 0 ? deps : [], acts: [], keys: [] }, [
      { bytes: encodeAct(act), key: -1 },
    ])
    entries.push(entry)
    prev = entry.hash
  }
  const signature = createSigner(key.privateKey)(segmentClaim(id, 0, acts.length - 1, prev))
  return encodeSegment(
    log,
    entries.map((entry) => entry.raw),
    signature,
  )
}
