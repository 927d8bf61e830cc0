import { randomBytes } from 'node:crypto'
import { createKeyPair, createSigner, type KeyPair } from '../src/crypto/keys.ts'
import {
  createEntry,
  type Entry,
  type EntryRef,
  type LogDeclaration,
  logIdOf,
  rootOf,
} from '../src/log/entry.ts'
import { encodeSegment, segmentClaim } from '../src/log/segment.ts'
import { type Act, encodeAct } from '../src/membership/act.ts'
import type { Change } from '../src/record/change.ts'
import type { Station } from '../src/station/station.ts'
import { acceptedHeads } from '../src/trunk/heads.ts'
import { type Deed, encodePart, sealDeed, sealPart } from '../src/trunk/part.ts'

export type ForgedEntry = {
  readonly deps?: readonly EntryRef[]
  readonly acts?: readonly EntryRef[]
  /** Where it stands; goes on from the author's last entry when not given. */
  readonly seq?: number
  readonly prev?: Uint8Array
}
export type ForgedData = ForgedEntry & {
  readonly deed?: Partial<Deed>
  /** A change is sealed as it should be; raw bytes are sealed as they are. */
  readonly parts: readonly (Change | Uint8Array)[]
}

/**
 * Somebody with a signing key who writes what an honest station would not: real codecs, real seals, no gate.
 * One author is one log; a second with the same keys and epoch is its fork.
 */
export class Forger {
  readonly keys: KeyPair
  readonly log: LogDeclaration
  readonly id: string
  #seq = 0
  #prev: Uint8Array

  constructor(keys: KeyPair, space: string, epoch: Uint8Array = new Uint8Array(randomBytes(16))) {
    this.keys = keys
    this.log = { key: keys.publicKey, epoch, space }
    this.id = logIdOf(this.log)
    this.#prev = rootOf(this.id)
  }

  static stranger(space: string): Forger {
    return new Forger(createKeyPair('ed25519'), space)
  }

  /** In the name of a member's station, in a log of its own. */
  static of(station: Station, space: string, epoch?: Uint8Array): Forger {
    return new Forger(station.trunk.identity.signing, space, epoch)
  }

  ref(entry: Entry): EntryRef {
    return { log: this.id, seq: entry.header.seq, hash: entry.hash }
  }

  /** Where the next entry goes: after one that somebody else wrote in this log. */
  goOnFrom(entry: { seq: number; hash: Uint8Array }): this {
    this.#seq = entry.seq + 1
    this.#prev = entry.hash
    return this
  }

  entry(
    forged: ForgedEntry,
    keys: readonly Uint8Array[],
    blobs: { bytes: Uint8Array; key: number }[],
  ): Entry {
    const entry = createEntry(
      {
        seq: forged.seq ?? this.#seq,
        prev: forged.prev ?? this.#prev,
        deps: forged.deps ?? [],
        acts: forged.acts ?? [],
        keys,
      },
      blobs,
    )
    return entry
  }

  append(entry: Entry): Entry {
    this.goOnFrom({ seq: entry.header.seq, hash: entry.hash })
    return entry
  }

  act(act: Act | Uint8Array, forged: ForgedEntry = {}): Entry {
    const bytes = act instanceof Uint8Array ? act : encodeAct(act)
    return this.append(this.entry(forged, [], [{ bytes, key: -1 }]))
  }

  /** Sealed with the key that `as` would use for this log. The first entry names the acts `as` has seen. */
  data(as: Station, forged: ForgedData): Entry {
    const { keyring, store, identity } = as.trunk
    const generation = keyring.latest(as.membership(), this.log.space)!
    const key = keyring.keyFor(as.membership(), generation.id, this.id, this.log.space)!
    const seq = forged.seq ?? this.#seq
    const deed: Deed = {
      member: as.identity.member,
      action: 'record.edit',
      at: 1,
      act: 'ac-0000',
      ...forged.deed,
    }
    const acts = forged.acts ?? (seq === 0 ? acceptedHeads(store, identity.community) : [])
    const texts = forged.parts.map((part) => (part instanceof Uint8Array ? part : encodePart(part)))
    return this.append(
      this.entry(
        { ...forged, acts },
        [generation.id],
        [
          { bytes: sealDeed(key, this.id, seq, deed), key: 0 },
          ...texts.map((text, at) => ({ bytes: sealPart(key, this.id, seq, at + 1, text), key: 0 })),
        ],
      ),
    )
  }

  /** An entry without parts: it stands by what it names (A10). */
  standBy(forged: ForgedEntry): Entry {
    return this.append(this.entry(forged, [], []))
  }

  segment(...entries: readonly Entry[]): Uint8Array {
    const first = entries[0]!
    const last = entries.at(-1)!
    const claim = segmentClaim(this.id, first.header.seq, last.header.seq, last.hash)
    return encodeSegment(
      this.log,
      entries.map((entry) => entry.raw),
      createSigner(this.keys.privateKey)(claim),
    )
  }
}

export const write = (id: string, fields: Readonly<Record<string, string>>): Change => ({
  type: 'building',
  version: 1,
  id,
  writes: Object.entries(fields).map(([name, value]) => ({ type: 'field', name, value })),
  unwrites: [],
})

/** Heads of what counts for a station, as an entry would name them. */
export const headsOf = (station: Station, space: string): readonly EntryRef[] =>
  acceptedHeads(station.trunk.store, space)
export const actsOf = (station: Station): readonly EntryRef[] => headsOf(station, station.identity.community)
