import { sameBytes, toHex } from '../bytes/bytes.ts'
import { type EntryRef, parseEntry } from '../log/entry.ts'
import { digestOfHashes } from '../record/digest.ts'
import { expectOk, fail, ok, type Problem, type Result } from '../result.ts'
import type { CheckpointRow, CheckpointState } from '../store/checkpoint-shelf.ts'
import type { StoredEntry } from '../store/store.ts'
import {
  commitmentIn,
  erasureSince,
  isAsCommitted,
  namedHeads,
  readsAll,
  wholeManifest,
} from './checkpoint.ts'
import { onTrust } from './checkpoint-base.ts'
import type { Manifest } from './checkpoint-format.ts'
import { toRow } from './checkpoint-make.ts'
import type { Trunk } from './context.ts'
import { encodeErasedList } from './erased-list.ts'
import { countUpTo } from './heads.ts'
import { rebuildSpace } from './rebuild.ts'

export type VerifyProblem = Problem & {
  type:
    | 'unreadable-parts'
    /** The records here stand on a checkpoint themselves: a second station must be met. */
    | 'checkpoint-on-trust'
    /** Entries that it stands for were taken away here, or it is older than what they gave way to. */
    | 'past-not-here'
}

/**
 * Folds everything in a checkpoint's past once more and compares. The past must be here, or
 * stand on a checkpoint that was compared before.
 */
export function compareCheckpoint(
  trunk: Trunk,
  row: CheckpointRow,
): Result<Extract<CheckpointState, 'equal' | 'differs'>, VerifyProblem> {
  const { store, identity } = trunk
  const { space } = row
  const stored = store.entry(row.entry.hash)
  if (onTrust(trunk, space).length > 0) return fail({ type: 'checkpoint-on-trust', space })
  if (!stored || stored.base) return fail({ type: 'past-not-here', space })
  const heads = namedHeads(row.entry, expectOk(parseEntry(stored.raw)))
  const past = pastOf(
    trunk,
    space,
    heads.map(({ hash }) => toHex(hash)),
  )
  const base = [
    ...store.shelf.baseTops(space).map(({ hash }) => hash),
    ...store.shelf.basePages(space).map(({ entry }) => entry),
  ]
  // What was erased since is in nobody's fold any more.
  if (erasureSince(trunk, space, heads)) return fail({ type: 'past-not-here', space })
  if (base.some((hash) => !past.has(toHex(hash)))) {
    if (row.state === 'equal') return ok(row.state)
    return fail({ type: 'past-not-here', space })
  }
  const records = readsAll(trunk, space) ? foldAgain(trunk, space, past) : null
  if (!records) return fail({ type: 'unreadable-parts', space })
  const found = {
    records: toHex(digestOfHashes(records)),
    recordCount: records.length,
    entryCount: countUpTo(store, heads),
  }
  const manifest = wholeManifest(trunk, row)
  const isTrue = isAsCommitted(commitmentIn(row), found) && (!manifest || namesWhatIsHere(trunk, manifest))
  const state = isTrue ? 'equal' : 'differs'
  store.shelf.setState(row.entry.hash, state, identity.station)
  return ok(state)
}

/** Whether a manifest names the entries that are here, and what each of them names. */
export function namesWhatIsHere({ store }: Trunk, { logs, erasures }: Manifest): boolean {
  const isSame = (a: readonly EntryRef[], b: readonly EntryRef[]) =>
    a.length === b.length && a.every((ref, at) => sameBytes(ref.hash, b[at]!.hash))
  const erasesSo = ({ by, names }: Manifest['erasures'][number]) =>
    sameBytes(encodeErasedList(store.erasureNames(by)), encodeErasedList(names))
  if (!erasures.every(erasesSo)) return false
  return logs.every(({ rows }) =>
    rows.every((row) => {
      const entry = store.entry(row.hash)
      if (!entry || entry.log !== row.log || entry.seq !== row.seq || !sameBytes(entry.prev, row.prev))
        return false
      const here = toRow(entry)
      return here.parts === row.parts && isSame(here.deps, row.deps) && isSame(here.acts, row.acts)
    }),
  )
}

/** Hashes of everything at or before these heads, of what is here or stands on a checkpoint here. */
function pastOf({ store }: Trunk, space: string, heads: readonly string[]): Set<string> {
  const past = new Set(heads)
  const entries: StoredEntry[] = []
  for (let after = 0; ; ) {
    const page = store.entriesOf(space, after, 1000)
    entries.push(...page)
    if (page.length < 1000) break
    after = page.at(-1)!.n
  }
  for (const entry of entries.toReversed()) {
    if (!past.has(toHex(entry.hash))) continue
    past.add(toHex(entry.prev))
    for (const dep of expectOk(parseEntry(entry.raw)).header.deps) past.add(toHex(dep.hash))
  }
  return past
}

class Discard extends Error {}

/** Null when something could not be opened. What was folded is taken back: it was for comparing alone. */
function foldAgain(
  trunk: Trunk,
  space: string,
  past: ReadonlySet<string>,
): readonly { id: string; hash: Uint8Array }[] | null {
  const { store } = trunk
  let records: readonly { id: string; hash: Uint8Array }[] | null = null
  try {
    store.savepoint(() => {
      rebuildSpace(trunk, space, past)
      if (store.voids({ space, reason: 'no-key' }).length === 0) records = store.recordHashes(space)
      throw new Discard()
    })
  } catch (error) {
    if (!(error instanceof Discard)) throw error
  }
  return records
}
