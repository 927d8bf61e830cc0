import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { caseCard, listCases } from './case-list.ts'
import type { CaseStep } from './case-steps.ts'
import { openCase } from './open-case.ts'
import { openRecordSet } from './record-set.ts'
import { NOW_MS, type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { stepCase } from './step-case.ts'

let sample: SampleStation
let id: string
beforeEach(async () => {
  sample = await sampleStation(1)
  const input = { household: sample.households[0]!, kind: 'passage', title: '楼道堆物', dueOn: '2026-11-26' }
  id = expectOk(await openCase(sample.station, input)).case
})
afterEach(() => sample.close())

const step = (name: CaseStep, rest: { note?: string; to?: string; due?: string } = {}) =>
  stepCase(sample.station, { case: id, step: name, ...rest })
const card = (on = '2026-11-24') => caseCard(openRecordSet(sample.station, { follow: false }), id, { on })

describe('openCase', () => {
  test('opens with the report, in the household’s grid', () => {
    expect(sample.station.get(id)?.space).toBe(sample.grid)
    expect(card()).toMatchObject({
      state: 'reported',
      source: 'worker',
      grade: 'ordinary',
      deadline: '2026-11-26',
    })
    expect(card()?.steps.map((one) => one.step)).toEqual(['report'])
  })

  test.each([
    ['no-such-record', { household: 'hh-0000' }],
    ['case-without-place', { household: undefined }],
    ['no-such-grid', { household: undefined, space: 'sp-0000' }],
    ['invalid-field', { title: ' ' }],
    ['invalid-field', { kind: 'x'.repeat(61) }],
    ['invalid-field', { dueOn: 'tomorrow' }],
    ['no-such-record', { visit: 'vi-0000' }],
  ])('%s for %o', async (type, input) => {
    const { household, ...rest } = { household: sample.households[0], kind: 'k', title: 't', ...input }
    const result = await openCase(sample.station, {
      ...rest,
      ...(household === undefined ? {} : { household }),
    })
    expect(result).toMatchObject({ ok: false, problem: { type } })
  })

  test('a case may belong to a grid without a household', async () => {
    const opened = expectOk(
      await openCase(sample.station, { space: sample.grid, kind: 'lamp', title: '路灯不亮' }),
    )
    expect(sample.station.get(opened.case)?.fields.household).toBeUndefined()
  })
})

describe('stepCase', () => {
  test('appends what its author saw, and says the state it leads to', async () => {
    expect(expectOk(await step('accept')).state).toBe('accepted')
    expect(expectOk(await step('dispatch', { to: '物业', due: '2026-12-01' })).state).toBe('dispatched')
    const items = sample.station.get(id)!.timelines.steps!
    const saw = (name: string) => {
      const found = items.find((one) => (one.value as { step: string }).step === name)!
      return { id: found.id, saw: (found.value as { saw: string[] }).saw }
    }
    expect(saw('accept').saw).toEqual([saw('report').id])
    expect(saw('dispatch').saw).toEqual([saw('report').id, saw('accept').id].sort())
    expect(card()).toMatchObject({
      state: 'dispatched',
      with: '物业',
      deadline: '2026-12-01',
      flagged: false,
    })
  })

  test('refuses what may not come now, and says what may', async () => {
    const result = await step('close')
    expect(result).toMatchObject({ ok: false, problem: { type: 'step-not-allowed', state: 'reported' } })
    if (!result.ok)
      expect(result.problem.allowed).toEqual(expect.arrayContaining(['accept', 'decline', 'handle']))
    expect(card()?.steps).toHaveLength(1)
  })

  test.each<[string, CaseStep, object]>([
    ['step-incomplete', 'decline', {}],
    ['step-incomplete', 'void', { note: '  ' }],
    ['step-incomplete', 'extend', { note: '等配件' }],
    ['invalid-field', 'accept', { due: '2026-02-30' }],
    ['invalid-field', 'accept', { note: 'x'.repeat(2001) }],
    ['no-such-step', 'teleport' as CaseStep, {}],
  ])('%s for %s %o', async (type, name, rest) => {
    expect(await step(name, rest)).toMatchObject({ ok: false, problem: { type } })
  })

  test('an extension is asked for in time or not at all', async () => {
    expectOk(await step('handle'))
    expectOk(await step('extend', { due: '2026-11-28' }))
    sample.setNow(NOW_MS + 5 * 86_400_000)
    expect(await step('extend', { due: '2026-12-28' })).toMatchObject({
      ok: false,
      problem: { type: 'case-past-deadline', deadline: '2026-11-28', today: '2026-11-29' },
    })
    expect(card('2026-11-29')).toMatchObject({ deadline: '2026-11-28', lateDays: 1 })
  })

  test('lists by state and by lateness', async () => {
    const set = openRecordSet(sample.station)
    const ids = (filter: Omit<Parameters<typeof listCases>[1], 'on'>, on = '2026-11-24') =>
      listCases(set, { on, ...filter }).map((row) => row.id)
    expect([ids({ state: 'reported' }), ids({ overdue: true })]).toEqual([[id], []])
    expect(ids({ overdue: true }, '2026-11-27')).toEqual([id])
    expectOk(await step('void', { note: '重复' }))
    expect([ids({ open: true }), ids({ state: 'void' }), ids({ overdue: true }, '2026-11-27')]).toEqual([
      [],
      [id],
      [],
    ])
    set.close()
  })
})
