import { sameBytes, toHex } from '../bytes/bytes.ts'
import { type SpaceId, stationIdOf } from '../ids.ts'
import { type Entry, type EntryRef, type LogDeclaration, type LogId, parseEntry } from '../log/entry.ts'
import { encodeSegment, parseSegment, type Segment } from '../log/segment.ts'
import { parseAct } from '../membership/act.ts'
import { refuseAct } from '../membership/refuse.ts'
import { mayHold, mayWrite, memberAt } from '../membership/resolve.ts'
import { mayAct, roles } from '../membership/roles.ts'
import { expectOk } from '../result.ts'
import type { StoredEntry, Tip } from '../store/store.ts'
import { refsOf } from './act-book.ts'
import { type KeptAside, keepAside, MAX_NEWER_BYTES } from './aside.ts'
import { barOf } from './bars.ts'
import { carryBudget, makeRoom, mayCarry } from './carry.ts'
import { CHECKPOINT_ACTION, noteCheckpoint } from './checkpoint.ts'
import { commitmentOf, isCheckpoint } from './checkpoint-format.ts'
import type { Trunk } from './context.ts'
import { hasSeenAll, lostParts, mayLack, noteAnnounced, noteErasure, withoutErased } from './erase.ts'
import { erasedListOf, isErasure } from './erased-list.ts'
import { rebuildSpace } from './rebuild.ts'
import { RecordWriter } from './records.ts'
import { NOTHING_SEEN, type SeenBy, seenAfter, seenBy } from './seen.ts'
import { signTails } from './sign.ts'

export type Refused = { readonly log: LogId; readonly seq: number; readonly reason: string }
export type AdmitReport = {
  /** Entries taken in, held ones included. */
  admitted: number
  /** How many of them are membership acts. */
  acts: number
  known: number
  held: number
  /** Entries held before, which an entry that counts has now brought in. */
  carried: number
  /** Segments whose past is not here yet: nothing of them was kept, ask again. */
  missing: number
  /** Segments that said in advance what an erasure names (A19): that was kept, and they are to come again. */
  announced: number
  /** Segments with an entry that lacks a part which no erasure has named: whoever sent them lost or took it. */
  stripped: number
  /** Segments of spaces this station's member does not work in: not kept (D14). */
  skipped: number
  /** Segments kept aside to be passed on: carried for others, or of a form that a later version reads. */
  aside: number
  /** Segments that would have been kept aside, had there been room. */
  asideFull: number
  readonly refused: Refused[]
  /** Logs seen to have two branches for the first time. */
  readonly forks: { log: LogId; seq: number }[]
}

type Verdict =
  | {
      readonly type: 'take'
      readonly entry: Entry
      readonly seen: SeenBy
      readonly replaces: Uint8Array | null
      /** It follows the only end of its log. */
      readonly isOnly: boolean
    }
  | { readonly type: 'known' }
  | { readonly type: 'missing' }
  /** Only a later version can judge it, or what it stands on: kept as it came, and judged after an upgrade. */
  | { readonly type: 'newer' }
  | { readonly type: 'stripped' }
  /** The entry is at fault, for ever: remembered, with all that depends on it (A2). */
  | { readonly type: 'refuse'; readonly reason: string }
  /** The segment is at fault, for the entry belongs elsewhere: its author may be honest, so nothing is remembered. */
  | { readonly type: 'foreign'; readonly reason: 'broken-chain' }

const bytesOf = ({ log, entries, signature }: Segment): Uint8Array =>
  encodeSegment(
    log,
    entries.map(({ raw }) => raw),
    signature,
  )

/** Undoes a segment that cannot be taken whole: its signature stands for all of it. */
class SegmentRejected extends Error {}

/**
 * The one gate (D6), for a segment from outside and for our own entries. Used inside one store transaction; the
 * caller flushes the record writer before it ends.
 */
export class Admission {
  readonly #trunk: Trunk
  readonly records: RecordWriter
  readonly report: AdmitReport = {
    admitted: 0,
    acts: 0,
    known: 0,
    held: 0,
    carried: 0,
    missing: 0,
    announced: 0,
    stripped: 0,
    skipped: 0,
    aside: 0,
    asideFull: 0,
    refused: [],
    forks: [],
  }
  #actsArrived = false
  /** Spaces of which a checkpoint that counts has come. */
  readonly checkpointed = new Set<string>()
  /** Of the segment that is taken in, what was accepted last: what follows it need not ask whether its past counts. */
  #lastAccepted: Uint8Array | null = null
  /** Entries that count and are not in the records yet: a segment is applied when all of it was taken. */
  #taken: { readonly stored: StoredEntry; readonly known?: { seen: SeenBy; entry: Entry } }[] = []

