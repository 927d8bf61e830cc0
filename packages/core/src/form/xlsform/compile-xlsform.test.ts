import { expect, test } from 'vitest'
import { expectOk } from '../../result.ts'
import { checkForm } from '../form-check.ts'
import { fillForm } from '../form-fill.ts'
import { compileXlsForm } from './compile-xlsform.ts'
import { sheet } from './sheets.test.data.ts'

const compile = (survey: string, choices = '', settings = '') =>
  compileXlsForm(
    [
      sheet('survey', survey),
      ...(choices ? [sheet('choices', choices)] : []),
      ...(settings ? [sheet('settings', settings)] : []),
    ],
    'trial',
  )
const sound = (...sheets: Parameters<typeof compile>): string => {
  const { xml, faults } = compile(...sheets)
  expect(faults.filter(({ blocking }) => blocking)).toEqual([])
  return xml!
}
const faultsOf = (...sheets: Parameters<typeof compile>) =>
  compile(...sheets).faults.map(({ type, sheet: name, row, about }) =>
    `${name} ${row} ${type} ${about ?? ''}`.trim(),
  )
const bindOf = (xml: string, path: string) =>
  new RegExp(`<bind nodeset="${path}"([^>]*)/>`).exec(xml)?.[1]?.trim()
const fill = async (xml: string, answers: Record<string, unknown>, attachments = {}) =>
  expectOk(await fillForm(xml, answers, { attachments }))

test('every type of question is asked by its control, with its type', async () => {
  const xml = sound(
    `type | name | label | parameters | calculation | default
     text | a | A
     integer | b | B
     decimal | c | C
     range | d | D | start=0 end=5 step=0.5
     date | e | E | | | 2026-11-24
     time | f | F
     datetime | g | G
     select_one yn | h | H
     select_multiple yn | i | I | randomize=true, seed=7
     rank yn | j | J
     note | k | K
     calculate | l | | | 1 + 1
     hidden | m | | | | kept (as it is)
     geopoint | n | N | capture-accuracy=10
     image | p | P | max-pixels=640
     audio | q | Q
     video | r | R
     file | s | S
     barcode | t | T
     acknowledge | u | U
     start | v
     today | w
     deviceid | x`,
    'list_name | name | label\nyn | yes | Yes\nyn | no | No',
    `form_title | form_id | version | instance_name\nTrial | trial-form | 3 | concat(\${a}, "!")`,
  )
  const checked = await checkForm(xml)
  expect(checked).toMatchObject({ ok: true, id: 'trial-form', version: '3', title: 'Trial', problems: [] })
  expect(checked.questions.map(({ name, kind }) => `${name} ${kind}`).join(', ')).toBe(
    'a text, b integer, c decimal, d range, e date, f time, g datetime, h select-one, i select-many, j rank, ' +
      'k note, n geopoint, p upload, q upload, r upload, s upload, t barcode, u trigger',
  )
  expect(bindOf(xml, '/data/p')).toBe('type="binary" orx:max-pixels="640"')
  expect(bindOf(xml, '/data/x')).toBe('type="string" jr:preload="property" jr:preloadParams="deviceid"')
  const { values, submission } = await fill(xml, { a: 'x', c: 2.5, d: 1.5 })
  expect(values).toMatchObject({ d: 1.5, e: '2026-11-24', l: '2' })
  expect(submission).toContain('<m>kept (as it is)</m>')
  expect(submission).toContain('<instanceName>x!</instanceName>')
})

test('conditions, messages, first values and what another answer sets off hold as they are written', async () => {
  const xml = sound(
    `type | name | label | relevant | required | required_message | constraint | constraint_message | default | trigger | calculation
     integer | age | Age | | yes | say it | . < 150 | too old
     text | work | Work | \${age} >= 18 | \${age} < 60
     date | day | Day | | | | | | today()
     text | copy | Copy | | | | | | | \${age} | concat('was ', \${age})`,
  )
  expect(bindOf(xml, '/data/age')).toBe(
    'type="int" required="true()" constraint=". &lt; 150" jr:constraintMsg="too old" jr:requiredMsg="say it"',
  )
  expect(xml).toContain('<setvalue event="odk-instance-first-load" ref="/data/day" value="today()"/>')
  const young = await fill(xml, { age: 12 })
  expect([young.valid, young.values.work, young.values.copy]).toEqual([true, undefined, 'was 12'])
  expect(young.values.day).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  const old = await fill(xml, { age: 151 })
  expect(old.problems.map(({ reason }) => reason)).toContain('too old')
})

