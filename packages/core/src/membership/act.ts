import { decodeCbor, encodeCbor, isBytes, isCount, isText, isTuple } from '../bytes/cbor.ts'
import { sha256 } from '../crypto/hash.ts'
import { createSigner, isSignedBy } from '../crypto/keys.ts'
import { type CommunityId, derivedId, isId, type MemberId } from '../ids.ts'
import { type EntryRef, parseRefs, refToWire } from '../log/entry.ts'
import { MAX_ENTRY_BYTES } from '../log/limits.ts'
import { fail, ok, type Result } from '../result.ts'
import { isRole, type Role, type SpaceKind } from './roles.ts'

/** A generation secret sealed for one station. */
export type Box = readonly [station: string, boxed: Uint8Array]
export type RoleFact = readonly [member: string, role: Role]
export type SpaceFact = readonly [member: string, space: string, has: boolean]

/** A station's keys, and its own word that it wants to belong here: nobody can claim a colleague's keys. */
export type StationKeys = {
  /** Ed25519 public key, 32 bytes. */
  readonly key: Uint8Array
  /** X25519 public key, 32 bytes. */
  readonly box: Uint8Array
  /** Ed25519 signature by `key` over `stationClaim`. */
  readonly proof: Uint8Array
}

/**
 * A membership entry's one blob, not sealed: a blind gateway must judge it too. So it names ids and keys only;
 * what people are called is a record.
 */
export type Act =
  /** The founding key speaks: it lies on paper in the office safe, and only appoints and removes. */
  | { readonly type: 'genesis'; readonly nonce: Uint8Array; readonly box: Uint8Array }
  /** `parent`: of a desk, the grid whose cases come to it. */
  | {
      readonly type: 'space'
      readonly space: string
      readonly kind: SpaceKind
      readonly parent: string | null
    }
  /** Adds a member with the first of its stations. The member's id is made from this act's hash (A3). */
  | ({ readonly type: 'member'; readonly role: Role; readonly spaces: readonly string[] } & StationKeys)
  | ({ readonly type: 'station'; readonly member: string } & StationKeys)
  /** What is true of members from here on; a handover is one such act about two of them (A6). */
  | { readonly type: 'assign'; readonly roles: readonly RoleFact[]; readonly spaces: readonly SpaceFact[] }
  /** `cut`: the last entry of each of their logs that the remover has accepted (A8). */
  | { readonly type: 'remove'; readonly member: string; readonly cut: readonly EntryRef[] }
  | { readonly type: 'remove-station'; readonly station: string; readonly cut: readonly EntryRef[] }
  /** A station ends itself, in good order. */
  | { readonly type: 'leave'; readonly cut: readonly EntryRef[] }
  /** Makes an act count again that a removal voided (A7). */
  | { readonly type: 'ratify'; readonly act: Uint8Array }
  | {
      readonly type: 'generation'
      readonly space: string
      /** Names the secret and commits to it: `generationIdOf`. */
      readonly generation: Uint8Array
      readonly boxes: readonly Box[]
    }
  | { readonly type: 'box'; readonly generation: Uint8Array; readonly boxes: readonly Box[] }
  /** Two signed entries of one log with one sequence: the proof of a fork (A13). */
  | {
      readonly type: 'freeze'
      readonly log: Uint8Array
      readonly epoch: Uint8Array
      readonly space: string
      readonly seq: number
      readonly proofs: readonly [BranchProof, BranchProof]
    }

/** Headers from the forked sequence to the end of the segment that its author signed. */
export type BranchProof = {
  readonly headers: readonly Uint8Array[]
  readonly first: number
  readonly signature: Uint8Array
}

/**
 * A community is its founding act. One whose nonce begins with these eight bytes is for practice, for ever, and its id
 * says so to everybody who is shown it: no flag can be lost on the way, or taken off.
 */
const PRACTICE_MARK = new TextEncoder().encode('practice')
const isPracticeNonce = (nonce: Uint8Array): boolean => PRACTICE_MARK.every((byte, at) => nonce[at] === byte)

export const practiceNonce = (random: Uint8Array): Uint8Array => {
  const nonce = Uint8Array.from(random)
  nonce.set(PRACTICE_MARK)
  return nonce
}

export const communityIdOf = (rootKey: Uint8Array, nonce: Uint8Array): CommunityId =>
  derivedId(isPracticeNonce(nonce) ? 'px' : 'co', [rootKey, nonce], 15)

/** Made-up people and made-up trouble. */
export const isPracticeCommunity = (community: string): boolean => community.startsWith('px-')

