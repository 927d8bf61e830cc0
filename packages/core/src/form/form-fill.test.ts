import { describe, expect, it } from 'vitest'
import { expectOk } from '../result.ts'
import type { AnswerDocument } from './answer-document.ts'
import { checkForm } from './form-check.ts'
import { fillForm } from './form-fill.ts'
import { everyKind, smallForm } from './sample-form.test.data.ts'

const fill = async (answers: AnswerDocument, language = 'zh') =>
  expectOk(await fillForm(everyKind, answers, { language }))
const problems = async (answers: AnswerDocument, language?: string) =>
  (await fill({ name: '测试住户 1-2-301', ...answers }, language)).problems

describe('filling from JSON', () => {
  it('takes names, paths, nested groups and lists, in any order', async () => {
    const filled = await fill({
      street: 'a2', // needs the district, which follows
      district: 'a',
      'rooms[2]/floor': 4, // needs the count, which follows
      rooms_count: 2,
      people: [{ name: '测试住户 1-2-301', age: 81, likes: ['tea'] }, { name: '测试住户 1-2-302' }],
      pets: { pet: [{ pet_name: 'a' }, { pet_name: 'b' }], vet: 'no' },
      has_pets: 'yes',
      '/data/text': 'full reference',
      place: { latitude: 30, longitude: 120 },
    })
    expect(filled.problems).toEqual([])
    expect(filled.valid).toBe(true)
    expect(filled.values).toEqual({
      people: [{ name: '测试住户 1-2-301', age: 81, likes: ['tea'] }, { name: '测试住户 1-2-302' }],
      rooms_count: 2,
      rooms: [{}, { floor: 4 }],
      has_pets: 'yes',
      pets: { pet: [{ pet_name: 'a' }, { pet_name: 'b' }], vet: 'no' },
      district: 'a',
      street: 'a2',
      text: 'full reference',
      fixed: 'not to be changed',
      date: '2020-01-01',
      place: { latitude: 30, longitude: 120, altitude: 0, accuracyMetres: 0 },
      adults: 1,
    })
    expect(filled.submission).toContain('<street>a2</street>')
    // What it gives back fills the form the same way.
    const again = await fill(filled.values)
    expect(again).toMatchObject({ valid: true, values: filled.values })
  })

  it('makes a problem of everything that finds no place', async () => {
    expect(
      await problems({ nope: 1, 'people[3]/name': 'x', rooms_count: 1, 'rooms[2]/floor': 1 }),
    ).toMatchObject([
      { type: 'question-unknown', question: 'nope', label: 'nope' },
      { type: 'question-unknown', question: 'people[3]/name' },
      { type: 'question-unknown', question: 'rooms[2]/floor' },
    ])
    expect(await problems({ vet: 'x' })).toMatchObject([
      {
        type: 'question-not-relevant',
        question: 'pets/vet',
        label: 'Vet',
        given: 'x',
        causes: [{ label: 'Pets?', value: null }],
      },
    ])
    expect(await problems({ has_pets: 'maybe', district: 3 })).toMatchObject([
      { type: 'choice-unknown', question: 'has_pets', label: 'Pets?', choices: ['yes', 'no'] },
      { type: 'choice-unknown', question: 'district', label: 'District' },
    ])
    expect(await problems({ pets: 'one', rooms_count: 1, rooms: [{}, {}], people: [1] })).toMatchObject([
      { type: 'answer-wrong-type', question: 'pets' },
      { type: 'repeat-fixed', question: 'rooms', label: 'Room' },
      { type: 'answer-wrong-type', question: 'people' },
    ])
    expect(await problems({ people: [{ name: 'x', nickname: 'y' }] })).toMatchObject([
      { type: 'question-unknown', question: 'people[1]/nickname' },
    ])
  })

  it('labels wrong types and broken constraints, in the language asked for', async () => {
    expect(await problems({ age: 'old', decimal: [], date: 20200230 })).toMatchObject([
      { type: 'answer-wrong-type', question: 'people[1]/age', label: '年龄', expected: 'integer' },
      { type: 'answer-wrong-type', label: 'Decimal' },
      { type: 'answer-wrong-type', label: 'Date' },
    ])
    expect(await problems({ age: 130 }, 'en')).toEqual([
      {
        type: 'answer-breaks-constraint',
        question: 'people[1]/age',
        label: 'Age',
        reason: 'Age must be from 0 to 129',
      },
    ])
    expect(await problems({ from: 5, to: 4 })).toMatchObject([
      { type: 'answer-breaks-constraint', label: 'From' },
      { type: 'answer-breaks-constraint', label: 'To' },
    ])
  })

  it('does not call a question blank whose answer it refused', async () => {
    expect((await fill({ name: 7 })).problems).toMatchObject([{ type: 'answer-wrong-type', label: '姓名' }])
    expect((await fill({})).problems).toMatchObject([
      { type: 'answer-required', label: '姓名', reason: '必须填姓名' },
    ])
  })

  it('lets calculated and fixed values pass only as they are', async () => {
    expect(await problems({ adults: 0, fixed: 'not to be changed' })).toEqual([])
    expect(await problems({ adults: 2, fixed: 'changed' })).toMatchObject([
      { type: 'answer-differs-from-calculation', question: 'adults', calculated: 0, given: 2 },
      { type: 'answer-differs-from-calculation', question: 'fixed', label: 'Fixed' },
    ])
  })

  it('asks for a path when a name stands for several questions', async () => {
    const people = [{ name: 'x' }, { name: 'y' }]
    expect((await fill({ people, age: 3 })).problems).toMatchObject([
      { type: 'question-ambiguous', question: 'age', candidates: ['people[1]/age', 'people[2]/age'] },
    ])
  })
})

