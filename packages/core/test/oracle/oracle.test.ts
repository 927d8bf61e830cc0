import { expect, test } from 'vitest'
import { createHistory, type History } from './history.ts'
import type { BrokenRules } from './oracle.ts'
import type { OracleBody, Role } from './shape.ts'

// Each counterexample that shaped the rules, as the shortest history that shows it: what the rule says, and what the
// rule that it replaced would have said.

type Story = History & {
  /** Adds a member of that name with its first station, invited by the key in the safe. */
  readonly invite: (name: string, role: Role, spaces?: readonly string[]) => string
  readonly everything: () => { acts: Set<string>; entries: Set<string> }
  readonly accepted: (without?: readonly string[]) => string[]
  readonly held: () => string[]
  readonly effective: (id: string) => boolean
  readonly standing: (station: string) => boolean
  readonly role: (member: string) => Role | null
}

/** A community with its open space, a grid and a desk; whoever is invited is invited in the order of the calls. */
function begin(broken: BrokenRules = {}): Story {
  const history = createHistory(broken)
  history.act('root', null, { type: 'genesis' })
  for (const [id, kind] of [
    ['open', 'community'],
    ['north', 'grid'],
    ['desk', 'desk'],
  ] as const)
    history.act(id, 'root', { type: 'space', kind }, history.acts.keys())
  let last = 'desk'
  const everything = () => ({ acts: new Set(history.acts.keys()), entries: new Set(history.entries.keys()) })
  const now = () => history.oracle.resolve(everything().acts)
  return {
    ...history,
    everything,
    invite(name, role, spaces = []) {
      last = history.act(name, 'root', { type: 'member', role, spaces }, [last])
      return name
    },
    accepted(without = []) {
      const { acts, entries } = everything()
      for (const id of without) acts.delete(id) || entries.delete(id)
      return [...history.oracle.accepted(acts, entries)].sort()
    },
    held() {
      const { acts, entries } = everything()
      return [...history.oracle.held(acts, entries)].sort()
    },
    effective: (id) => now().effective.has(id),
    standing: (station) => now().standing.has(station),
    role: (member) => now().role(member),
  }
}

const remove = (target: string, cut: readonly string[] = []): OracleBody => ({ type: 'remove', target, cut })
const demote = (member: string, role: Role): OracleBody => ({
  type: 'assign',
  roles: [[member, role]],
  spaces: [],
})
const give = (member: string, space: string, has: boolean): OracleBody => ({
  type: 'assign',
  roles: [],
  spaces: [[member, space, has]],
})

// The table of counterexamples

function builtOnTheRemoved(broken: BrokenRules = {}) {
  const story = begin(broken)
  const all = [story.invite('X', 'worker'), story.invite('B', 'worker')]
  story.entry('x0', 'X', { log: 'X1', space: 'open', acts: all })
  story.entry('b0', 'B', { log: 'B1', space: 'open', deps: ['x0'], acts: all })
  story.act('out', 'root', remove('X'), all)
  return story
}

test('A9 a barred entry comes in with the entry of an uninformed colleague that stands on it', () => {
  expect(builtOnTheRemoved().accepted()).toEqual(['b0', 'x0'])
  expect(builtOnTheRemoved({ accept: 'fixed-point' }).accepted()).toEqual([])
})

test('A10 who took an entry in and wrote nothing keeps it by standing by it, and so does everybody', () => {
  const story = begin()
  const all = [story.invite('X', 'worker'), story.invite('A', 'auditor')]
  story.entry('x0', 'X', { log: 'X1', space: 'open', acts: all })
  expect(story.accepted()).toEqual(['x0'])
  story.act('out', 'root', remove('X'), all)
  expect(story.accepted()).toEqual([])
  story.entry('a0', 'A', { log: 'A1', space: 'open', kind: 'stand-by', deps: ['x0'], acts: ['out'] })
  expect(story.accepted()).toEqual(['a0', 'x0'])
})

function signedTwice(broken: BrokenRules = {}) {
  const story = begin(broken)
  const all = [story.invite('X', 'worker'), story.invite('B', 'worker')]
  story.entry('x0', 'X', { log: 'X1', space: 'open', acts: all })
  story.entry('b0', 'B', { log: 'B1', space: 'open', deps: ['x0'], acts: all })
  story.entry('b1', 'B', { log: 'B1', space: 'open', prev: 'b0', acts: all })
  story.entry('x0-again', 'X', { log: 'X1', space: 'open', acts: all })
  story.act('freeze', 'B', { type: 'freeze', log: 'X1', seq: 0 }, all)
  return story
}

