import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Value } from '../record/change.ts'
import type { TimelineItem } from '../record/project.ts'
import { competes, foldClaims, madeApart } from './claim-state.ts'
import { record } from './sample-records.test.data.ts'

const DAY = '2026-11-24'
const item = (id: string, by: string, value: Value): TimelineItem => ({ id, by, at: 0, value })
const take = (id: string, by: string, more: Record<string, Value> = {}) =>
  item(id, by, { unit: '2', on: DAY, until: DAY, saw: [], ...more })
const end = (id: string, by: string, of: string[], doors?: string[]) =>
  item(id, by, { of, on: DAY, ...(doors ? { doors } : {}) })
const claims = (timelines: Record<string, TimelineItem[]>) =>
  foldClaims(record('claim', '1', { building: 'bu-1', week: '2026-11-23' }, { timelines }))

test('nobody gives up what is another’s, but for what stands among a chief’s words', () => {
  const [mine, theirs] = claims({
    takes: [take('a', 'me-1'), take('b', 'me-2')],
    releases: [end('c', 'me-1', ['a', 'b'])],
  })
  expect([mine?.ended?.why, theirs?.ended]).toEqual(['released', null])
  const [cleared] = claims({ takes: [take('a', 'me-1')], clears: [end('c', 'me-9', ['a'])] })
  expect(cleared?.ended).toMatchObject({ why: 'cleared', by: 'me-9' })
})

test('a claim goes on without the doors that were given up, or left to others when it was made', () => {
  const [one] = claims({
    takes: [take('a', 'me-1', { except: ['hh-1'] })],
    releases: [end('c', 'me-1', ['a'], ['hh-2']), end('d', 'me-2', ['a'], ['hh-3'])],
  })
  expect([...one!.except].sort()).toEqual(['hh-1', 'hh-2'])
  expect(one!.ended).toBeNull()
})

test('claimed again after giving up, it holds again', () => {
  const [first, again] = claims({
    takes: [take('a', 'me-1'), take('b', 'me-1')],
    releases: [end('c', 'me-1', ['a'])],
  })
  expect([first?.ended?.why, again?.ended]).toEqual(['released', null])
})

test('what another version wrote claims nothing, and takes nothing away', () => {
  const values: Value[] = [null, 7, 'x', [], { on: 'some day', until: DAY }, { on: DAY }]
  const takes = values.map((value, at) => item(`x${at}`, 'me-2', value))
  const ends = values.map((value, at) => item(`y${at}`, 'me-1', value))
  expect(
    claims({ takes: [...takes, take('a', 'me-1')], releases: ends, clears: ends }).map(({ id, ended }) => [
      id,
      ended,
    ]),
  ).toEqual([['a', null]])
})

test('two compete for a door in one sweep, or when one goes there in no sweep; with oneself nobody does', () => {
  const of = (by: string, sweep: string | null) => ({ by, sweep })
  expect(competes(of('me-1', 'sw-1'), of('me-2', 'sw-1'))).toBe(true)
  expect(competes(of('me-1', 'sw-1'), of('me-2', null))).toBe(true)
  expect(competes(of('me-1', 'sw-1'), of('me-2', 'sw-2'))).toBe(false)
  expect(competes(of('me-1', 'sw-1'), of('me-1', 'sw-1'))).toBe(false)
  const [a, b, c] = claims({
    takes: [take('a', 'me-1'), take('b', 'me-2'), take('c', 'me-3', { saw: ['a'] })],
  })
  expect([madeApart(a!, b!), madeApart(a!, c!), madeApart(c!, a!), madeApart(b!, c!)]).toEqual([
    true,
    false,
    false,
    true,
  ])
})

test('any order and any repetition of what was said folds the same; none comes before one its author knew', () => {
  const ids = ['a', 'b', 'c', 'd', 'e']
  const drawn = fc.record({
    takes: fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom('me-1', 'me-2'), fc.subarray(ids)), {
      maxLength: 6,
    }),
    ends: fc.array(
      fc.tuple(fc.constantFrom('me-1', 'me-2'), fc.subarray(ids), fc.option(fc.subarray(['hh-1', 'hh-2']))),
    ),
  })
  fc.assert(
    fc.property(drawn, fc.infiniteStream(fc.nat()), ({ takes, ends }, noise) => {
      const said = [...new Map(takes.map((one) => [one[0], one])).values()].map(([id, by, saw]) =>
        // Ids are hashes of what they name: nobody names what comes after.
        take(id, by, { saw: saw.filter((seen) => seen < id) }),
      )
      const releases = ends.map(([by, of, doors], at) => end(`z${at}`, by, of, doors ?? undefined))
      const shuffled = <T>(list: readonly T[]) =>
        [...list, ...list]
          .map((one) => [noise.next().value ?? 0, one] as const)
          .sort((x, y) => x[0] - y[0])
          .map(([, one]) => one)
      const straight = claims({ takes: said, releases })
      expect(claims({ takes: shuffled(said), releases: shuffled(releases) })).toEqual(straight)
      const order = straight.map(({ id }) => id)
      for (const { id, saw } of straight)
        for (const seen of saw)
          if (order.includes(seen)) expect(order.indexOf(seen)).toBeLessThan(order.indexOf(id))
    }),
  )
})
