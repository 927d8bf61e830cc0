import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectOk } from '../result.ts'
import { type Engine, loadEngine } from './engine.ts'
import type { OpenFormOptions } from './form-open.ts'
import { type FormSession, openForm } from './form-session.ts'
import { everyKind, leavesOfXml, smallForm } from './sample-form.test.data.ts'

let engine: Engine
const opened: FormSession[] = []
beforeAll(async () => {
  engine = expectOk(await loadEngine())
})
afterEach(() => {
  for (const session of opened.splice(0)) session.close()
})

async function open(xml = everyKind, options: OpenFormOptions = {}): Promise<FormSession> {
  const session = expectOk(await openForm(xml, options))
  opened.push(session)
  return session
}
const at = (latitude: number, longitude: number, altitude = 0, accuracyMetres = 0) => ({
  latitude,
  longitude,
  altitude,
  accuracyMetres,
})
const refused = (result: { ok: boolean; problem?: unknown }) => (result.ok ? null : result.problem)

describe('reading a form', () => {
  it('says what it is and which languages it speaks', async () => {
    const session = await open()
    expect(session).toMatchObject({ id: 'every-kind', version: '3', title: '各种问题' })
    expect(session.languages).toEqual([
      { name: '中文 (zh)', tag: 'zh', isDefault: true },
      { name: 'English (en)', tag: 'en', isDefault: false },
    ])
  })

  it('shows relevant questions in order, all of them on request', async () => {
    const session = await open()
    const names = session.questions().map((question) => question.name)
    expect(names.slice(0, 4)).toEqual(['name', 'age', 'rooms_count', 'has_pets'])
    expect(names).not.toContain('vet')
    const all = session.questions({ all: true })
    expect(all.find((question) => question.name === 'vet')).toMatchObject({
      relevant: false,
      groups: ['Pets'],
    })
    expect(new Set(all.map((question) => question.kind)).size).toBe(18)
  })

  it('describes place, repeat, hint, bounds and appearance', async () => {
    const session = await open()
    expect(session.question('/data/people[1]/name')).toMatchObject({
      path: 'people[1]/name',
      groups: ['Person'],
      required: true,
      repeat: { ref: '/data/people', index: 0, count: 1 },
    })
    expect(session.question('/data/text')).toMatchObject({
      hint: 'anything',
      appearances: ['multiline'],
      repeat: null,
    })
    expect(session.question('/data/range')?.range).toEqual({ min: 1, max: 9, step: 2, whole: true })
    expect(session.question('/data/none')).toBeNull()
  })

  it('walks into each repetition, and after the last asks whether there is another', async () => {
    const session = await open()
    const refs = () => session.places().map(({ ref }) => ref.replace('/data/', ''))
    expect(refs().slice(0, 4)).toEqual(['people[1]/name', 'people[1]/age', 'people', 'rooms_count'])
    expectOk(session.addRepeat('/data/people'))
    expect(refs().slice(2, 5)).toEqual(['people[2]/name', 'people[2]/age', 'people'])
    expect(session.places()[4]).toMatchObject({ kind: 'repeat', label: 'Person', count: 2 })
    // What the form itself counts is not asked.
    expectOk(session.answer('/data/rooms_count', 2))
    expect(refs()).toEqual(expect.arrayContaining(['rooms[1]/floor', 'rooms[2]/floor']))
    expect(refs()).not.toContain('rooms')
    expect(refs()).not.toContain('pets/pet')
  })

  it('knows what an upload wants, and which questions stand on one page', async () => {
    const session = await open(
      smallForm({
        instance: '<p/><s/><v/><f/><g><a/><b/></g>',
        body: `<upload ref="/data/p" mediatype="image/*"/><upload ref="/data/s" mediatype="image/*" appearance="signature"/>
<upload ref="/data/v" mediatype="video/*"/><upload ref="/data/f" mediatype="application/*"/>
<group ref="/data/g" appearance="field-list"><input ref="/data/g/a"/><input ref="/data/g/b"/></group>`,
        model: ['p', 's', 'v', 'f'].map((one) => `<bind nodeset="/data/${one}" type="binary"/>`).join(''),
      }),
    )
    expect(session.questions().map(({ media, page }) => [media, page])).toEqual([
      ['image', null],
      ['signature', null],
      ['video', null],
      ['file', null],
      [null, '/data/g'],
      [null, '/data/g'],
    ])
  })

  it('changes language of labels, choices and messages together', async () => {
    const session = await open(everyKind, { language: 'en-GB' })
    expect(session.question('/data/people[1]/name')).toMatchObject({
      label: 'Name',
      problem: { type: 'answer-required', label: 'Name', reason: 'A name is needed' },
    })
    expect(session.setLanguage('zh').ok).toBe(true)
    expect(session.question('/data/people[1]/name')?.problem).toMatchObject({
      label: '姓名',
      reason: '必须填姓名',
    })
    expect(refused(session.setLanguage('fr'))).toEqual({
      type: 'language-unknown',
      language: 'fr',
      languages: ['中文 (zh)', 'English (en)'],
    })
    expect((await open(everyKind, { language: 'fr' })).language()).toBe('中文 (zh)')
    const plain = await open(smallForm())
    expect([plain.languages, plain.language(), plain.setLanguage('en').ok]).toEqual([[], null, false])
  })
})

