import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { decodeCbor, encodeCbor } from '../bytes/cbor.ts'
import { type Id, toBase32 } from '../ids.ts'
import { MAX_ENTRY_BYTES } from '../log/limits.ts'
import {
  anyWire,
  BOMBS,
  bitFlips,
  chance,
  replacements,
  STRANGE_VALUES,
  truncations,
} from '../testing/hostile-bytes.test.data.ts'
import { type Act, encodeAct, parseAct } from './act.ts'
import { type Role, roles } from './roles.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const id = <P extends string>(prefix: P) => bytes(10).map((raw): Id<P> => `${prefix}-${toBase32(raw)}`)
const boxes = fc.uniqueArray(fc.tuple(id('st'), fc.uint8Array({ maxLength: 100 })), {
  maxLength: 5,
  selector: ([station]) => station,
})
const proof = fc.record({
  headers: fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 64 }),
  first: fc.nat(),
  signature: bytes(64),
})

const keys = { key: bytes(32), box: bytes(32), proof: bytes(64) }
const role = fc.constantFrom(...(Object.keys(roles) as Role[]))
const ref = fc.record({ log: bytes(16).map(toHex), seq: fc.nat(), hash: bytes(32) })
const cut = fc.array(ref, { maxLength: 4 })
const once = <T>(item: fc.Arbitrary<T>, nameOf: (item: T) => string) =>
  fc.uniqueArray(item, { maxLength: 4, selector: nameOf })

/** One of each type: a type without a line here does not compile. */
const acts: { [T in Act['type']]: fc.Arbitrary<Extract<Act, { type: T }>> } = {
  genesis: fc.record({ type: fc.constant('genesis'), nonce: bytes(16), box: bytes(32) }),
  space: fc.record({
    type: fc.constant('space'),
    space: id('sp'),
    kind: fc.constantFrom('community', 'grid', 'desk'),
    parent: fc.option(id('sp')),
  }),
  member: fc.record({
    type: fc.constant('member'),
    role,
    spaces: once(id('sp'), String),
    ...keys,
  }),
  station: fc.record({ type: fc.constant('station'), member: id('me'), ...keys }),
  assign: fc.record({
    type: fc.constant('assign'),
    roles: once(fc.tuple(id('me'), role), ([member]) => member),
    spaces: once(fc.tuple(id('me'), id('sp'), fc.boolean()), ([member, space]) => `${member} ${space}`),
  }),
  remove: fc.record({ type: fc.constant('remove'), member: id('me'), cut }),
  'remove-station': fc.record({ type: fc.constant('remove-station'), station: id('st'), cut }),
  leave: fc.record({ type: fc.constant('leave'), cut }),
  ratify: fc.record({ type: fc.constant('ratify'), act: bytes(32) }),
  generation: fc.record({ type: fc.constant('generation'), space: id('sp'), generation: bytes(16), boxes }),
  box: fc.record({ type: fc.constant('box'), generation: bytes(16), boxes }),
  freeze: fc.record({
    type: fc.constant('freeze'),
    log: bytes(32),
    epoch: bytes(16),
    space: fc.string({ maxLength: 40 }),
    seq: fc.nat(),
    proofs: fc.tuple(proof, proof),
  }),
}

test.each(Object.entries(acts))(
  'F2 %s acts are read back as they were written',
  (_, act: fc.Arbitrary<Act>) => {
    fc.assert(
      fc.property(act, (written) => {
        expect(parseAct(encodeAct(written))).toEqual({ ok: true, value: written })
      }),
      chance(60),
    )
  },
)

test.each(Object.entries(acts))(
  'F2 a broken %s act is a problem or another act, never a throw',
  (_, act: fc.Arbitrary<Act>) => {
    for (const written of fc.sample(act, { numRuns: 3, seed: 5 })) {
      const whole = encodeAct(written)
      for (const cut of truncations(whole)) expect(parseAct(cut).ok).toBe(false)
      for (const flipped of bitFlips(whole.subarray(0, 300)))
        expect(typeof parseAct(flipped).ok).toBe('boolean')
      const wire = decodeCbor(whole, MAX_ENTRY_BYTES)
      if (!wire.ok) throw new Error('a valid act did not decode')
      for (const replaced of replacements(wire.value, STRANGE_VALUES)) {
        const parsed = parseAct(encodeCbor(replaced))
        // What is read is what would be written: no two wires mean the same act.
        if (parsed.ok) expect(encodeAct(parsed.value)).toEqual(encodeCbor(replaced))
      }
    }
  },
)

test('F2 random bytes, random CBOR and bombs are no acts', () => {
  for (const bomb of Object.values(BOMBS)) expect(parseAct(bomb).ok).toBe(false)
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), anyWire.map(encodeCbor)), (input) => {
      expect(parseAct(input).ok).toBe(false)
    }),
    chance(1500),
  )
})

test('F2 an act that a later version may know is unknown, not malformed', () => {
  expect(parseAct(encodeCbor(['merge', 'me-0000']))).toEqual({
    ok: false,
    problem: { type: 'newer-act', act: 'merge' },
  })
})

test('F2 an act says one thing of each: no station boxed twice, no member given two roles, no space both ways', () => {
  const [member, space, station] = ['me-0001', 'sp-0001', 'st-0001']
  const twice: Act[] = [
    { type: 'member', role: 'worker', spaces: [space, space], ...someKeys },
    {
      type: 'assign',
      roles: [
        [member, 'chief'],
        [member, 'worker'],
      ],
      spaces: [],
    },
    {
      type: 'assign',
      roles: [],
      spaces: [
        [member, space, true],
        [member, space, false],
      ],
    },
    {
      type: 'box',
      generation: new Uint8Array(16),
      boxes: [
        [station, new Uint8Array(1)],
        [station, new Uint8Array(2)],
      ],
    },
  ]
  for (const act of twice) expect(parseAct(encodeAct(act))).toMatchObject({ problem: { type: 'malformed' } })
})

const someKeys = { key: new Uint8Array(32), box: new Uint8Array(32), proof: new Uint8Array(64) }
