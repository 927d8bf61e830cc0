import { createOracle, type Oracle } from './oracle.ts'
import type { OracleAct, OracleEntry, Role } from './shape.ts'

/** What one station of the product has and says. Members, spaces and stations go by the ids of their acts. */
export type ProductStation = {
  readonly name: string
  readonly acts: ReadonlySet<string>
  readonly entries: ReadonlySet<string>
  readonly accepted: ReadonlySet<string>
  readonly standing: ReadonlySet<string>
  /** Null, or not there: removed, or never added by an act that counts. */
  readonly roles: ReadonlyMap<string, Role | null>
  readonly held?: ReadonlySet<string>
  readonly effective?: ReadonlySet<string>
  readonly frozen?: ReadonlyMap<string, number>
  /** Some of the pairs of member and space, and whether the member has that space. */
  readonly spaces?: readonly (readonly [member: string, space: string, has: boolean])[]
}

/**
 * Where the product and the oracle differ, in words; empty if nowhere.
 *
 * `acts` and `entries` are everything that any station ever had, the refused included.
 */
export function compareWithOracle(
  acts: Iterable<OracleAct>,
  entries: Iterable<OracleEntry>,
  product: readonly ProductStation[],
): string[] {
  const oracle = createOracle(acts, entries)
  return product.flatMap((station) =>
    differencesAt(oracle, station).map((difference) => `at ${station.name}: ${difference}`),
  )
}

function differencesAt(oracle: Oracle, station: ProductStation): string[] {
  const now = oracle.resolve(station.acts)
  const accepted = oracle.accepted(station.acts, station.entries)
  const held = oracle.held(station.acts, station.entries)

  function stateOf(id: string): string {
    if (!station.entries.has(id)) return 'an entry that it does not have'
    if (accepted.has(id)) return 'accepted'
    if (held.has(id)) return 'held'
    return oracle.complete(id, station.acts, station.entries) ? 'refused' : 'waiting for its past'
  }
  function stateOfAct(id: string): string {
    if (!station.acts.has(id)) return 'an act that it does not have'
    if (!oracle.valid(id)) return 'refused'
    if (!now.ready.has(id)) return 'waiting for its past'
    return now.effective.has(id) ? 'effective' : 'void'
  }

  const found: string[] = []
  const compare = (
    what: string,
    ours: ReadonlySet<string> | undefined,
    oracles: ReadonlySet<string>,
    inWords: (id: string) => string,
  ) => {
    if (ours === undefined) return
    for (const id of ours) if (!oracles.has(id)) found.push(`${id} is ${what}; the oracle: ${inWords(id)}`)
    for (const id of oracles)
      if (!ours.has(id)) found.push(`${id} is not ${what}; the oracle: ${inWords(id)}`)
  }
  compare('accepted', station.accepted, accepted, stateOf)
  compare('held', station.held, held, stateOf)
  compare('effective', station.effective, now.effective, stateOfAct)
  compare('a standing station', station.standing, now.standing, (id) =>
    now.standing.has(id) ? 'it stands' : `it does not stand, added by an act that is ${stateOfAct(id)}`,
  )

  const members = new Set(station.roles.keys())
  for (const id of now.standing) members.add(oracle.memberOf(id))
  for (const member of members) {
    const ours = station.roles.get(member) ?? null
    const oracles = station.acts.has(member) ? now.role(member) : null
    if (ours !== oracles) found.push(`member ${member} is ${ours ?? 'out'}; the oracle: ${oracles ?? 'out'}`)
  }
  for (const [member, space, has] of station.spaces ?? [])
    if (has !== now.has(member, space))
      found.push(`member ${member} ${has ? 'has' : 'has not'} space ${space}; the oracle: the contrary`)
  if (station.frozen !== undefined)
    for (const log of new Set([...station.frozen.keys(), ...now.frozen.keys()])) {
      const [ours, oracles] = [station.frozen.get(log), now.frozen.get(log)]
      if (ours !== oracles)
        found.push(`log ${log} is frozen from ${ours ?? 'nowhere'}; the oracle: ${oracles ?? 'nowhere'}`)
    }
  return found
}
