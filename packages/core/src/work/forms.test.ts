import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AnswerDocument, labelAnswers } from '../form/index.ts'
import { compileXlsForm } from '../form/xlsform/compile-xlsform.ts'
import { sheet } from '../form/xlsform/sheets.test.data.ts'
import { expectOk } from '../result.ts'
import type { Station } from '../station/station.ts'
import { type AddForm, addForm, offerForm } from './form-commands.ts'
import { findForm, formSourceOf, listFormRows } from './form-list.ts'
import { listVisits } from './queries.ts'
import { openRecordSet } from './record-set.ts'
import { recordVisit } from './record-visit.ts'
import { carry, type SampleStation, sampleStation } from './sample-station.test.data.ts'

let sample: SampleStation
beforeEach(async () => {
  sample = await sampleStation(1)
})
afterEach(() => sample.close())

/** A form of one question, which each version words in its own way, with a list in a file. */
function version(number: string, label = `第 ${number} 版`, streets = 'name,label\ne,东街\n'): AddForm {
  const { xml, id, title } = compileXlsForm(
    [
      sheet(
        'survey',
        `type | name | label\nselect_one_from_file streets.csv | street | ${label}\ntext | why | 原因`,
      ),
      sheet('settings', `form_id | form_title | version\nroad | 道路走访 | ${number}`),
    ],
    'road',
  )
  const files = { 'streets.csv': new Uint8Array(Buffer.from(streets)) }
  return { xml: xml!, id, title, version: number, files, uses: ['household'] }
}
const rows = (station: Station) =>
  listFormRows(formSourceOf(station))
    .filter(({ form }) => form === 'road')
    .map(({ version, isCurrent, retired, clashes }) => ({ version, isCurrent, retired, clashes }))

test('a form travels with the data, new visits begin with its newest version, and old answers keep their own', async () => {
  const { station, households } = sample
  const first = expectOk(await addForm(station, version('9')))
  const worker = await sample.colleague()
  const seen = expectOk(
    await recordVisit(worker, {
      household: households[0]!,
      outcome: 'met',
      form: 'road',
      answers: { street: 'e', why: 'x' },
    }),
  )
  expectOk(await addForm(station, version('10')))
  await carry(station, worker)
  await carry(worker, station)
  for (const one of [station, worker]) {
    expect(rows(one)).toEqual([
      { version: '10', isCurrent: true, retired: false, clashes: false },
      { version: '9', isCurrent: false, retired: false, clashes: false },
    ])
    expect(findForm(one, 'road')).toMatchObject({
      version: '10',
      attachments: { 'streets.csv': 'name,label\ne,东街\n' },
    })
    const [visit] = listVisits(openRecordSet(one, { follow: false }))
    expect(visit).toMatchObject({ id: seen.visit, form: 'road', formVersion: '9', formRecord: first.record })
    const own = findForm(one, 'road', { version: visit!.formVersion!, record: visit!.formRecord! })!
    const { attachments } = own
    expect(expectOk(await labelAnswers(own.xml, visit!.answers as AnswerDocument, { attachments }))).toEqual([
      { path: 'street', label: '第 9 版', text: '东街' },
      { path: 'why', label: '原因', text: 'x' },
    ])
  }
  // What was begun with an older version ends with it.
  const late = {
    household: households[0]!,
    outcome: 'met',
    form: 'road',
    formVersion: '9',
    answers: { street: 'e' },
  } as const
  const written = expectOk(await recordVisit(worker, late))
  expect(worker.get(written.visit)!.fields).toMatchObject({ formVersion: '9', formRecord: first.record })
})

test('a version is taken once: the same again changes nothing, another content asks for a new version', async () => {
  const { station } = sample
  const first = expectOk(await addForm(station, version('1')))
  expect(first.known).toBe(false)
  expect(expectOk(await addForm(station, version('1')))).toEqual({
    record: first.record,
    known: true,
    entries: [],
  })
  for (const other of [version('1', '另一种问法'), version('1', '第 1 版', 'name,label\nw,西街\n')])
    expect(await addForm(station, other)).toMatchObject({
      ok: false,
      problem: { type: 'form-version-taken', form: 'road', version: '1' },
    })
  const builtin = { ...version('1'), id: 'home-safety-check' }
  expect(await addForm(station, builtin)).toMatchObject({ problem: { type: 'form-version-taken' } })
  const worker = await sample.colleague()
  expect(await addForm(worker, version('2'))).toMatchObject({ problem: { type: 'role-may-not' } })
  expect(await offerForm(worker, { record: first.record, retired: true })).toMatchObject({
    problem: { type: 'role-may-not' },
  })
})

