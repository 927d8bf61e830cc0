import { BlobBook } from '../blob/blob-book.ts'
import { MalformedError } from '../bytes/streams.ts'
import { deriveKey } from '../crypto/seal.ts'
import { randomId } from '../ids.ts'
import type { EntryRef, LogId } from '../log/entry.ts'
import type { Segment } from '../log/segment.ts'
import type { Act } from '../membership/act.ts'
import {
  isStanding,
  type Member,
  type Membership,
  mayHold,
  mayRead,
  memberAt,
} from '../membership/resolve.ts'
import { mayAct, type SpaceKind } from '../membership/roles.ts'
import { isMovedAway, shownCopy } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import type { RecordType } from '../records/registry.ts'
import { fail, ok, type Result } from '../result.ts'
import { DamagedStoreError, type Draft, type KeyUse, type PeerRow, type SegmentRow } from '../store/store.ts'
import { ActBook } from '../trunk/act-book.ts'
import { Admission, type AdmitReport } from '../trunk/admit.ts'
import { asideFor, asideHeads } from '../trunk/aside.ts'
import { admitParked } from '../trunk/checkpoint-restart.ts'
import type { Identity, Trunk } from '../trunk/context.ts'
import { noticesFor } from '../trunk/erase.ts'
import { freezeForks } from '../trunk/fork.ts'
import {
  acceptedHeads,
  countAccepted,
  entriesDigest,
  heldHeads,
  isAtOrBefore,
  recordsDigest,
} from '../trunk/heads.ts'
import { Keyring } from '../trunk/keyring.ts'
import { packLean, type SealedAgain, unpackLean } from '../trunk/lean.ts'
import { headsOwedBy } from '../trunk/scope.ts'
import { type Outgoing, readSegment, segmentsFor } from '../trunk/send.ts'
import { isSigned, signAll, signTails } from '../trunk/sign.ts'
import {
  countNewer,
  hasLearned,
  type NewerCounts,
  noteUnderstanding,
  readWhatIsUnderstood,
} from '../trunk/understand.ts'
import { writeAct, writeRelease } from '../trunk/write.ts'
import { STRICTEST } from '../work/mask.ts'
import { maskedRecord } from '../work/masked-record.ts'
import { type Changed, ChangeFeed } from './change-feed.ts'
import type { Draftbook } from './edit.ts'
import { type OpenHome, storeProblem, whereThereIsRoom } from './home.ts'
import { holdLease } from './lease.ts'
import { dismissHeld, findHeld, listQuarantine } from './quarantine.ts'
import { refreshProjections } from './refresh-projections.ts'
import { refreshRescue } from './rescue.ts'
import { finishAdmission, settleAdmission } from './settle-admission.ts'
import { holdsAlone, lastOwnEntry, type OwnWork, ownWorkOf, spacesOwed, witnessesOf } from './witnesses.ts'
import { isStoreError, WriteQueue } from './write-queue.ts'
import { type Written, writeRecords } from './write-records.ts'

export type { Changed } from './change-feed.ts'
export type { Written } from './write-records.ts'

export type SpaceDigest = {
  readonly id: string
  readonly entries: number
  readonly digest: string
  readonly recordsDigest: string | null
}

/**
 * An open home: the one thing to hold for reading, writing and meeting others. Writes are acknowledged (the promise
 * resolves) only when they are on disk; those asked for together share one disk write.
 */
export class Station {
  readonly home: string
  /** True when this opening found the home to be a copy and started fresh logs. */
  readonly copied: boolean
  /** Photos, scans and recordings: what is here of them, who else has them, what may go. */
  readonly blobs: BlobBook
  /** `member` is looked up in the membership, and empty where this station is nobody's yet. */
  readonly identity: Pick<Identity, 'community' | 'station'> & {
    readonly member: string
    readonly key: Uint8Array
  }
  readonly #trunk: Trunk
  readonly #queue: WriteQueue
  readonly #feed: ChangeFeed
  /** Asked for at every turn of a meeting. */
  #holdings: { readonly by: Membership; readonly spaces: readonly string[] } | null = null
  /** Who this was is asked for after it closed, too. */
  #memberAtClose: string | null = null
  readonly #closing = new AbortController()

