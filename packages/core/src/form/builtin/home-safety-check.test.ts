import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectOk } from '../../result.ts'
import { checkForm } from '../form-check.ts'
import { fillForm } from '../form-fill.ts'
import { builtinForms, formById, hazardsOf } from '../form-registry.ts'
import { type FormSession, openForm } from '../form-session.ts'
import { SECTIONS } from './home-safety-items.ts'

const form = formById('home-safety-check')!
const fill = async (answers: Readonly<Record<string, unknown>>, language = 'zh') =>
  expectOk(await fillForm(form.xml, answers, { language }))
const isoDay = (daysAhead: number): string => {
  const day = new Date()
  day.setDate(day.getDate() + daysAhead)
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
}
/** Everything in order in a home without gas and without an electric bicycle. */
const inOrder = {
  ...Object.fromEntries(
    SECTIONS.flatMap((section) =>
      section.items.filter((item) => !item.relevant).map((item) => [item.name, 'ok']),
    ),
  ),
  fuel: 'none',
  has_ebike: 'no',
}

describe('home safety check', () => {
  let session: FormSession
  const answer = (path: string, value: unknown) => session.answer(`/home_safety/${path}`, value)
  const asked = (name: string) => session.questions().some((question) => question.name === name)
  beforeEach(async () => {
    session = expectOk(await openForm(form.xml))
  })
  afterEach(() => session.close())

  it('is a sound form with every text in both languages', async () => {
    const checked = await checkForm(form.xml)
    expect(checked).toMatchObject({ ok: true, id: form.id, version: form.version, problems: [] })
    for (const question of session.questions({ all: true })) expect(question.label).toMatch(/\p{Script=Han}/u)
    session.setLanguage('en')
    for (const question of session.questions({ all: true })) {
      const shown = [
        question.label,
        question.hint,
        ...question.groups,
        ...question.choices.map((choice) => choice.label),
      ]
      expect(shown.join(' ')).not.toMatch(/\p{Script=Han}/u)
    }
  })

  it('is version 1, to the letter', () => {
    // A change of the form is a new version: stations keep answers by version.
    expect([form.version, createHash('sha256').update(form.xml).digest('hex')]).toMatchInlineSnapshot(`
      [
        "1",
        "9790ca1cf1f0d65edc500abb4f8aabf2457bd257ee811c833e1c4d7ba2bb7513",
      ]
    `)
  })

  it('asks about gas only where there is gas, and about what there is', () => {
    expect(['hose', 'pipe', 'cylinder', 'flue', 'alarm_works', 'water_heater'].filter(asked)).toEqual([])
    answer('gas/fuel', 'bottled')
    expect(['hose', 'pipe', 'cylinder', 'flue', 'alarm_works', 'water_heater'].filter(asked)).toEqual([
      'hose',
      'cylinder',
      'water_heater',
    ])
    answer('gas/fuel', 'piped')
    answer('gas/water_heater', 'gas')
    answer('gas/has_alarm', 'yes')
    expect(['pipe', 'cylinder', 'flue', 'alarm_works', 'alarm_expiry_year'].filter(asked)).toEqual([
      'pipe',
      'flue',
      'alarm_works',
      'alarm_expiry_year',
    ])
    answer('gas/water_heater', 'electric')
    answer('gas/has_alarm', 'no')
    expect(['flue', 'alarm_works', 'alarm_expiry_year'].filter(asked)).toEqual([])
    answer('gas/water_heater', 'gas')
    answer('gas/flue', 'hazard')
    expect(session.values().hazard_count).toBe(1)
    answer('gas/fuel', 'none')
    expect(['hose', 'flue', 'flue_grade', 'water_heater'].filter(asked)).toEqual([])
    expect(session.skippedBecause('/home_safety/gas/hose')).toEqual([
      expect.objectContaining({ ref: '/home_safety/gas/fuel', value: 'none' }),
    ])
    expect(session.values().hazard_count).toBe(0)
    expect(session.submission()).not.toContain('<flue>')
  })

  it('asks about electric bicycles indoors only of those who have one', () => {
    expect([asked('ebike_indoors'), asked('flying_wire')]).toEqual([false, true])
    answer('passage/has_ebike', 'yes')
    expect(asked('ebike_indoors')).toBe(true)
  })

  it('asks of a hazard how bad, until when, and a note', () => {
    expect(asked('wiring_grade')).toBe(false)
    answer('electricity/wiring', 'hazard')
    expect(
      session
        .questions()
        .slice(0, 4)
        .map((question) => [question.name, question.required]),
    ).toEqual([
      ['wiring', true],
      ['wiring_grade', true],
      ['wiring_fix_by', false],
      ['wiring_note', false],
    ])
    const missing = () =>
      session.validate().find((problem) => problem.question === 'electricity/wiring_grade')
    expect(missing()).toMatchObject({ type: 'answer-required', reason: '有隐患必须选等级' })
    session.setLanguage('en')
    expect(missing()).toMatchObject({
      label: 'Aged, damaged or makeshift wiring: how bad',
      reason: 'A hazard needs a grade',
    })
    answer('electricity/wiring_grade', 'serious')
    expect(missing()).toBeUndefined()
    expect(session.questions().map((question) => question.label)).toContain(
      'Hazards found: 1, of them serious: 1',
    )
    expect([asked('serious_advice'), asked('notice_given')]).toEqual([true, true])
    answer('electricity/wiring', 'na')
    expect([asked('wiring_grade'), asked('serious_advice'), asked('notice_given')]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('doubts implausible years and dates, in both languages', () => {
    answer('gas/fuel', 'piped')
    answer('gas/has_alarm', 'yes')
    const thisYear = new Date().getFullYear()
    const expiry = (year: number) => {
      const result = answer('gas/alarm_expiry_year', year)
      return result.ok ? 'ok' : result.problem.reason
    }
    expect([2004, 2005, thisYear + 15, thisYear + 16].map(expiry).map((reason) => reason === 'ok')).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(expiry(1850)).toMatch(/2005 年/)
    session.setLanguage('en')
    expect(expiry(20260)).toMatch(/four digits/)
    expiry(thisYear)
    expect(asked('alarm_expired')).toBe(false)
    expiry(thisYear - 1)
    expect(asked('alarm_expired')).toBe(true)

    answer('electricity/wiring', 'hazard')
    expect(answer('electricity/wiring_fix_by', isoDay(400))).toMatchObject({
      ok: false,
      problem: { reason: 'The date must lie within a year' },
    })
    expect(answer('electricity/wiring_fix_by', isoDay(-40)).ok).toBe(false)
    expect(answer('electricity/wiring_fix_by', isoDay(7)).ok).toBe(true)
  })

  it('is valid when all is answered, and counts nothing when all is in order', async () => {
    expect(await fill(inOrder)).toMatchObject({
      valid: true,
      problems: [],
      values: { hazard_count: 0, serious_count: 0 },
    })
    expect(hazardsOf(form.id, (await fill(inOrder)).values)).toEqual([])
  })
})

describe('hazards', () => {
  it('come out with grade, kind, title, note and when to be done', async () => {
    const fixBy = isoDay(5)
    const filled = await fill({
      ...inOrder,
      fuel: 'piped',
      has_alarm: 'no',
      water_heater: 'none',
      hose: 'hazard',
      hose_grade: 'serious',
      hose_note: '开裂',
      leak: 'ok',
      pipe: 'unseen',
      ventilation: 'ok',
      coal_stove: 'na',
      stairs: 'hazard',
      stairs_grade: 'ordinary',
      stairs_fix_by: fixBy,
      notice_given: 'yes',
    })
    expect(filled.problems).toEqual([])
    expect(hazardsOf(form.id, filled.values)).toEqual([
      {
        item: 'hose',
        grade: 'serious',
        kind: 'gas-hazard',
        title: { zh: '燃气胶管老化、过长或没有卡箍', en: 'Gas hose aged, too long or without clamps' },
        note: '开裂',
        dueInDays: 1,
      },
      {
        item: 'stairs',
        grade: 'ordinary',
        kind: 'passage-hazard',
        title: { zh: '楼道、门口堆放杂物', en: 'Things left on stairs or landing' },
        note: null,
        dueOn: fixBy,
      },
    ])
  })

  it('has one rule for each item of the form, and serious ones are due sooner', () => {
    const rules = form.hazards!
    expect(new Set(rules.map((rule) => rule.item)).size).toBe(rules.length)
    for (const { path, daysToFix } of rules) {
      expect(form.xml).toContain(`<select1 ref="/home_safety/${path.join('/')}">`)
      expect(daysToFix.serious).toBeLessThan(daysToFix.ordinary)
    }
    expect(rules).toHaveLength(25)
  })

  it('are none for forms that declare none, and of what is not there', () => {
    expect(hazardsOf('no-such-form', { electricity: { wiring: 'hazard' } })).toEqual([])
    expect(hazardsOf(form.id, { electricity: 'hazard', gas: [{ hose: 'hazard' }] })).toEqual([])
    expect(formById('no-such-form')).toBeNull()
    expect(builtinForms.map((one) => one.id)).toEqual(['home-safety-check'])
  })
})
