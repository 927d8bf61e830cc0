import { decodeCbor, encodeCbor, isBytes, isCount, isText, isTuple } from '../bytes/cbor.ts'
import { sha256 } from '../crypto/hash.ts'
import { type CommunityId, derivedId, isId } from '../ids.ts'
import { MAX_ENTRY_BYTES } from '../log/limits.ts'
import { fail, ok, type Result } from '../result.ts'
import { isRole, type Role } from './roles.ts'

/** A generation secret sealed for one station. */
export type Box = readonly [station: string, boxed: Uint8Array]

/**
 * A membership entry's one blob, not sealed: a blind gateway must judge it too. So it names ids and keys only;
 * what people are called is a record.
 */
export type Act =
  /** The founding key speaks: it lies on paper in the office safe, and only appoints and removes. */
  | { readonly type: 'genesis'; readonly nonce: Uint8Array; readonly box: Uint8Array }
  | { readonly type: 'space'; readonly space: string; readonly kind: 'community' | 'grid' }
  | {
      readonly type: 'member'
      readonly member: string
      readonly role: Role
      readonly spaces: readonly string[]
    }
  | { readonly type: 'station'; readonly member: string; readonly key: Uint8Array; readonly box: Uint8Array }
  | {
      readonly type: 'generation'
      readonly space: string
      /** 16 random bytes that name the key. */
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

export const communityIdOf = (rootKey: Uint8Array, nonce: Uint8Array): CommunityId =>
  derivedId('co', [rootKey, nonce], 15)

/** What a box is tied to, so that it opens nowhere else. */
export const boxContext = (space: string, generation: Uint8Array): Uint8Array =>
  sha256('doorstep/generation/1', space, generation)

export function encodeAct(act: Act): Uint8Array {
  switch (act.type) {
    case 'genesis':
      return encodeCbor(['genesis', act.nonce, act.box])
    case 'space':
      return encodeCbor(['space', act.space, act.kind])
    case 'member':
      return encodeCbor(['member', act.member, act.role, act.spaces])
    case 'station':
      return encodeCbor(['station', act.member, act.key, act.box])
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

const isIdList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= 1000 && value.every(isId)
const isBoxes = (value: unknown): value is Box[] =>
  Array.isArray(value) && value.every((box) => isTuple(box, 2) && isId(box[0]) && isBytes(box[1]))

export function parseAct(bytes: Uint8Array): Result<Act> {
  const decoded = decodeCbor(bytes, MAX_ENTRY_BYTES)
  if (!decoded.ok) return decoded
  const wire = decoded.value
  const malformed = () => fail({ type: 'malformed', detail: 'membership act' })
  if (!Array.isArray(wire)) return malformed()
  switch (wire[0]) {
    case 'genesis':
      return isTuple(wire, 3) && isBytes(wire[1], 16) && isBytes(wire[2], 32)
        ? ok({ type: 'genesis', nonce: wire[1], box: wire[2] })
        : malformed()
    case 'space':
      return isTuple(wire, 3) && isId(wire[1]) && (wire[2] === 'community' || wire[2] === 'grid')
        ? ok({ type: 'space', space: wire[1], kind: wire[2] })
        : malformed()
    case 'member':
      return isTuple(wire, 4) && isId(wire[1]) && isRole(wire[2]) && isIdList(wire[3])
        ? ok({ type: 'member', member: wire[1], role: wire[2], spaces: wire[3] })
        : malformed()
    case 'station':
      return isTuple(wire, 4) && isId(wire[1]) && isBytes(wire[2], 32) && isBytes(wire[3], 32)
        ? ok({ type: 'station', member: wire[1], key: wire[2], box: wire[3] })
        : malformed()
    case 'generation':
      return isTuple(wire, 4) && isId(wire[1]) && isBytes(wire[2], 16) && isBoxes(wire[3])
        ? ok({ type: 'generation', space: wire[1], generation: wire[2], boxes: wire[3] })
        : malformed()
    case 'box':
      return isTuple(wire, 3) && isBytes(wire[1], 16) && isBoxes(wire[2])
        ? ok({ type: 'box', generation: wire[1], boxes: wire[2] })
        : malformed()
    case 'freeze': {
      if (
        !isTuple(wire, 6) ||
        !isBytes(wire[1], 32) ||
        !isBytes(wire[2], 16) ||
        !isText(wire[3], 40) ||
        !isCount(wire[4])
      )
        return malformed()
      if (!isTuple(wire[5], 2)) return malformed()
      const proofs: BranchProof[] = []
      for (const item of wire[5]) {
        if (
          !isTuple(item, 3) ||
          !Array.isArray(item[0]) ||
          item[0].length > 64 ||
          !item[0].every((h) => isBytes(h))
        )
          return malformed()
        if (!isCount(item[1]) || !isBytes(item[2], 64)) return malformed()
        proofs.push({ headers: item[0], first: item[1], signature: item[2] })
      }
      return ok({
        type: 'freeze',
        log: wire[1],
        epoch: wire[2],
        space: wire[3],
        seq: wire[4],
        proofs: [proofs[0]!, proofs[1]!],
      })
    }
    default:
      return fail({ type: 'unknown-act', act: isText(wire[0], 40) ? wire[0] : null })
  }
}
