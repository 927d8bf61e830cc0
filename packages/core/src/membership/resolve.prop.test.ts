import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { stationIdOf } from '../ids.ts'
import { logIdOf } from '../log/entry.ts'
import { chance } from '../testing/hostile-bytes.test.data.ts'
import type { Act } from './act.ts'
import { type ActNode, type Membership, ROOT_MEMBER, resolveMembership } from './resolve.ts'

const named = (word: string, length: number) => sha256(word).subarray(0, length)
const few = <T>(make: (n: number) => T) => fc.nat({ max: 3 }).map(make)
const member = fc.oneof(
  few((n) => `me-000${n + 1}`),
  fc.constant(ROOT_MEMBER),
)
const stationKey = few((n) => named(`station ${n}`, 32))
const generation = few((n) => named(`generation ${n}`, 16))
const space = few((n) => `sp-000${n}`)
const boxes = fc.uniqueArray(
  fc.tuple(
    few((n) => `st-000${n}`),
    few((n) => named(`box ${n}`, 20)),
  ),
  {
    maxLength: 3,
    selector: ([station]) => station,
  },
)

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ type: fc.constant('space'), space, kind: fc.constantFrom('community', 'grid') }),
  fc.record({
    type: fc.constant('member'),
    member,
    role: fc.constantFrom('chief', 'worker', 'steward', 'auditor'),
    spaces: fc.array(space, { maxLength: 2 }),
  }),
  fc.record({ type: fc.constant('station'), member, key: stationKey, box: few((n) => named(`b${n}`, 32)) }),
  fc.record({ type: fc.constant('generation'), space, generation, boxes }),
  fc.record({ type: fc.constant('box'), generation, boxes }),
  fc.record({
    type: fc.constant('freeze'),
    log: stationKey,
    epoch: few((n) => named(`epoch ${n}`, 16)),
    space,
    seq: fc.nat({ max: 9 }),
    proofs: fc.constant([
      { headers: [], first: 0, signature: new Uint8Array(64) },
      { headers: [], first: 0, signature: new Uint8Array(64) },
    ] as const),
  }),
)

type Drawn = {
  readonly act: Act
  readonly author: number
  readonly parents: readonly number[]
  readonly salt: number
}
const drawn: fc.Arbitrary<Drawn> = fc.record({
  act: anyAct,
  author: fc.nat({ max: 3 }),
  parents: fc.array(fc.nat(), { maxLength: 3 }),
  salt: fc.nat({ max: 1000 }),
})
/** A founding, and after it acts that each know some of those before, with all of their past. */
const history = fc.array(drawn, { minLength: 1, maxLength: 14 }).map((acts) => {
  const nodes: ActNode[] = [
    nodeOf({ type: 'genesis', nonce: named('nonce', 16), box: named('box', 32) }, 'root', 0, new Set()),
  ]
  for (const [at, { act, author, parents, salt }] of acts.entries()) {
    const past = new Set<string>()
    for (const parent of parents.length > 0 ? parents.map((n) => nodes[n % nodes.length]!) : [nodes[0]!])
      for (const hash of [parent.hash, ...parent.past]) past.add(hash)
    nodes.push(nodeOf(act, `author ${author}`, at * 1000 + salt, past))
  }
  return nodes
})

function nodeOf(act: Act, author: string, salt: number, past: ReadonlySet<string>): ActNode {
  const hash = sha256('act', author, String(salt))
  const log = { key: named(author, 32), epoch: named('epoch', 16), space: 'co-0000' }
  return { ref: { log: logIdOf(log), seq: salt, hash }, hash: toHex(hash), log, act, past }
}

/** What is known, fact by fact: each under the name of what it is about. */
function factsOf(membership: Membership): Map<string, string> {
  const facts = new Map<string, string>()
  const put = (name: string, value: unknown) =>
    facts.set(
      name,
      JSON.stringify(value, (_, item) => (item instanceof Uint8Array ? toHex(item) : item)),
    )
  for (const [id, fact] of membership.members) put(`member ${id}`, fact)
  for (const [id, fact] of membership.stations) put(`station ${id}`, fact)
  for (const [id, fact] of membership.spaces) put(`space ${id}`, fact)
  for (const [id, { boxes: held, ...fact }] of membership.generations) {
    put(`generation ${id}`, fact)
    for (const [station, boxed] of held) put(`box ${id} ${station}`, boxed)
  }
  for (const [id, fact] of membership.frozen) put(`frozen ${id}`, fact)
  return facts
}

/** Whether a fact may be touched by an act: everything else must stay as it is. */
function isAbout(act: Act, fact: string): boolean {
  switch (act.type) {
    case 'genesis':
      return fact.startsWith(`member ${ROOT_MEMBER}`) || fact.startsWith('station ')
    case 'space':
      return fact === `space ${act.space}`
    case 'member':
      return fact === `member ${act.member}`
    case 'station':
      return fact === `station ${stationIdOf(act.key)}`
    // A generation brings its boxes along, and boxes that came before it find their place.
    case 'generation':
      return fact.includes(toHex(act.generation))
    case 'box':
      return act.boxes.some(([station]) => fact === `box ${toHex(act.generation)} ${station}`)
    case 'freeze':
      return fact === `frozen ${logIdOf({ key: act.log, epoch: act.epoch, space: act.space })}`
  }
}

const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length })

test('A5 who belongs is the same in any order of the acts', () => {
  fc.assert(
    fc.property(
      history.chain((nodes) => fc.tuple(fc.constant(nodes), shuffled(nodes))),
      ([nodes, other]) => {
        expect(factsOf(resolveMembership(other))).toEqual(factsOf(resolveMembership(nodes)))
      },
    ),
    chance(400),
  )
})

test('A6 an act about X changes no fact about Y', () => {
  fc.assert(
    fc.property(history, (nodes) => {
      const last = nodes.at(-1)!
      const before = factsOf(resolveMembership(nodes.slice(0, -1)))
      const after = factsOf(resolveMembership(nodes))
      for (const fact of new Set([...before.keys(), ...after.keys()]))
        if (!isAbout(last.act, fact)) expect([fact, after.get(fact)]).toEqual([fact, before.get(fact)])
    }),
    chance(400),
  )
})

test('A3 an id is used once: a claim that knows of an earlier one changes nothing', () => {
  fc.assert(
    fc.property(history, anyAct, fc.nat(), (nodes, act, salt) => {
      const before = resolveMembership(nodes)
      const knowsAll = new Set(nodes.map(({ hash }) => hash))
      const later = nodeOf(act, 'late', salt, knowsAll)
      const after = factsOf(resolveMembership([later, ...nodes]))
      // A freeze may always set in earlier: of all that are proven, the lowest sequence holds.
      if (act.type === 'freeze') return
      for (const [fact, value] of factsOf(before)) expect([fact, after.get(fact)]).toEqual([fact, value])
    }),
    chance(400),
  )
})

test('A13 of several freezes of one log the lowest sequence holds', () => {
  const key = named('station 0', 32)
  const epoch = named('epoch 0', 16)
  const proof = { headers: [], first: 0, signature: new Uint8Array(64) }
  const freeze = (seq: number): Act => ({
    type: 'freeze',
    log: key,
    epoch,
    space: 'sp-0000',
    seq,
    proofs: [proof, proof],
  })
  const nodes = [7, 3, 5].map((seq) => nodeOf(freeze(seq), 'author', seq, new Set()))
  const id = logIdOf({ key, epoch, space: 'sp-0000' })
  for (const order of [nodes, nodes.toReversed()])
    expect([...resolveMembership(order).frozen]).toEqual([[id, 3]])
})
