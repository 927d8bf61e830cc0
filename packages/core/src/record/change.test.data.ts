import fc from 'fast-check'
import { toBase32 } from '../ids.ts'
import { type Change, TAG_BYTES, type Unwrite, type Value, type Write } from './change.ts'

const name = fc.constantFrom('name', 'street', 'tags', 'steps', 'constructor', 'toString', 'valueOf', 'a')
const tag = fc.uint8Array({ minLength: TAG_BYTES, maxLength: TAG_BYTES }).map(toBase32)
const element = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => text.length > 0)
const key = fc.oneof(
  fc.constantFrom('valueOf', 'toString', 'length', '@', 'a#b'),
  fc.string({ maxLength: 5 }),
)

/** Any value a part may hold: JSON, a few levels deep, with names that mean something to JavaScript. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(null, true, false, '', '测试住户 1-2-301', 0, -1, 1e300, 0.1, 2 ** 53 - 1, -(2 ** 40)),
    fc.string({ unit: 'grapheme', maxLength: 100 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      key.filter((text) => text !== '__proto__' && text !== 'constructor'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value

const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ type: fc.constant('field'), name, value: anyValue }),
  fc.record({ type: fc.constant('add'), name, element }),
  fc.record({ type: fc.constant('append'), name, value: anyValue }),
)
const unwrite: fc.Arbitrary<Unwrite> = fc.oneof(
  fc.record({ type: fc.constant('field'), name, tag }),
  fc.record({ type: fc.constant('add'), name, element, tag }),
)

/** Any change the gate lets through. */
export const anyChange: fc.Arbitrary<Change> = fc.record({
  type: fc.constantFrom('building', 'household', 'somethingNew'),
  version: fc.nat({ max: 9 }),
  id: fc.constantFrom('bu-0000', 'hh-0000'),
  writes: fc.array(write, { maxLength: 6 }),
  unwrites: fc.array(unwrite, { maxLength: 4 }),
})
