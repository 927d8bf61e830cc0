import { createPrivateKey, createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import { addBits, type Bits, emptyBits, hasBit } from '../bytes/bits.ts'
import { toHex } from '../bytes/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { createSigner, type KeyPair } from '../crypto/keys.ts'
import { stationIdOf } from '../ids.ts'
import { createEntry, type EntryRef, type LogDeclaration, logIdOf, rootOf } from '../log/entry.ts'
import { segmentClaim } from '../log/segment.ts'
import { type Act, communityIdOf, encodeAct, proveStation, type StationKeys } from './act.ts'
import type { ActGraph, ActNode } from './graph.ts'
import { refuseAct } from './refuse.ts'
import { createActGraph, resolveMembership } from './resolve.ts'
import { type Role, roles } from './roles.ts'

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const bytesNamed = (word: string, length: number) => sha256(word).subarray(0, length)

/** Keys and proofs are the same in every history, and dear to make. */
const made = new Map<string, unknown>()
function once<T>(name: string, make: () => T): T {
  if (!made.has(name)) made.set(name, make())
  return made.get(name) as T
}

/** The same keys on every run: a history comes from the drawn numbers alone. */
export const keysNamed = (name: string): KeyPair => once(`key ${name}`, () => makeKeys(name))
function makeKeys(name: string): KeyPair {
  const privateKey = sha256('key', name)
  const pair = createPrivateKey({ key: Buffer.concat([PKCS8, privateKey]), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(pair).export({ format: 'der', type: 'spki' })
  return { privateKey, publicKey: new Uint8Array(spki.subarray(-32)) }
}

const NONCE = bytesNamed('nonce', 16)
const ROOT = keysNamed('root')
export const COMMUNITY = communityIdOf(ROOT.publicKey, NONCE)
export const SPACES = ['sp-0000', 'sp-0001', 'sp-0002', 'sp-0003'] as const
const GENERATIONS = ['one', 'two', 'three'].map((name) => bytesNamed(name, 16))

/** What is added to a graph, with the places in the history of the acts it names. */
export type Written = {
  readonly ref: EntryRef
  readonly log: LogDeclaration
  readonly act: Act
  readonly parents: readonly number[]
}
export type Where = {
  /** Places of acts that it names, besides the one before it in its log. */
  readonly parents: readonly number[]
  /** A log of its own, which need not know what its author wrote before: as a back-dated act would. */
  readonly fresh?: boolean
}

/** A community's acts as the gate lets them in: real acts, real hashes, real proofs; no store and no stations. */
export class History {
  readonly graph = createActGraph()
  readonly acts: Written[] = []
  readonly keys = new Map<string, KeyPair>([[stationIdOf(ROOT.publicKey), ROOT]])
  /** Places of the last act of each station's own log. */
  readonly #tails = new Map<string, number>()
  #fresh = 0

  /** Founded: the paper key, and a first chief that it appoints. */
  constructor() {
    const root = this.founder
    this.add(root, { type: 'genesis', nonce: NONCE, box: bytesNamed('root box', 32) }, { parents: [] })
    const keys = this.newKeys()
    this.add(root, { type: 'member', role: 'chief', spaces: [], ...this.claim(keys, root) }, { parents: [0] })
  }

  get founder(): string {
    return stationIdOf(ROOT.publicKey)
  }

  newKeys(): KeyPair {
    const keys = keysNamed(`station ${this.keys.size}`)
    this.keys.set(stationIdOf(keys.publicKey), keys)
    return keys
  }

  /** What a station says for itself. `whom`: the inviting station, or the member. */
  claim(keys: KeyPair, whom: string): StationKeys {
    const box = sha256('box', keys.publicKey)
    const name = `proof ${whom} ${toHex(keys.publicKey)}`
    const proof = once(name, () => proveStation(keys.privateKey, COMMUNITY, whom, box))
    return { key: keys.publicKey, box, proof }
  }

  /** Takes an act in if it is valid where it stands; else says why it is not. */
  add(author: string, act: Act, where: Where): ActNode | string {
    const written = this.#write(author, act, where)
    const { log, ref, parents } = written
    const past = pastOf(
      this.graph,
      parents.map((place) => this.graph.nodes[place]!),
    )
    const membership = resolveMembership(this.graph, past)
    const refused = refuseAct(this.graph, { act, log, seq: ref.seq, past, membership })
    return refused ?? this.#take(author, written, where)
  }

  /** Without being judged, which for thousands takes long: for acts that are known to be valid. */
  put(author: string, act: Act, where: Where): ActNode {
    return this.#take(author, this.#write(author, act, where), where)
  }

  #write(author: string, act: Act, where: Where): Written {
    const keys = this.keys.get(author)!
    const tail = where.fresh ? undefined : this.#tails.get(author)
    const epoch = bytesNamed(where.fresh ? `fresh ${this.#fresh++}` : 'epoch', 16)
    const log = { key: keys.publicKey, epoch, space: COMMUNITY }
    const id = logIdOf(log)
    const before = tail === undefined ? null : this.acts[tail]!
    const seq = before ? before.ref.seq + 1 : 0
    const prev = before ? before.ref.hash : rootOf(id)
    const deps = where.parents.map((place) => this.acts[place]!.ref)
    const entry = createEntry({ seq, prev, deps, acts: [], keys: [] }, [{ bytes: encodeAct(act), key: -1 }])
    const parents = [...new Set([...where.parents, ...(tail === undefined ? [] : [tail])])]
    return { ref: { log: id, seq, hash: entry.hash }, log, act, parents }
  }

  #take(author: string, written: Written, { fresh }: Where): ActNode {
    if (!fresh) this.#tails.set(author, this.acts.length)
    this.acts.push(written)
    const parents = written.parents.map((place) => this.graph.nodes[place]!)
    return this.graph.add({ ...written, parents })
  }
}

export function pastOf(graph: ActGraph, nodes: readonly ActNode[]): Bits {
  const past = emptyBits(graph.nodes.length)
  for (const node of nodes) addBits(past, graph.upTo(node))
  return past
}

/** The same acts, or some of them, in another order; each after those it names. */
export function graphOf(acts: readonly Written[], places: readonly number[] = [...acts.keys()]): ActGraph {
  const graph = createActGraph()
  const nodes = new Map<number, ActNode>()
  for (const place of places) {
    const { parents, ...written } = acts[place]!
    nodes.set(place, graph.add({ ...written, parents: parents.map((parent) => nodes.get(parent)!) }))
  }
  return graph
}

/** An order in which each act comes after those it names, drawn by one number for each step. */
export function orderOf(acts: readonly Written[], draws: readonly number[]): number[] {
  const order: number[] = []
  const done = new Set<number>()
  for (let step = 0; step < acts.length; step++) {
    const ready = [...acts.keys()].filter(
      (place) => !done.has(place) && acts[place]!.parents.every((parent) => done.has(parent)),
    )
    const next = ready[(draws[step % draws.length] ?? 0) % ready.length]!
    done.add(next)
    order.push(next)
  }
  return order
}

/** One step of a history, as numbers that mean something only where it is taken. */
export type Step = {
  readonly what: Act['type']
  readonly author: number
  readonly whom: number
  readonly other: number
  readonly role: Role
  readonly parents: readonly number[]
  readonly fresh: boolean
}

const WEIGHTS = {
  genesis: 1,
  space: 3,
  member: 7,
  station: 3,
  assign: 7,
  remove: 4,
  'remove-station': 2,
  leave: 1,
  ratify: 4,
  generation: 3,
  box: 3,
  freeze: 1,
} as const satisfies Record<Act['type'], number>

const anyNumber = fc.nat({ max: 10_000 })
export const anyStep: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    ...Object.entries(WEIGHTS).map(([what, weight]) => ({
      arbitrary: fc.constant(what as Act['type']),
      weight,
    })),
  ),
  author: anyNumber,
  whom: anyNumber,
  other: anyNumber,
  role: fc.oneof(fc.constant<Role>('chief'), fc.constantFrom(...(Object.keys(roles) as Role[]))),
  parents: fc.array(anyNumber, { minLength: 1, maxLength: 3 }),
  fresh: fc.boolean(),
})

