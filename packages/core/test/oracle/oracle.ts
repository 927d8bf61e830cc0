// The rules of acceptance, restated as plainly as they can be said: sets of ids, no order of arrival, nothing kept
// but answers. Slow, and independent of the product, which is compared with it (check.ts). The numbers are those of
// the rules. Acts are in membership.ts; here are the entries: A2 valid, A8 cut, A9 accepted, A13 frozen.
import { type BrokenMembership, createMembership, isWithin, type MembershipResolution } from './membership.ts'
import { mayWrite } from './rights.ts'
import type { OracleAct, OracleEntry } from './shape.ts'

export type { OracleAct, OracleEntry, Role } from './shape.ts'

export type Resolution = MembershipResolution & {
  /** The station's entries that removals of it let stand. */
  cutOf(station: string): ReadonlySet<string>
}

export type Oracle = {
  addAct(act: OracleAct): void
  addEntry(entry: OracleEntry): void
  valid(actId: string): boolean
  /** The member of a station, both by the acts that added them. */
  memberOf(station: string): string
  resolve(known: ReadonlySet<string>): Resolution
  /** Everything reachable from an entry, without itself. */
  pastOf(entryId: string): ReadonlySet<string>
  validEntry(entryId: string): boolean
  /** Known, with the whole past known: its entries, and its acts, which must be valid. */
  complete(entryId: string, knownActs: ReadonlySet<string>, knownEntries: ReadonlySet<string>): boolean
  /** What keeps an entry from counting by itself. */
  barred(entryId: string, knownActs: ReadonlySet<string>, knownEntries?: ReadonlySet<string>): boolean
  accepted(knownActs: ReadonlySet<string>, knownEntries: ReadonlySet<string>): Set<string>
  held(knownActs: ReadonlySet<string>, knownEntries: ReadonlySet<string>): Set<string>
}

/** Rules that fell. Each is here to show that the tests of the true rule can fail. */
export type BrokenRules = BrokenMembership & {
  /** A9: an accepted entry needs accepted dependencies, a barred one an accepted entry of another on top of it. */
  readonly accept?: 'fixed-point'
  /** A12: who has heard of a removal may not build on what it barred. */
  readonly carriers?: 'must-not-know'
  /** A13: what depends on a frozen entry is held as well. */
  readonly fork?: 'strict'
  /** A8: a log that the cut does not name stays open. */
  readonly cut?: 'named-logs-only'
}

