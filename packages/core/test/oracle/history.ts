import { type BrokenRules, createOracle, type Oracle } from './oracle.ts'
import type { EntryKind, OracleAct, OracleBody, OracleEntry } from './shape.ts'

export type EntryDraft = {
  readonly log: string
  readonly space: string
  readonly kind?: EntryKind
  readonly prev?: string | null
  readonly deps?: Iterable<string>
  readonly acts?: Iterable<string>
}

/**
 * A history being written: what each act and entry names is completed to its whole past, the author's adding act
 * and the numbers included. It says what was written, not whether it may be.
 */
export type History = {
  readonly oracle: Oracle
  readonly acts: ReadonlyMap<string, OracleAct>
  readonly entries: ReadonlyMap<string, OracleEntry>
  act(id: string, by: string | null, body: OracleBody, after?: Iterable<string>): string
  entry(id: string, by: string, draft: EntryDraft): string
  /** These acts and the pasts of all of them. */
  withPasts(acts: Iterable<string>): Set<string>
}

export function createHistory(broken: BrokenRules = {}): History {
  const acts = new Map<string, OracleAct>()
  const entries = new Map<string, OracleEntry>()
  const oracle = createOracle([], [], broken)

  function withPasts(ids: Iterable<string>): Set<string> {
    const closed = new Set(ids)
    for (const id of [...closed]) for (const before of acts.get(id)!.past) closed.add(before)
    return closed
  }

  return {
    oracle,
    acts,
    entries,
    withPasts,
    act(id, by, body, after = []) {
      const past = withPasts(by === null ? after : [...after, by])
      const seq = [...past].filter((before) => acts.get(before)!.by === by).length
      const act = { id, by, past, seq, body }
      acts.set(id, act)
      oracle.addAct(act)
      return id
    },
    entry(id, by, { log, space, kind = 'data', prev = null, deps = [], acts: after = [] }) {
      const before = [...deps, ...(prev === null ? [] : [prev])]
      const past = withPasts([...after, by, space, ...before.flatMap((one) => [...entries.get(one)!.acts])])
      const seq = prev === null ? 0 : entries.get(prev)!.seq + 1
      const entry = { id, by, log, space, seq, prev, deps: new Set(deps), acts: past, kind }
      entries.set(id, entry)
      oracle.addEntry(entry)
      return id
    },
  }
}