test('added apart: the same file is one record; other files of one version are both kept, and all take the same', async () => {
  const { station } = sample
  const other = await sample.colleague('chief')
  const same = version('1')
  const records = [expectOk(await addForm(station, same)).record, expectOk(await addForm(other, same)).record]
  expect(records[0]).toBe(records[1])
  const mine = expectOk(await addForm(station, version('2', '甲的问法')))
  const theirs = expectOk(await addForm(other, version('2', '乙的问法')))
  await carry(station, other)
  await carry(other, station)
  const taken = mine.record < theirs.record ? '甲的问法' : '乙的问法'
  for (const one of [station, other]) {
    expect(rows(one)).toEqual([
      { version: '2', isCurrent: true, retired: false, clashes: true },
      { version: '2', isCurrent: false, retired: false, clashes: true },
      { version: '1', isCurrent: false, retired: false, clashes: false },
    ])
    expect(findForm(one, 'road')!.xml).toContain(taken)
    expect(findForm(one, 'road', { version: '2', record: mine.record })!.xml).toContain('甲的问法')
    expect(findForm(one, 'road', { version: '2', record: theirs.record })!.xml).toContain('乙的问法')
    expect([...one.records({ inConflict: true })]).toEqual([])
  }
})

test('retired it is offered no more and stays readable; of what two say apart, the retiring holds', async () => {
  const { station, households } = sample
  const { record } = expectOk(await addForm(station, version('1')))
  const other = await sample.colleague('chief')
  expectOk(await offerForm(station, { record, retired: true }))
  expectOk(await offerForm(other, { record, retired: false, uses: ['household', 'case'] }))
  await carry(station, other)
  await carry(other, station)
  for (const one of [station, other]) {
    expect(rows(one)).toEqual([{ version: '1', isCurrent: false, retired: true, clashes: false }])
    expect(findForm(one, 'road')).toBeNull()
    expect(findForm(one, 'road', { version: '1' })!.xml).toContain('第 1 版')
  }
  const visit = { household: households[0]!, outcome: 'met', form: 'road', answers: { street: 'e' } } as const
  expect(await recordVisit(station, visit)).toMatchObject({ problem: { type: 'no-such-form' } })
  expectOk(await offerForm(station, { record, retired: false }))
  expect(rows(station)).toEqual([{ version: '1', isCurrent: true, retired: false, clashes: false }])
  expect(listFormRows(formSourceOf(station)).find(({ form }) => form === 'road')!.uses).toEqual([
    'household',
    'case',
  ])
})

test('a form larger than an entry is cut to pieces, what versions share is there once, and damage is noticed', async () => {
  const { station } = sample
  // Pairs of random letters pack badly.
  let seed = 7
  const noise = () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return String.fromCharCode(0x4e00 + (seed % 20_000))
  }
  const streets = `name,label\n${Array.from({ length: 20_000 }, (_, at) => `${at},${noise()}${noise()}`).join('\n')}\n`
  const first = expectOk(await addForm(station, version('1', '一', streets)))
  const pieces = [...station.records({ type: 'piece' })].length
  expect(pieces).toBeGreaterThan(4)
  expect(first.entries.length).toBeGreaterThan(1)
  expectOk(await addForm(station, version('2', '二', streets)))
  expect([...station.records({ type: 'piece' })].length).toBe(pieces + 1)
  const worker = await sample.colleague()
  expect(findForm(worker, 'road')!.attachments['streets.csv']).toBe(streets)
  // Somebody else's bytes under a piece's name are not read as the form's.
  const [piece] = [...station.records({ type: 'piece' })]
  expectOk(
    await station.write('form.add', (book) => book.edit(piece!.id, { set: { data: 'AAAA' } }, piece!.space)),
  )
  expect([
    findForm(station, 'road', { version: '1' }),
    findForm(station, 'road', { version: '2' }),
  ]).toContain(null)
})
