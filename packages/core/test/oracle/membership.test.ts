import { expect, test } from 'vitest'
import type { BrokenRules } from './oracle.ts'
import type { OracleBody } from './shape.ts'
import { begin, demote, give, remove } from './story.ts'

/** C is senior to J. J removes C; a year later C back-dates a removal of J. */
function mutualRemoval(broken: BrokenRules = {}) {
  const story = begin(broken)
  const all = [story.invite('C', 'chief'), story.invite('J', 'chief')]
  story.act('J-removes-C', 'J', remove('C'), all)
  story.act('M', 'J', { type: 'member', role: 'worker', spaces: [] }, ['J-removes-C'])
  story.act('C-removes-J', 'C', remove('J'), all)
  return story
}

test('A4 a junior chief cannot remove a senior one, so nothing hangs on who dated what when', () => {
  expect(mutualRemoval().oracle.valid('J-removes-C')).toBe(false)
  const naive = mutualRemoval({ seniority: 'mutual' })
  const before = naive.oracle.resolve(
    new Set(['root', 'open', 'north', 'desk', 'C', 'J', 'J-removes-C', 'M']),
  )
  expect([before.role('C'), before.role('J'), before.role('M')]).toEqual([null, 'chief', 'worker'])
  expect([naive.role('C'), naive.role('J'), naive.role('M')]).toEqual(['chief', null, null])
})

test('A4 A5 who is removed takes nobody along by back-dating', () => {
  const story = begin()
  const all = [story.invite('C', 'chief'), story.invite('J', 'chief')]
  story.act('out', 'root', remove('C'), all)
  story.act('M', 'J', { type: 'member', role: 'worker', spaces: [] }, ['out'])
  story.act('back-dated', 'C', remove('J'), all)
  expect(story.oracle.valid('back-dated')).toBe(true)
  expect(story.effective('back-dated')).toBe(false)
  expect([story.role('C'), story.role('J'), story.role('M')]).toEqual([null, 'chief', 'worker'])
})

test('A2 what depends on a refused act or entry is refused with it', () => {
  const story = begin()
  const all = [story.invite('C', 'chief'), story.invite('W', 'worker')]
  story.act('refused', 'W', { type: 'member', role: 'chief', spaces: [] }, all)
  story.act('on-it', 'C', demote('W', 'volunteer'), ['refused'])
  story.entry('c0', 'C', { log: 'C1', space: 'open', acts: ['on-it'] })
  story.entry('c1', 'C', { log: 'C1', space: 'open', prev: 'c0' })
  expect(['refused', 'on-it'].map(story.oracle.valid)).toEqual([false, false])
  expect(['c0', 'c1'].map(story.oracle.validEntry)).toEqual([false, false])
  expect([story.accepted(), story.held()]).toEqual([[], []])
  expect(story.role('W')).toBe('worker')
})

test('A2 an act may name only what is in its past', () => {
  const story = begin()
  story.invite('C', 'chief')
  story.invite('W', 'worker')
  const acts: OracleBody[] = [
    remove('W'),
    { type: 'remove-station', target: 'W', cut: [] },
    { type: 'remove-station', target: 'north', cut: [] },
    demote('W', 'partner'),
    give('C', 'W', true),
    { type: 'station', member: 'W' },
    { type: 'ratify', act: 'W' },
    { type: 'member', role: 'worker', spaces: ['W'] },
    { type: 'box', space: 'W' },
  ]
  for (const [index, body] of acts.entries()) {
    story.act(`blind-${index}`, 'C', body, ['C'])
    expect.soft(story.oracle.valid(`blind-${index}`), JSON.stringify(body)).toBe(false)
  }
  for (const [index, body] of acts.slice(0, 2).entries()) {
    story.act(`seeing-${index}`, 'C', body, ['W'])
    expect.soft(story.oracle.valid(`seeing-${index}`), JSON.stringify(body)).toBe(true)
  }
})

test('A4 members: depth, then the number of the inviting act on each step, then the hash', () => {
  const story = begin()
  story.invite('A', 'chief')
  story.invite('B', 'chief')
  story.act('deep', 'A', { type: 'member', role: 'chief', spaces: [] }, ['B'])
  // Two chains of A go on from one act: the same number, so the hash decides.
  story.act('twin-1', 'A', { type: 'member', role: 'chief', spaces: [] }, ['B', 'deep'])
  story.act('twin-2', 'A', { type: 'member', role: 'chief', spaces: [] }, ['B', 'deep'])
  const senior = ['root', 'A', 'B', 'deep', 'twin-1', 'twin-2']
  for (const [i, by] of senior.entries())
    for (const [j, target] of senior.entries()) {
      const id = story.act(`${by}-${target}`, by, demote(target, 'worker'), senior)
      expect.soft(story.oracle.valid(id), id).toBe(i < j)
    }
})

