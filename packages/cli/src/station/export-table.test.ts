import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectOk, ok, readWorkbook, type Station } from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ExportFormat, exportTable, type TableToExport } from './export-table.ts'

let community: TestCommunity
let chief: Station
let worker: Station
let auditor: Station
const PHONE = '000-0000-7777'

beforeAll(async () => {
  const made = await TestCommunity.create()
  community = made.community
  chief = made.founder
  worker = await community.join(chief, '测试员乙')
  auditor = await community.join(chief, '测试审计', 'auditor')
  const grid = gridOf(chief)
  expectOk(
    await chief.write('record.import', (book) => {
      const create = (type: Parameters<typeof book.create>[0], set: object, add = {}) =>
        expectOk(book.create(type, grid, { set: set as never, add }))
      const here = create('building', { name: '1幢', latitude: 39.9, longitude: 116.4 })
      const there = create('building', { name: '2幢' })
      for (const [building, room, name, categories] of [
        [here, '101', '=HYPERLINK("http://x")', ['low-income']],
        [there, '201', '测试,"住户"', []],
      ] as const) {
        const dwelling = create('dwelling', { building, room })
        create('household', { dwelling, name, phone: PHONE, mind: '-小狗' }, { categories: [...categories] })
      }
      return ok(null)
    }),
  )
  for (const to of [worker, auditor]) await deliver(chief, to)
})
afterAll(() => community.close())

const ask = (name: string, format: ExportFormat, more: Partial<TableToExport> = {}): TableToExport => ({
  what: 'households',
  on: '2026-11-24',
  plain: false,
  language: 'zh',
  file: join(community.folder, name),
  format,
  codes: false,
  bom: true,
  ...more,
})

test('a table leaves masked, harmless and written down first; the workbook says what the CSV says', async () => {
  const columns = ['household.name', 'household.phone', 'household.mind', 'household.categories', 'residents']
  const csv = expectOk(await exportTable(worker, ask('a.csv', 'csv', { columns })))
  const xlsx = expectOk(await exportTable(worker, ask('a.xlsx', 'xlsx', { columns })))
  expect(csv).toMatchObject({ rows: 2, masked: true })
  expect(readFileSync(csv.file, 'utf8')).toBe(
    `${[
      '\ufeff户名 Household name [household.name],联系电话 Phone [household.phone],当心 Mind [household.mind],类别 Categories [household.categories],在住人数 Residents [residents]',
      '"\'=HYPERLINK(""http://x"")",000****7777,\'-小狗,低保,0',
      '"测试,""住户""",000****7777,\'-小狗,,0',
    ].join('\r\n')}\r\n`,
  )
  const sheets = expectOk(await readWorkbook(new Uint8Array(readFileSync(xlsx.file))))
  expect(sheets.map(({ name, rows }) => [name, rows.map(({ cells }) => cells)])).toEqual([
    [
      '住户',
      [
        [
          '户名 Household name [household.name]',
          '联系电话 Phone [household.phone]',
          '当心 Mind [household.mind]',
          '类别 Categories [household.categories]',
          '在住人数 Residents [residents]',
        ],
        ['=HYPERLINK("http://x")', '000****7777', '-小狗', '低保', '0'],
        ['测试,"住户"', '000****7777', '-小狗', '', '0'],
      ],
    ],
  ])
  expect(worker.get(csv.noted)?.fields).toMatchObject({
    what: 'table',
    name: 'households',
    count: 2,
    format: 'csv',
    to: 'a.csv',
    masked: true,
    columns: columns.join(' '),
  })
  expect(readdirSync(community.folder).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('the text behind the masks is for a chief with a reason; who can write nothing down exports nothing', async () => {
  const plain = ask('plain.jsonl', 'jsonl', {
    plain: true,
    reason: '街道普查',
    filter: { category: 'low-income' },
  })
  for (const [station, role] of [
    [worker, 'worker'],
    [auditor, 'auditor'],
  ] as const) {
    const refused = await exportTable(station, plain)
    expect(refused).toMatchObject({ problem: { type: 'role-may-not', role } })
  }
  expect(await exportTable(auditor, ask('auditor.csv', 'csv'))).toMatchObject({
    problem: { type: 'role-may-not' },
  })
  expect(existsSync(plain.file)).toBe(false)
  const done = expectOk(await exportTable(chief, plain))
  const rows = readFileSync(done.file, 'utf8').trim().split('\n')
  expect(rows.map((row) => JSON.parse(row)['household.phone'])).toEqual([PHONE])
  expect(chief.get(done.noted)?.fields).toMatchObject({
    masked: false,
    reason: '街道普查',
    filters: 'category=low-income',
  })
})

test('a map has the homes whose place is known, and says how many are not; a wrong wish writes nothing', async () => {
  const geo = expectOk(await exportTable(worker, ask('map.geojson', 'geojson')))
  expect(geo.withoutPlace).toBe(1)
  const map = JSON.parse(readFileSync(geo.file, 'utf8'))
  expect(map).toMatchObject({
    type: 'FeatureCollection',
    withoutPlace: 1,
    features: [{ geometry: { type: 'Point', coordinates: [116.4, 39.9] } }],
  })
  for (const [more, type] of [
    [{ columns: ['colour'] }, 'no-such-column'],
    [{ filter: { from: '2026-11-01' } }, 'filter-not-here'],
    [{ what: 'cases', filter: { state: 'open' } }, 'bad-state'],
    [{ filter: { grid: '九号' } }, 'unknown-grid'],
    [{ file: join(community.folder, 'nowhere', 'a.csv') }, 'file-unwritable'],
  ] as const) {
    const wrong = await exportTable(worker, ask('wrong.csv', 'csv', more as Partial<TableToExport>))
    expect(wrong).toMatchObject({ problem: { type } })
  }
  expect(existsSync(join(community.folder, 'wrong.csv'))).toBe(false)
})