test('in a repeat every one keeps to its own; how many there are may be worked out', async () => {
  const xml = sound(
    `type | name | label | relevant | repeat_count | calculation | default
     integer | many | How many
     begin repeat | people | People | | \${many} + 1
     text | who | Name
     integer | age | Age
     begin_group | more | More | \${age} > 17
     text | job | Job of \${who}
     end group
     calculate | tag | | | | concat(\${who}, '-', count(\${people}))
     text | first | First | | | | position(..)
     end_repeat
     calculate | all | | | | sum(\${age})`,
  )
  expect(bindOf(xml, '/data/people/more')).toBe('relevant=" ../age  &gt; 17"')
  expect(bindOf(xml, '/data/all')).toContain('sum( /data/people/age )')
  const { values, problems } = await fill(xml, {
    many: 1,
    people: [
      { who: 'a', age: 40, more: { job: 'baker' } },
      { who: 'b', age: 10 },
    ],
  })
  expect(problems).toEqual([])
  expect(values).toMatchObject({
    all: '50',
    people: [
      { who: 'a', more: { job: 'baker' }, tag: 'a-2' },
      { who: 'b', tag: 'b-2' },
    ],
  })
})

test('lists: filtered, from files, from earlier answers, with other; looked up by pulldata', async () => {
  const xml = sound(
    `type | name | label | choice_filter | calculation | parameters
     select_one area | area | Area
     select_one road or_other | road | Road | area = \${area}
     select_one_from_file shops.csv | shop | Shop | area = \${area} | | value=code, label=title
     calculate | phone | | | pulldata('phones', 'number', 'code', \${shop})
     begin repeat | people | People
     text | who | Name
     end repeat
     select_one \${who} | chief | Chief`,
    `list_name | name | label | area
     area | n | North
     area | s | South
     road | r1 | One | n
     road | r2 | Two | s
     road | other | Other | n`,
  )
  const attachments = {
    'shops.csv': 'code,title,area\nk1,Kiosk,n\nk2,Bakery,s\n',
    'phones.csv': 'code,number\nk1,13800000001\n',
  }
  const given = {
    area: 'n',
    road: 'other',
    road_other: 'a lane',
    shop: 'k1',
    people: [{ who: 'X' }, { who: 'Y' }],
    chief: 'Y',
  }
  const filled = await fill(xml, given, attachments)
  expect(filled.problems).toEqual([])
  expect(filled.values).toMatchObject({ ...given, phone: '13800000001' })
  const wrong = await fill(xml, { area: 'n', road: 'r2', shop: 'k2' }, attachments)
  expect(wrong.problems.map(({ type, question }) => `${question} ${type}`)).toEqual([
    'road choice-unknown',
    'shop choice-unknown',
  ])
})

test('in two languages each text is there, what one lacks is said in the form’s own', async () => {
  const { xml, faults } = compile(
    `type | name | label::中文 (zh) | label::English (en) | hint::中文 (zh) | guidance_hint::中文 (zh) | media::image::中文 (zh)
     text | who | 姓名“全名” | Name | 照证件 | 细则 | id.png
     select_one yn | at_home | \${who} 在家吗 | Is \${who} in?`,
    'list_name | name | label::中文 (zh) | label::English (en)\nyn | yes | 是 | Yes\nyn | no | 否',
    'form_id | default_language\ntrial | 中文 (zh)',
  )
  expect(faults.map(({ type, sheet: name, row, column }) => `${name} ${row} ${type} ${column}`)).toEqual([
    'survey 2 translation-missing hint::English (en)',
    'choices 3 translation-missing label::English (en)',
  ])
  const checked = await checkForm(xml!)
  expect(checked.languages).toEqual(['中文 (zh)', 'English (en)'])
  expect(checked.questions.map(({ label }) => label)).toEqual(['姓名“全名”', '在家吗'])
  expect(checked.problems.map(({ type, about, blocking }) => [type, about, blocking])).toEqual([
    ['media-missing', 'id.png', false],
  ])
  expect(xml).toContain('姓名“全名”')
  expect(xml).toContain('<value form="guidance">细则</value>')
})

test('each fault names its sheet and row', () => {
  expect(
    faultsOf(
      `type | name | label | relevant | calculation | parameters | trigger
       text | a b | Space
       text | twice | One
       text | twice | Two
       colour | c | C
       select_one nolist | d | D
       select_multiple spaced | e | E
       integer | f | F | low(\${gone}) > 1
       calculate | g
       begin group | h | H
       end repeat
       | i | I
       background-audio | j
       range | k | K | | | start=x
       text | l | L | | | | later
       text | m
       begin group | n | N`,
      `list_name | name | label | bad column!
       spaced | has space | A | x
       spaced | ok
       | lost | L
       spare | one | One
       spare | one | Two`,
    ),
  ).toEqual([
    'survey 2 name-invalid a b',
    'survey 4 name-twice twice',
    'survey 5 type-unknown colour',
    'survey 11 end-of-another end repeat',
    'survey 12 type-missing i',
    'survey 13 type-not-supported background-audio',
    'survey 17 group-not-closed group n',
    'choices 1 choice-column-invalid bad column!',
    'choices 3 label-missing ok',
    'choices 4 list-not-named lost',
    'choices 6 choice-twice one',
    'survey 15 trigger-invalid later',
    'survey 6 list-missing nolist',
    'choices 2 choice-has-space has space',
    'survey 14 parameter-invalid start=x end=10 step=1',
    'survey 16 label-missing m',
    'survey 8 reference-unknown gone',
    'survey 8 function-unknown low',
    'survey 9 calculation-missing g',
    'choices 5 list-unused spare',
  ])
})