test('A4 stations of one member: the first, then by length of the chain, then its numbers, then the hash', () => {
  const story = begin()
  story.invite('C', 'chief')
  story.invite('W', 'worker')
  story.act('W-a', 'W', { type: 'station', member: 'W' }, ['W']) // [0, 0]
  story.act('W-b', 'W', { type: 'station', member: 'W' }, ['W-a']) // [0, 1]
  story.act('C-2', 'C', { type: 'station', member: 'C' }, ['W-b'])
  story.act('W-c', 'C-2', { type: 'station', member: 'W' }, ['C-2']) // [0, 0], by C-2: after W-a by its hash
  story.act('W-d', 'W-b', { type: 'station', member: 'W' }, ['W-c']) // [0, 1, 0]
  const senior = ['W', 'W-a', 'W-c', 'W-b', 'W-d']
  for (const [i, by] of senior.entries())
    for (const [j, target] of senior.entries()) {
      const id = story.act(`${by}-${target}`, by, { type: 'remove-station', target, cut: [] }, senior)
      expect.soft(story.oracle.valid(id), id).toBe(i < j)
    }
  story.act('last', 'C', { type: 'remove-station', target: 'W', cut: [] }, senior)
  expect([story.standing('W'), story.role('W')]).toEqual([false, 'worker'])
})

test('A5 A7 a removal voids what the removed did meanwhile, a senior makes one of it count again', () => {
  const story = begin()
  const all = [story.invite('S', 'chief'), story.invite('C', 'chief')]
  story.act('seen', 'C', { type: 'member', role: 'worker', spaces: [] }, all)
  story.act('unseen', 'C', { type: 'member', role: 'chief', spaces: [] }, ['seen'])
  story.act('follower', 'unseen', { type: 'member', role: 'worker', spaces: [] }, ['unseen'])
  story.act('out', 'S', remove('C'), ['seen'])
  expect(['seen', 'unseen', 'follower'].map(story.standing)).toEqual([true, false, false])
  story.act('self', 'C', { type: 'ratify', act: 'unseen' }, ['unseen'])
  expect(story.oracle.valid('self')).toBe(false)
  story.act('again', 'S', { type: 'ratify', act: 'unseen' }, ['out', 'follower'])
  expect(['seen', 'unseen', 'follower'].map(story.standing)).toEqual([true, true, true])
})

test('A5 A7 a demotion that is made to count again voids what its subject did in between', () => {
  const story = begin()
  const all = ['S', 'T', 'C'].map((name) => story.invite(name, 'chief'))
  story.act('down', 'T', demote('C', 'worker'), all)
  story.act('out', 'S', remove('T'), all)
  story.act('M', 'C', { type: 'member', role: 'worker', spaces: [] }, ['down', 'out'])
  expect([story.role('C'), story.role('M')]).toEqual(['chief', 'worker'])
  story.act('again', 'S', { type: 'ratify', act: 'down' }, ['down', 'out'])
  expect([story.role('C'), story.role('M')]).toEqual(['worker', null])
})

test('A5 a demotion voids concurrent acts of a chief, and those only', () => {
  const story = begin()
  const all = [story.invite('C', 'chief')]
  story.act('M', 'C', { type: 'member', role: 'worker', spaces: [] }, all)
  story.act('C-2', 'C', { type: 'station', member: 'C' }, all)
  story.act('generation', 'C', { type: 'generation', space: 'open' }, all)
  story.act('down', 'root', demote('C', 'worker'), all)
  expect(['M', 'C-2', 'generation'].map(story.effective)).toEqual([false, true, true])
})

test('A5 a generation is void when its author lost the reading of that space meanwhile, by role or by space', () => {
  const facts: [OracleBody, boolean][] = [
    [give('W', 'north', false), false],
    [give('W', 'desk', false), true],
    [demote('W', 'volunteer'), false],
    [demote('W', 'relay'), false],
    [demote('W', 'auditor'), true],
    [
      { type: 'assign', roles: [['W', 'auditor']], spaces: [['W', 'north', false]] },
      true, // an auditor reads it without having it
    ],
    [remove('W'), false],
  ]
  for (const [body, stands] of facts) {
    const story = begin()
    const all = [story.invite('W', 'worker', ['north', 'desk'])]
    for (const type of ['generation', 'box'] as const) story.act(type, 'W', { type, space: 'north' }, all)
    story.act('fact', 'root', body, all)
    expect.soft(['generation', 'box'].map(story.effective), JSON.stringify(body)).toEqual([stands, stands])
  }
})