/** Both may grow afterwards (`addAct`, `addEntry`): no answer about what was known before changes by it. */
export function createOracle(
  acts: Iterable<OracleAct>,
  entries: Iterable<OracleEntry>,
  broken: BrokenRules = {},
): Oracle {
  const membership = createMembership(broken)
  const { valid, memberOf } = membership
  const entriesById = new Map<string, OracleEntry>()
  const validEntries = new Map<string, boolean>()
  const pasts = new Map<string, ReadonlySet<string>>()

  function resolve(known: ReadonlySet<string>): Resolution {
    const resolution = membership.resolve(known)
    return { ...resolution, cutOf: (station) => cutOf(station, resolution) }
  }

  /** A8: of several, the furthest cut holds. A cut of one station lets no other's entries stand. */
  function cutOf(station: string, { endings }: MembershipResolution): Set<string> {
    const within = new Set<string>()
    for (const act of endings(station))
      for (const id of cutBy(act)) if (entryById(id).by === station) within.add(id)
    return within
  }

  /** What a removal names, and all before it in the same log. */
  function cutBy({ body }: OracleAct): Set<string> {
    if (!('cut' in body)) return new Set()
    return new Set(body.cut.flatMap((named) => [...pastInLog(named)]))
  }

  /** An entry and all before it in its log, as far as they are there. */
  function pastInLog(named: string): Set<string> {
    const within = new Set<string>()
    for (let id: string | null = named; id !== null; id = entriesById.get(id)?.prev ?? null)
      if (entriesById.has(id)) within.add(id)
    return within
  }

  // A9

  function entryById(id: string): OracleEntry {
    const entry = entriesById.get(id)
    if (entry === undefined) throw new Error(`the history lacks entry ${id}`)
    return entry
  }

  function directPastOf({ prev, deps }: OracleEntry): string[] {
    return prev === null ? [...deps] : [prev, ...deps]
  }

  function pastOf(id: string): ReadonlySet<string> {
    const known = pasts.get(id)
    if (known !== undefined) return known
    const past = new Set<string>()
    const left = directPastOf(entryById(id))
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (past.has(next)) continue
      past.add(next)
      const entry = entriesById.get(next)
      if (entry !== undefined) left.push(...directPastOf(entry))
    }
    // An entry that is not there yet may bring more.
    if ([...past].every((one) => entriesById.has(one))) pasts.set(id, past)
    return past
  }

  function validEntry(id: string): boolean {
    const known = validEntries.get(id)
    if (known !== undefined) return known
    const answer = judgeEntry(entryById(id))
    validEntries.set(id, answer)
    return answer
  }

  function judgeEntry(entry: OracleEntry): boolean {
    for (const id of pastOf(entry.id)) if (!validEntry(id)) return false
    for (const id of entry.acts) if (!valid(id)) return false
    const before = resolve(entry.acts)
    if (!before.standing.has(entry.by)) return false
    const author = memberOf(entry.by)
    const reads = before.reads(author, entry.space)
    if (!mayWrite(entry.kind, before.role(author)!, reads)) return false
    if (isFrozen(entry, before)) return false
    if (broken.carriers === 'must-not-know' && (entry.kind === 'data' || entry.kind === 'checkpoint'))
      return isWithin(pastOf(entry.id), accepted(entry.acts, pastOf(entry.id)))
    return true
  }

  function isFrozen({ log, seq }: OracleEntry, { frozen }: Resolution): boolean {
    const from = frozen.get(log)
    return from !== undefined && seq >= from
  }

  function complete(id: string, knownActs: ReadonlySet<string>, knownEntries: ReadonlySet<string>): boolean {
    if (!knownEntries.has(id) || !isWithin(pastOf(id), knownEntries)) return false
    return isWithin(entryById(id).acts, resolve(knownActs).ready)
  }

  function barred(
    id: string,
    knownActs: ReadonlySet<string>,
    knownEntries: ReadonlySet<string> = new Set(entriesById.keys()),
  ): boolean {
    const entry = entryById(id)
    const now = resolve(knownActs)
    return isFrozen(entry, now) || (!now.standing.has(entry.by) && !isWithinCut(entry, now, knownEntries))
  }

  /** A cut names an entry: who does not have that one cannot see what is before it. */
  function isWithinCut(entry: OracleEntry, now: Resolution, knownEntries: ReadonlySet<string>): boolean {
    if (broken.cut === 'named-logs-only')
      for (const act of now.endings(entry.by))
        if (![...cutBy(act)].some((id) => entryById(id).log === entry.log)) return true
    return now
      .endings(entry.by)
      .some(({ body }) =>
        'cut' in body
          ? body.cut.some(
              (named) => named === entry.id || (knownEntries.has(named) && pastInLog(named).has(entry.id)),
            )
          : false,
      )
  }

  function accepted(knownActs: ReadonlySet<string>, knownEntries: ReadonlySet<string>): Set<string> {
    const counting = new Set<string>()
    const valids = [...knownEntries].filter((id) => complete(id, knownActs, knownEntries) && validEntry(id))
    if (broken.accept === 'fixed-point') return fixedPoint(valids, knownActs)
    const bars = new Set(valids.filter((id) => barred(id, knownActs, knownEntries)))
    for (const id of valids) {
      if (bars.has(id)) continue
      if (
        broken.fork === 'strict' &&
        [...pastOf(id)].some((one) => isFrozen(entryById(one), resolve(knownActs)))
      )
        continue
      counting.add(id)
      for (const past of pastOf(id)) counting.add(past)
    }
    return counting
  }

  function fixedPoint(valids: readonly string[], knownActs: ReadonlySet<string>): Set<string> {
    const counting = new Set<string>()
    const isVouched = (id: string) =>
      [...counting].some((over) => pastOf(over).has(id) && entryById(over).by !== entryById(id).by)
    for (let before = -1; before !== counting.size; ) {
      before = counting.size
      for (const id of valids)
        if (isWithin(pastOf(id), counting) && (!barred(id, knownActs) || isVouched(id))) counting.add(id)
    }
    return counting
  }

  function held(knownActs: ReadonlySet<string>, knownEntries: ReadonlySet<string>): Set<string> {
    const counting = accepted(knownActs, knownEntries)
    return new Set(
      [...knownEntries].filter(
        (id) => !counting.has(id) && complete(id, knownActs, knownEntries) && validEntry(id),
      ),
    )
  }

  function addEntry(entry: OracleEntry): void {
    entriesById.set(entry.id, entry)
  }

  for (const act of acts) membership.add(act)
  for (const entry of entries) addEntry(entry)
  return {
    addAct: membership.add,
    addEntry,
    valid,
    memberOf,
    resolve,
    pastOf,
    validEntry,
    complete,
    barred,
    accepted,
    held,
  }
}
