import { describe, expect, it } from 'vitest'
import { expectOk } from '../result.ts'
import { type FormSession, openForm } from './form-session.ts'
import { everyKind, smallForm } from './sample-form.test.data.ts'

const open = async (xml: string, draft?: string) =>
  expectOk(await openForm(xml, draft === undefined ? {} : { draft }))
const seen = (session: FormSession) => ({
  questions: session.questions({ all: true }),
  submission: session.submission(),
  files: session.files().map((file) => [file.name, file.mediaType, [...file.bytes]]),
  language: session.language(),
  draft: session.draft(),
})

const steps: ((session: FormSession) => { ok: boolean })[] = [
  (session) => session.answer('/data/people[1]/name', '测试住户 1-2-301'),
  (session) => session.answer('/data/people[1]/age', 80),
  (session) => session.answer('/data/people[1]/likes', ['chess', 'tea']),
  (session) => session.addRepeat('/data/people'),
  (session) => session.answer('/data/people[2]/age', 7),
  (session) => session.answer('/data/people[1]/age', 8), // hides likes
  (session) => session.answer('/data/rooms_count', 2),
  (session) => session.answer('/data/rooms[2]/floor', 3),
  (session) => session.answer('/data/has_pets', 'yes'),
  (session) => session.addRepeat('/data/pets/pet'),
  (session) => session.answer('/data/pets/pet[2]/pet_name', '小黑'),
  (session) => session.answer('/data/pets/vet', 'none'),
  (session) => session.answer('/data/has_pets', 'no'), // hides a group with a longer repeat
  (session) => session.answer('/data/district', 'b'),
  (session) => session.answer('/data/street', 'b1'),
  (session) => session.answer('/data/text', '<&>"\'\n 好 '),
  (session) => session.answer('/data/decimal', 1.25),
  (session) => session.answer('/data/date', null), // clears a default
  (session) => session.answer('/data/time', '08:00'),
  (session) => session.answer('/data/datetime', '2026-01-02T03:04:05+08:00'),
  (session) => session.answer('/data/trigger', true),
  (session) => session.answer('/data/rank', ['y', 'z', 'x']),
  (session) => session.answer('/data/range', 5),
  (session) => session.answer('/data/place', '30 120 4 5'),
  (session) => session.answer('/data/photo', { name: 'a.png', mediaType: 'image/png', base64: 'AQID' }),
  (session) =>
    session.answer('/data/second_photo', { name: 'a.png', mediaType: 'image/png', base64: 'BA==' }),
  (session) => session.setLanguage('en'),
  (session) => session.removeRepeat('/data/people[1]'),
  (session) => session.removeRepeat('/data/people[1]'),
]

describe('a draft', () => {
  it('brings the form back as it was, at every step', async () => {
    using session = await open(everyKind)
    for (const [index, step] of steps.entries()) {
      expect([index, step(session).ok]).toEqual([index, true])
      using restored = await open(everyKind, session.draft())
      expect([index, restored.notCarriedOver, seen(restored)]).toEqual([index, [], seen(session)])
    }
  })

  it('still holds what was hidden, when it is shown again', async () => {
    using session = await open(everyKind)
    for (const step of steps.slice(0, 13)) step(session)
    using restored = await open(everyKind, session.draft())
    expect(restored.values().pets).toBeUndefined()
    restored.answer('/data/has_pets', 'yes')
    restored.answer('/data/people[1]/age', 80)
    expect(restored.values()).toMatchObject({
      pets: { pet: [{}, { pet_name: '小黑' }], vet: 'none' },
      people: [{ likes: ['tea', 'chess'] }, { age: 7 }],
    })
  })

  it('carries over to a changed form what still fits, and says what does not', async () => {
    using session = await open(everyKind)
    for (const step of steps.slice(0, 24)) expect(step(session).ok).toBe(true)
    const changed = everyKind
      .replaceAll('/data/range', '/data/scale')
      .replace('<range/>', '<scale/>')
      .replace('version="3"', 'version="4"')
      .replace('<value>b</value>', '<value>c</value>')
    using moved = await open(changed, session.draft())
    expect(moved.version).toBe('4')
    expect(moved.notCarriedOver.map(({ type, question }) => [type, question])).toEqual([
      ['choice-unknown', 'district'],
      ['choice-unknown', 'street'],
      ['question-unknown', 'range'],
    ])
    const { street: _street, district: _district, range: _range, ...kept } = session.values()
    expect(moved.values()).toEqual(kept)
    moved.answer('/data/has_pets', 'yes')
    expect(moved.values()).toMatchObject({ pets: { pet: [{}, { pet_name: '小黑' }] } })
  })

  it('refuses another form and what is no draft', async () => {
    using session = await open(smallForm())
    const problem = async (draft: string) => {
      const result = await openForm(everyKind, { draft })
      return result.ok ? null : result.problem
    }
    expect(await problem(session.draft())).toMatchObject({
      type: 'draft-of-other-form',
      formId: 'every-kind',
      draftFormId: 'small',
    })
    for (const text of ['', '{', 'null', '[]', '{"format":"form-draft","version":2}'])
      expect(await problem(text)).toMatchObject({ type: 'draft-unreadable' })
    using mine = await open(everyKind)
    const broken = JSON.stringify({ ...JSON.parse(mine.draft()), instance: '<data id="every-kind"><peo' })
    expect(await problem(broken)).toMatchObject({ type: 'draft-unreadable' })
  })
})
