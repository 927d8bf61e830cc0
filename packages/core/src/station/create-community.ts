import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { createSigner } from '../crypto/keys.ts'
import { derivedId, randomId, type SpaceId } from '../ids.ts'
import { createEntry, logIdOf, rootOf } from '../log/entry.ts'
import { encodeSegment, segmentClaim } from '../log/segment.ts'
import { type Act, communityIdOf, encodeAct } from '../membership/act.ts'
import { defaultPolicies } from '../records/default-policies.ts'
import { expectOk, ok, type Result } from '../result.ts'
import type { Draftbook } from './edit.ts'
import { newGeneration } from './generation.ts'
import { createHome, type HomeProblem, newKeys } from './home.ts'
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
  readonly now?: () => number
}

/**
 * Founds a community. The founding key signs three acts (genesis, the founder, the founder's station) and is then
 * kept, sealed, in the founder's home until it is printed for the office safe.
 */
export async function createCommunity(input: NewCommunity): Promise<Result<Station, HomeProblem>> {
  const root = newKeys()
  const nonce = new Uint8Array(randomBytes(16))
  const community = communityIdOf(root.signing.publicKey, nonce)
  const keys = newKeys()
  const member = randomId('me')
  const home = createHome(input.home, input.secret, { community, member, ...keys }, input.cost)
  if (!home.ok) return home
  const station = new Station(home.value, input.now)
  const founding: Act[] = [
    { type: 'genesis', nonce, box: root.boxing.publicKey },
    { type: 'member', member, role: 'chief', spaces: [] },
    { type: 'station', member, key: keys.signing.publicKey, box: keys.boxing.publicKey },
  ]
  const report = expectOk(await station.admit([signActs(root.signing, community, founding)], 'founding'))
  if (report.refused.length > 0) throw new Error(`founding acts refused: ${report.refused[0]!.reason}`)
  station.putDraft('founding-key', Buffer.from(root.signing.privateKey).toString('base64'))
  const communitySpace = randomId('sp')
  await addSpace(station, communitySpace, 'community')
  expectOk(
    await station.write('community.found', (book) => {
      const timeZone = input.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
      expectOk(
        book.create(
          'community',
          communitySpace,
          { set: { name: input.community, timeZone } },
          derivedId('cm', [community]),
        ),
      )
      introduce(
        book,
        member,
        input.member,
        station.identity.station,
        input.stationName ?? hostname(),
        communitySpace,
      )
      for (const { id, ...content } of defaultPolicies)
        expectOk(book.create('policy', communitySpace, content, derivedId('po', [community, id])))
      return ok(undefined)
    }),
  )
  for (const name of input.grids) await addGrid(station, name)
  return ok(station)
}

/** Adds a grid: its space, its key, and its card in the community's space. */
export async function addGrid(station: Station, name: string): Promise<SpaceId> {
  const space = randomId('sp')
  await addSpace(station, space, 'grid')
  expectOk(
    await station.write('grid.add', (book) =>
      book.create('grid', station.communitySpace()!, { set: { name, space } }),
    ),
  )
  return space
}

async function addSpace(station: Station, space: string, kind: 'community' | 'grid'): Promise<void> {
  expectOk(
    await station.act((write) => {
      write({ type: 'space', space, kind })
      write(newGeneration(station.membership(), space))
      return ok(undefined)
    }),
  )
}

/** What people will call a member and a station. */
export function introduce(
  book: Draftbook,
  member: string,
  memberName: string,
  station: string,
  stationName: string,
  space: string,
): void {
  expectOk(
    book.create(
      'member',
      space,
      { set: { member, name: memberName.slice(0, 60) } },
      derivedId('mc', [member]),
    ),
  )
  expectOk(
    book.create(
      'station',
      space,
      { set: { station, name: stationName.slice(0, 60) } },
      derivedId('sc', [station]),
    ),
  )
}

function signActs(
  key: { publicKey: Uint8Array; privateKey: Uint8Array },
  community: string,
  acts: readonly Act[],
): Uint8Array {
  const log = { key: key.publicKey, epoch: new Uint8Array(randomBytes(16)), space: community }
  const id = logIdOf(log)
  const entries = []
  let prev = rootOf(id)
  for (const [seq, act] of acts.entries()) {
    const entry = createEntry({ seq, prev, deps: [], acts: [], keys: [] }, [
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