test('A13 a second entry of one number bars both, and takes nobody’s work away', () => {
  expect(signedTwice().accepted()).toEqual(['b0', 'b1', 'x0'])
  expect(signedTwice().held()).toEqual(['x0-again'])
  expect(signedTwice({ fork: 'strict' }).accepted()).toEqual([])
})

test('A13 a freeze counts whoever brings it, the lowest number holds, and what knows it is refused', () => {
  const story = begin()
  const all = [story.invite('X', 'worker'), story.invite('B', 'worker')]
  story.entry('x0', 'X', { log: 'X1', space: 'open', acts: all })
  story.entry('x1', 'X', { log: 'X1', space: 'open', prev: 'x0' })
  story.entry('x1-again', 'X', { log: 'X1', space: 'open', prev: 'x0' })
  story.act('out', 'root', remove('B'), all)
  story.act('late', 'B', { type: 'freeze', log: 'X1', seq: 2 }, ['out'])
  story.act('early', 'B', { type: 'freeze', log: 'X1', seq: 1 }, ['out'])
  expect(story.effective('early')).toBe(true)
  expect(story.accepted()).toEqual(['x0'])
  story.entry('x2', 'X', { log: 'X1', space: 'open', prev: 'x1', acts: ['early'] })
  expect(story.oracle.validEntry('x2')).toBe(false)
})

/** `cutAt` says what the second remover names of what it has. */
function removedTwice(cutAt: 'accepted' | 'held') {
  const story = begin()
  story.invite('X', 'worker')
  story.entry('x0', 'X', { log: 'X1', space: 'open', acts: ['X'] })
  story.act('laptop-out', 'root', { type: 'remove-station', target: 'X', cut: ['x0'] }, ['X'])
  story.entry('x1', 'X', { log: 'X1', space: 'open', prev: 'x0' })
  const cut = cutAt === 'held' ? [...story.accepted(), ...story.held()] : story.accepted()
  story.act('person-out', 'root', remove('X', cut), ['laptop-out'])
  return story
}

test('A8 a second removal lets nothing in that the first kept out', () => {
  expect(removedTwice('accepted').accepted()).toEqual(['x0'])
  expect(removedTwice('held').accepted()).toEqual(['x0', 'x1'])
})

function newEpochOfTheRemoved(broken: BrokenRules = {}) {
  const story = begin(broken)
  story.invite('X', 'worker')
  story.entry('x0', 'X', { log: 'X1', space: 'open', acts: ['X'] })
  story.act('out', 'root', remove('X', ['x0']), ['X'])
  story.entry('x-fresh', 'X', { log: 'X2', space: 'open', acts: ['X'] })
  return story
}

test('A8 a log that the cut does not name is cut at nothing', () => {
  expect(newEpochOfTheRemoved().accepted()).toEqual(['x0'])
  expect(newEpochOfTheRemoved({ cut: 'named-logs-only' }).accepted()).toEqual(['x-fresh', 'x0'])
})

test('A8 the furthest of several cuts holds, each with all before it, and none for another station', () => {
  const story = begin()
  const all = [story.invite('X', 'worker'), story.invite('Y', 'worker')]
  for (const name of ['X', 'Y']) {
    story.entry(`${name}-0`, name, { log: name, space: 'open', acts: all })
    story.entry(`${name}-1`, name, { log: name, space: 'open', prev: `${name}-0` })
  }
  story.act('out-near', 'root', remove('X', ['X-0']), all)
  story.act('out-far', 'root', remove('X', ['X-1', 'Y-1']), all)
  story.act('out-y', 'root', remove('Y'), all)
  expect(story.accepted()).toEqual(['X-0', 'X-1'])
})

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

/** S vouches for x0 in a checkpoint before it hears of the removal; B builds on x0 after it has heard. */
function knowingCarrier(broken: BrokenRules = {}) {
  const story = begin(broken)
  const all = ['X', 'B'].map((name) => story.invite(name, 'worker')).concat(story.invite('S', 'steward'))
  story.entry('x0', 'X', { log: 'X1', space: 'open', acts: all })
  story.entry('s0', 'S', { log: 'S1', space: 'open', kind: 'checkpoint', deps: ['x0'], acts: all })
  story.act('out', 'root', remove('X'), all)
  story.entry('b0', 'B', { log: 'B1', space: 'open', deps: ['x0'], acts: ['out'] })
  return story
}

