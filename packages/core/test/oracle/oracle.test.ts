import { expect, test } from 'vitest'
import type { BrokenRules } from './oracle.ts'
import { begin, give, remove } from './story.ts'

// Each counterexample that shaped the rules, as the shortest history that shows it: what the rule says, and what the
// rule that it replaced would have said.

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

test('A8 the furthest of several cuts holds, each with its past, by hash, and none for another station', () => {
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
  const { cutOf } = story.oracle.resolve(story.everything().acts)
  expect([cutOf('X'), cutOf('Y')]).toEqual([new Set(['X-0', 'X-1']), new Set()])
  expect(story.accepted(['X-1', 'out-near'])).toEqual([]) // who has not the named entry cannot tell what is before it
  story.entry('X-0-again', 'X', { log: 'X', space: 'open', acts: all })
  expect(story.accepted()).toEqual(['X-0', 'X-1']) // a number alone is ambiguous
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

test('A6 a change of role has no cut: what was written before its author heard stands', () => {
  const story = begin()
  story.invite('W', 'worker', ['north'])
  story.act('moved', 'root', give('W', 'north', false), ['W'])
  story.entry('w0', 'W', { log: 'W1', space: 'north', acts: ['W'] })
  story.entry('w1', 'W', { log: 'W1', space: 'north', prev: 'w0', acts: ['moved'] })
  expect(story.accepted()).toEqual(['w0'])
  expect(story.held()).toEqual([])
})
