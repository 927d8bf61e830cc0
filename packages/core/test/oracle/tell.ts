import { createOracle } from './oracle.ts'
import type { OracleAct, OracleEntry } from './shape.ts'

/** A history in words, an act or entry a line, with what the oracle says once all of it is known. */
export function tellHistory(acts: Iterable<OracleAct>, entries: Iterable<OracleEntry>): string {
  const [allActs, allEntries] = [[...acts], [...entries]]
  const oracle = createOracle(allActs, allEntries)
  const known = new Set(allActs.map(({ id }) => id))
  const here = new Set(allEntries.map(({ id }) => id))
  const now = oracle.resolve(known)
  const [accepted, held] = [oracle.accepted(known, here), oracle.held(known, here)]

  const tellAct = ({ id, by, past, seq, body }: OracleAct) => {
    const verdict = !oracle.valid(id) ? 'refused' : now.effective.has(id) ? 'effective' : 'void'
    const { type, ...facts } = body
    // The past of its past goes without saying.
    const last = [...past].filter((one) => !allActs.some((act) => past.has(act.id) && act.past.has(one)))
    return `${id}: ${type} ${JSON.stringify(facts)} by ${by}#${seq} after [${last.join(' ')}] ${verdict}`
  }
  const tellEntry = ({ id, by, log, space, seq, deps, acts: after, kind }: OracleEntry) => {
    const verdict = accepted.has(id) ? 'accepted' : held.has(id) ? 'held' : 'refused or incomplete'
    const last = [...after].filter((one) => !allActs.some((act) => after.has(act.id) && act.past.has(one)))
    return `${id}: ${kind} by ${by} in ${space} ${log}#${seq} on [${[...deps].join(' ')}] after [${last.join(' ')}] ${verdict}`
  }
  return [
    ...allActs.map(tellAct),
    ...allEntries.map(tellEntry),
    `standing: ${[...now.standing].join(' ')}`,
  ].join('\n')
}
