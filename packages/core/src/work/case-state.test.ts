import { describe, expect, test } from 'vitest'
import type { Value } from '../record/change.ts'
import type { TimelineItem } from '../record/project.ts'
import { type CaseFold, foldCase } from './case-state.ts'
import { type CaseStep, caseStates, caseSteps, isCaseState, stepRule, stepsFrom } from './case-steps.ts'

const item = (id: string, value: Value, at = 1): TimelineItem => ({ id, by: 'me-1', at, value })

/** Each step has seen all before it; what a chief decides is a chief's. */
const chain = (
  ...steps: (CaseStep | { step: CaseStep; due?: string; to?: string; note?: string })[]
): CaseFold => {
  const items = steps.map((step, index) => {
    const id = `s${String(index).padStart(2, '0')}`
    const saw = steps.slice(0, index).map((_, before) => `s${String(before).padStart(2, '0')}`)
    return item(id, { ...(typeof step === 'string' ? { step } : step), saw }, index)
  })
  const isDecided = ({ value }: TimelineItem) => stepRule((value as { step: CaseStep }).step).asks === true
  return foldCase(
    items.filter((one) => !isDecided(one)),
    null,
    items.filter(isDecided),
  )
}

describe('the table of steps', () => {
  test('names only states that exist, both ways, in both languages', () => {
    for (const step of Object.keys(caseSteps) as CaseStep[]) {
      const { from, to, label } = stepRule(step)
      for (const state of from) expect(isCaseState(state)).toBe(true)
      expect(isCaseState(to) || to === 'stay' || to === 'back').toBe(true)
      expect(label[0]).toMatch(/\p{Script=Han}/u)
      expect(label[1]).toMatch(/^[A-Za-z ]+$/)
    }
  })

  test('every state can be reached, and no state is a dead end', () => {
    const reached = new Set(['reported'])
    for (const state of reached)
      for (const step of stepsFrom(state as keyof typeof caseStates)) {
        const { to } = stepRule(step)
        if (isCaseState(to)) reached.add(to)
      }
    expect([...reached].sort()).toEqual(Object.keys(caseStates).sort())
    for (const state of Object.keys(caseStates))
      expect(stepsFrom(state as keyof typeof caseStates)).toContain('note')
  })
})

