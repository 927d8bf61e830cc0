/**
 * Who did what, read from the log itself: every entry says in its first blob who wrote it, what they did and when,
 * and each part names a record. There is no other list that could differ from it or be edited.
 */
import { toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import { type Entry, type LogId, parseEntry } from '../log/entry.ts'
import type { Act } from '../membership/act.ts'
import { type Membership, memberAt } from '../membership/resolve.ts'
import type { Role } from '../membership/roles.ts'
import type { Action } from '../membership/touches.ts'
import type { Change } from '../record/change.ts'
import { RecordDoc } from '../record/fold.ts'
import type { Projection } from '../record/project.ts'
import { expectOk } from '../result.ts'
import type { Station } from '../station/station.ts'
import type { StoredEntry } from '../store/store.ts'
import type { Trunk } from '../trunk/context.ts'
import { type Deed, openDeed, openPart } from '../trunk/part.ts'
import { auditActs } from './audit-acts.ts'
import { isAfterWithdrawal } from './audit-consent.ts'
import { reasonOf, type Touched, touched } from './audit-touched.ts'
import type { EntryPlace } from './command.ts'
import { householdFamily, personFamily } from './family.ts'
import { memberName } from './lookups.ts'
import { openRecordSet, type RecordSet } from './record-set.ts'

/** All that this version can say was done; an entry of a later one may say something else. */
export type AuditAction = Action | `act.${Act['type']}` | 'quarantine.vouch'

export type AuditFlag =
  /** It did not count: its author may not do this, or it was not well-formed. */
  | 'void'
  /** A part of it was erased. */
  | 'erased'
  /** Recorded by somebody who had not heard that consent was withdrawn. */
  | 'after-withdrawal'

export type AuditRow = {
  readonly entry: EntryPlace
  /** Milliseconds since 1970 by the author's clock; null where an entry states none (membership, vouching). */
  readonly at: number | null
  /** When it came here, by this station's clock. */
  readonly arrivedAt: number
  readonly member: string
  readonly memberName: string
  /** An `AuditAction`, unless a later version wrote it. */
  readonly action: string
  /** Names of fields, sets and timelines that were written, or looked at; never what was written. */
  readonly records: readonly Touched[]
  /** Of a membership act: whom or what it is about, and the role that is given. */
  readonly about: readonly { readonly name: string; readonly role: Role | null }[]
  /** Why somebody looked behind a mask: a code of `revealReasons`, or words of their own. */
  readonly reason: string | null
  readonly flags: readonly AuditFlag[]
}

export type AuditFilter = {
  /** A household or a person: it, and all that is about it. */
  readonly subject?: string
  readonly member?: string
  /** Milliseconds since 1970, by the author's clock, else by when it came. */
  readonly sinceMs?: number
  /** One action (`record.reveal`), or all of a kind (`record`). */
  readonly action?: string
  /** At most so many rows, the newest; all of them when not given. */
  readonly limit?: number
}

export type AuditTrail = {
  /** The newest first. */
  readonly rows: readonly AuditRow[]
  readonly total: number
  /** Entries that this station keeps and cannot read. */
  readonly unreadable: number
}

export function auditTrail(station: Station, filter: AuditFilter = {}): AuditTrail {
  const subject = filter.subject === undefined ? null : station.get(filter.subject)
  if (filter.subject !== undefined && !subject) return { rows: [], total: 0, unreadable: 0 }
  const set = openRecordSet(station, { follow: false, ...(subject ? { spaces: [subject.space] } : {}) })
  const reader = new AuditReader(station.trunk, set, filter)
  if (subject) reader.readOf(aboutSubject(set, subject))
  else {
    for (const { id } of station.spaces()) reader.readAll(id)
    for (const row of auditActs(station, set)) if (matches(filter, row)) reader.rows.push(row)
  }
  const rows = reader.rows.sort((a, b) => (b.at ?? b.arrivedAt) - (a.at ?? a.arrivedAt))
  return {
    rows: rows.slice(0, filter.limit ?? rows.length),
    total: rows.length,
    unreadable: reader.unreadable,
  }
}

/** With what left the place as a file: a bundle of the grid holds the household too. */
function aboutSubject(set: RecordSet, subject: Projection): readonly Projection[] {
  const family =
    subject.type === 'household'
      ? [...householdFamily(set, subject), ...homeOf(set, subject)]
      : subject.type === 'person'
        ? personFamily(set, subject)
        : [subject]
  const exports = [...set.ofType('export')].filter(
    (one) => one.sets.spaces?.includes(subject.space) && one.fields.subject === undefined,
  )
  return [...family, ...exports]
}

const homeOf = (set: RecordSet, household: Projection): Projection[] => {
  const dwelling = set.getA('dwelling', household.fields.dwelling)
  return dwelling ? [dwelling] : []
}

const matches = (
  { member, sinceMs, action }: AuditFilter,
  row: Pick<AuditRow, 'member' | 'at' | 'arrivedAt' | 'action'>,
) =>
  (member === undefined || row.member === member) &&
  (sinceMs === undefined || (row.at ?? row.arrivedAt) >= sinceMs) &&
  (action === undefined || row.action === action || row.action.startsWith(`${action}.`))

const PAGE = 500

class AuditReader {
  readonly rows: AuditRow[] = []
  unreadable = 0
  readonly #trunk: Trunk
  readonly #set: RecordSet
  readonly #filter: AuditFilter
  readonly #voids = new Map<string, string>()
  /** Asked for once: to ask again for each entry would take longer than all the rest. */
  readonly #membership: Membership
  readonly #writers = new Map<LogId, string>()

  constructor(trunk: Trunk, set: RecordSet, filter: AuditFilter) {
    this.#trunk = trunk
    this.#membership = trunk.acts.now()
    this.#set = set
    this.#filter = filter
    for (const { log, seq, part, reason } of trunk.store.voids())
      this.#voids.set(`${log}/${seq}/${part}`, reason)
  }

  readAll(space: string): void {
    let after = 0
    for (;;) {
      const page = this.#trunk.store.entriesOf(space, after, PAGE)
      for (const stored of page) {
        after = stored.n
        if (stored.status === 'accepted') this.#read(stored, space, null)
      }
      if (page.length < PAGE) return
    }
  }

  /** A record carries the place of every part that ever touched it, so the log need not be searched. */
  readOf(records: readonly Projection[]): void {
    const places = new Map<string, { log: LogId; seq: number; space: string }>()
    const ids = new Set<string>()
    for (const { id, space } of records) {
      ids.add(id)
      const row = this.#trunk.store.record(space, id)
      if (!row) continue
      for (const { log, seq } of new RecordDoc(id, row.state).live().stamps.values())
        places.set(`${log}/${seq}`, { log, seq, space })
    }
    for (const { log, seq, space } of places.values())
      for (const stored of this.#trunk.store.entriesAt(log, seq))
        if (stored.status === 'accepted') this.#read(stored, space, ids)
  }

  #read(stored: StoredEntry, space: string, only: ReadonlySet<string> | null): void {
    const entry = expectOk(parseEntry(stored.raw))
    const writer = this.#writerOf(stored.log)
    if (stored.raw.blobs.length === 0) return this.#vouched(stored, entry, space, writer)
    const deed = this.#deed(stored, entry, space)
    if (!deed) {
      this.unreadable++
      return
    }
    const reasons = this.#reasons(stored)
    // Whoever puts a colleague's name on an entry is named, not the colleague.
    const member = reasons.includes('forged-author') ? writer : deed.member
    const head = { at: deed.at, arrivedAt: stored.arrivedAt, member, action: deed.action }
    if (!matches(this.#filter, head)) return
    const changes = this.#changes(stored, entry, space).filter(({ id }) => only === null || only.has(id))
    const flags: AuditFlag[] = []
    if (reasons.some((reason) => reason !== 'no-key')) flags.push('void')
    if (stored.raw.blobs.includes(null)) flags.push('erased')
    if (isAfterWithdrawal(this.#set, deed, changes)) flags.push('after-withdrawal')
    this.rows.push({
      entry: { space, log: stored.log, seq: stored.seq },
      ...head,
      memberName: memberName(this.#set, member),
      records: changes.map((change) => touched(this.#set, change)),
      about: [],
      reason: reasonOf(this.#set, changes),
      flags,
    })
  }

  /** An entry without parts says only what its author had accepted; worth a line where that was barred. */
  #vouched(stored: StoredEntry, { header }: Entry, space: string, member: string): void {
    const barred = header.deps.filter(({ log, seq }) => (this.#membership.frozen.get(log) ?? seq + 1) <= seq)
    const head = { at: null, arrivedAt: stored.arrivedAt, member, action: 'quarantine.vouch' }
    if (barred.length === 0 || !matches(this.#filter, head)) return
    this.rows.push({
      entry: { space, log: stored.log, seq: stored.seq },
      ...head,
      memberName: memberName(this.#set, member),
      records: [],
      about: barred.map(({ hash }) => ({ name: toHex(hash).slice(0, 12), role: null })),
      reason: null,
      flags: [],
    })
  }

  /** The member of the station that wrote a log; the station itself where it belongs to nobody now. */
  #writerOf(log: LogId): string {
    let writer = this.#writers.get(log)
    if (writer === undefined) {
      const station = stationIdOf(this.#trunk.store.log(log)!.key)
      writer = memberAt(this.#membership, station)?.id ?? station
      this.#writers.set(log, writer)
    }
    return writer
  }

  #reasons({ log, seq, raw }: StoredEntry): string[] {
    if (this.#voids.size === 0) return []
    return raw.blobs.flatMap((_, part) => this.#voids.get(`${log}/${seq}/${part}`) ?? [])
  }

  #key(stored: StoredEntry, { header }: Entry, space: string, index: number): Uint8Array | null {
    const generation = header.keys[header.blobs[index]!.key]
    return generation ? this.#trunk.keyring.keyFor(this.#membership, generation, stored.log, space) : null
  }

  #deed(stored: StoredEntry, entry: Entry, space: string): Deed | null {
    const sealed = stored.raw.blobs[0]
    const key = sealed && this.#key(stored, entry, space, 0)
    const deed = sealed && key ? openDeed(key, stored.log, stored.seq, sealed) : null
    return deed?.ok ? deed.value : null
  }

  #changes(stored: StoredEntry, entry: Entry, space: string): Change[] {
    const changes: Change[] = []
    for (let part = 1; part < stored.raw.blobs.length; part++) {
      const sealed = stored.raw.blobs[part]
      const key = sealed && this.#key(stored, entry, space, part)
      const opened = sealed && key ? openPart(key, stored.log, stored.seq, part, sealed) : null
      if (opened?.ok) changes.push(opened.value)
    }
    return changes
  }
}
