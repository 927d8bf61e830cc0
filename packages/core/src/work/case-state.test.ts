import { describe, expect, test } from 'vitest'
import type { Value } from '../record/change.ts'
import type { TimelineItem } from '../record/project.ts'
import { type CaseFold, foldCase, lateDays } from './case-state.ts'
import { type CaseStep, caseStates, caseSteps, isCaseState, stepRule, stepsFrom } from './case-steps.ts'
import { calendarIn } from './day.ts'

const item = (id: string, value: Value, at = 1): TimelineItem => ({ id, by: 'me-1', at, value })

/** Each step has seen all before it. */
const chain = (
  ...steps: (CaseStep | { step: CaseStep; due?: string; to?: string; note?: string })[]
): CaseFold =>
  foldCase(
    steps.map((step, index) => {
      const id = `s${String(index).padStart(2, '0')}`
      const saw = steps.slice(0, index).map((_, before) => `s${String(before).padStart(2, '0')}`)
      return item(id, { ...(typeof step === 'string' ? { step } : step), saw }, index)
    }),
    null,
  )

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
        item('b', { step: 'void', note: '重复', saw: ['a'] }),
        item('c', { step: 'dispatch', to: '物业', due: '2026-12-01', saw: ['a'] }),
      ],
      '2026-11-30',
    )
    expect(fold).toMatchObject({ state: 'void', flagged: true, deadline: '2026-11-30', with: null })
    expect(fold.steps.map(({ id, flag }) => [id, flag])).toEqual([
      ['a', null],
      ['b', null],
      ['c', 'not-from-state'],
    ])
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

  test('lateness: counted on while open, fixed once ended, none without a limit', () => {
    const calendar = calendarIn('Asia/Shanghai')
    const due = { step: 'extend', due: '2026-11-20', saw: [] }
    const open = foldCase(
      [item('a', { step: 'accept', saw: [] }), item('b', { ...due, saw: ['a'] })],
      '2026-11-01',
    )
    expect(lateDays(open, '2026-11-20', calendar)).toBe(0)
    expect(lateDays(open, '2026-11-24', calendar)).toBe(4)
    const ended = foldCase([item('v', { step: 'void', saw: [] }, Date.UTC(2026, 10, 2, 17))], '2026-11-01')
    expect(lateDays(ended, '2026-11-24', calendar)).toBe(2)
    expect(lateDays(chain('accept'), '2026-11-24', calendar)).toBe(0)
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