describe('checking a form', () => {
  it('lists the questions and what cannot be answered here', async () => {
    const checked = await checkForm(everyKind)
    expect(checked).toMatchObject({
      ok: false,
      id: 'every-kind',
      version: '3',
      title: '各种问题',
      languages: ['中文 (zh)', 'English (en)'],
    })
    expect(checked.questions[0]).toEqual({
      ref: '/data/people[1]/name',
      name: 'name',
      kind: 'text',
      label: '姓名',
      required: true,
    })
    expect(checked.problems).toMatchObject([
      { type: 'question-unsupported', blocking: true, where: 'blob' },
      { type: 'choices-missing', blocking: false, where: 'street' },
    ])
    expect(await checkForm(smallForm())).toMatchObject({ ok: true, title: 'Small', problems: [] })
  })

  it('misses labels, in each language', async () => {
    const unlabelled = smallForm({ body: '<input ref="/data/a"/>' })
    expect(await checkForm(unlabelled)).toMatchObject({
      ok: true,
      problems: [{ type: 'label-missing', where: 'a' }],
    })
    const halfTranslated = everyKind.replace('<text id="age"><value>Age</value></text>', '')
    const reasons = (await checkForm(halfTranslated)).problems.filter(
      (problem) => problem.type === 'label-missing',
    )
    expect(reasons).toEqual([
      {
        type: 'label-missing',
        blocking: false,
        where: 'people[1]/age',
        reason: 'the question has no label in English (en)',
        about: 'age',
        language: 'English (en)',
      },
    ])
  })

  const bad: [what: string, xml: string, type: string, where: string, reason: RegExp][] = [
    ['nothing', '', 'form-not-xml', 'line 1', /\S/],
    ['no XML', 'name,age\nx,1', 'form-not-xml', 'line 2, column 3', /\S/],
    [
      'broken XML',
      '<h:html xmlns:h="http://www.w3.org/1999/xhtml">\n<h:head></h:html>',
      'form-not-xml',
      'line 2, column',
      /close tag/,
    ],
    ['another document', '<note><to/></note>', 'form-not-xform', 'form', /<note>/],
    [
      'a web page',
      '<html xmlns="http://www.w3.org/1999/xhtml"><head/><body/></html>',
      'form-not-xform',
      'form',
      /<model>/,
    ],
    [
      'no instance',
      smallForm().replace(/<instance>.*<\/instance>/, ''),
      'form-not-xform',
      'form',
      /instance/,
    ],
    ['no id', smallForm().replace(' id="small"', ''), 'form-not-xform', 'form', /id/],
    [
      'an unknown function',
      smallForm({ model: '<bind nodeset="/data/a" relevant="no-such-function()"/>' }),
      'function-unknown',
      '/data/a',
      /no-such-function/,
    ],
    [
      'a broken expression',
      smallForm({ model: '<bind nodeset="/data/a" relevant="1 +"/>' }),
      'form-not-supported',
      'form',
      /\S/,
    ],
    [
      'a list that is not there',
      smallForm({ model: '<instance id="l" src="jr://file-csv/l.csv"/>' }),
      'media-missing',
      'instance l',
      /l\.csv/,
    ],
  ]
  it.each(bad)('says what is wrong with %s', async (_what, xml, type, where, reason) => {
    const checked = await checkForm(xml)
    expect(checked).toMatchObject({ ok: false, questions: [], problems: [{ type, blocking: true }] })
    expect(checked.problems[0]?.where).toMatch(where)
    expect(checked.problems[0]?.reason).toMatch(reason)
  })

  it('reads lists given beside the form', async () => {
    const form = smallForm({
      model: '<instance id="l" src="jr://file-csv/l.csv"/>',
      body: `<select1 ref="/data/a"><label>A</label><itemset nodeset="instance('l')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>`,
    })
    const attachments = { 'l.csv': 'name,label\n1,一号\n2,二号\n' }
    expect(await checkForm(form, { attachments })).toMatchObject({ ok: true, problems: [] })
    expect(expectOk(await fillForm(form, { a: 2 }, { attachments })).values).toEqual({ a: '2' })
  })
})