test('A5 a space stays when the act that named it is void: people have written in it', () => {
  const story = begin()
  const all = [story.invite('C', 'chief'), story.invite('S', 'steward')]
  story.act('south', 'C', { type: 'space', kind: 'grid' }, all)
  story.act('key', 'S', { type: 'generation', space: 'south' }, ['south'])
  story.entry('s0', 'S', { log: 'S1', space: 'south', acts: ['key'] })
  story.act('out', 'root', remove('C'), all)
  story.entry('s1', 'S', { log: 'S1', space: 'south', prev: 's0', acts: ['out'] })
  expect([story.effective('south'), story.effective('key')]).toEqual([false, true])
  expect(story.accepted()).toEqual(['s0', 's1'])
})

test('A5 two assignments that each give a space which the other voids both count', () => {
  const story = begin()
  const all = ['V', 'W', 'C'].map((name) => story.invite(name, 'chief'))
  story.act('C-2', 'C', { type: 'station', member: 'C' }, all)
  story.act('one', 'C', { type: 'space', kind: 'grid' }, ['C-2'])
  story.act('two', 'C-2', { type: 'space', kind: 'grid' }, ['C-2'])
  for (const [by, space] of [
    ['V', 'one'],
    ['W', 'two'],
  ] as const)
    story.act(`by-${by}`, by, { type: 'assign', roles: [['C', 'worker']], spaces: [['C', space, true]] }, [
      space,
    ])
  expect(['by-V', 'by-W', 'one', 'two'].map(story.effective)).toEqual([true, true, false, false])
})

test('A6 of concurrent roles the least, a later one over both; a handover is one act', () => {
  const story = begin()
  const all = [story.invite('C', 'chief'), story.invite('D', 'chief'), story.invite('W', 'worker')]
  story.act('up', 'C', demote('W', 'steward'), all)
  story.act('down', 'D', demote('W', 'volunteer'), all)
  expect(story.role('W')).toBe('volunteer')
  story.act('settled', 'D', demote('W', 'partner'), ['up', 'down'])
  expect(story.role('W')).toBe('partner')
  story.act(
    'handover',
    'root',
    {
      type: 'assign',
      roles: [
        ['C', 'auditor'],
        ['D', 'chief'],
      ],
      spaces: [],
    },
    ['settled'],
  )
  expect([story.role('C'), story.role('D')]).toEqual(['auditor', 'chief'])
})

test('A6 a concurrent no beats a yes, the latest decides, and no other pair changes', () => {
  const story = begin()
  const all = [
    story.invite('C', 'chief'),
    story.invite('V', 'worker', ['north']),
    story.invite('W', 'worker'),
  ]
  const pairs = () => {
    const { has } = story.oracle.resolve(story.everything().acts)
    return ['V', 'W'].flatMap((member) => ['north', 'desk'].map((space) => has(member, space)))
  }
  expect(pairs()).toEqual([true, false, false, false])
  story.act('yes', 'root', give('W', 'north', true), all)
  expect(pairs()).toEqual([true, false, true, false])
  story.act('no', 'C', give('W', 'north', false), all)
  expect(pairs()).toEqual([true, false, false, false])
  story.act('role', 'C', demote('W', 'steward'), ['no'])
  story.act('moved', 'C', give('V', 'desk', true), ['no'])
  expect(pairs()).toEqual([true, true, false, false])
  story.act('settled', 'C', give('W', 'north', true), ['yes', 'no'])
  expect(pairs()).toEqual([true, true, true, false])
  expect(story.role('W')).toBe('steward')
})

test('a leave ends its own station, voids nothing concurrent, and lets its cut stand', () => {
  const story = begin()
  const all = [story.invite('C', 'chief')]
  story.act('C-2', 'C', { type: 'station', member: 'C' }, all)
  story.entry('c0', 'C', { log: 'C1', space: 'open', acts: ['C-2'] })
  story.entry('c1', 'C', { log: 'C1', space: 'open', prev: 'c0' })
  story.act('M', 'C', { type: 'member', role: 'worker', spaces: [] }, ['C-2'])
  story.act('leave', 'C', { type: 'leave', cut: ['c0'] }, ['C-2'])
  story.act('after', 'C', { type: 'member', role: 'worker', spaces: [] }, ['leave'])
  expect(['C', 'C-2', 'M'].map(story.standing)).toEqual([false, true, true])
  expect([story.role('C'), story.oracle.valid('after')]).toEqual(['chief', false])
  expect(story.accepted()).toEqual(['c0'])
})
