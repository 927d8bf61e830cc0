import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkForm } from '../form/index.ts'
import { expectOk } from '../result.ts'
import { giveConsent } from './consent.ts'
import type { FoundForm } from './form-list.ts'
import { plainOf } from './masked-record.ts'
import { openRecordSet } from './record-set.ts'
import { type RecordVisit, recordVisit } from './record-visit.ts'
import { type SampleStation, sampleStation } from './sample-station.test.data.ts'

/** A form about one of the household's people, and about the household. */
const binds = `
<bind nodeset="/data/mind" type="string" doorstep:from="household.mind" doorstep:save="household.mind"/>
<bind nodeset="/data/phone" type="string" doorstep:from="person.phone" doorstep:save="person.phone"/>
<bind nodeset="/data/id" type="string" doorstep:save="person.idNumber"/>
<bind nodeset="/data/tags" type="string" doorstep:from="household.tags" doorstep:save="household.tags"/>
<bind nodeset="/data/note" type="string" doorstep:save="household.note" doorstep:blank="clear"/>
<bind nodeset="/data/photo" type="binary"/>`
const item = (value: string) => `<item><label>${value}</label><value>${value}</value></item>`
const xmlOf = (model: string, extra = '') =>
  `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:doorstep="urn:doorstep:forms"><h:head><h:title>Check-up</h:title><model><instance><data id="check-up" version="1"><mind/><phone/><id/><tags/><note/><photo/></data></instance>${model}</model></h:head><h:body>
<input ref="/data/mind"><label>Mind</label></input><input ref="/data/phone"><label>Phone</label></input><input ref="/data/id"><label>ID</label></input>
<select ref="/data/tags"><label>Tags</label>${item('dog')}${item('deaf')}</select><input ref="/data/note"><label>Note</label></input>
<upload ref="/data/photo" mediatype="image/*"><label>Photo</label></upload>${extra}</h:body></h:html>`
const document: FoundForm = {
  id: 'check-up',
  version: '1',
  title: { zh: '核对', en: 'Check-up' },
  xml: xmlOf(binds),
  record: null,
  attachments: {},
}
/** One white pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII='

let sample: SampleStation
let household: string
let person: string
beforeEach(async () => {
  sample = await sampleStation()
  household = sample.households[0]!
  const made = expectOk(
    await sample.station.write('record.edit', (book) => {
      const { space, fields } = book.get(household)!
      expectOk(book.edit(household, { set: { mind: '小狗', note: '旧话' }, add: { tags: ['dog', 'vip'] } }))
      const person = book.create('person', space, { set: { name: '测试住户', phone: '13800001111' } })
      if (!person.ok) return person
      const set = {
        person: person.value,
        dwelling: fields.dwelling!,
        household,

        state: 'present',
      }
      const residence = book.create('residence', space, { set })
      return residence.ok ? person : residence
    }),
  )
  person = made.value
})
afterEach(() => sample.close())

const record = (more: Partial<RecordVisit>) =>
  recordVisit(sample.station, {
    household,
    outcome: 'met',
    form: 'check-up',
    document,
    person,
    language: 'en',
    answers: {},
    ...more,
  })
const plain = (id: string) => plainOf(openRecordSet(sample.station, { follow: false }).get(id)!)

describe('what a form gives back', () => {
  test('is written in the act of the visit: what was changed, never blanks, unless the form says so', async () => {
    const before = sample.station.digest(sample.grid).entries
    const answers = { mind: '两只狗', phone: '13900002222', tags: ['deaf'] }
    const saved = expectOk(await record({ answers }))
    expect(saved.changed).toEqual([
      { record: household, of: 'household', field: 'mind', label: 'Mind', before: '小狗', after: '两只狗' },
      {
        record: person,
        of: 'person',
        field: 'phone',
        label: 'Phone',
        before: '138****1111',
        after: '139****2222',
      },
      {
        record: household,
        of: 'household',
        field: 'tags',
        label: 'Tags',
        before: ['dog', 'vip'],
        after: ['deaf'],
      },
      { record: household, of: 'household', field: 'note', label: 'Note', before: '旧话', after: null },
    ])
    expect(sample.station.digest(sample.grid).entries).toBe(before + 1)
    expect(plain(person).fields.phone).toBe('13900002222')
    expect(plain(household).fields).toMatchObject({ mind: '两只狗' })
    expect(plain(household).fields.note ?? null).toBeNull()
    expect([...(plain(household).sets.tags ?? [])]).toEqual(['deaf'])
    // The visit keeps what the register masks masked.
    const visit = plain(saved.visit).fields
    expect(visit).toMatchObject({ person, answers: { phone: '139****2222', mind: '两只狗' } })
    expect(visit.submission).toContain('<phone>139****2222</phone>')
    expect(String(visit.submission)).not.toContain('13900002222')
  })

  test('an answer that is what the form began with says nothing, even if the register has changed meanwhile', async () => {
    expectOk(
      await sample.station.write('record.edit', (book) => {
        const edited = book.edit(household, { set: { mind: '狗没了', note: null } })
        return edited.ok ? { ok: true, value: null } : edited
      }),
    )
    const prefilled = { '/data/mind': '小狗', '/data/tags': ['dog', 'vip'] }
    const answers = { mind: '小狗', tags: ['dog'] }
    const saved = expectOk(await record({ answers, prefilled }))
    expect(saved.changed).toMatchObject([{ field: 'tags', after: ['dog'] }])
    expect(plain(household).fields.mind).toBe('狗没了')
  })

  test('what the register would not take is refused with its question, and nothing is written', async () => {
    const before = sample.station.digest(sample.grid).entries
    const problem = { question: 'id', label: 'ID', type: 'answer-unfit-for-record', rule: 'id-number-shape' }
    expect(await record({ answers: { id: '123' } })).toMatchObject({
      ok: false,
      problem: { type: 'answers-refused', problems: [problem] },
    })
    expect(await record({ answers: { phone: '138****1111' } })).toMatchObject({
      ok: false,
      problem: { problems: [{ question: 'phone', rule: 'masked' }] },
    })
    expect(await record({ person: 'pe-none' })).toMatchObject({ problem: { type: 'not-a-resident' } })
    const { person: _person, ...nobody } = {
      household,
      outcome: 'met',
      form: 'check-up',
      document,
      person,
    } as const
    expect(await recordVisit(sample.station, nobody)).toMatchObject({ problem: { type: 'not-a-resident' } })
    expect(sample.station.digest(sample.grid).entries).toBe(before)
  })

  test('a photo needs the household’s consent, and lies sealed with the visit under a name that tells nothing', async () => {
    const bytes = new Uint8Array(Buffer.from(PIXEL, 'base64'))
    const photo = { name: '张三家.png', mediaType: 'image/png', bytes }
    expect(await record({ answers: { photo } })).toMatchObject({ problem: { type: 'no-consent' } })
    expect(sample.station.blobs.status().here.count).toBe(0)
    const given = { subject: household, purpose: 'photos', basis: 'consent', how: 'paper' } as const
    expectOk(await giveConsent(sample.station, given))
    const saved = expectOk(await record({ answers: { photo } }))
    const attachment = plain(saved.attachments[0]!).fields
    expect(attachment).toMatchObject({ about: saved.visit, household, kind: 'photo', caption: 'Photo' })
    const name = `photo-${String(attachment.original).slice(0, 16)}.png`
    expect(plain(saved.visit).fields).toMatchObject({ answers: { photo: name } })
    expect(plain(saved.visit).fields.submission).toContain(`<photo>${name}</photo>`)
    const scan = { name: 'a.zip', mediaType: 'application/zip', bytes }
    expect(await record({ answers: { photo: scan } })).toMatchObject({
      problem: { type: 'answers-refused', problems: [{ question: 'photo', label: 'Photo' }] },
    })
  })
})

describe('rules that cannot be followed', () => {
  test.each([
    ['doorstep:from="household.nose"', 'rule-unknown-field', 'household.nose'],
    ['doorstep:save="case.title"', 'rule-unknown-field', 'case.title'],
    ['doorstep:save="household.dwelling"', 'rule-unfit', 'not written by forms'],
    ['doorstep:save="person.birthDate"', 'rule-unfit', 'a date does not fit'],
    ['doorstep:save="household.tags"', 'rule-unfit', 'several choices'],
    ['doorstep:blank="clear"', 'rule-unfit', 'needs doorstep:save'],
    ['doorstep:into="person.name"', 'rule-unfit', 'no rule doorstep:into'],
  ])('%s: %s', async (rule, type, reason) => {
    const checked = await checkForm(xmlOf(`<bind nodeset="/data/mind" type="string" ${rule}/>`))
    expect(checked.ok).toBe(false)
    const [problem] = checked.problems.filter((one) => one.blocking)
    expect(problem).toMatchObject({ type, blocking: true, where: 'mind' })
    expect(problem!.reason).toContain(reason)
  })

  test('choices that the field does not know are named', async () => {
    const model = '<bind nodeset="/data/tags" type="string" doorstep:save="person.gender"/>'
    const checked = await checkForm(xmlOf(model).replaceAll(/(?<=<\/?select)\b(?!1)/g, '1'))
    expect(checked.problems).toMatchObject([{ reason: 'person.gender does not take dog, deaf' }])
  })

  test('a form that follows them is sound', async () =>
    expect(await checkForm(document.xml)).toMatchObject({ ok: true, problems: [] }))
})
