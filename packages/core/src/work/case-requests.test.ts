import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import type { Station } from '../station/station.ts'
import { caseCard, listCases } from './case-list.ts'
import { openCase } from './open-case.ts'
import { openRecordSet } from './record-set.ts'
import { carry, NOW_MS, type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { setCaseKind } from './set-case-kind.ts'
import { type StepCase, stepCase } from './step-case.ts'

let sample: SampleStation
let worker: Station
beforeAll(async () => {
  sample = await sampleStation(1)
  worker = await sample.colleague()
})
afterAll(() => sample.close())

const opened = async (): Promise<string> => {
  const input = { household: sample.households[0]!, kind: 'facility', title: '楼道灯坏' }
  const id = expectOk(await openCase(worker, input)).case
  await carry(worker, sample.station)
  return id
}
const cardOn = (station: Station, id: string) =>
  caseCard(openRecordSet(station, { follow: false }), id, { on: '2026-11-24', nowMs: station.now })!
const take = async (station: Station, input: StepCase) => {
  const stepped = expectOk(await stepCase(station, input))
  await carry(station, station === worker ? sample.station : worker)
  return stepped
}

test('a worker asks, every station shows that it waits, a chief decides, and the worker reads it', async () => {
  const id = await opened()
  await take(worker, { case: id, step: 'handle' })
  const asked = await take(worker, { case: id, step: 'return', note: '不归我们管', because: 'wrong-desk' })
  expect(asked).toMatchObject({ state: 'handling', awaits: true })
  for (const station of [worker, sample.station])
    expect(cardOn(station, id)).toMatchObject({
      state: 'handling',
      awaiting: [{ step: 'return', note: '不归我们管' }],
    })
  const set = openRecordSet(sample.station, { follow: false })
  expect(listCases(set, { on: '2026-11-24', awaiting: true }).map((row) => row.id)).toEqual([id])
  expect(await stepCase(worker, { case: id, step: 'return', note: '再说一次' })).toMatchObject({
    ok: false,
    problem: { type: 'request-waits' },
  })
  expect(await stepCase(worker, { case: id, step: 'approve' })).toMatchObject({
    ok: false,
    problem: { type: 'role-may-not' },
  })
  await take(sample.station, { case: id, step: 'approve' })
  expect(cardOn(worker, id)).toMatchObject({ state: 'returned', awaiting: [], flagged: false })
  expect(cardOn(worker, id).steps.find(({ step }) => step === 'return')).toMatchObject({
    request: 'approved',
    because: 'wrong-desk',
  })
  expect(await stepCase(sample.station, { case: id, step: 'approve' })).toMatchObject({
    ok: false,
    problem: { type: 'no-such-request', requests: [] },
  })
})

test('what a chief decides holds at once, and a worker’s station cannot say it decided anything', async () => {
  const id = await opened()
  const decided = { step: 'shelve', note: '等配件', saw: [] }
  for (const action of ['case.step', 'record.edit', 'case.decide'] as const) {
    const before = cardOn(sample.station, id).state
    const forged = await worker.write(action, (book) => book.edit(id, { append: { decisions: [decided] } }))
    if (forged.ok) await carry(worker, sample.station)
    expect([action, cardOn(sample.station, id).state]).toEqual([action, before])
  }
  expect(await take(sample.station, { case: id, step: 'shelve', note: '等配件' })).toMatchObject({
    state: 'shelved',
    awaits: false,
  })
  expect(cardOn(worker, id)).toMatchObject({ state: 'shelved', clock: { pausedAtMs: NOW_MS } })
})

test('two workers apart: the step that did not count says what went before, on both stations', async () => {
  const id = await opened()
  await take(worker, { case: id, step: 'accept' })
  expectOk(await stepCase(sample.station, { case: id, step: 'void', note: '重复' }))
  expectOk(await stepCase(worker, { case: id, step: 'dispatch', to: '物业' }))
  await carry(worker, sample.station)
  await carry(sample.station, worker)
  const [here, there] = [cardOn(worker, id), cardOn(sample.station, id)]
  expect(here).toEqual(there)
  const lost = here.steps.find(({ flag }) => flag !== null)
  // Which of the two comes first means nothing; the other is kept, and says which went before, or both counted.
  if (lost) expect(here.steps.find(({ id: one }) => one === lost.overtakenBy)?.step).toBe('void')
  expect(here.state).toBe('void')
})

test('limits travel: a chief sets a kind, and the worker’s deadline follows', async () => {
  const id = await opened()
  expect(cardOn(worker, id).clock).toMatchObject({ stage: 'accept', limit: '1wd' })
  expectOk(await setCaseKind(sample.station, { code: 'facility', set: { accept: '2wh', name: '公共设施' } }))
  await carry(sample.station, worker)
  // 09:14 on a Tuesday, and two working hours.
  expect(cardOn(worker, id)).toMatchObject({
    deadline: '2026-11-24',
    clock: { limit: '2wh', dueAtMs: NOW_MS + 2 * 3_600_000 },
  })
  expect(await setCaseKind(worker, { code: 'facility', set: {} })).toMatchObject({ ok: false })
  expect(await setCaseKind(sample.station, { code: 'facility', set: { accept: 'soon' } })).toMatchObject({
    ok: false,
    problem: { type: 'invalid-field', rule: 'time-limit' },
  })
})
