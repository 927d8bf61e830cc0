import { expect, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { Act } from './act.ts'
import type { ActNode } from './graph.ts'
import { History, SPACES } from './history.test.data.ts'
import { type Membership, resolveMembership } from './resolve.ts'

const ACTS = 2000

/** What resolving costs is told, not judged: machines differ, and a figure that drifts is seen here. */
function measured(name: string, { graph }: History): Membership {
  const from = performance.now()
  const membership = resolveMembership(graph, graph.all())
  // It is worked out as far as it is asked for.
  const { members, voided } = membership
  const ms = performance.now() - from
  const pasts = graph.nodes.reduce((sum, { past }) => sum + past.byteLength, 0)
  const heap = process.memoryUsage().heapUsed
  process.stdout.write(
    `resolving ${graph.nodes.length} acts, ${name}: ${ms.toFixed(0)} ms; their pasts take ` +
      `${(pasts / 1000).toFixed(0)} kB, the whole heap ${(heap / 1e6).toFixed(0)} MB; ` +
      `${members.size} members, ${voided.length} void\n`,
  )
  return membership
}

function founded() {
  const history = new History()
  const founder = history.graph.claims.get(history.graph.nodes[1]!)!
  const invite = (by: string, parents: number[], role: 'chief' | 'worker' = 'chief') => {
    const keys = history.newKeys()
    const spaces: string[] = []
    const node = history.put(by, { type: 'member', role, spaces, ...history.claim(keys, by) }, { parents })
    return history.graph.claims.get(node)!
  }
  return { history, founder, invite }
}

test('every question ends: a chain of invitations, each by the last', () => {
  const { history, founder, invite } = founded()
  let last = founder
  while (history.acts.length < ACTS - 1) last = invite(last.id, [history.acts.length - 1])
  const end = [history.acts.length - 1]
  history.put(last.id, { type: 'space', space: SPACES[0], kind: 'grid', parent: null }, { parents: end })
  expect(measured('one long chain', history).members.size).toBe(ACTS - 1)
  history.put(history.founder, { type: 'remove', member: founder.member, cut: [] }, { parents: [1] })
  // What followed from it falls with it.
  expect(measured('its first link removed', history).members.size).toBe(1)
})

test('every question ends: one chief invites everybody, and gives one member one role after another', () => {
  const { history, founder, invite } = founded()
  for (let n = 0; n < ACTS / 2; n++) invite(founder.id, [1], 'worker')
  const [worker] = [...history.graph.members.keys()].slice(-1)
  const roles = ['worker', 'steward', 'auditor'] as const
  for (let n = 0; history.acts.length < ACTS; n++)
    history.put(
      founder.id,
      { type: 'assign', roles: [[worker!, roles[n % 3]!]], spaces: [] },
      { parents: [1] },
    )
  const membership = measured('one busy chief', history)
  expect(membership.members.size).toBe(ACTS / 2 + 2)
  expect(membership.voided).toEqual([])
})

test('every question ends: many chiefs, apart, remove and demote their juniors and ratify what that voided', () => {
  const { history, founder, invite } = founded()
  const chiefs = [founder]
  for (let n = 0; n < 40; n++) chiefs.push(invite(chiefs[n >> 1]!.id, [history.acts.length - 1]))
  const base = history.acts.length - 1
  const acts: ActNode[] = []
  for (let n = 0; history.acts.length < ACTS - 100; n++) {
    const senior = chiefs[n % 20]!
    const { member } = chiefs[41 - 1 - (n % 19)]!
    const act: Act =
      n % 3 === 0
        ? { type: 'remove', member, cut: [] }
        : { type: 'assign', roles: [[member, n % 3 === 1 ? 'worker' : 'chief']], spaces: [] }
    acts.push(history.put(senior.id, act, { parents: [base], fresh: n % 2 === 0 }))
  }
  for (let n = 0; history.acts.length < ACTS; n++) {
    const target = acts[n * 3]!
    history.put(history.founder, { type: 'ratify', act: target.ref.hash }, { parents: [target.index] })
  }
  const membership = measured('everybody apart', history)
  expect(membership.members.size).toBeGreaterThan(1)
  expect(membership.members.size).toBeLessThan(42)
  const ratified = history.graph.nodes.flatMap(({ act }) =>
    act.type === 'ratify' ? [history.graph.byHash.get(toHex(act.act))!] : [],
  )
  expect(ratified.every((node) => membership.isEffective(node))).toBe(true)
  expect(membership.stations.has(stationIdOf(history.graph.nodes[0]!.log.key))).toBe(true)
})