/** A member is the act that added it: no other act can claim its id. */
export const memberIdOf = (actHash: Uint8Array): MemberId => derivedId('me', [actHash], 15)

/** What a box is tied to, so that it opens nowhere else. */
export const boxContext = (space: string, generation: Uint8Array): Uint8Array =>
  sha256('doorstep/generation/1', space, generation)

/** 16 bytes that commit to a secret: whoever opens a box sees whether it holds what all others got. */
export const generationIdOf = (space: string, secret: Uint8Array): Uint8Array =>
  sha256('doorstep/generation/2', space, secret).subarray(0, 16)

/** `whom`: the inviting station for a new member, the member for a further station. */
const stationClaim = (community: string, whom: string, box: Uint8Array): Uint8Array =>
  sha256('doorstep/station/1', community, whom, box)

export const proveStation = (
  privateKey: Uint8Array,
  community: string,
  whom: string,
  box: Uint8Array,
): Uint8Array => createSigner(privateKey)(stationClaim(community, whom, box))

export const isProvenStation = (keys: StationKeys, community: string, whom: string): boolean =>
  isSignedBy(keys.key, stationClaim(community, whom, keys.box), keys.proof)

export function encodeAct(act: Act): Uint8Array {
  switch (act.type) {
    case 'genesis':
      return encodeCbor(['genesis', act.nonce, act.box])
    case 'space':
      return encodeCbor(['space', act.space, act.kind, act.parent])
    case 'member':
      return encodeCbor(['member', act.role, act.spaces, act.key, act.box, act.proof])
    case 'station':
      return encodeCbor(['station', act.member, act.key, act.box, act.proof])
    case 'assign':
      return encodeCbor(['assign', act.roles, act.spaces])
    case 'remove':
      return encodeCbor(['remove', act.member, act.cut.map(refToWire)])
    case 'remove-station':
      return encodeCbor(['remove-station', act.station, act.cut.map(refToWire)])
    case 'leave':
      return encodeCbor(['leave', act.cut.map(refToWire)])
    case 'ratify':
      return encodeCbor(['ratify', act.act])
    case 'generation':
      return encodeCbor(['generation', act.space, act.generation, act.boxes])
    case 'box':
      return encodeCbor(['box', act.generation, act.boxes])
    case 'freeze':
      return encodeCbor([
        'freeze',
        act.log,
        act.epoch,
        act.space,
        act.seq,
        act.proofs.map((proof) => [proof.headers, proof.first, proof.signature]),
      ])
  }
}

const MAX_NAMED = 1000
const isIdList = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.length <= MAX_NAMED &&
  value.every(isId) &&
  new Set(value).size === value.length
const isBoxes = (value: unknown): value is Box[] =>
  Array.isArray(value) &&
  value.every((box) => isTuple(box, 2) && isId(box[0]) && isBytes(box[1])) &&
  isOnce(value.map(([station]) => station as string))
const isOnce = (names: readonly string[]): boolean => new Set(names).size === names.length
const isKind = (value: unknown): value is SpaceKind =>
  value === 'community' || value === 'grid' || value === 'desk'
const isRoleFacts = (value: unknown): value is RoleFact[] =>
  Array.isArray(value) &&
  value.length <= MAX_NAMED &&
  value.every((fact) => isTuple(fact, 2) && isId(fact[0]) && isRole(fact[1])) &&
  isOnce(value.map(([member]) => member as string))
const isSpaceFacts = (value: unknown): value is SpaceFact[] =>
  Array.isArray(value) &&
  value.length <= MAX_NAMED &&
  value.every((fact) => isTuple(fact, 3) && isId(fact[0]) && isId(fact[1]) && typeof fact[2] === 'boolean') &&
  isOnce(value.map(([member, space]) => `${member}/${space}`))

export function parseAct(bytes: Uint8Array): Result<Act> {
  const decoded = decodeCbor(bytes, MAX_ENTRY_BYTES)
  if (!decoded.ok) return decoded
  const wire = decoded.value
  if (!Array.isArray(wire)) return fail({ type: 'malformed', detail: 'membership act' })
  // A name that is no text is never asked to become one: objects may refuse.
  const name = isText(wire[0], 40) ? wire[0] : null
  if (name === null) return fail({ type: 'malformed', detail: 'membership act' })
  if (!Object.hasOwn(PARSERS, name)) return fail({ type: 'newer-act', act: name })
  const act = PARSERS[name as Act['type']](wire)
  if (act !== null) return ok(act)
  return namesNewer(wire)
    ? fail({ type: 'newer-act', act: name })
    : fail({ type: 'malformed', detail: 'membership act' })
}

