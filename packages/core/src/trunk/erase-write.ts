import { toHex } from '../bytes/bytes.ts'
import { SEAL_OVERHEAD_BYTES } from '../crypto/seal.ts'
import { randomId } from '../ids.ts'
import { type EntryRef, parseEntry } from '../log/entry.ts'
import { MAX_ENTRY_BYTES, MAX_PARTS } from '../log/limits.ts'
import { mayWrite, memberAt } from '../membership/resolve.ts'
import { mayAct, roles } from '../membership/roles.ts'
import type { Change } from '../record/change.ts'
import { erasure } from '../records/erasure.ts'
import { typeOf } from '../records/registry.ts'
import { expectOk, fail, ok, type Result } from '../result.ts'
import type { ErasedName } from '../store/store.ts'
import type { Admission } from './admit.ts'
import type { Trunk } from './context.ts'
import { ERASE_ACTION, erasureIdOf, readPart } from './erase.ts'
import { encodeErasedList, NAME_BYTES, PART_BYTES } from './erased-list.ts'
import { encodePart, sealDeed, sealPart } from './part.ts'
import { append, generationFor, HEADER_ROOM_BYTES, nextIn, type WriteProblem, wholeDeed } from './write.ts'

export type Erased = { readonly record: string; readonly type: string; readonly names: readonly ErasedName[] }

/** Room for names and tombstones in one entry, in bytes: an entry alone fills no segment to the brim. */
const ROOM_BYTES = MAX_ENTRY_BYTES - HEADER_ROOM_BYTES
/** A tombstone's blob costs its hash in the header, too. */
const BLOB_BYTES = SEAL_OVERHEAD_BYTES + 1 + 48
/** The written reason, in characters: a class or a paragraph of the rules, never a story about somebody. */
export const MAX_REASON = 80

type Lot = {
  readonly tombs: { record: string; type: string; parts: number }[]
  readonly names: Map<string, ErasedName>
}

/** Writes erasures of records in one space, as few entries as their size allows. Inside the caller's transaction. */
export function writeErasures(
  trunk: Trunk,
  admission: Admission,
  space: string,
  act: string,
  reason: string,
  records: readonly Erased[],
): Result<EntryRef[], WriteProblem> {
  const generation = generationFor(trunk, admission, space)
  if (!generation) return fail({ type: 'no-key', space })
  const refs: EntryRef[] = []
  let next = nextIn(trunk, admission, space)
  const key = trunk.keyring.keyFor(trunk.acts.now(), generation.id, next.id, space)!
  const deed = wholeDeed(trunk, { action: ERASE_ACTION, act })
  for (const { tombs, names } of lotsOf(records)) {
    const blobs = [{ bytes: sealDeed(key, next.id, next.seq, deed), key: 0 }]
    for (const tomb of tombs) {
      const text = encodePart(
        tombstone(tomb, { reason, by: deed.member, at: new Date(deed.at).toISOString() }),
      )
      blobs.push({ bytes: sealPart(key, next.id, next.seq, blobs.length, text), key: 0 })
    }
    blobs.push({ bytes: encodeErasedList([...names.values()]), key: -1 })
    const entry = append(admission, next, [generation.id], blobs)
    refs.push({ log: next.id, seq: next.seq, hash: entry.hash })
    next = { ...next, seq: next.seq + 1, prev: entry.hash, deps: [], acts: [] }
  }
  return ok(refs)
}

const tombstone = (
  { record, type, parts }: Lot['tombs'][number],
  said: { reason: string; by: string; at: string },
): Change => ({
  type: erasure.type,
  version: erasure.version,
  id: erasureIdOf(record),
  writes: [
    { type: 'field', name: 'record', value: record },
    { type: 'field', name: 'recordType', value: type },
    { type: 'append', name: 'acts', value: { ...said, parts } },
  ],
  unwrites: [],
})

/** What a tombstone weighs at most: an id, a type, a reason of three-byte characters, a member, a time. */
const TOMB_BYTES = BLOB_BYTES + 300 + 3 * MAX_REASON

/** A record without parts here (a checkpoint stands for them) gets its tombstone: who has the parts names them. */
function lotsOf(records: readonly Erased[]): Lot[] {
  const lots: Lot[] = []
  let lot: Lot = { tombs: [], names: new Map() }
  let room = ROOM_BYTES
  const close = () => {
    if (lot.tombs.length > 0) lots.push(lot)
    lot = { tombs: [], names: new Map() }
    room = ROOM_BYTES
  }
  for (const { record, type, names } of records) {
    const entomb = () => {
      if (room < TOMB_BYTES + NAME_BYTES + PART_BYTES || lot.tombs.length === MAX_PARTS - 1) close()
      const tomb = { record, type, parts: 0 }
      lot.tombs.push(tomb)
      room -= TOMB_BYTES
      return tomb
    }
    let tomb = entomb()
    for (const { parts, ...name } of names)
      for (const part of parts) {
        const cost = () => (lot.names.has(toHex(name.hash)) ? 0 : NAME_BYTES) + PART_BYTES
        if (room < cost()) {
          close()
          tomb = entomb()
        }
        room -= cost()
        tomb.parts++
        const known = lot.names.get(toHex(name.hash))?.parts ?? []
        lot.names.set(toHex(name.hash), { ...name, parts: [...known, part] })
      }
  }
  close()
  return lots
}

/**
 * Parts about records that were erased already, by people who had not heard: void, but their bytes are there. Whoever
 * may erase and can read them names them as well, by itself: the decision was made, and this carries it out.
 */
export function eraseLateParts(trunk: Trunk, admission: Admission): EntryRef[] {
  const { identity } = trunk
  const membership = trunk.acts.now()
  const member = memberAt(membership, identity.station)
  if (!member || !roles[member.role].erases || !mayAct(member.role, ERASE_ACTION)) return []
  const refs: EntryRef[] = []
  const act = randomId('ac')
  for (const space of membership.spaces.keys()) {
    if (!mayWrite(membership, member, space)) continue
    const late = latePartsOf(trunk, space)
    if (late.length === 0) continue
    const written = writeErasures(trunk, admission, space, act, LATE, late)
    if (written.ok) refs.push(...written.value)
  }
  return refs
}

/** The reason given for parts that came after their record was erased. */
export const LATE = 'written-before-hearing'

function latePartsOf(trunk: Trunk, space: string): Erased[] {
  const { store } = trunk
  const late = new Map<string, (ErasedName & { parts: number[] })[]>()
  for (const { log, seq, hash, part } of store.voids({ space, reason: 'record-erased' })) {
    const entry = store.entry(hash)!
    const change = readPart(trunk, space, entry, expectOk(parseEntry(entry.raw)).header, part)
    if (!change) continue
    const names = late.get(change.id) ?? []
    late.set(change.id, names)
    const last = names.at(-1)
    if (last && toHex(last.hash) === toHex(hash)) last.parts.push(part)
    else names.push({ log, seq, hash, parts: [part] })
  }
  return [...late].map(([record, names]) => ({ record, type: typeOf(record) ?? '', names }))
}