  constructor(trunk: Trunk) {
    this.#trunk = trunk
    this.records = new RecordWriter(trunk, (space) => rebuildSpace(trunk, space))
  }

  /** Whether membership changed, so that bars and keys must be looked at again. */
  get actsArrived(): boolean {
    return this.#actsArrived
  }

  /**
   * Membership first, so that who belongs is settled before what they wrote (A10); otherwise in the order given.
   * `source` names who brought them: a station, a bundle. One that was read already is of this version.
   */
  segments(list: readonly (Uint8Array | Segment)[], source: string): void {
    const data: { segment: Segment; bytes: () => Uint8Array; isNewer: boolean }[] = []
    const { community } = this.#trunk.identity
    for (const one of list) {
      if (!(one instanceof Uint8Array)) {
        const bytes = () => bytesOf(one)
        if (one.log.space === community) this.#segment(one, bytes, source)
        else data.push({ segment: one, bytes, isNewer: false })
        continue
      }
      const bytes = () => one
      const parsed = parseSegment(one)
      const isNewer = !parsed.ok && parsed.problem.type === 'unknown-version'
      const read = isNewer ? parseSegment(one, 'newer') : parsed
      if (!read.ok) this.report.refused.push({ log: '', seq: -1, reason: read.problem.type })
      else if (read.value.log.space === community && !isNewer) this.#segment(read.value, bytes, source)
      else data.push({ segment: read.value, bytes, isNewer })
    }
    for (const { segment, bytes, isNewer } of data) {
      const { space } = segment.log
      if (space !== community && !this.#isWanted(space)) this.#carry(segment, bytes())
      else if (isNewer) this.#keepNewer(segment, bytes())
      else this.#segment(segment, bytes, source)
    }
  }

  /** Of a space that is not this station's: carried for others where it opted in, else not kept (D14). */
  #carry(segment: Segment, bytes: Uint8Array): void {
    const trunk = this.#trunk
    const budget = carryBudget(trunk)
    if (budget === null || !mayCarry(trunk.acts.now(), trunk.identity.station, segment.log.space)) {
      this.report.skipped++
      return
    }
    makeRoom(trunk, bytes.length)
    this.#countAside(keepAside(trunk, segment, bytes, 'carry', budget))
  }
  #keepNewer(segment: Segment, bytes: Uint8Array): void {
    this.#countAside(keepAside(this.#trunk, segment, bytes, 'newer', MAX_NEWER_BYTES))
  }
  #countAside(kept: KeptAside): void {
    if (kept === 'kept') this.report.aside++
    else if (kept === 'known') this.report.known++
    else if (kept === 'full') this.report.asideFull++
    else this.report.skipped++
  }

  #segment(segment: Segment, bytes: () => Uint8Array, source: string): void {
    // From a copy of this home: what is not signed here yet must be, before its later entries are, or nobody can have it.
    if (sameBytes(segment.log.key, this.#trunk.identity.signing.publicKey))
      signTails(this.#trunk, segment.log.space)
    const before = {
      admitted: this.report.admitted,
      acts: this.report.acts,
      known: this.report.known,
      held: this.report.held,
      carried: this.report.carried,
    }
    const forksBefore = this.report.forks.length
    this.#lastAccepted = null
    // A checkpoint is compared with the records. Written within the step, what others wrote would be undone with it.
    if (segment.entries.some(({ header }) => isCheckpoint(header))) this.records.flush()
    let isNewer = false
    let bad: {
      entry: Entry
      verdict: Exclude<Verdict, { type: 'take' | 'known' | 'missing' | 'newer' }>
    } | null = null
    try {
      this.#trunk.store.savepoint(() => {
        // What goes on from the only end of a log is new, all of it.
        const isNew = this.#onlyEnd(segment.id, segment.entries[0]!) !== null
        const fills = !isNew && segment.entries.some(({ hash }) => this.#trunk.store.entry(hash) === null)
        for (const entry of segment.entries) {
          if (fills) this.#fill(segment.id, entry)
          const verdict = this.#judge(segment.log, segment.id, entry)
          if (verdict.type === 'take') this.#take(segment.log, segment.id, verdict)
          else if (verdict.type === 'known') this.report.known++
          else {
            if (verdict.type === 'newer') isNewer = true
            else if (verdict.type !== 'missing') bad = { entry, verdict }
            throw new SegmentRejected()
          }
        }
        this.#keepSignature(segment)
      })
      this.#applyTaken()
    } catch (error) {
      if (!(error instanceof SegmentRejected)) throw error
      Object.assign(this.report, before)
      this.report.forks.length = forksBefore
      this.#taken = []
      if (segment.log.space === this.#trunk.identity.community) this.#trunk.acts.forget()
      if (isNewer) this.#keepNewer(segment, bytes())
      else this.#noteRejected(segment, bad, source)
    }
  }

  #isWanted(space: string): boolean {
    const { identity, acts } = this.#trunk
    const member = memberAt(acts.now(), identity.station)
    return member !== undefined && mayHold(acts.now(), member, space)
  }

  /** One that a checkpoint stands for is kept with those that go on from it under the same signature. */
  #fill(id: LogId, entry: Entry): void {
    const { store, now } = this.#trunk
    const { hash, header } = entry
    if (!store.shelf.base(hash)) return
    const kept = withoutErased(store, store.log(id)!.space, entry)
    store.putEntry(id, { seq: header.seq, hash, prev: header.prev, status: 'accepted', raw: kept, at: now() })
    store.shelf.dropBaseEntry(hash)
  }

  #keepSignature(segment: Segment): void {
    const last = segment.entries.at(-1)!
    if (this.#trunk.store.entry(last.hash)?.base) return
    this.#trunk.store.putSegment({
      log: segment.id,
      first: segment.entries[0]!.header.seq,
      last: last.header.seq,
      head: last.hash,
      signature: segment.signature,
    })
  }

  #noteRejected(
    segment: Segment,
    bad: { entry: Entry; verdict: Exclude<Verdict, { type: 'take' | 'known' | 'missing' | 'newer' }> } | null,
    source: string,
  ): void {
    const { store, now, acts } = this.#trunk
    // Strangers come without end, and nobody who belongs builds on what they wrote.
    const isKnown = acts.graph().claimsOf.has(stationIdOf(segment.log.key))
    if (!bad || bad.verdict.type === 'stripped') {
      if (noteAnnounced(this.#trunk, segment)) this.report.announced++
      else if (!bad) this.report.missing++
      else {
        this.report.stripped++
        const { hash, header } = bad.entry
        if (isKnown) store.putStripped({ hash, log: segment.id, seq: header.seq, source, at: now() })
      }
      return
    }
    const { entry, verdict } = bad
    const { reason } = verdict
    const seq = entry.header.seq
    this.report.refused.push({ log: segment.id, seq, reason })
    if (verdict.type === 'refuse' && isKnown)
      store.putRefusal({ hash: entry.hash, log: segment.id, seq, reason, source, at: now() })
  }

  /** Our own entry: the same gate; being turned away here is a bug of ours. */
  own(log: LogDeclaration, id: LogId, entry: Entry): void {
    // Sent and then lost with the power, another would take its number.
    this.#trunk.store.flushAtEnd()
    const verdict = this.#judge(log, id, entry)
    this.#lastAccepted = null
    if (verdict.type !== 'take')
      throw new Error(`own entry not admitted: ${'reason' in verdict ? verdict.reason : verdict.type}`)
    this.#take(log, id, verdict)
    this.#applyTaken()
  }

  #applyTaken(): void {
    for (const { stored, known } of this.#taken) this.records.apply(stored, known)
    this.#taken = []
  }

  /** The end of a log that has one, when an entry follows it: so it is neither here, nor a branch. */
  #onlyEnd(id: LogId, { header }: Entry): Tip | null {
    const [end, other] = this.#trunk.store.tipsOf(id)
    if (!end || other || header.seq !== end.ref.seq + 1) return null
    return sameBytes(end.ref.hash, header.prev) ? end : null
  }

  #judge(log: LogDeclaration, id: LogId, entry: Entry): Verdict {
    const { store, identity, acts } = this.#trunk
    const { header, hash } = entry
    const only = this.#onlyEnd(id, entry)
    const there = only ? null : store.entry(hash)
    if (there) {
      if (there.log !== id) return { type: 'foreign', reason: 'broken-chain' }
      if (!there.base) this.#refill(log, there, entry)
      return { type: 'known' }
    }
    // What no erasure has named was lost or stripped by whoever forwarded it; another may have it.
    if (!mayLack(store, log.space, entry)) return { type: 'stripped' }
    if (store.refusal(hash)) return { type: 'refuse', reason: 'refused-before' }
    const isAct = log.space === identity.community
    let before = NOTHING_SEEN
    let replaces: Uint8Array | null = null
    if (only) {
      replaces = only.ref.hash
      before = { deps: only.seen, acts: only.acts }
    } else if (header.seq > 0) {
      const prev = store.entry(header.prev)
      if (!prev) return this.#lacking(header.prev)
      if (prev.log !== id || prev.seq !== header.seq - 1) return { type: 'foreign', reason: 'broken-chain' }
      const end = store.tipsOf(id).find((tip) => sameBytes(tip.ref.hash, header.prev))
      if (end) replaces = end.ref.hash
      before = end ? { deps: end.seen, acts: end.acts } : seenBy(this.#trunk, prev)
    }
    for (const dep of header.deps) {
      const there = store.entry(dep.hash)
      if (!there) return this.#lacking(dep.hash)
      if (there.log !== dep.log || there.seq !== dep.seq || store.log(there.log)!.space !== log.space)
        return { type: 'refuse', reason: 'false-dependency' }
    }
    if (isAct && header.acts.length > 0) return { type: 'refuse', reason: 'false-dependency' }
    for (const act of header.acts) {
      if (acts.has(act)) continue
      if (store.entry(act.hash)) return { type: 'refuse', reason: 'false-dependency' }
      return this.#lacking(act.hash)
    }
    const seen = seenAfter(acts, before, header)
    const reason = isAct ? this.#refuseAct(log, entry, seen) : this.#refuseData(log, id, entry, seen)
    if (reason === 'newer-act') return { type: 'newer' }
    return reason
      ? { type: 'refuse', reason }
      : { type: 'take', entry, seen, replaces, isOnly: only !== null }
  }

  /** What names an entry that is not here: refused for ever, waiting for a later version with it, or to come again. */
  #lacking(hash: Uint8Array): Verdict {
    const { store } = this.#trunk
    if (store.refusal(hash)) return { type: 'refuse', reason: 'past-refused' }
    return store.aside.rowWith(hash)?.reason === 'newer' ? { type: 'newer' } : { type: 'missing' }
  }

  #refuseAct(log: LogDeclaration, entry: Entry, seen: SeenBy): string | null {
    const { acts } = this.#trunk
    const blob = entry.raw.blobs[0]
    if (entry.header.blobs.length !== 1 || !blob || entry.header.blobs[0]!.key !== -1) return 'malformed-act'
    const act = parseAct(blob)
    if (!act.ok) return act.problem.type
    const { seq, prev } = entry.header
    const named: EntryRef[] = seq > 0 ? [{ log: '', seq: seq - 1, hash: prev }] : []
    const past = [...refsOf(seen.deps), ...named]
    return refuseAct(acts.graph(), {
      act: act.value,
      log,
      seq,
      past: acts.pastOf(past),
      membership: acts.at(past),
    })
  }

  #refuseData(log: LogDeclaration, id: LogId, entry: Entry, seen: SeenBy): string | null {
    const past = this.#trunk.acts.atSeen(seen.acts)
    const station = stationIdOf(log.key)
    const member = memberAt(past, station)
    if (!member) return 'not-a-member'
    if (isCheckpoint(entry.header)) {
      if (!commitmentOf(entry)) return 'malformed-checkpoint'
      if (!mayAct(member.role, CHECKPOINT_ACTION)) return 'role-may-not'
    } else if (isErasure(entry.header)) {
      const names = erasedListOf(entry)
      if (!names) return 'unsealed'
      if (!roles[member.role].erases) return 'role-may-not'
      const { seq, prev } = entry.header
      const heads = [...refsOf(seen.deps), { log: id, seq: seq - 1, hash: prev }]
      if (!hasSeenAll(this.#trunk.store, log.space, heads, names)) return 'erases-unseen'
    } else if (entry.header.blobs.some((blob) => blob.key < 0)) return 'unsealed'
    const frozenAt = past.frozen.get(id)
    if (frozenAt !== undefined && entry.header.seq >= frozenAt) return 'frozen-in-own-past'
    // An entry without parts only stands by what it saw (A10): whoever stands writes it, in a space it lost too.
    if (entry.header.blobs.length === 0) return past.spaces.has(log.space) ? null : 'unknown-space'
    return mayWrite(past, member, log.space as SpaceId) ? null : 'role-may-not'
  }

  /** What was lost on the way here, by a notice that never came true, is put back by whoever still has it. */
  #refill(log: LogDeclaration, there: StoredEntry, coming: Entry): void {
    const lost = lostParts(this.#trunk.store, log.space, there, coming.raw)
    if (lost.size === 0) return
    this.#trunk.store.refill(there.hash, lost)
    if (there.status === 'accepted') this.records.foldAgain(log.space)
  }

  #take(log: LogDeclaration, id: LogId, verdict: Extract<Verdict, { type: 'take' }>): void {
    const { store, identity, now } = this.#trunk
    const { entry, seen, replaces, isOnly } = verdict
    const { seq, prev } = entry.header
    if (!isOnly) store.putLog(log)
    if (!isOnly && store.entriesAt(id, seq).length + store.shelf.baseAt(id, seq).length > 0)
      this.report.forks.push({ log: id, seq })
    const isAct = log.space === identity.community
    const ref = { log: id, seq, hash: entry.hash }
    const held = !isAct && barOf(store, this.#trunk.acts.now(), ref) !== null
    if (isCheckpoint(entry.header)) noteCheckpoint(this.#trunk, ref, entry, !held)
    if (!isAct && isErasure(entry.header)) noteErasure(store, log.space, entry)
    const raw = isAct ? entry.raw : withoutErased(store, log.space, entry)
    const n = store.putEntry(id, {
      seq,
      hash: entry.hash,
      prev,
      status: held ? 'held' : 'accepted',
      raw,
      at: now(),
    })
    store.putTip(id, replaces, { ref, seen: seen.deps, acts: seen.acts })
    this.report.admitted++
    if (held) {
      this.report.held++
      return
    }
    if (isAct) {
      this.report.acts++
      this.#actsArrived = true
      return
    }
    if (isCheckpoint(entry.header)) this.checkpointed.add(log.space)
    this.#carryPast(entry)
    this.#lastAccepted = entry.hash
    const stored: StoredEntry = {
      n,
      log: id,
      seq,
      hash: entry.hash,
      prev,
      status: 'accepted',
      raw,
      arrivedAt: 0,
    }
    this.#taken.push({ stored, known: { seen, entry } })
  }

  /** A held entry that is no longer barred counts, with its whole past. */
  acceptHeld(held: StoredEntry): void {
    const { store } = this.#trunk
    const now = store.entry(held.hash)
    if (!now || now.status === 'accepted') return
    this.#carryPast(expectOk(parseEntry(now.raw)))
    store.accept(now.hash)
    this.report.carried++
    this.#taken.push({ stored: { ...now, status: 'accepted' } })
    this.#applyTaken()
  }

  #carryPast(entry: Entry): void {
    const { store } = this.#trunk
    const carried = new Map<string, StoredEntry>()
    const ahead: Uint8Array[] = entry.header.deps.map((dep) => dep.hash)
    const follows = this.#lastAccepted !== null && sameBytes(entry.header.prev, this.#lastAccepted)
    if (entry.header.seq > 0 && !follows) ahead.push(entry.header.prev)
    for (let hash = ahead.pop(); hash; hash = ahead.pop()) {
      const older = store.entry(hash)
      if (!older || older.status === 'accepted' || carried.has(toHex(hash))) continue
      carried.set(toHex(hash), older)
      // What it had seen before, the entries before it name.
      for (const ref of expectOk(parseEntry(older.raw)).header.deps) ahead.push(ref.hash)
      if (older.seq > 0) ahead.push(older.prev)
    }
    for (const older of [...carried.values()].sort((a, b) => a.n - b.n)) {
      store.accept(older.hash)
      this.report.carried++
      this.#taken.push({ stored: { ...older, status: 'accepted' } })
    }
  }
}