describe('answering', () => {
  const accepted: [ref: string, given: unknown, value: unknown, xml: string][] = [
    ['/data/text', ' a <b> & "c" \r\n好', ' a <b> & "c" \n好', ' a <b> & "c" \n好'],
    ['/data/decimal', '\uff11\uff12\uff0e\uff15', 12.5, '12.5'],
    ['/data/decimal', 3, 3, '3.0'],
    ['/data/date', '2024年2月29日', '2024-02-29', '2024-02-29'],
    ['/data/time', '9:05', '09:05:00.000', '09:05:00.000'],
    ['/data/datetime', '2026-03-05 14:30', '2026-03-05T14:30:00.000', '2026-03-05T14:30:00.000'],
    ['/data/trigger', true, true, 'OK'],
    ['/data/rank', ['z', 'x', 'y'], ['z', 'x', 'y'], 'z x y'],
    ['/data/range', 7, 7, '7'],
    [
      '/data/place',
      '30.25, 120.5',
      { latitude: 30.25, longitude: 120.5, altitude: 0, accuracyMetres: 0 },
      '30.25 120.5 0.0 0.0',
    ],
    ['/data/place', '31°13\'48"N 121°28\'12"E 4 ±5', at(31.23, 121.47, 4, 5), '31.23 121.47 4.0 5.0'],
    ['/data/track', '1 2; 3 4', [at(1, 2), at(3, 4)], '1.0 2.0 0.0 0.0;3.0 4.0 0.0 0.0'],
    [
      '/data/area',
      ['1 2', [3, 4], { latitude: 5, longitude: 6 }],
      [at(1, 2), at(3, 4), at(5, 6), at(1, 2)],
      '1.0 2.0 0.0 0.0;3.0 4.0 0.0 0.0;5.0 6.0 0.0 0.0;1.0 2.0 0.0 0.0',
    ],
    ['/data/code', '6901234567892', '6901234567892', '6901234567892'],
    ['/data/has_pets', 'no', 'no', 'no'],
    ['/data/people[1]/age', '-0', 0, '0'],
  ]
  it.each(accepted)('%s takes %j', async (ref, given, value, xml) => {
    const session = await open()
    expect(session.answer(ref, given)).toMatchObject({ ok: true, value: { ref, value } })
    const stored = new Map(leavesOfXml(engine.parseXml(session.submission())))
    expect(
      [...stored].find(
        ([path]) => path.replaceAll('[1]', '') === ref.replace('/data', '').replace('[1]', ''),
      )?.[1],
    ).toBe(xml)
    // What it gives back, it takes back.
    expect(session.answer(ref, session.question(ref)?.value)).toMatchObject({ ok: true, value: { value } })
    expect(session.answer(ref, null)).toMatchObject({ ok: true, value: { value: null } })
  })

  const notAccepted: [ref: string, given: unknown, type: string, label: string][] = [
    ['/data/text', 5, 'answer-wrong-type', 'Text'],
    ['/data/text', 'a\u0007b', 'answer-wrong-type', 'Text'],
    ['/data/people[1]/age', 'ten', 'answer-wrong-type', '年龄'],
    ['/data/people[1]/age', 1.5, 'answer-wrong-type', '年龄'],
    ['/data/people[1]/age', 2_147_483_648, 'answer-out-of-range', '年龄'],
    ['/data/people[1]/age', 130, 'answer-breaks-constraint', '年龄'],
    ['/data/decimal', '1e5', 'answer-wrong-type', 'Decimal'],
    ['/data/decimal', Number.NaN, 'answer-wrong-type', 'Decimal'],
    ['/data/date', '2023-02-29', 'answer-wrong-type', 'Date'],
    ['/data/time', '24:00', 'answer-wrong-type', 'Time'],
    ['/data/trigger', 'yes', 'answer-wrong-type', 'Seen'],
    ['/data/rank', ['x', 'y'], 'answer-wrong-type', 'Rank'],
    ['/data/range', 10, 'answer-out-of-range', 'Range'],
    ['/data/range', 2, 'answer-wrong-type', 'Range'],
    ['/data/place', [91, 0], 'answer-wrong-type', 'Place'],
    ['/data/has_pets', 'maybe', 'choice-unknown', 'Pets?'],
    ['/data/has_pets', ['yes'], 'answer-wrong-type', 'Pets?'],
    ['/data/people[1]/likes', ['tea'], 'question-not-relevant', 'Likes'],
    ['/data/fixed', 'x', 'question-readonly', 'Fixed'],
    ['/data/adults', 4, 'question-readonly', 'adults'],
    ['/data/track', '1 2', 'answer-wrong-type', 'Track'],
    ['/data/area', '1 2; 3 4', 'answer-wrong-type', 'Area'],
    ['/data/blob', '1 2', 'question-unsupported', 'Blob'],
    ['/data/photo', 'photo.jpg', 'answer-wrong-type', 'Photo'],
  ]
  it.each(notAccepted)('%s refuses %j: %s', async (ref, given, type, label) => {
    const session = await open()
    const before = session.draft()
    expect(refused(session.answer(ref, given))).toMatchObject({
      type,
      label,
      reason: expect.stringMatching(/\S/),
    })
    expect(session.draft()).toBe(before)
  })

  it('puts the former answer back when a constraint refuses the new one, in either language', async () => {
    const session = await open()
    session.answer('/data/people[1]/age', 40)
    expect(refused(session.answer('/data/people[1]/age', 200))).toMatchObject({
      reason: '年龄应在 0 到 129 之间',
      given: 200,
    })
    session.setLanguage('en')
    expect(refused(session.answer('/data/people[1]/age', -1))).toMatchObject({
      label: 'Age',
      reason: 'Age must be from 0 to 129',
    })
    expect(session.question('/data/people[1]/age')?.value).toBe(40)
  })

  it('checks selects-many against the choices and skips by age, saying why', async () => {
    const session = await open()
    const likes = '/data/people[1]/likes'
    session.answer('/data/people[1]/age', 17)
    expect(session.skippedBecause(likes)).toEqual([{ ref: '/data/people[1]/age', label: '年龄', value: 17 }])
    session.answer('/data/people[1]/age', 18)
    expect(session.skippedBecause(likes)).toEqual([])
    expect(session.answer(likes, ['opera', 'tea'])).toMatchObject({
      ok: true,
      value: { value: ['tea', 'opera'] },
    })
    expect(refused(session.answer(likes, ['tea', 'golf']))).toMatchObject({
      type: 'choice-unknown',
      given: ['golf'],
    })
    expect(session.values()).toMatchObject({ people: [{ age: 18, likes: ['tea', 'opera'] }], adults: 1 })
    expect(session.question('/data/message')?.label).toBe('There are 1 adults')
    session.answer('/data/people[1]/age', 3)
    expect(session.values()).toMatchObject({ people: [{ age: 3 }], adults: 0 })
    expect(session.submission()).not.toContain('opera')
    session.answer('/data/people[1]/age', 30)
    expect(session.question(likes)?.value).toEqual(['tea', 'opera'])
  })

  it('offers the choices that fit other answers', async () => {
    const session = await open()
    expect(session.question('/data/street')?.choices).toEqual([])
    session.answer('/data/district', 'a')
    expect(session.question('/data/street')?.choices).toEqual([
      { value: 'a1', label: 'A one' },
      { value: 'a2', label: 'A two' },
    ])
    expect(refused(session.answer('/data/street', 'b1'))).toMatchObject({
      type: 'choice-unknown',
      choices: ['a1', 'a2'],
    })
  })

  it('keeps files beside the submission, each under its own name', async () => {
    const session = await open()
    const bytes = new Uint8Array([1, 2, 3])
    expect(session.answer('/data/photo', { name: '1.jpg', mediaType: 'image/jpeg', bytes }).ok).toBe(true)
    expect(
      session.answer('/data/second_photo', { name: '1.jpg', mediaType: 'image/jpeg', base64: 'BAU=' }).ok,
    ).toBe(true)
    expect(session.values()).toMatchObject({ photo: '1.jpg', second_photo: '1-2.jpg' })
    expect(session.files().map((file) => [file.name, [...file.bytes]])).toEqual([
      ['1.jpg', [1, 2, 3]],
      ['1-2.jpg', [4, 5]],
    ])
    expect(session.submission()).toContain('<photo>1.jpg</photo><second_photo>1-2.jpg</second_photo>')
    session.answer('/data/photo', null)
    expect(session.files()).toHaveLength(1)
  })
})

