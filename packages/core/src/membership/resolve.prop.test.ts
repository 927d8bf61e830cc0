import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bits, emptyBits, hasBit, setBit } from '../bytes/bits.ts'
import { toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import { logIdOf } from '../log/entry.ts'
import { chance } from '../testing/hostile-bytes.test.data.ts'
import { type Act, memberIdOf } from './act.ts'
import { type ActGraph, type ActNode, isConcurrent } from './graph.ts'
import {
  actOf,
  anyDraws,
  anySteps,
  freezeOf,
  graphOf,
  type History,
  historyOf,
  orderOf,
  pastOf,
  SPACES,
  type Step,
  takeStep,
} from './history.test.data.ts'
import { refuseAct } from './refuse.ts'
import { type Membership, resolveMembership } from './resolve.ts'
import { leastRole, roles } from './roles.ts'
import { compareRanks } from './seniority.ts'
import { wholeMembership } from './whole-membership.test.data.ts'

const resolveAll = (graph: ActGraph) => resolveMembership(graph, graph.all())

/** Facts one by one: each under the names of what it is about. */
function factsOf({ members, stations, former, spaces, parents, frozen }: Membership): Map<string, string> {
  const facts = new Map<string, string>()
  for (const { id, role, by, spaces: given } of members.values()) {
    facts.set(`member ${id}`, `${role} by ${by}`)
    for (const space of given) facts.set(`member ${id}, space ${space}`, 'given')
  }
  for (const { id, member } of stations.values()) facts.set(`member ${member}, station ${id}`, 'stands')
  for (const { id, member, state } of former.values()) facts.set(`member ${member}, station ${id}`, state)
  for (const [id, kind] of spaces) facts.set(`space ${id}`, `${kind} of ${parents.get(id)}`)
  for (const [id, seq] of frozen) facts.set(`log ${id}`, String(seq))
  return facts
}

/** What an act is about, in the names of the facts. */
function subjectsOf(graph: ActGraph, { act, ref, station }: ActNode): string[] {
  switch (act.type) {
    case 'genesis':
    case 'generation':
    case 'box':
      return []
    case 'space':
      return [`space ${act.space}`]
    case 'member':
      return [`member ${memberIdOf(ref.hash)}`, `station ${stationIdOf(act.key)}`]
    case 'station':
      return [`station ${stationIdOf(act.key)}`]
    case 'assign':
      return [...act.roles, ...act.spaces].map(([member]) => `member ${member}`)
    case 'remove':
      return [`member ${act.member}`]
    case 'remove-station':
      return [`station ${act.station}`]
    case 'leave':
      return [`station ${station}`]
    case 'ratify':
      return subjectsOf(graph, graph.byHash.get(toHex(act.act))!)
    case 'freeze':
      return [`log ${logIdOf({ key: act.log, epoch: act.epoch, space: act.space })}`]
  }
}

/** And, since taking power from somebody voids what it did: what its acts were about, and so on (A5, A6). */
function reachOf(graph: ActGraph, node: ActNode): Set<string> {
  const reach = new Set(subjectsOf(graph, node))
  for (let before = -1; before !== reach.size; ) {
    before = reach.size
    for (const other of graph.nodes) {
      const author = graph.authorOf(other)
      if (author && (reach.has(`member ${author.member}`) || reach.has(`station ${author.id}`)))
        for (const subject of subjectsOf(graph, other)) reach.add(subject)
    }
  }
  return reach
}

/** The acts that no other has in its past. */
const endsOf = ({ nodes }: ActGraph): ActNode[] =>
  nodes.filter((node) => !nodes.some(({ past }) => hasBit(past, node.index)))

function without(graph: ActGraph, ...gone: readonly ActNode[]): Bits {
  const bits = emptyBits(graph.nodes.length)
  for (const node of graph.nodes) if (!gone.includes(node)) setBit(bits, node.index)
  return bits
}

test('A5 who belongs is the same in any order of the acts', () => {
  fc.assert(
    fc.property(anySteps(), anyDraws, (steps, draws) => {
      const { acts, graph } = historyOf(steps)
      const other = graphOf(acts, orderOf(acts, draws))
      expect(wholeMembership(resolveAll(other))).toEqual(wholeMembership(resolveAll(graph)))
    }),
    chance(120),
  )
})

test('A2 what an act meant in its own past, and that it was valid there, never changes', () => {
  fc.assert(
    fc.property(anySteps(), anyDraws, (steps, draws) => {
      const { acts, graph } = historyOf(steps)
      const other = graphOf(acts, orderOf(acts, draws))
      for (const [place, { act, log, ref, parents }] of acts.entries()) {
        const node = graph.nodes[place]!
        const alone = graphOf(
          acts,
          [...acts.keys()].filter((n) => hasBit(node.past, n)),
        )
        const past = pastOf(
          other,
          parents.map((n) => other.byHash.get(toHex(acts[n]!.ref.hash))!),
        )
        const then = resolveMembership(other, past)
        expect(wholeMembership(then)).toEqual(wholeMembership(resolveAll(alone)))
        expect(refuseAct(other, { act, log, seq: ref.seq, past, membership: then })).toBeNull()
      }
    }),
    chance(60),
  )
})

test('a membership means the acts of when it was asked for, whenever it is read', () => {
  fc.assert(
    fc.property(anySteps(12), anySteps(12), (steps, later) => {
      const history = historyOf(steps)
      const asked = resolveAll(history.graph)
      const places = [...history.acts.keys()]
      for (const step of later) takeStep(history, step)
      expect(wholeMembership(asked)).toEqual(wholeMembership(resolveAll(graphOf(history.acts, places))))
    }),
    chance(60),
  )
})

test('A6 an act about X changes no fact about Y, but that what it takes from X voids X’s own acts', () => {
  fc.assert(
    fc.property(anySteps(), (steps) => {
      const { graph } = historyOf(steps)
      const all = resolveAll(graph)
      const after = factsOf(all)
      for (const end of endsOf(graph)) {
        const before = factsOf(resolveMembership(graph, without(graph, end)))
        const takes = !['space', 'member', 'station', 'generation', 'box', 'freeze'].includes(end.act.type)
        const reach = takes ? reachOf(graph, end) : new Set(subjectsOf(graph, end))
        for (const fact of new Set([...before.keys(), ...after.keys()]))
          if (!fact.split(', ').some((subject) => reach.has(subject)))
            expect([end.act, fact, after.get(fact)]).toEqual([end.act, fact, before.get(fact)])
      }
    }),
    chance(120),
  )
})

test('A5 an act that does not count changes nothing: but a space that people may have written in', () => {
  fc.assert(
    fc.property(anySteps(), (steps) => {
      const { graph } = historyOf(steps)
      const all = resolveAll(graph)
      const voided = endsOf(graph).filter((end) => !all.isEffective(end) && end.act.type !== 'space')
      for (const end of voided) {
        const before = factsOf(resolveMembership(graph, without(graph, end)))
        for (const [fact, value] of before)
          expect([end.act, fact, factsOf(all).get(fact)]).toEqual([end.act, fact, value])
        expect([...resolveMembership(graph, without(graph, end)).members]).toEqual([...all.members])
      }
    }),
    chance(120),
  )
})

test('A5 of what space a doubly named generation is does not depend on what arrived first', () => {
  const history = historyOf([])
  const { graph } = history
  const [founder] = [...history.keys.keys()].slice(-1) as [string]
  const add = (author: string, act: Act, parents: number[], fresh = false) => {
    const added = history.add(author, act, { parents, fresh })
    if (typeof added === 'string') throw new Error(added)
    return added
  }
  for (const space of SPACES.slice(0, 2))
    add(founder, { type: 'space', space, kind: 'grid', parent: null }, [1])
  const keys = history.newKeys()
  const claim = history.claim(keys, founder)
  add(founder, { type: 'member', role: 'worker', spaces: [SPACES[0]], ...claim }, [3])
  const generation = new Uint8Array(16)
  for (const space of SPACES.slice(0, 2))
    add(founder, { type: 'generation', space, generation, boxes: [] }, [4], true)
  const box = { ref: graph.nodes[4]!.ref, act: { type: 'box', generation, boxes: [] } as Act }
  const log = { ...graph.nodes[0]!.log, key: keys.publicKey }
  const answers = [
    [5, 6],
    [6, 5],
  ].map((last) => {
    const other = graphOf(history.acts, [0, 1, 2, 3, 4, ...last])
    const past = other.all()
    const membership = resolveMembership(other, past)
    return refuseAct(other, { ...box, log, seq: 0, past, membership })
  })
  expect(answers[0]).toBe(answers[1])
})

const saidOf = ({ act }: ActNode, member: string) =>
  act.type === 'assign' ? act.roles.find(([id]) => id === member)?.[1] : undefined
const isDenied = ({ act }: ActNode, member: string, space: string) =>
  act.type === 'assign' && act.spaces.some(([id, named, has]) => id === member && named === space && !has)

/** A history, and after it acts about one of its members that know nothing of each other. */
function rivalsOf(steps: readonly Step[], later: readonly Step[]): History {
  const history = historyOf(steps)
  const { length } = history.graph.nodes
  for (const step of later) {
    const what = (['assign', 'assign', 'assign', 'remove'] as const)[step.author % 4]!
    const knows = step.parents.map((n) => length - 1 - (n % Math.min(length, 4)))
    takeStep(history, { ...step, what, whom: later[0]!.whom, other: step.other * 2, fresh: true }, knows)
  }
  return history
}

test('A6 of two concurrent acts about a member, both counting, the result is at most what either says', () => {
  let met = 0
  fc.assert(
    fc.property(anySteps(16), anySteps(8), (steps, later) => {
      const { graph } = rivalsOf(steps, later)
      const all = resolveAll(graph)
      const counting = endsOf(graph).filter(all.isEffective)
      for (const { id, role, spaces } of all.members.values()) {
        const about = counting.filter((end) => saidOf(end, id) !== undefined)
        if (about.length > 1) met++
        for (const end of about) expect(roles[role].rank).toBeLessThanOrEqual(roles[saidOf(end, id)!].rank)
        for (const end of counting)
          for (const space of all.spaces.keys())
            if (isDenied(end, id, space) && !all.parents.has(space)) expect(spaces).not.toContain(space)
        expect(counting.filter(({ act }) => act.type === 'remove' && act.member === id)).toEqual([])
      }
    }),
    chance(150),
  )
  expect(met).toBeGreaterThan(20)
})

test('A6 one more act about a member, concurrent to those that hold, gives it the least of both and no more', () => {
  let met = 0
  fc.assert(
    fc.property(anySteps(16), anySteps(6), (steps, later) => {
      const { graph } = rivalsOf(steps, later)
      const all = resolveAll(graph)
      for (const end of endsOf(graph).filter(all.isEffective)) {
        const before = resolveMembership(graph, without(graph, end))
        if (before.voided.length !== all.voided.length) continue
        for (const { id, role } of before.members.values()) {
          const said = saidOf(end, id)
          const holds = graph.nodes.filter((node) => saidOf(node, id) && before.isEffective(node))
          if (!said || holds.length === 0 || !holds.every((node) => isConcurrent(node, end))) continue
          met++
          expect(all.members.get(id)!.role).toBe(leastRole([role, said]))
        }
      }
    }),
    chance(150),
  )
  expect(met).toBeGreaterThan(20)
})

test('A3 removed is removed: no act that knows of it brings a member or a station back, but to ratify', () => {
  fc.assert(
    fc.property(anySteps(20), anySteps(8), (steps, later) => {
      const history = historyOf(steps)
      const { graph } = history
      const before = resolveAll(graph)
      const gone = removedIn(graph, before)
      for (const step of later) {
        if (step.what === 'ratify') continue
        takeStep(history, step, [...graph.nodes.keys()])
      }
      const after = resolveAll(graph)
      for (const name of gone)
        expect([name, after.members.has(name) || after.stations.has(name)]).toEqual([name, false])
      for (const name of removedIn(graph, after))
        expect([name, after.members.has(name) || after.stations.has(name)]).toEqual([name, false])
    }),
    chance(100),
  )
})

/** Members and stations that some counting act takes away. */
const removedIn = (graph: ActGraph, membership: Membership): string[] =>
  graph.nodes.flatMap((node) => {
    if (!membership.isEffective(node)) return []
    if (node.act.type === 'remove') return [node.act.member]
    if (node.act.type === 'remove-station') return [node.act.station]
    return node.act.type === 'leave' ? [node.station] : []
  })

test('A4 seniority is a strict order of all members, fixed when they are invited', () => {
  fc.assert(
    fc.property(anySteps(), anyDraws, (steps, draws) => {
      const { acts, graph } = historyOf(steps)
      const claims = [...graph.members.values()]
      const other = graphOf(acts, orderOf(acts, draws))
      for (const a of claims) {
        expect(other.members.get(a.id)!.rank).toEqual(a.rank)
        const inviter = graph.authorOf(a.node)!.member
        if (inviter !== a.id) expect(compareRanks(graph.members.get(inviter)!.rank, a.rank)).toBeLessThan(0)
        for (const b of claims) {
          const order = Math.sign(compareRanks(a.rank, b.rank))
          expect(order === 0).toBe(a === b)
          expect(order).toBe(0 - Math.sign(compareRanks(b.rank, a.rank)))
          for (const c of claims)
            if (order < 0 && compareRanks(b.rank, c.rank) < 0)
              expect(compareRanks(a.rank, c.rank)).toBeLessThan(0)
        }
      }
    }),
    chance(100),
  )
})

test('A4 nobody changes the standing of somebody senior, by any act', () => {
  fc.assert(
    fc.property(anySteps(), (steps) => {
      const { graph } = historyOf(steps)
      for (const node of graph.nodes) {
        const author = graph.authorOf(node)
        const { act } = node
        if (!author || !['assign', 'remove', 'ratify'].includes(act.type)) continue
        const about =
          act.type === 'remove'
            ? [act.member]
            : act.type === 'ratify'
              ? [graph.authorOf(graph.byHash.get(toHex(act.act))!)!.member]
              : act.type === 'assign'
                ? [...act.roles, ...act.spaces].map(([id]) => id)
                : []
        const mine = graph.members.get(author.member)!.rank
        for (const id of about) expect(compareRanks(mine, graph.members.get(id)!.rank)).toBeLessThan(0)
      }
    }),
    chance(100),
  )
})

test('A4 whoever was removed changes nobody’s standing by acts that claim not to have heard of it', () => {
  let tried = 0
  fc.assert(
    fc.property(anySteps(), anySteps(6), (steps, later) => {
      const history = historyOf(steps)
      const { graph } = history
      const before = resolveAll(graph)
      const removed = [...before.former.values()].filter(({ state }) => state === 'removed')
      if (removed.length === 0) return
      for (const step of later) {
        const { id, claim } = removed[step.author % removed.length]!
        const parents = [claim.node.index, ...step.parents.map((n) => n % graph.nodes.length)]
        if (!backDate(history, id, { ...step, parents })) continue
        tried++
        const after = factsOf(resolveAll(graph))
        // What a voided invitation would have been is nobody's standing.
        for (const [fact, value] of factsOf(before))
          if (fact.startsWith('member ') && value !== 'void')
            expect([step, fact, after.get(fact)]).toEqual([step, fact, value])
        expect([...resolveAll(graph).members.keys()].sort()).toEqual([...before.members.keys()].sort())
        expect([...resolveAll(graph).stations.keys()].sort()).toEqual([...before.stations.keys()].sort())
      }
    }),
    chance(150),
  )
  expect(tried).toBeGreaterThan(50)
})

/**
 * In a log of its own, with a past of its choice, and alone: of other stations' keys it has only what those signed
 * for it, or for their own member, before.
 */
function backDate(history: History, author: string, step: Step): ActNode | null {
  const { graph } = history
  const past = pastOf(
    graph,
    step.parents.map((n) => graph.nodes[n]!),
  )
  const signed = graph.nodes.filter(
    ({ act, station }) => act.type === step.what && (act.type === 'station' || station === author),
  )
  const copied = step.other % 2 === 0 ? signed[step.whom % Math.max(1, signed.length)]?.act : undefined
  const act: Act | null =
    copied?.type === 'member' || copied?.type === 'station'
      ? { ...copied, ...(copied.type === 'member' ? { role: step.role } : {}) }
      : actOf(history, { ...step, other: step.other | 1 }, author, past)
  const added = act && history.add(author, act, { parents: step.parents, fresh: true })
  return added && typeof added !== 'string' ? added : null
}

test('A13 of several freezes of one log the lowest sequence holds, whoever brings them', () => {
  const history = historyOf([])
  const [founder] = [...history.keys.keys()].slice(-1)
  const keys = history.keys.get(founder!)!
  for (const seq of [3, 1, 2])
    expect(typeof history.add(founder!, freezeOf(keys, seq), { parents: [1], fresh: true })).toBe('object')
  expect([...resolveAll(history.graph).frozen.values()]).toEqual([1])
})

test('A4 a removed chief cannot take along a station that it had invited, by adding it again in a log of no past', () => {
  const history = historyOf([])
  const { graph } = history
  const [root, founder] = [...history.keys.keys()] as [string, string]
  const add = (author: string, act: Act, parents: number[], fresh = false) => {
    const added = history.add(author, act, { parents, fresh })
    if (typeof added === 'string') throw new Error(added)
    return added
  }
  const member = (author: string, keys = history.newKeys()): Act => ({
    type: 'member',
    role: 'chief',
    spaces: [],
    ...history.claim(keys, author),
  })
  const second = add(founder, member(founder), [1])
  const chief = graph.claims.get(second)!.id
  const invitation = member(chief)
  add(chief, { type: 'space', space: 'sp-0001', kind: 'grid', parent: null }, [2])
  const third = add(chief, invitation, [3])
  add(root, { type: 'remove', member: graph.claims.get(second)!.member, cut: [] }, [4])
  const worker = graph.claims.get(third)!
  const again = add(chief, { ...invitation, role: 'relay' } as Act, [2], true)
  expect(resolveAll(graph).isEffective(again)).toBe(false)
  expect(resolveAll(graph).stations.get(worker.id)?.member).toBe(worker.member)
  // Having heard of both, it still speaks for the member it is.
  const next = add(worker.id, { type: 'space', space: 'sp-0000', kind: 'grid', parent: null }, [5, 6])
  expect(resolveAll(graph).isEffective(next)).toBe(true)
})