test('A12 who carries knowingly is not refused: who starts from the checkpoint could not tell', () => {
  expect(knowingCarrier().accepted()).toEqual(['b0', 's0', 'x0'])
  expect(knowingCarrier({ carriers: 'must-not-know' }).accepted()).toEqual(['s0', 'x0'])
})

// Membership

test('A2 what depends on a refused act or entry is refused with it', () => {
  const story = begin()
  const all = [story.invite('W', 'worker'), story.invite('C', 'chief')]
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
  story.act('W-c', 'C', { type: 'station', member: 'W' }, ['W-b']) // [0, 0], by C: after W-a by its hash
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
  story.act('unseen', 'C', { type: 'member', role: 'worker', spaces: [] }, ['seen'])
  story.act('follower', 'unseen', { type: 'station', member: 'unseen' }, ['unseen'])
  story.act('out', 'S', remove('C'), ['seen'])
  expect(['seen', 'unseen', 'follower'].map(story.standing)).toEqual([true, false, false])
  story.act('self', 'C', { type: 'ratify', act: 'unseen' }, ['unseen'])
  expect(story.oracle.valid('self')).toBe(false)
  story.act('again', 'S', { type: 'ratify', act: 'unseen' }, ['out', 'follower'])
  expect(['seen', 'unseen', 'follower'].map(story.standing)).toEqual([true, true, true])
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

test('A5 a voided space is there for nobody until it is ratified', () => {
  const story = begin()
  const all = [story.invite('C', 'chief'), story.invite('S', 'steward')]
  story.act('south', 'C', { type: 'space', kind: 'grid' }, all)
  story.act('key', 'S', { type: 'generation', space: 'south' }, ['south'])
  story.entry('s0', 'S', { log: 'S1', space: 'south', acts: ['key'] })
  story.act('out', 'root', remove('C'), all)
  story.entry('s1', 'S', { log: 'S1', space: 'south', prev: 's0', acts: ['out'] })
  expect([story.effective('south'), story.effective('key')]).toEqual([false, false])
  expect(story.accepted()).toEqual(['s0']) // judged by its own past; s1 knew
  expect(story.oracle.validEntry('s1')).toBe(false)
  story.act('again', 'root', { type: 'ratify', act: 'south' }, ['out', 'south'])
  expect([story.effective('south'), story.effective('key')]).toEqual([true, true])
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

test('A6 a change of role has no cut: what was written before its author heard stands', () => {
  const story = begin()
  story.invite('W', 'worker', ['north'])
  story.act('moved', 'root', give('W', 'north', false), ['W'])
  story.entry('w0', 'W', { log: 'W1', space: 'north', acts: ['W'] })
  story.entry('w1', 'W', { log: 'W1', space: 'north', prev: 'w0', acts: ['moved'] })
  expect(story.accepted()).toEqual(['w0'])
  expect(story.held()).toEqual([])
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

// Rights

test('each role may do what its rights say, and no more', () => {
  const spaces = ['north', 'desk']
  const may: Record<
    Role,
    { chief: boolean; reads: string; writes: string; standsBy: string; releases: boolean }
  > = {
    chief: {
      chief: true,
      reads: 'open north desk east',
      writes: 'open north desk east',
      standsBy: 'open north desk east',
      releases: true,
    },
    steward: {
      chief: false,
      reads: 'open north desk east',
      writes: 'open north desk east',
      standsBy: 'open north desk east',
      releases: true,
    },
    worker: {
      chief: false,
      reads: 'open north desk',
      writes: 'open north desk',
      standsBy: 'open north desk',
      releases: false,
    },
    partner: { chief: false, reads: 'desk', writes: 'desk', standsBy: 'desk', releases: false },
    volunteer: { chief: false, reads: 'desk', writes: 'desk', standsBy: 'desk', releases: false },
    auditor: {
      chief: false,
      reads: 'open north desk east',
      writes: '',
      standsBy: 'open north desk east',
      releases: false,
    },
    relay: { chief: false, reads: '', writes: '', standsBy: 'open north desk east', releases: false },
  }
  for (const [role, rights] of Object.entries(may) as [Role, (typeof may)[Role]][]) {
    const story = begin()
    story.act('east', 'root', { type: 'space', kind: 'grid' }, ['desk'])
    story.invite('M', role, spaces)
    story.invite('Z', 'relay')
    story.act('Z-2', 'Z', { type: 'station', member: 'Z' })
    const all = ['east', 'M', 'Z-2']
    const tryAct = (body: OracleBody) => story.oracle.valid(story.act(JSON.stringify(body), 'M', body, all))
    const everywhere = ['open', 'north', 'desk', 'east']
    const where = (can: (space: string) => boolean) => everywhere.filter(can).join(' ')
    const writes = (kind: 'data' | 'stand-by' | 'release' | 'checkpoint') =>
      where((space) =>
        story.oracle.validEntry(
          story.entry(`${kind}-${space}`, 'M', { log: `${kind}-${space}`, space, kind, acts: all }),
        ),
      )
    expect
      .soft(
        {
          chief: tryAct({ type: 'space', kind: 'desk' }),
          reads: where((space) => tryAct({ type: 'generation', space }) && tryAct({ type: 'box', space })),
          writes: writes('data'),
          standsBy: writes('stand-by'),
          releases: writes('release') !== '' && writes('checkpoint') !== '',
        },
        role,
      )
      .toEqual(rights)
    for (const body of [
      { type: 'member', role: 'worker', spaces: [] },
      { type: 'station', member: 'Z' },
      { type: 'remove', target: 'Z', cut: [] },
      { type: 'remove-station', target: 'Z', cut: [] },
      { type: 'ratify', act: 'Z-2' },
      demote('Z', 'worker'),
      give('Z', 'north', true),
    ] satisfies OracleBody[])
      expect.soft(tryAct(body), `${role} ${body.type}`).toBe(rights.chief)
    for (const body of [
      { type: 'station', member: 'M' },
      { type: 'leave', cut: [] },
      { type: 'freeze', log: 'Z1', seq: 0 },
    ] satisfies OracleBody[])
      expect.soft(tryAct(body), `${role} ${body.type}`).toBe(true)
    for (const body of [remove('M'), demote('M', 'chief'), give('M', 'east', true), remove('root')])
      expect.soft(tryAct(body), `${role} ${JSON.stringify(body)}`).toBe(false)
  }
})

// Entries

test('A16 a release carries what is held, and cannot release what is refused', () => {
  const story = begin()
  const all = [story.invite('X', 'worker'), story.invite('S', 'steward'), story.invite('W', 'worker')]
  story.act('out', 'root', remove('X'), all)
  story.entry('x0', 'X', { log: 'X1', space: 'open', acts: all })
  story.entry('x-refused', 'X', { log: 'X2', space: 'open', acts: ['out'] })
  expect([story.accepted(), story.held()]).toEqual([[], ['x0']])
  story.entry('w0', 'W', { log: 'W1', space: 'open', kind: 'release', deps: ['x0'], acts: ['out'] })
  story.entry('s0', 'S', { log: 'S1', space: 'open', kind: 'release', deps: ['x-refused'], acts: ['out'] })
  expect([story.accepted(), story.held()]).toEqual([[], ['x0']])
  story.entry('s-good', 'S', { log: 'S2', space: 'open', kind: 'release', deps: ['x0'], acts: ['out'] })
  expect([story.accepted(), story.held()]).toEqual([['s-good', 'x0'], []])
})

test('A9 nothing counts before its whole past is here, acts and entries', () => {
  const story = builtOnTheRemoved()
  expect(story.accepted(['x0'])).toEqual([])
  expect(story.accepted(['B'])).toEqual([])
  expect(story.accepted(['out'])).toEqual(['b0', 'x0'])
})

test('A11 A15 an author who stands again counts again; a forked log is taken up in a fresh epoch', () => {
  const story = signedTwice()
  story.entry('x-fresh', 'X', {
    log: 'X2',
    space: 'open',
    kind: 'stand-by',
    deps: ['x0', 'x0-again'],
    acts: ['freeze'],
  })
  expect(story.accepted()).toEqual(['b0', 'b1', 'x-fresh', 'x0', 'x0-again'])
  expect(story.held()).toEqual([])
})