describe('repeats', () => {
  it('adds and removes, and answers move up', async () => {
    const session = await open()
    expect(session.addRepeat('/data/people')).toMatchObject({
      ok: true,
      value: { count: 2, open: true, label: 'Person' },
    })
    session.answer('/data/people[1]/name', '测试住户 1-2-301')
    session.answer('/data/people[2]/name', '测试住户 1-2-302')
    expect(session.question('/data/people[2]/name')?.repeat).toEqual({
      ref: '/data/people',
      index: 1,
      count: 2,
    })
    expect(session.removeRepeat('/data/people[1]')).toMatchObject({ ok: true, value: { count: 1 } })
    expect(session.values()).toMatchObject({ people: [{ name: '测试住户 1-2-302' }] })
    session.removeRepeat('/data/people[1]')
    expect(session.repeats()[0]).toMatchObject({ ref: '/data/people', count: 0 })
    expect(session.values().people).toEqual([])
  })

  it('refuses what is not there, not open or not relevant', async () => {
    const session = await open()
    expect(refused(session.addRepeat('/data/cats'))).toMatchObject({ type: 'repeat-unknown' })
    expect(refused(session.removeRepeat('/data/people[2]'))).toMatchObject({
      type: 'repeat-unknown',
      label: 'Person',
    })
    expect(refused(session.removeRepeat('/data/people'))).toMatchObject({ type: 'repeat-unknown' })
    expect(refused(session.addRepeat('/data/rooms'))).toMatchObject({ type: 'repeat-fixed', label: 'Room' })
    expect(refused(session.addRepeat('/data/pets/pet'))).toMatchObject({
      type: 'question-not-relevant',
      label: 'Pet',
    })
  })

  it('follows a counting question', async () => {
    const session = await open()
    session.answer('/data/rooms_count', 2)
    session.answer('/data/rooms[2]/floor', 5)
    expect(session.repeats()).toContainEqual(
      expect.objectContaining({ ref: '/data/rooms', count: 2, open: false }),
    )
    expect(session.values()).toMatchObject({ rooms: [{}, { floor: 5 }] })
  })
})

