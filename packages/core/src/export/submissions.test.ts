import { expect, test } from 'vitest'
import { compileXlsForm } from '../form/xlsform/compile-xlsform.ts'
import { sheet } from '../form/xlsform/sheets.test.data.ts'
import { parseCsv } from '../import/csv.ts'
import { expectOk } from '../result.ts'
import { addForm } from '../work/form-commands.ts'
import { recordVisit } from '../work/record-visit.ts'
import { sampleStation } from '../work/sample-station.test.data.ts'
import { planSubmissions, SUBMISSION_COLUMNS } from './plan-submissions.ts'
import { submissionTables } from './submission-tables.ts'
import { csvLine } from './write-text.ts'

const form = (version: string, more = '') => {
  const { xml } = compileXlsForm(
    [
      sheet(
        'survey',
        `type | name | label
         begin group | health | Health
         select_multiple ill | ill | Ill
         text | words | Words
         decimal | pressure | Pressure
         end group
         begin repeat | people | People
         text | who | Who
         begin repeat | pills | Pills
         integer | dose | Dose
         end repeat
         end repeat
         ${more}`,
      ),
      sheet('choices', 'list_name | name | label\nill | bp | Blood\nill | sugar | Sugar'),
      sheet('settings', `form_id | form_title | version\nhealth | Health | ${version}`),
    ],
    'health',
  )
  return { xml: xml!, id: 'health', title: 'Health', version, files: {}, uses: ['household'] as const }
}
const HOSTILE = '=HYPERLINK("http://x")\n"quoted", 中文'

test('submissions of all versions: groups as columns, repeats as tables with keys, own words masked, nothing runs in Excel', async () => {
  const sample = await sampleStation(1)
  try {
    const { station, households } = sample
    const visit = (version: string, answers: object, on = '2026-11-20') =>
      recordVisit(station, {
        household: households[0]!,
        outcome: 'met',
        on,
        form: 'health',
        formVersion: version,
        answers: answers as Record<string, unknown>,
      }).then(expectOk)
    expectOk(await addForm(station, form('1')))
    await visit('1', { health: { ill: ['sugar', 'bp'], words: HOSTILE, pressure: -2.5 }, people: [] })
    expectOk(await addForm(station, form('2', 'integer | again | Again')))
    const people = [
      { who: '老王', pills: [{ dose: 1 }, { dose: 2 }] },
      { who: '老李', pills: [] },
    ]
    await visit('2', { health: { ill: ['bp'] }, people, again: 3 }, '2026-11-24')

    const ask = { form: 'health', plain: true, language: 'zh', version: '2' } as const
    const { version: _all, ...every } = ask
    const planned = expectOk(await planSubmissions(station, every))
    expect(planned).toMatchObject({ versions: ['1', '2'], unknownVersions: [], unreadable: 0 })
    const style = { ...SUBMISSION_COLUMNS, separator: '-', split: true }
    const tables = submissionTables(planned.shape, planned.submissions, style)
    expect(tables.map(({ name, rows }) => `${name} ${rows.length}`)).toEqual([
      ' 2',
      'people 2',
      'people-pills 2',
    ])
    const [main, inner, innermost] = tables
    const row = (at: number) =>
      Object.fromEntries(main!.columns.map((name, of) => [name, main!.rows[at]![of]]))
    expect(row(0)).toMatchObject({
      VisitedOn: '2026-11-20',
      Grid: '一号网格',
      'health-ill': 'bp sugar',
      'health-ill/bp': 1,
      'health-words': HOSTILE,
      'health-pressure': -2.5,
      again: null,
      FormVersion: '1',
    })
    expect(row(1)).toMatchObject({
      'health-ill/bp': 1,
      'health-ill/sugar': 0,
      again: 3,
      SubmitterName: '测试员甲',
    })
    const key = row(1).KEY
    expect(key).toMatch(/^uuid:/)
    expect(inner).toMatchObject({
      columns: ['who', 'PARENT_KEY', 'KEY'],
      rows: [
        ['老王', key, `${key}/people[1]`],
        ['老李', key, `${key}/people[2]`],
      ],
    })
    expect(innermost!.rows).toEqual([
      [1, `${key}/people[1]`, `${key}/people[1]/pills[1]`],
      [2, `${key}/people[1]`, `${key}/people[1]/pills[2]`],
    ])
    const text = main!.rows.map(csvLine).join('')
    const read = [...parseCsv(csvLine(main!.columns) + text, ',')].map((one) =>
      one.type === 'cells' ? one.cells : [],
    )
    const words = main!.columns.indexOf('health-words')
    // Behind an apostrophe it is text to a spreadsheet; the rest comes back to the letter.
    expect(read.map((cells) => cells[words])).toEqual(['health-words', `'${HOSTILE}`, ''])
    expect(read[1]![main!.columns.indexOf('health-pressure')]).toBe('-2.5')

    const masked = expectOk(
      await planSubmissions(station, { ...every, plain: false, from: '2026-11-01', until: '2026-11-20' }),
    )
    expect(masked.documents).toHaveLength(1)
    expect(masked.documents[0]!.xml).toContain(
      '<ill>bp sugar</ill><words>****</words><pressure>-2.5</pressure>',
    )
    expect(masked.documents[0]!.xml).toContain('<instanceID>uuid:')
    expect(JSON.stringify(submissionTables(masked.shape, masked.submissions, style))).not.toContain(
      'HYPERLINK',
    )
    expect((await planSubmissions(await sample.colleague('auditor'), every)).ok).toBe(false)
    expect(await planSubmissions(station, { ...every, form: 'nothing' })).toMatchObject({
      problem: { type: 'no-such-form' },
    })
  } finally {
    await sample.close()
  }
})