export const anyDraws = fc.array(anyNumber, { minLength: 1, maxLength: 40 })
export const anySteps = (maxLength = 24): fc.Arbitrary<Step[]> =>
  fc.array(anyStep, { minLength: maxLength >> 1, maxLength, size: 'max' })

export function historyOf(steps: readonly Step[]): History {
  const history = new History()
  for (const step of steps) takeStep(history, step)
  return history
}

/** Taken by the drawn author about the drawn member, or the next ones; by nobody when nobody may. */
export function takeStep(history: History, step: Step, knows?: readonly number[]): ActNode | null {
  const { graph } = history
  // Mostly of the latest: who knows little can do little.
  const { length } = graph.nodes
  const parents = knows ?? step.parents.map((n) => length - 1 - (n % Math.min(length, 7)))
  const where = { parents, fresh: step.fresh }
  const past = pastOf(
    graph,
    where.parents.map((place) => graph.nodes[place]!),
  )
  const { stations } = resolveMembership(graph, past)
  const authors = [...graph.claimsOf.keys()].filter((id) => stations.has(id))
  for (let turn = 0; turn < 3 * authors.length; turn++) {
    const author = authors[(step.author + Math.floor(turn / 3)) % authors.length]!
    const act = actOf(history, { ...step, whom: step.whom + turn }, author, past)
    const added = act && history.add(author, act, where)
    if (added && typeof added !== 'string') return added
  }
  return null
}

