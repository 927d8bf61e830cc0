import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { addAttachment } from './attachment.ts'
import { caseCard } from './case-list.ts'
import { giveConsent } from './consent.ts'
import { openCase } from './open-case.ts'
import { openRecordSet } from './record-set.ts'
import { type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { stepCase } from './step-case.ts'

let sample: SampleStation
beforeAll(async () => {
  sample = await sampleStation(1)
})
afterAll(() => sample.close())

const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  ...['IDAT', 'IEND'].map((type) => Buffer.concat([Buffer.alloc(4), Buffer.from(type), Buffer.alloc(4)])),
])

async function handled(kind: string, grade: 'ordinary' | 'serious'): Promise<string> {
  const { station, households } = sample
  const input = { household: households[0]!, kind, title: '插座发烫', grade }
  const id = expectOk(await openCase(station, input)).case
  expectOk(await stepCase(station, { case: id, step: 'handle' }))
  expectOk(await stepCase(station, { case: id, step: 'check' }))
  return id
}
const close = (id: string, noPhoto?: string) =>
  stepCase(sample.station, { case: id, step: 'close', ...(noPhoto === undefined ? {} : { noPhoto }) })
const card = (id: string) =>
  caseCard(openRecordSet(sample.station, { follow: false }), id, { on: '2026-11-24' })!

test('a serious hazard is closed with a picture of the result, or with a reason in writing why there is none', async () => {
  const refused = await handled('electric-hazard', 'serious')
  expect(card(refused).evidence).toEqual({ before: [], after: [], other: [], wanted: true })
  expect(await close(refused)).toMatchObject({ ok: false, problem: { type: 'evidence-needed' } })
  expect(await close(refused, '  ')).toMatchObject({ ok: false, problem: { type: 'evidence-needed' } })
  expectOk(await close(refused, '住户不让拍'))
  expect(card(refused).steps.at(-1)).toMatchObject({ step: 'close', noPhoto: '住户不让拍' })

  const shown = await handled('electric-hazard', 'serious')
  const consent = {
    subject: sample.households[0]!,
    purpose: 'photos',
    basis: 'consent',
    how: 'paper',
  } as const
  expectOk(await giveConsent(sample.station, consent))
  const photo = { about: shown, kind: 'photo', mediaType: 'image/png', bytes: png } as const
  const before = expectOk(await addAttachment(sample.station, { ...photo, phase: 'before' }))
  expect(await close(shown)).toMatchObject({ ok: false, problem: { type: 'evidence-needed' } })
  const after = expectOk(await addAttachment(sample.station, { ...photo, phase: 'after' }))
  expect(card(shown).evidence).toEqual({
    ...{ before: [before.attachment], after: [after.attachment], other: [], wanted: true },
  })
  expectOk(await close(shown))
  expectOk(await close(await handled('electric-hazard', 'ordinary')))
  expectOk(await close(await handled('dispute', 'serious')))
})