  constructor(home: OpenHome, now: () => number = Date.now) {
    const { store, identity } = home
    this.home = home.path
    this.copied = home.copied
    const memberNow = () => this.#memberAtClose ?? this.#memberId()
    this.identity = {
      community: identity.community,
      station: identity.station,
      key: identity.signing.publicKey,
      get member() {
        return memberNow()
      },
    }
    this.#trunk = {
      store,
      identity,
      acts: new ActBook(store, identity.community),
      keyring: new Keyring(identity.station, identity.boxing),
      now,
      epoch: home.epoch,
    }
    this.blobs = new BlobBook(this.#trunk, home.path, () => this.holdings())
    this.#feed = new ChangeFeed(
      store,
      () => this.#viewer(),
      () => this.#settleErased(),
    )
    this.#queue = new WriteQueue({
      trunk: this.#trunk,
      home: home.path,
      onWritten: () => this.#signWhatLeaves(),
      onCommitted: () => this.#settleErased(),
      onAnswered: () => this.#feed.announce(),
    })
    this.#settleErased()
    refreshProjections(store)
    this.#understandMore()
  }

  #memberId(): string {
    const membership = this.membership()
    const { station } = this.#trunk.identity
    return (membership.stations.get(station) ?? membership.former.get(station))?.member ?? ''
  }
  /** For transports that prove who this station is; never logged, never sent. */
  get signingKey(): Uint8Array {
    return this.#trunk.identity.signing.privateKey
  }
  get now(): number {
    return this.#trunk.now()
  }
  /** For what lies beside the store under a key of its own; see store.ts. */
  keyFor(use: KeyUse): Uint8Array {
    return this.#trunk.store.keyFor(use)
  }

  /** 32 bytes that the community's stations alone can make: the mesh room's name and password come from it. */
  meshKey(): Uint8Array | null {
    const space = this.communitySpace()
    const generation = space && this.#trunk.keyring.latest(this.membership(), space)
    const secret = generation && this.#trunk.keyring.secretOf(generation)
    return secret ? deriveKey(secret, Buffer.from(this.identity.community), 'doorstep/mesh/1') : null
  }

  /** See lease.ts. */
  holdLease(name: string): boolean {
    return holdLease(this.#trunk.store, name)
  }

  // ---- reading

  membership(): Membership {
    return this.#trunk.acts.now()
  }
  member(): Member | null {
    return memberAt(this.membership(), this.identity.station) ?? null
  }
  isMember(): boolean {
    return isStanding(this.membership(), this.identity.station)
  }
  /** The spaces this station reads, the community's first. */
  spaces(): readonly { id: string; kind: SpaceKind }[] {
    const member = this.member()
    if (!member) return []
    return [...this.membership().spaces]
      .filter(([id]) => mayRead(this.membership(), member, id))
      .map(([id, kind]) => ({ id, kind }))
      .sort((a, b) => (a.kind === b.kind ? (a.id < b.id ? -1 : 1) : a.kind === 'community' ? -1 : 1))
  }
  /** The spaces whose sealed entries this station keeps and passes on, readable or not. */
  holdings(): readonly string[] {
    const membership = this.membership()
    if (this.#holdings?.by === membership) return this.#holdings.spaces
    const member = this.member()
    const spaces = member
      ? [...membership.spaces.keys()].filter((id) => mayHold(membership, member, id)).sort()
      : []
    this.#holdings = { by: membership, spaces }
    return spaces
  }
  communitySpace(): string | null {
    return this.spaces().find((space) => space.kind === 'community')?.id ?? null
  }
  /**
   * Masked for this station's member, like everything read here; the text behind is given out by `reveal` alone. A
   * record that was moved is given as it is kept now; its copy in `space` when it is kept there too.
   */
  get(id: string, space?: string): Projection | null {
    const copies = this.#trunk.store.recordsById(id).map((row) => row.projection)
    const record = shownCopy(copies, space)
    return record ? maskedRecord(record, this.#viewer()) : null
  }
  /** Those that were moved to another space are left out, unless asked for. */
  *records(
    filter: { space?: string; type?: RecordType; inConflict?: boolean; moved?: boolean } = {},
  ): IterableIterator<Projection> {
    const { moved, ...rest } = filter
    const viewer = this.#viewer()
    for (const record of this.#trunk.store.records(rest))
      if (moved || !isMovedAway(record)) yield maskedRecord(record, viewer)
  }
  #viewer() {
    return this.member()?.role ?? STRICTEST
  }
  /** What is held back or was refused, and why (D6). */
  quarantine(): ReturnType<typeof listQuarantine> {
    return listQuarantine(this.#trunk)
  }
  /** Hides a held entry on this station alone. */
  dismiss(id: string): ReturnType<typeof dismissHeld> {
    return dismissHeld(this.#trunk, id)
  }
  /** What is here and only a later version can read. */
  newer(): NewerCounts {
    return countNewer(this.#trunk)
  }
  forks(): readonly { log: string; seq: number }[] {
    return [...this.membership().frozen].map(([log, seq]) => ({ log, seq }))
  }

  // ---- writing

  /** Runs a command's work in a transaction, and turns what it changed into entries, one act of one person. */
  write<T>(action: string, work: (book: Draftbook) => Result<T>): Promise<Result<Written<T>>> {
    return this.#queue.submit(() => {
      const written = writeRecords(this.#trunk, this.member(), action, work)
      if (written.ok) for (const { space } of written.value.entries) this.#written.add(space)
      return written
    })
  }

  /** Appends membership acts; rights are judged by the gate like anybody's. */
  act<T>(work: (write: (act: Act) => EntryRef) => Result<T>): Promise<Result<T>> {
    return this.#queue
      .submit(() => {
        const admission = new Admission(this.#trunk)
        const before = this.membership()
        const result = work((act) => writeAct(this.#trunk, admission, act))
        if (result.ok) this.#settle(admission, before)
        return result
      })
      .finally(() => this.#refreshRescue())
  }

  /** A change of chiefs changes who may help somebody who forgot a passphrase; a failure here is tried again later. */
  #refreshRescue(): void {
    if (!this.#closing.signal.aborted) refreshRescue(this)
  }

  /** Writes entries of a kind of their own through the gate, in one transaction with all that follows from them. */
  async writeEntries<T>(work: (admission: Admission) => Result<T>): Promise<Result<T>> {
    const written = await this.#queue.submitRelaxed(() => {
      const admission = new Admission(this.#trunk)
      const result = work(admission)
      if (result.ok) finishAdmission(this.#trunk, admission)
      return result
    })
    const flushed = await this.onDisk()
    return flushed.ok ? written : flushed
  }

  /** Lets a held entry count, with everything in its past, on every station that hears of it (A16). */
  release(id: string): Promise<Result<AdmitReport>> {
    return this.#queue.submit(() => {
      const member = this.member()
      if (!member || !mayAct(member.role, 'quarantine.release'))
        return fail({ type: 'role-may-not', action: 'quarantine.release', role: member?.role ?? null })
      const held = findHeld(this.#trunk, id)
      if (!held.ok) return held
      const admission = new Admission(this.#trunk)
      const deed = { action: 'quarantine.release', act: randomId('ac') }
      const space = this.spaceOf(held.value.log)
      const released = writeRelease(this.#trunk, admission, held.value, space, deed)
      if (!released.ok) return released
      finishAdmission(this.#trunk, admission)
      return ok(admission.report)
    })
  }

  /** Takes in segments from elsewhere, in the order given: one transaction, on disk when it returns. */
  async admit(segments: readonly (Uint8Array | Segment)[], source: string): Promise<Result<AdmitReport>> {
    const report = await this.takeIn(segments, source)
    const flushed = await this.onDisk()
    return flushed.ok ? report : flushed
  }

  /** The same, and what came can be read before it is on the disk: until `onDisk` nobody may be told that it is here. */
  takeIn(segments: readonly (Uint8Array | Segment)[], source: string): Promise<Result<AdmitReport>> {
    let arrived = false
    return this.#queue
      .submitRelaxed(() => {
        const admission = new Admission(this.#trunk)
        const before = this.membership()
        admission.segments(segments, source)
        if (admission.report.admitted > 0) admitParked(this.#trunk, admission)
        if (this.isMember() && admission.report.forks.length > 0) freezeForks(this.#trunk, admission)
        this.#settle(admission, before)
        arrived = admission.actsArrived
        return ok(admission.report)
      })
      .finally(() => arrived && this.#refreshRescue())
  }

  /** Resolves when all that can be read by now is on the disk; what this station writes itself is so at once. */
  async onDisk(): Promise<Result<void>> {
    try {
      return ok(await this.#trunk.store.flush())
    } catch (error) {
      return fail(storeProblem(error, this.home))
    }
  }
  /** Before this station tells anybody what it holds. */
  putOnDisk(): void {
    this.#trunk.store.flushNow()
  }

  #settle(admission: Admission, before: Membership): void {
    settleAdmission(this.#trunk, admission, before, () => this.holdings())
  }

  /**
   * What was erased leaves the write-ahead log and the folder of photos too; when somebody is in the way it is tried
   * again, at the latest at closing.
   */
  #settleErased(): void {
    try {
      this.#trunk.store.settleErased()
      if (!this.#closing.signal.aborted) this.blobs.settle()
    } catch (error) {
      // A damaged home is to be opened all the same: for its doctor.
      if (!isStoreError(error) && !isFileError(error) && !(error instanceof DamagedStoreError)) throw error
    }
  }

  // ---- meeting

  heads(space: string): EntryRef[] {
    const { store } = this.#trunk
    return [...heldHeads(store, space), ...asideHeads(store, space, 'newer', this.membership().frozen)]
  }
  /** Of many questions in a row: what another process writes meanwhile is seen by the next who asks. */
  steadily<T>(work: () => T): T {
    return this.#trunk.store.steadily(work)
  }
  /** The ends of what counts: what an equal digest says that both hold. */
  acceptedHeads(space: string): readonly EntryRef[] {
    return acceptedHeads(this.#trunk.store, space)
  }
  /** Signs what is unsigned of these spaces, where the disk has room for it. */
  sign(spaces: readonly string[]): void {
    const unsigned = spaces.filter((space) => !isSigned(this.#trunk.store, space))
    if (unsigned.length > 0) this.#whereThereIsRoom(() => signAll(this.#trunk, unsigned))
  }
  /**
   * Signs what is unsigned, then lists the segments that somebody with these heads lacks, pasts first; ahead of all,
   * what must be known of erasures to take what they left behind.
   */
  outgoing(space: string, theirs: readonly EntryRef[]): Outgoing[] {
    const { store } = this.#trunk
    this.sign([space])
    const plan = segmentsFor(store, space, theirs)
    return [...noticesFor(store, space, plan), ...plan, ...asideFor(store, space, 'newer', theirs)]
  }
  /**
   * `ask`: whether what is written now is sent at once. Then it is signed in the transaction that writes it, or its
   * signature would cost the disk a second one before anything leaves. The returned function ends the asking.
   */
  sendsAtOnce(ask: () => boolean): () => void {
    this.#senders.add(ask)
    return () => this.#senders.delete(ask)
  }
  #signWhatLeaves(): void {
    const spaces = [...this.#written]
    this.#written.clear()
    if (!this.#senders.values().some((ask) => ask())) return
    for (const space of spaces) signTails(this.#trunk, space)
  }
  readonly #senders = new Set<() => boolean>()
  /** Spaces with entries of this station that the transaction under way writes, and signs. */
  readonly #written = new Set<string>()
  /** Spaces that a station wrote in and lost: what it may be told of them, so that it can hand over the rest. */
  headsOwedBy(peer: string): { space: string; heads: EntryRef[] }[] {
    return headsOwedBy(this.#trunk, peer)
  }
  /** Spaces that this station may not hold any more, and owes what it wrote there, or has beside its author alone. */
  spacesOwed(): string[] {
    return spacesOwed(this.#trunk)
  }
  /** Whether something of what others wrote in a space is known to be nowhere else. */
  holdsAlone(space: string): boolean {
    return holdsAlone(this.#trunk, space)
  }
  /** How many entries of a station are held here. */
  heldFrom(station: string): number {
    return this.#trunk.store.countHeldFrom(station)
  }
  /** What a segment will be about as large as, in bytes, without reading it. */
  segmentBytes({ log, first, last, aside }: SegmentRow): number {
    const { store } = this.#trunk
    if (aside !== undefined) return store.aside.segment(aside)?.length ?? 0
    return store.bytesBetween(log, first, last) + SEGMENT_FRAME_BYTES
  }
  segment(row: SegmentRow): Uint8Array {
    return readSegment(this.#trunk.store, row)
  }
  /** The same for a station that reads what is in them, in fewer bytes: as many as can be put so; null for none. */
  leanSegments(rows: readonly SegmentRow[], peer: string): ReturnType<typeof packLean> {
    return packLean(this.#trunk, rows, peer)
  }
  /** Segments that came in that form, to be admitted; null for each that cannot be had from it here. */
  readLean(bytes: Uint8Array, count: number): Result<(SealedAgain | null)[]> {
    try {
      return ok(unpackLean(this.#trunk, bytes, count))
    } catch (error) {
      if (error instanceof MalformedError) return fail({ type: 'malformed', detail: error.message })
      throw error
    }
  }
  has(hash: Uint8Array): boolean {
    const { store } = this.#trunk
    return store.entry(hash) !== null || store.aside.rowWith(hash)?.reason === 'newer'
  }
  /** By the chains that are here: one that is not here is before none. */
  isAtOrBefore(ref: EntryRef, head: EntryRef): boolean {
    return isAtOrBefore(this.#trunk.store, ref, head)
  }
  isAccepted(hash: Uint8Array): boolean {
    return this.#trunk.store.entry(hash)?.status === 'accepted'
  }
  isRefused(hash: Uint8Array): boolean {
    return this.#trunk.store.refusal(hash) !== null
  }
  /** The community's own id stands for its membership log. */
  digest(space: string): SpaceDigest {
    const { store, keyring } = this.#trunk
    // What only a later version can judge is held all the same: whoever lacks it is not equal.
    const newer = asideHeads(store, space, 'newer', this.membership().frozen)
    const accepted = acceptedHeads(store, space)
    const heads = newer.length === 0 ? accepted : [...accepted, ...newer]
    const member = this.member()
    // Who lost the right may still have the key: its records are gone, and no word against another's.
    const reads = member !== null && mayRead(this.membership(), member, space)
    const readable = reads && keyring.readable(this.membership(), space)
    return {
      id: space,
      entries: countAccepted(store, space),
      digest: entriesDigest(heads),
      recordsDigest: readable ? recordsDigest(store, space) : null,
    }
  }
  /** The same of entries alone, and of those that count: what a peer was found equal by. */
  entriesDigest(space: string): string {
    return entriesDigest(acceptedHeads(this.#trunk.store, space))
  }
  /** Of one station, or of all. */
  peers(of?: string): readonly PeerRow[] {
    return this.#trunk.store.peers(of)
  }
  /** On a full disk it is not noted: the next meeting says it again. */
  putPeers(peers: readonly Omit<PeerRow, 'equalAt'>[]): void {
    this.#whereThereIsRoom(() =>
      // Lost with the power, it is heard again.
      this.#trunk.store.relaxed(() => {
        for (const peer of peers) this.#trunk.store.putPeer(peer)
      }),
    )
  }
  #whereThereIsRoom(work: () => void): void {
    whereThereIsRoom(this.home, work)
  }
  /** This station's newest entry in a space, and which other stations are known to have it on disk. */
  lastOwnEntry(space: string): { readonly entry: EntryRef; readonly witnesses: readonly string[] } | null {
    const entry = lastOwnEntry(this.#trunk, space)
    return entry && { entry, witnesses: witnessesOf(this.#trunk, space, entry) }
  }
  /** What lies on this machine alone, and since when. */
  ownWork(): OwnWork {
    return ownWorkOf(this.#trunk)
  }
  spaceOf(log: LogId): string {
    const { store } = this.#trunk
    return store.log(log)?.space ?? store.aside.spaceOf(log)!
  }
  addresses() {
    return this.#trunk.store.addresses()
  }
  /** On a full disk it is not noted. */
  putAddress(station: string, address: string): void {
    const { store } = this.#trunk
    this.#whereThereIsRoom(() => store.relaxed(() => store.putAddress(station, address, this.now)))
  }

  // ---- drafts: half-filled forms, invitations; sealed, local, never synced

  draft(id: string): Draft | null {
    return this.#trunk.store.draft(id)
  }
  drafts(prefix: string): readonly Draft[] {
    return this.#trunk.store.drafts(prefix)
  }
  putDraft(id: string, value: unknown): void {
    this.#trunk.store.transaction(() => this.#trunk.store.putDraft({ id, at: this.now, value }))
  }
  dropDraft(id: string): void {
    this.#trunk.store.transaction(() => this.#trunk.store.dropDraft(id))
  }

  // ---- being told

  /** Calls back with the records that changed, whoever changed them; other processes' within a second. */
  onChange(listener: (changed: Changed) => void): () => void {
    return this.#feed.listen(listener)
  }

  // ---- upkeep

  /** After an upgrade: what an older version kept as it came is judged and read now. */
  #understandMore(): void {
    const { store } = this.#trunk
    if (!hasLearned(this.#trunk)) return
    if (store.logs().length === 0) return store.transaction(() => noteUnderstanding(store))
    void this.#queue.submit(() => {
      const admission = new Admission(this.#trunk)
      const before = this.membership()
      readWhatIsUnderstood(this.#trunk, admission)
      this.#settle(admission, before)
      return ok(undefined)
    })
  }

  /**
   * The trunk itself, for `doctor`, bundles and tests; commands have no business here. Its store is the inner side:
   * what it reads is not masked, and must not reach a screen, a file or a command's output.
   */
  get trunk(): Trunk {
    return this.#trunk
  }

  /** Aborted when the station closes: whoever holds it lets go. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  async close(): Promise<void> {
    await this.#queue.drained()
    this.#memberAtClose ??= this.#memberIfReadable()
    this.#closing.abort()
    this.#feed.close()
    this.#settleErased()
    this.#trunk.store.close()
  }
  /** A damaged store must not keep a station from closing. */
  #memberIfReadable(): string {
    try {
      return this.#memberId()
    } catch {
      return ''
    }
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** A segment's own key, epoch, space and signature, and how they are put. */
const SEGMENT_FRAME_BYTES = 150

/** Of the platform: the file is in use, or may not be taken away. */
const isFileError = (error: unknown): boolean => (error as { syscall?: string }).syscall !== undefined