export function actOf(history: History, step: Step, author: string, past: Bits): Act | null {
  const { graph } = history
  const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % list.length]
  const isKnown = (node: ActNode) => hasBit(past, node.index)
  const members = [...graph.members.values()].filter(({ node }) => isKnown(node)).map(({ id }) => id)
  const stations = [...graph.claimsOf.keys()].filter((id) => graph.claimIn(id, past))
  const member = pick(members, step.whom)!
  const spaces = [...resolveMembership(graph, past).spaces.keys()]
  const space = pick(spaces, step.whom)
  // One key in eight is claimed again: somebody who signs for two.
  const keys = step.other % 8 === 0 ? history.keys.get(pick(stations, step.whom)!)! : null
  switch (step.what) {
    case 'genesis':
      return null
    case 'space': {
      const kind = (['community', 'grid', 'grid', 'desk'] as const)[step.other % 4]!
      const parent = kind === 'desk' ? pick(SPACES, step.whom + 1)! : null
      return { type: 'space', space: pick(SPACES, step.whom)!, kind, parent }
    }
    case 'member': {
      const given = space && step.other % 3 > 0 ? [space] : []
      return {
        type: 'member',
        role: step.role,
        spaces: given,
        ...history.claim(keys ?? history.newKeys(), author),
      }
    }
    case 'station':
      return { type: 'station', member, ...history.claim(keys ?? history.newKeys(), member) }
    case 'assign': {
      const second = pick(members, step.other)!
      const both = second !== member
      if (step.other % 2 === 0) {
        const role = pick(Object.keys(roles) as Role[], step.other)!
        return {
          type: 'assign',
          roles: [[member, step.role], ...(both ? [[second, role] as const] : [])],
          spaces: [],
        }
      }
      const given = pick(spaces, step.other >>> 1)
      if (!given) return null
      return {
        type: 'assign',
        roles: [],
        spaces: [[member, given, !both && step.fresh], ...(both ? [[second, given, true] as const] : [])],
      }
    }
    case 'remove':
      return { type: 'remove', member, cut: cutNamed(step.other) }
    case 'remove-station':
      return { type: 'remove-station', station: pick(stations, step.whom)!, cut: cutNamed(step.other) }
    case 'leave':
      return { type: 'leave', cut: cutNamed(step.other) }
    case 'ratify': {
      const { voided } = resolveMembership(graph, past)
      const target = pick(voided, step.whom) ?? pick(graph.nodes.filter(isKnown), step.whom)!
      return { type: 'ratify', act: target.ref.hash }
    }
    case 'generation':
    case 'box': {
      if (!space) return null
      const generation = pick(GENERATIONS, step.other)!
      const boxes = [...new Set([step.author, step.other].map((n) => pick(stations, n)!))].map(
        (station) => [station, bytesNamed(`boxed ${step.other}`, 20)] as const,
      )
      return step.what === 'box'
        ? { type: 'box', generation, boxes }
        : { type: 'generation', space, generation, boxes }
    }
    case 'freeze':
      return freezeOf(history.keys.get(pick(stations, step.whom)!)!, step.other % 4)
  }
}

const cutNamed = (n: number): EntryRef[] => [
  { log: toHex(bytesNamed('cut log', 16)), seq: n % 5, hash: bytesNamed(`cut ${n % 5}`, 32) },
]

/** Two branches of a log in a grid, from `seq` on, both signed: a proof that nobody can argue with. */
export function freezeOf(keys: KeyPair, seq: number): Act {
  const log = { key: keys.publicKey, epoch: bytesNamed('forked', 16), space: SPACES[0] }
  const id = logIdOf(log)
  const [left, right] = ['left', 'right'].map((side) => {
    const prev = seq === 0 ? rootOf(id) : bytesNamed('prev', 32)
    const header = { seq, prev, deps: [], acts: [], keys: [] }
    const { raw, hash } = createEntry(header, [{ bytes: bytesNamed(side, 8), key: -1 }])
    const signature = createSigner(keys.privateKey)(segmentClaim(id, seq, seq, hash))
    return { headers: [raw.header], first: seq, signature }
  })
  return { type: 'freeze', log: log.key, epoch: log.epoch, space: log.space, seq, proofs: [left!, right!] }
}
