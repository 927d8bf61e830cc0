import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectOk, openRecordSet, recordVisit } from '@doorstep/core'
import { expect, test } from 'vitest'
import { stationForms } from './data/forms.ts'
import { FormDesk } from './form-desk.ts'
import { findDrafts } from './form-draft.ts'
import { questionsOf } from './form-place.ts'
import { createSampleHome } from './testing/sample-home.test.data.ts'

const FORM = 'home-safety-check'

async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-forms-'))
  const station = await createSampleHome(join(folder, 'home'), { households: 2 })
  const records = openRecordSet(station)
  const [household] = [...records.ofType('household')].map((one) => one.id)
  return {
    station,
    records,
    household: household!,
    [Symbol.asyncDispose]: async () => {
      records.close()
      await station.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

test('every answer is kept at once; another process goes on at the same place', async () => {
  await using setup = await setUp()
  const { station, records, household } = setup
  const forms = new FormDesk(station, records, stationForms(station))
  const { at: first } = expectOk(await forms.open({ household, form: FORM, person: null, language: 'zh' }))
  const second = expectOk(forms.answer(household, first, 'hazard'))
  expect(second).toBe(`${first}_grade`)
  const third = expectOk(forms.answer(household, second, 'serious'))
  expect(findDrafts(station, records).get(household)).toMatchObject({ form: FORM, answered: 2 })

  const again = new FormDesk(station, records, stationForms(station))
  expect(expectOk(await again.open({ household, form: FORM, person: null, language: 'en' })).at).toBe(third)
  expect(again.facts()).toMatchObject({ title: 'Home safety check', answered: 2 })
  expect(again.facts()!.hazards).toMatchObject([{ serious: true }])
  again.close()
  forms.close()
})

test('a refused answer changes nothing that is kept', async () => {
  await using setup = await setUp()
  const { station, records, household } = setup
  const forms = new FormDesk(station, records, stationForms(station))
  const { at: first } = expectOk(await forms.open({ household, form: FORM, person: null, language: 'zh' }))
  expect(forms.answer(household, first, 'no such choice')).toMatchObject({
    ok: false,
    problem: { type: 'choice-unknown' },
  })
  expect(findDrafts(station, records).size).toBe(0)
  forms.close()
})

test('what an answer makes unnecessary is told, with the reason; follow-ups of an item in order are no news', async () => {
  await using setup = await setUp()
  const { station, records, household } = setup
  const forms = new FormDesk(station, records, stationForms(station))
  const { at: first } = expectOk(await forms.open({ household, form: FORM, person: null, language: 'zh' }))
  forms.answer(household, first, 'ok')
  expect(forms.facts()!.skipped).toBeNull()
  forms.answer(household, '/home_safety/gas/fuel', 'none')
  expect(forms.facts()!.skipped).toMatchObject({ because: '家里用什么燃气？ 不用燃气' })
  expect(forms.facts()!.skipped!.count).toBeGreaterThan(3)
  forms.close()
})

test('killed between saving the visit and throwing the draft away: it is not offered again', async () => {
  await using setup = await setUp()
  const { station, records, household } = setup
  const forms = new FormDesk(station, records, stationForms(station))
  const { at: first } = expectOk(await forms.open({ household, form: FORM, person: null, language: 'zh' }))
  let at = expectOk(forms.answer(household, first, 'ok'))
  while (at !== 'summary') {
    const question = questionsOf(forms.facts()!.places).find((one) => one.ref === at)!
    const value =
      question.name === 'fuel'
        ? 'none'
        : question.name === 'has_ebike'
          ? 'no'
          : (question.choices[0]?.value ?? null)
    at = question.kind === 'note' ? after(forms, at) : expectOk(forms.answer(household, at, value))
  }
  expect(forms.facts()!.problems).toEqual([])
  expectOk(await recordVisit(station, { household, outcome: 'met', ...forms.filled(household)! }))
  expect(findDrafts(station, records).size).toBe(0)
  expect(station.draft(`visit/${household}`)).toBeNull()
  forms.close()
})

const after = (forms: FormDesk, at: string): string => {
  const { places } = forms.facts()!
  return places[places.findIndex((one) => one.ref === at) + 1]?.ref ?? 'summary'
}