describe('foldCase', () => {
  test('the straight line, from report to call-back', () => {
    const fold = chain(
      'report',
      'accept',
      'verify',
      'register',
      'dispatch',
      'handle',
      'supervise',
      'check',
      'close',
      'call-back',
    )
    expect(fold.steps.map((step) => step.state)).toEqual([
      'reported',
      'accepted',
      'verified',
      'registered',
      'dispatched',
      'handling',
      'handling',
      'checked',
      'closed',
      'called-back',
    ])
    expect(fold).toMatchObject({ open: false, flagged: false, endedAt: 8 })
  })

  test.each<[string, Parameters<typeof chain>, Partial<CaseFold>]>([
    ['不受理', ['report', 'decline'], { state: 'declined', open: false }],
    ['退回', ['accept', 'dispatch', 'return', 'dispatch'], { state: 'dispatched', returns: 1 }],
    ['返工', ['handle', 'check', 'rework'], { state: 'handling', reworks: 1 }],
    [
      '延期',
      ['handle', { step: 'extend', due: '2026-12-01' }],
      { state: 'handling', deadline: '2026-12-01', extensions: 1 },
    ],
    ['挂账', ['accept', 'shelve'], { state: 'shelved', open: true }],
    ['恢复', ['accept', 'verify', 'shelve', 'resume'], { state: 'verified' }],
    ['作废', ['accept', 'void'], { state: 'void', open: false }],
    ['重开', ['handle', 'check', 'close', 'reopen'], { state: 'accepted', open: true, endedAt: null }],
  ])('%s', (_, steps, expected) => {
    expect(chain(...steps)).toMatchObject({ ...expected, flagged: false })
  })

  test('a step that does not fit where it comes to stand is kept, flagged, and changes nothing', () => {
    const fold = foldCase(
      [
        item('a', { step: 'accept', saw: [] }),
        item('c', { step: 'dispatch', to: '物业', due: '2026-12-01', saw: ['a'] }),
      ],
      '2026-11-30',
      [item('b', { step: 'void', note: '重复', saw: ['a'] })],
    )
    expect(fold).toMatchObject({ state: 'void', flagged: true, deadline: '2026-11-30', with: null })
    expect(fold.steps.map(({ id, flag }) => [id, flag])).toEqual([
      ['a', null],
      ['b', null],
      ['c', 'not-from-state'],
    ])
    expect(fold.steps[2]?.overtakenBy).toBe('b')
  })

  describe('requests and the second level', () => {
    const handling = [item('a', { step: 'handle', saw: [] })]
    const ask = item('b', { step: 'extend', due: '2026-12-01', saw: ['a'] })
    const word = (id: string, step: string, saw: string[], rest: object = {}): TimelineItem => ({
      ...item(id, { step, of: 'b', note: 'x', saw, ...rest }),
      by: 'me-9',
    })

    test('a worker’s extension waits and moves nothing until a chief approves', () => {
      const waiting = foldCase([...handling, ask], '2026-11-25')
      expect(waiting).toMatchObject({ deadline: '2026-11-25', extensions: 0, flagged: false })
      expect(waiting.awaiting.map(({ id }) => id)).toEqual(['b'])
      const approved = foldCase([...handling, ask], '2026-11-25', [word('c', 'approve', ['a', 'b'])])
      expect(approved).toMatchObject({ deadline: '2026-12-01', extensions: 1, awaiting: [] })
      expect(approved.steps[1]).toMatchObject({ request: 'approved' })
      const refused = foldCase([...handling, ask], '2026-11-25', [word('c', 'refuse', ['a', 'b'])])
      expect(refused).toMatchObject({ deadline: '2026-11-25', extensions: 0, awaiting: [] })
    })

    test('a chief’s word by somebody else is none; nor is one on what was answered or taken back', () => {
      const forged = foldCase([...handling, ask, word('c', 'approve', ['a', 'b'])], null)
      expect([forged.deadline, forged.steps[2]?.flag]).toEqual([null, 'not-theirs'])
      const twice = [word('c', 'approve', ['a', 'b']), word('d', 'approve', ['a', 'b', 'c'])]
      expect(foldCase([...handling, ask], null, twice)).toMatchObject({ extensions: 1, flagged: true })
      const back = item('c', { step: 'take-back', of: 'b', saw: ['a', 'b'] })
      const late = foldCase([...handling, ask, back], null, [word('d', 'approve', ['a', 'b'])])
      expect(late.steps.map(({ flag }) => flag)).toEqual([null, null, null, 'no-request'])
      const others = foldCase([...handling, ask, { ...back, by: 'me-3' }], null)
      expect(others.steps[2]?.flag).toBe('not-theirs')
      expect(others.awaiting).toHaveLength(1)
    })

    test.each([
      ['c', 'd'],
      ['d', 'c'],
    ])('of an approval %s and a refusal %s by two chiefs apart the refusal holds', (yes, no) => {
      const words = [word(yes, 'approve', ['a', 'b']), word(no, 'refuse', ['a', 'b'])]
      const fold = foldCase([...handling, ask], null, words)
      expect(fold).toMatchObject({ deadline: null, extensions: 0, flagged: true })
      expect(fold.steps.find(({ id }) => id === yes)?.flag).toMatch(/refused-meanwhile|no-request/)
    })

    test('what a chief closed meanwhile takes the question away', () => {
      const gone = foldCase([...handling, ask], null, [item('c', { step: 'void', note: 'x', saw: ['a'] })])
      expect(gone).toMatchObject({ state: 'void', awaiting: [] })
      // Whichever comes to stand first, nothing waits for anybody in an ended case.
      const before = foldCase([...handling, { ...ask, id: 'z' }], null, [
        item('c', { step: 'void', note: 'x', saw: ['a'] }),
      ])
      expect(before.steps.find(({ id }) => id === 'z')).toMatchObject({
        flag: 'not-from-state',
        overtakenBy: 'c',
      })
    })
  })

  test('causality goes before ids', () => {
    const fold = foldCase(
      [item('a', { step: 'handle', saw: ['z'] }), item('z', { step: 'accept', saw: [] })],
      null,
    )
    expect(fold.steps.map((step) => step.step)).toEqual(['accept', 'handle'])
  })

  test('what nobody understands is kept: an unknown step, no step, a day that is none, steps that name each other', () => {
    const fold = foldCase(
      [
        item('a', { step: 'teleport', saw: ['gone'] }),
        item('b', 7),
        item('c', { step: 'extend', due: '2026-02-30', saw: [] }),
        item('d', { step: 'accept', saw: ['e'] }),
        item('e', { step: 'note', note: 'x', saw: ['d', 'e'] }),
        item('f', { step: 'toString', saw: [] }),
      ],
      null,
    )
    expect(fold.steps.map(({ id, flag }) => [id, flag])).toEqual([
      ['a', 'unknown-step'],
      ['b', 'malformed'],
      ['c', 'malformed'],
      ['f', 'unknown-step'],
      ['d', null],
      ['e', null],
    ])
    expect(fold.state).toBe('accepted')
  })

  test('a thousand steps that all saw each other fold in good time', () => {
    const steps = Array.from({ length: 1000 }, (_, n) =>
      item(`s${String(n).padStart(4, '0')}`, {
        step: 'note',
        note: 'x',
        saw: Array.from({ length: n }, (_, before) => `s${String(before).padStart(4, '0')}`),
      }),
    )
    expect(foldCase(steps.reverse(), null).steps.at(-1)?.id).toBe('s0999')
  })
})
