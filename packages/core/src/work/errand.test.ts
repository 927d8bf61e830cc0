import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Value } from '../record/change.ts'
import type { TimelineItem } from '../record/project.ts'
import { expectOk } from '../result.ts'
import { addGrid } from '../station/create-community.ts'
import { erasureDue } from './erasure-due.ts'
import { openErrand, type StepErrand, stepErrand } from './errand.ts'
import { errandCard, openErrands } from './errand-list.ts'
import { foldErrand, foldErrandRecord } from './errand-state.ts'
import { errandSteps } from './errand-steps.ts'
import { moveHousehold } from './move-household.ts'
import { copyPerson } from './person-copy.ts'
import { openRecordSet, RecordSet } from './record-set.ts'
import { carry, type SampleStation, sampleStation } from './sample-station.test.data.ts'

let sample: SampleStation
let errand: string
beforeEach(async () => {
  sample = await sampleStation()
  errand = expectOk(
    await openErrand(sample.station, {
      household: sample.households[0]!,
      kind: 'allowance',
      what: '高龄津贴申请',
      dueOn: '2026-12-01',
    }),
  ).errand
})
afterEach(() => sample.close())

const step = (given: Omit<StepErrand, 'errand'>) => stepErrand(sample.station, { errand, ...given })
const card = (on = '2026-11-24') =>
  errandCard(openRecordSet(sample.station, { follow: false }), errand, { on })!

test('an errand from the request to the end: what was taken is accounted for before anybody is told', async () => {
  expectOk(await step({ step: 'accept' }))
  expectOk(await step({ step: 'appoint', on: '2026-11-25' }))
  const papers = ['存折', '身份证复印件', '身份证复印件']
  expect(await step({ step: 'take', papers, fen: 10_050 })).toMatchObject({
    problem: { type: 'errand-money-uncounted' },
  })
  expectOk(await step({ step: 'take', papers, fen: 10_050, counted: true }))
  expect(await step({ step: 'sign' })).toMatchObject({
    problem: { type: 'errand-step-not-allowed', state: 'taken' },
  })
  expect(await step({ step: 'identify', note: '990000 1950 0101 0019' })).toMatchObject({
    problem: { type: 'errand-number-in-note' },
  })
  expectOk(await step({ step: 'identify' }))
  expectOk(await step({ step: 'read' }))
  expectOk(await step({ step: 'sign', relation: '女儿' }))
  expectOk(await step({ step: 'submit', papers: ['身份证复印件'] }))
  expectOk(await step({ step: 'pay', fen: 8000, receipt: '20261124-08' }))
  expectOk(await step({ step: 'done', papers: ['津贴通知书'], receipt: 'A-7' }))
  expect(card()).toMatchObject({
    state: 'done',
    papers: ['存折', '津贴通知书', '身份证复印件'],
    fen: 2050,
    owing: true,
    appointedOn: '2026-11-25',
  })
  expect(await step({ step: 'tell' })).toMatchObject({ problem: { type: 'errand-owing', fen: 2050 } })
  expect(await step({ step: 'return', papers: ['房产证'] })).toMatchObject({
    problem: { type: 'errand-not-with-us', missing: ['房产证'] },
  })
  expect(await step({ step: 'return', fen: 2051, counted: true })).toMatchObject({
    problem: { type: 'errand-not-with-us', fen: 2050 },
  })
  const back = ['存折', '津贴通知书', '身份证复印件']
  expectOk(await step({ step: 'return', papers: back, fen: 2050, counted: true }))
  expectOk(await step({ step: 'tell' }))
  expect(card('2026-12-09')).toMatchObject({ state: 'told', open: false, owing: false, lateDays: 0 })
  expect(openErrands(openRecordSet(sample.station, { follow: false }), '2026-11-24')).toEqual([])
})

