import { publicKeyOf } from '../crypto/keys.ts'
import type { Act } from '../membership/act.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { acceptedHeads } from '../trunk/heads.ts'
import { cutOf, formerOf } from './belonging.ts'
import { signActs } from './create-community.ts'
import { foundingKey } from './founding-key.ts'
import type { Station } from './station.ts'

export type FoundingActProblem = Problem & {
  type: 'no-founding-key' | 'unknown-member' | 'founding-act-refused'
}

/** Makes a member a chief by the founding key: the way back when no chief is left (D12). */
export const appointChief = (station: Station, member: string): Promise<Result<void, FoundingActProblem>> =>
  byFoundingKey(station, member, () => ({ type: 'assign', roles: [[member, 'chief']], spaces: [] }))

/** Removes anybody, the first chief too, by the founding key, which is senior to all (A4). */
export const removeByFoundingKey = (
  station: Station,
  member: string,
): Promise<Result<void, FoundingActProblem>> =>
  byFoundingKey(station, member, () => {
    const { stations } = station.membership()
    const theirs = [...stations.values()].filter((card) => card.member === member).map(({ id }) => id)
    const cut = cutOf(station, [...theirs, ...formerOf(station.membership(), member)])
    return { type: 'remove', member, cut }
  })

async function byFoundingKey(
  station: Station,
  member: string,
  act: () => Act,
): Promise<Result<void, FoundingActProblem>> {
  const privateKey = foundingKey(station)
  if (!privateKey) return fail({ type: 'no-founding-key' })
  if (!station.membership().members.has(member)) return fail({ type: 'unknown-member', member })
  const { community } = station.identity
  const pair = { privateKey, publicKey: publicKeyOf('ed25519', privateKey) }
  const heads = acceptedHeads(station.trunk.store, community)
  const report = await station.admit([signActs(pair, community, [act()], heads)], 'founding key')
  if (!report.ok) return report as Result<never, FoundingActProblem>
  const [refused] = report.value.refused
  return refused ? fail({ type: 'founding-act-refused', reason: refused.reason }) : ok(undefined)
}
