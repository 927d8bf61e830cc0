import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Projection } from '../record/project.ts'
import { caseClock, stagePeriods } from './case-clock.ts'
import { at, caseOf, rules, type Said } from './sample-case.test.data.ts'

const clock = (record: Projection, now: string, given = rules()) => caseClock(record, at(now), given)

describe('a deadline belongs to the stage', () => {
  // 2026-11-24 is a Tuesday.
  const reported: Said = { step: 'report', at: '11-24T15:00' }

  test('is an instant: the limit counted from the step that began the stage', () => {
    expect(clock(caseOf([reported]), '11-24T15:00')).toMatchObject({
      stage: 'accept',
      limit: '1wd',
      dueAtMs: at('11-25T15:00'),
      counts: 'working',
      remainingMs: 8 * 3_600_000,
      level: 'none',
    })
    const registered = caseOf([
      reported,
      { step: 'accept', at: '11-24T16:00' },
      { step: 'verify', at: '11-25T09:00' },
      { step: 'register', at: '11-27T15:00' },
    ])
    // Four working hours from Friday at three end on Monday at eleven.
    expect(clock(registered, '11-27T16:00')).toMatchObject({ stage: 'dispatch', dueAtMs: at('11-30T11:00') })
    expect(stagePeriods(registered, rules()).map(({ stage, dueAtMs }) => [stage, dueAtMs])).toEqual([
      ['accept', at('11-25T15:00')],
      ['verify', at('11-25T16:00')],
      ['register', at('11-25T13:00')],
      ['dispatch', at('11-30T11:00')],
    ])
  })

  test('warns at eighty per cent, is late from the instant on, and counts how often the limit is used up', () => {
    const levels = ['11-25T13:00', '11-25T13:24', '11-25T15:00', '11-25T15:01', '11-26T14:59', '11-26T15:00']
    expect(
      levels.map((now) => clock(caseOf([reported]), now)).map((one) => [one.level, one.timesLimit]),
    ).toEqual([
      ['none', 0],
      ['soon', 0],
      ['soon', 0],
      ['late', 1],
      ['late', 1],
      ['late', 2],
    ])
    const early = rules({ warnAt: 10 })
    expect(clock(caseOf([reported]), '11-24T16:00', early).level).toBe('soon')
  })

  test('a named day holds until the thing is done; then the check has its own limit', () => {
    const record = caseOf(
      [
        { step: 'handle', at: '11-24T10:00' },
        { step: 'done', at: '11-25T10:00' },
      ],
      { dueOn: '2026-12-31' },
    )
    expect(stagePeriods(record, rules()).map(({ stage, dueAtMs, named }) => [stage, dueAtMs, named])).toEqual(
      [
        ['accept', at('12-31T24:00') - 1, true],
        ['handle', at('12-31T24:00') - 1, true],
        ['check', at('11-27T10:00'), false],
      ],
    )
  })

  test('a serious one has a limit of its own, and records set every number', () => {
    const handling: Said[] = [{ step: 'handle', at: '11-24T10:00' }]
    expect(clock(caseOf(handling, { grade: 'serious' }), '11-24T10:00').limit).toBe('24h')
    const own = rules({ handle: '3wd', handleSerious: 'none' })
    expect(clock(caseOf(handling), '11-24T10:00', own)).toMatchObject({ dueAtMs: at('11-27T10:00') })
    expect(clock(caseOf(handling, { grade: 'serious' }), '11-24T10:00', own).dueAtMs).toBeNull()
  })

  test('an extension moves it; rework begins the handling anew; a year nobody knows is told', () => {
    const extended = caseOf([
      { step: 'handle', at: '11-24T10:00' },
      { step: 'extend', at: '11-25T10:00', due: '2026-12-11' },
    ])
    expect(clock(extended, '11-26T10:00')).toMatchObject({ dueAtMs: at('12-11T24:00') - 1, named: true })
    const again = caseOf([
      { step: 'handle', at: '11-24T10:00' },
      { step: 'done', at: '11-25T10:00' },
      { step: 'rework', at: '11-26T10:00' },
    ])
    expect(clock(again, '11-26T10:00').dueAtMs).toBe(at('12-03T10:00'))
    const long = clock(
      caseOf([{ step: 'handle', at: '12-30T10:00' }]),
      '12-30T10:00',
      rules({ handle: '5wd' }),
    )
    expect(long.unknownYears).toEqual([2027])
  })

  test('closed is still, unless whoever reported it is to be called', () => {
    const closed: Said[] = [
      { step: 'handle', at: '11-24T10:00' },
      { step: 'check', at: '11-25T10:00' },
      { step: 'close', at: '11-25T11:00' },
    ]
    expect(clock(caseOf(closed), '11-26T10:00')).toMatchObject({ stage: 'call-back', limit: '3wd' })
    const still = rules({ callBackWanted: false })
    expect(clock(caseOf(closed), '11-26T10:00', still)).toMatchObject({ stage: null, level: 'none' })
  })
})

test('shelved, the clock stands still: as much is left afterwards as was, in working time and by the clock', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('2wd', '13wh', '50h', '6d'),
      fc.integer({ min: 0, max: 4000 }),
      fc.integer({ min: 0, max: 20_000 }),
      fc.integer({ min: 0, max: 20_000 }),
      (limit, toShelve, shelved, later) => {
        const start = at('09-25T10:30')
        const shelveAt = start + toShelve * 60_000
        const resumeAt = shelveAt + shelved * 60_000
        const given = rules({ handle: limit })
        const before: Said[] = [{ step: 'handle', at: start }]
        const paused = caseOf([...before, { step: 'shelve', at: shelveAt }])
        const resumed = caseOf([
          ...before,
          { step: 'shelve', at: shelveAt },
          { step: 'resume', at: resumeAt },
        ])
        const left = caseClock(caseOf(before), shelveAt, given).remainingMs
        expect(caseClock(paused, shelveAt + later * 60_000, given).remainingMs).toBe(left)
        expect(caseClock(resumed, resumeAt, given).remainingMs).toBe(left)
        const never = caseClock(caseOf(before), shelveAt, given)
        expect(caseClock(resumed, resumeAt, given)).toMatchObject({
          level: never.level,
          timesLimit: never.timesLimit,
        })
      },
    ),
    { numRuns: 150 },
  )
})