test('what was taken by one while another cancelled apart lies with us all the same, until it is given back', async () => {
  expectOk(await step({ step: 'accept' }))
  const other = await sample.colleague()
  expectOk(await stepErrand(other, { errand, step: 'cancel', note: '不办了' }))
  expectOk(await step({ step: 'take', papers: ['存折'], fen: 500, counted: true }))
  await carry(other, sample.station)
  await carry(sample.station, other)
  const rows = [sample.station, other].map((station) =>
    openErrands(openRecordSet(station, { follow: false }), '2026-12-05'),
  )
  expect(rows[0]).toEqual(rows[1])
  expect(rows[0]).toMatchObject([{ id: errand, papers: ['存折'], fen: 500, owing: true, open: false }])
  expectOk(
    await stepErrand(other, { errand, step: 'return-late', papers: ['存折'], fen: 500, counted: true }),
  )
  expect(openErrands(openRecordSet(other, { follow: false }), '2026-12-05')).toEqual([])
})

test('in any order of arrival, and with any repetition, the steps fold to the same', () => {
  const names = [...Object.keys(errandSteps), 'of a later version']
  const steps = fc.array(
    fc.record({
      step: fc.constantFrom(...names),
      papers: fc.subarray(['存折', '病历']),
      fen: fc.integer({ min: 0, max: 300 }),
      saw: fc.array(fc.nat(8), { maxLength: 3 }),
    }),
    { maxLength: 9 },
  )
  fc.assert(
    fc.property(steps, fc.nat(), (given, turn) => {
      const items: TimelineItem[] = given.map(({ saw, ...value }, at) => ({
        id: `i${at}`,
        by: 'me-1',
        at,
        value: { ...value, saw: saw.filter((one) => one < at).map((one) => `i${one}`) } as Value,
      }))
      const folded = foldErrand(items, null)
      const turned = [...items.slice(turn % (items.length + 1)), ...items, ...items.slice(0, 3)].reverse()
      expect(foldErrand(turned, null)).toEqual(folded)
      const moved = (step: string) =>
        Object.hasOwn(errandSteps, step)
          ? (errandSteps[step as keyof typeof errandSteps] as { moves?: string }).moves
          : undefined
      const sum = given.reduce(
        (total, { step: name, fen }) =>
          total + (moved(name) === 'in' ? fen : moved(name) === 'out' ? -fen : 0),
        0,
      )
      expect(folded.fen).toBe(sum)
    }),
    { numRuns: 300 },
  )
})

test('who may see no notes sees how many papers lie with us, and not which, nor what the errand is', async () => {
  expectOk(await step({ step: 'accept' }))
  expectOk(await step({ step: 'take', papers: ['存折', '病历'], note: '在床头柜' }))
  const plain = sample.station.get(errand)!
  const set = new RecordSet([plain], 'steward')
  const masked = set.get(errand)!
  expect(masked.fields).toMatchObject({ kind: '****', what: '****' })
  expect(JSON.stringify(masked)).not.toMatch(/存折|病历|床头柜|高龄/)
  expect(foldErrandRecord(masked)).toMatchObject({ state: 'taken', papers: ['****', '****'] })
})

test('it moves with its household, is in the copy for a person, and is kept until all is given back and three years on', async () => {
  expectOk(await step({ step: 'accept' }))
  expectOk(await step({ step: 'take', papers: ['存折'] }))
  const household = sample.households[0]!
  const person = expectOk(
    await sample.station.write('record.import', (book) => {
      const dwelling = String(book.get(household)!.fields.dwelling)
      const made = book.create('person', sample.grid, { set: { name: '测试人员' } })
      const set = { person: expectOk(made), dwelling, household }
      return book.create('residence', sample.grid, { set }).ok ? made : made
    }),
  ).value
  const copy = expectOk(await copyPerson(sample.station, person, '本人要求'))
  expect(copy.records.map(({ id }) => id)).toContain(errand)
  const grid = expectOk(await addGrid(sample.station, '二号网格'))
  expectOk(await moveHousehold(sample.station, { household, to: grid }))
  expect(sample.station.get(errand)).toMatchObject({ space: grid })
  expect(card()).toMatchObject({ state: 'taken', papers: ['存折'] })
  expectOk(await step({ step: 'cancel', note: '本人要求' }))
  const due = (on: string) =>
    erasureDue(openRecordSet(sample.station, { follow: false }), on).map(({ record }) => record)
  expect(due('2036-01-01')).not.toContain(errand)
  expectOk(await step({ step: 'return-late', papers: ['存折'] }))
  expect(due('2029-11-22')).not.toContain(errand)
  expect(due('2029-11-24')).toContain(errand)
})