describe('the whole', () => {
  it('tells listeners of changes and of nothing else', async () => {
    const session = await open()
    let calls = 0
    const stop = session.onChange(() => calls++)
    session.answer('/data/text', 'a')
    session.answer('/data/range', 2)
    session.answer('/data/nowhere', 2)
    expect(calls).toBe(1)
    session.addRepeat('/data/people')
    session.removeRepeat('/data/people[2]')
    session.setLanguage('en')
    expect(calls).toBe(4)
    stop()
    session.answer('/data/text', 'b')
    expect(calls).toBe(4)
  })

  it('takes its instance id from the caller', async () => {
    const newId = () => '00000000-0000-4000-8000-000000000001'
    const session = await open(everyKind, { newId })
    expect(session.submission()).toContain(
      '<orx:instanceID>uuid:00000000-0000-4000-8000-000000000001</orx:instanceID>',
    )
    const kept = await open(everyKind, { draft: session.draft() })
    expect(kept.submission()).toBe(session.submission())
  })

  it('lists what is missing, with labels', async () => {
    const session = await open()
    session.addRepeat('/data/people')
    session.answer('/data/people[1]/name', 'x')
    expect(session.validate()).toEqual([
      { type: 'answer-required', question: 'people[2]/name', label: '姓名', reason: '必须填姓名' },
    ])
    session.answer('/data/people[2]/name', 'y')
    expect(session.validate()).toEqual([])
  })

  it('closes once, and quietly a second time', async () => {
    const session = await open()
    session.close()
    expect(() => session.close()).not.toThrow()
  })
})
