import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SECTIONS } from '../form/builtin/home-safety-items.ts'
import { expectOk } from '../result.ts'
import { caseCard, listCases } from './case-list.ts'
import { dueList } from './due.ts'
import { listVisits } from './queries.ts'
import { openRecordSet } from './record-set.ts'
import { recordVisit } from './record-visit.ts'
import { type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { withdrawVisit } from './withdraw-visit.ts'

const TODAY = '2026-11-24'
/** Everything in order in a home without gas and without an electric bicycle. */
const IN_ORDER = {
  ...Object.fromEntries(
    SECTIONS.flatMap(({ items }) => items.filter((item) => !item.relevant).map((item) => [item.name, 'ok'])),
  ),
  fuel: 'none',
  has_ebike: 'no',
}
const HAZARD = {
  ...IN_ORDER,
  wiring: 'hazard',
  wiring_grade: 'serious',
  wiring_note: '客厅明线破皮',
  notice_given: 'yes',
}

let sample: SampleStation
let door: string
beforeEach(async () => {
  sample = await sampleStation()
  door = sample.households[0]!
})
afterEach(() => sample.close())

const openSet = () => openRecordSet(sample.station, { follow: false })

describe('recordVisit', () => {
  test('a printed sheet is typed in once; the second is told who was first, and may insist', async () => {
    const sheet = 'AAAAAAAAAAAA'
    const typing = { household: door, outcome: 'absent', mode: 'paper', on: '2026-11-20', sheet } as const
    const first = expectOk(await recordVisit(sample.station, typing))
    const set = openSet()
    expect(listVisits(set, { household: door })).toMatchObject([{ sheet, mode: 'paper', on: '2026-11-20' }])
    expect(await recordVisit(sample.station, typing)).toMatchObject({
      problem: { type: 'sheet-typed-in', visit: first.visit, on: '2026-11-20', by: '测试员甲' },
    })
    expectOk(await recordVisit(sample.station, { ...typing, household: sample.households[1]! }))
    expectOk(await recordVisit(sample.station, { ...typing, again: true }))
    expectOk(await withdrawVisit(sample.station, { visit: first.visit, reason: 'twice' }))
    expect(listVisits(openSet(), { household: door })).toHaveLength(2)
  })

  test('a visit is on disk with its day, its author and its answers, and no longer due', async () => {
    const form = 'home-safety-check'
    const recorded = expectOk(
      await recordVisit(sample.station, {
        household: door,
        outcome: 'met',
        form,
        answers: IN_ORDER,
        note: ' 一切正常 ',
      }),
    )
    expect(recorded).toMatchObject({ cases: [], entries: [{ space: sample.grid }] })
    const set = openSet()
    expect(listVisits(set, { household: door })).toMatchObject([
      {
        id: recorded.visit,
        on: TODAY,
        mode: 'door',
        outcome: 'met',
        form,
        formVersion: '1',
        note: '一切正常',
        answers: { electricity: { wiring: 'ok' }, gas: { fuel: 'none' } },
        by: { name: '测试员甲' },
        address: '1幢2单元101室',
      },
    ])
    expect(set.get(recorded.visit)?.fields.submission).toContain('<wiring>ok</wiring>')
    expect(dueList(set, { on: TODAY }).map((due) => due.household)).toEqual([sample.households[1]])
  })

  test('hazards become cases in the same act', async () => {
    const before = sample.station.digest(sample.grid).entries
    const recorded = expectOk(
      await recordVisit(sample.station, {
        household: door,
        outcome: 'met',
        form: 'home-safety-check',
        answers: HAZARD,
        on: '2026-11-20',
      }),
    )
    expect(sample.station.digest(sample.grid).entries).toBe(before + 1)
    expect(recorded.entries).toHaveLength(1)
    expect(recorded.cases).toHaveLength(1)
    const set = openSet()
    expect(caseCard(set, recorded.cases[0]!, { on: TODAY })).toMatchObject({
      household: door,
      visit: recorded.visit,
      kind: 'electric-hazard',
      title: '电线老化、破损或私拉乱接',
      grade: 'serious',
      source: 'visit',
      note: '客厅明线破皮',
      deadline: '2026-11-23',
      lateDays: 1,
      state: 'reported',
      steps: [{ step: 'report', by: { name: '测试员甲' } }],
    })
  })

  test('answers the form refuses are named by label and reason, in the language asked for; nothing is written', async () => {
    const before = sample.station.digest(sample.grid)
    const result = await recordVisit(sample.station, {
      household: door,
      outcome: 'met',
      form: 'home-safety-check',
      answers: { ...IN_ORDER, wiring: 'hazard', notice_given: 'yes' },
      language: 'en',
    })
    expect(result).toMatchObject({
      ok: false,
      problem: {
        type: 'answers-refused',
        problems: [
          {
            type: 'answer-required',
            question: 'electricity/wiring_grade',
            label: 'Aged, damaged or makeshift wiring: how bad',
            reason: 'A hazard needs a grade',
          },
        ],
      },
    })
    expect(sample.station.digest(sample.grid)).toEqual(before)
  })

  test.each([
    ['no-such-record', { household: 'hh-0000' }],
    ['no-such-form', { form: 'unheard-of', answers: {} }],
    ['answers-without-form', { answers: { wiring: 'ok' } }],
    ['answers-refused', { form: 'home-safety-check' }],
    ['visit-in-future', { on: '2026-11-25' }],
    ['invalid-field', { on: '2026-02-30' }],
    ['invalid-field', { nextOn: '2026-11-23' }],
    ['invalid-field', { nextOn: 'soon' }],
    ['invalid-field', { note: 'x'.repeat(2001) }],
  ])('%s for %o', async (type, input) => {
    const result = await recordVisit(sample.station, { household: door, outcome: 'met', ...input })
    expect(result).toMatchObject({ ok: false, problem: { type } })
  })

  test('today is the community’s: at 23:30 there it is still the same day', async () => {
    sample.setNow(Date.UTC(2026, 10, 24, 15, 30))
    expectOk(await recordVisit(sample.station, { household: door, outcome: 'absent', nextOn: '2026-11-26' }))
    sample.setNow(Date.UTC(2026, 10, 24, 16, 30))
    expectOk(await recordVisit(sample.station, { household: door, outcome: 'met', mode: 'phone' }))
    expect(listVisits(openSet()).map((visit) => visit.on)).toEqual(['2026-11-25', '2026-11-24'])
  })

  test('nobody home with a form in hand is recorded without answers', async () => {
    const { visit } = expectOk(
      await recordVisit(sample.station, { household: door, outcome: 'absent', form: 'home-safety-check' }),
    )
    expect(openSet().get(visit)?.fields.form).toBeUndefined()
  })
})

describe('withdrawVisit', () => {
  test('takes the visit back by a later write: it stays, it no longer counts, its cases are named', async () => {
    const visit = { household: door, outcome: 'met', form: 'home-safety-check', answers: HAZARD } as const
    const recorded = expectOk(await recordVisit(sample.station, visit))
    const withdrawn = expectOk(
      await withdrawVisit(sample.station, { visit: recorded.visit, reason: '走错门' }),
    )
    expect(withdrawn).toMatchObject({ openCases: recorded.cases, entries: [{ space: sample.grid }] })
    const set = openSet()
    expect(listVisits(set)).toMatchObject([{ id: recorded.visit, withdrawn: '走错门', outcome: 'met' }])
    expect(listCases(set, { on: TODAY, open: true })).toHaveLength(1)
    expect(dueList(set, { on: TODAY })).toHaveLength(2)
  })

  test('wants a reason, and a visit that still stands', async () => {
    const { visit } = expectOk(await recordVisit(sample.station, { household: door, outcome: 'met' }))
    const blank = await withdrawVisit(sample.station, { visit, reason: '  ' })
    expect(blank).toMatchObject({ ok: false, problem: { type: 'invalid-field', rule: 'required' } })
    const other = await withdrawVisit(sample.station, { visit: door, reason: '走错门' })
    expect(other).toMatchObject({ ok: false, problem: { type: 'no-such-record', wanted: 'visit' } })
    expectOk(await withdrawVisit(sample.station, { visit, reason: '走错门' }))
    const again = await withdrawVisit(sample.station, { visit, reason: '重复' })
    expect(again).toMatchObject({ ok: false, problem: { type: 'already-withdrawn', reason: '走错门' } })
  })
})