/** A role or a kind of space that no table here has: a later version's. What else an act says keeps its form. */
function namesNewer([name, first, second]: unknown[]): boolean {
  const isNew = (word: unknown, isKnown: (value: unknown) => boolean) =>
    typeof word === 'string' && /^[a-z][a-z-]{0,39}$/.test(word) && !isKnown(word)
  if (name === 'space') return isNew(second, isKind)
  if (name === 'member') return isNew(first, isRole)
  if (name !== 'assign' || !Array.isArray(first)) return false
  return first.some((fact) => Array.isArray(fact) && isNew(fact[1], isRole))
}

const parseCut = (value: unknown): readonly EntryRef[] | null => parseRefs(value, MAX_NAMED)

function parseKeys(key: unknown, box: unknown, proof: unknown): StationKeys | null {
  return isBytes(key, 32) && isBytes(box, 32) && isBytes(proof, 64) ? { key, box, proof } : null
}

const PARSERS: { readonly [T in Act['type']]: (wire: unknown[]) => Act | null } = {
  genesis: (wire) =>
    isTuple(wire, 3) && isBytes(wire[1], 16) && isBytes(wire[2], 32)
      ? { type: 'genesis', nonce: wire[1], box: wire[2] }
      : null,
  space: (wire) =>
    isTuple(wire, 4) && isId(wire[1]) && isKind(wire[2]) && (wire[3] === null || isId(wire[3]))
      ? { type: 'space', space: wire[1], kind: wire[2], parent: wire[3] }
      : null,
  member: (wire) => {
    const keys = isTuple(wire, 6) ? parseKeys(wire[3], wire[4], wire[5]) : null
    return keys && isRole(wire[1]) && isIdList(wire[2])
      ? { type: 'member', role: wire[1], spaces: wire[2], ...keys }
      : null
  },
  station: (wire) => {
    const keys = isTuple(wire, 5) ? parseKeys(wire[2], wire[3], wire[4]) : null
    return keys && isId(wire[1]) ? { type: 'station', member: wire[1], ...keys } : null
  },
  assign: (wire) =>
    isTuple(wire, 3) && isRoleFacts(wire[1]) && isSpaceFacts(wire[2])
      ? { type: 'assign', roles: wire[1], spaces: wire[2] }
      : null,
  remove: (wire) => {
    const cut = isTuple(wire, 3) ? parseCut(wire[2]) : null
    return cut && isId(wire[1]) ? { type: 'remove', member: wire[1], cut } : null
  },
  'remove-station': (wire) => {
    const cut = isTuple(wire, 3) ? parseCut(wire[2]) : null
    return cut && isId(wire[1]) ? { type: 'remove-station', station: wire[1], cut } : null
  },
  leave: (wire) => {
    const cut = isTuple(wire, 2) ? parseCut(wire[1]) : null
    return cut ? { type: 'leave', cut } : null
  },
  ratify: (wire) => (isTuple(wire, 2) && isBytes(wire[1], 32) ? { type: 'ratify', act: wire[1] } : null),
  generation: (wire) =>
    isTuple(wire, 4) && isId(wire[1]) && isBytes(wire[2], 16) && isBoxes(wire[3])
      ? { type: 'generation', space: wire[1], generation: wire[2], boxes: wire[3] }
      : null,
  box: (wire) =>
    isTuple(wire, 3) && isBytes(wire[1], 16) && isBoxes(wire[2])
      ? { type: 'box', generation: wire[1], boxes: wire[2] }
      : null,
  freeze: (wire) => {
    if (!isTuple(wire, 6)) return null
    const [, log, epoch, space, seq, pair] = wire
    if (!isBytes(log, 32) || !isBytes(epoch, 16) || !isText(space, 40) || !isCount(seq)) return null
    if (!isTuple(pair, 2)) return null
    const [a, b] = pair.map(parseProof)
    return a && b ? { type: 'freeze', log, epoch, space, seq, proofs: [a, b] } : null
  },
}

function parseProof(item: unknown): BranchProof | null {
  if (!isTuple(item, 3)) return null
  const [headers, first, signature] = item
  const whole =
    Array.isArray(headers) &&
    headers.length <= 64 &&
    headers.every((header) => isBytes(header)) &&
    isCount(first) &&
    isBytes(signature, 64)
  return whole ? { headers, first, signature } : null
}
