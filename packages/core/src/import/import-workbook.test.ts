import exceljs from 'exceljs'
import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { importRegister } from './import-register.ts'
import { parseMapping, parseMappingText } from './parse-mapping.ts'
import { proposeMapping } from './propose-mapping.ts'
import { exampleFile, TestCommunity } from './register.test.data.ts'

const CSV = exampleFile('sample-people.csv')
const MAPPING = expectOk(parseMappingText(Buffer.from(exampleFile('sample-people.mapping.json')).toString()))

/** The sample register as an office would keep it: a title, merged homes, real dates, zeros by format. */
async function sampleWorkbook(change: (sheet: exceljs.Worksheet) => void = () => {}): Promise<Uint8Array> {
  const lines = Buffer.from(CSV).toString().trim().split('\n')
  const rows = lines.map((line) =>
    [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell!.replaceAll('"', '')),
  )
  const workbook = new exceljs.Workbook()
  const sheet = workbook.addWorksheet('登记')
  sheet.addRow(['示范小区居民登记表'])
  sheet.mergeCells('A1:H1')
  rows.forEach((cells, at) => {
    const row = sheet.addRow(cells.slice(0, rows[0]!.length))
    if (at === 0) return
    for (const [column, text] of cells.entries()) {
      if (/^\d{1,4}$/.test(text)) row.getCell(column + 1).value = Number(text)
      const day = /^(\d{4})-(\d{2})-(\d{2})$/.test(text)
      if (day) row.getCell(column + 1).value = new Date(`${text}T00:00:00Z`)
    }
  })
  const street = rows[1]![0]!
  let last = 3
  while (sheet.getCell(last + 1, 1).value === street) last++
  sheet.mergeCells(3, 1, last, 1)
  sheet.getCell(sheet.rowCount + 3, 2).fill = {
    type: 'pattern',
    pattern: 'solid',
    fgColor: { argb: 'FFFF0000' },
  }
  change(sheet)
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

test('a workbook brings the same records as the CSV it was typed from', async () => {
  await using community = await TestCommunity.create(['一号网格'])
  const { station } = community
  const first = expectOk(await importRegister(station, { file: CSV, mapping: MAPPING }))
  const second = expectOk(await importRegister(station, { file: await sampleWorkbook(), mapping: MAPPING }))
  expect(second).toMatchObject({
    encoding: 'xlsx',
    read: first.read,
    created: 0,
    updated: 0,
    unchanged: first.created,
    rejected: first.rejected.map((one) => ({ ...one, row: one.row + 1 })),
  })
})

test('cells that a spreadsheet spoilt are refused with the row of the sheet; hidden rows are counted', async () => {
  await using community = await TestCommunity.create(['一号网格'])
  const file = await sampleWorkbook((sheet) => {
    const header = sheet.getRow(2)
    const column = (name: string) => {
      let found = 0
      header.eachCell((cell, at) => {
        if (cell.value === name) found = at
      })
      return found
    }
    sheet.getCell(3, column('身份证号')).value = Number('990000194103120020')
    sheet.getCell(4, column('房号')).value = new Date('2026-03-01T00:00:00Z')
    sheet.getCell(5, column('户名')).value = { formula: 'A1&"x"' } as never
    sheet.getCell(6, column('楼层')).value = { error: '#N/A' } as never
    sheet.getRow(7).hidden = true
    sheet.getCell(8, column('户名')).value = { formula: 'A1', result: '算过的户名' }
  })
  const { station } = community
  const report = expectOk(await importRegister(station, { file, mapping: MAPPING }))
  expect(report.rejected.map(({ row, column, reason }) => [row, column, reason])).toEqual([
    [3, '身份证号', 'digits-lost'],
    [4, '房号', 'is-a-date'],
    [5, '户名', 'no-result'],
    [6, '楼层', 'error-value'],
  ])
  expect(JSON.stringify(report.rejected)).not.toContain('9900001941')
  expect(report.skipped).toEqual([{ reason: 'hidden-row', rows: 1 }])
  expect([...station.records({ type: 'household' })].map(({ fields }) => fields.name)).toContain('算过的户名')
})

test('a mapping is proposed from the headers, and reads the register it was proposed for', async () => {
  for (const file of [CSV, await sampleWorkbook()]) {
    await using community = await TestCommunity.create(['一号网格'])
    const proposed = expectOk(await proposeMapping(file, '登记表'))
    expect(proposed.columns.filter(({ field }) => field === null)).toEqual([])
    expect(proposed.columns.find(({ column }) => column === '身份证号')?.field).toBe('person.idNumber')
    const mapping = expectOk(parseMapping(proposed.mapping))
    const report = expectOk(await importRegister(community.station, { file, mapping }))
    expect(report).toMatchObject({ rejected: [], read: 13 })
    const elderly = [...community.station.records({ type: 'household' })].filter(({ sets }) =>
      sets.categories?.includes('elderly-alone'),
    )
    expect(elderly.length).toBeGreaterThan(0)
  }
  const english = 'Block,Unit,Room No.,Full name,ID No,Sex,DOB,Weather\n1,2,301,A,,F,1950-01-01,fine\n'
  const proposed = expectOk(await proposeMapping(Buffer.from(english), 'list'))
  expect(proposed.columns.map(({ field }) => field)).toEqual([
    'building.name',
    'dwelling.unit',
    'dwelling.room',
    'person.name',
    'person.idNumber',
    'person.gender',
    'person.birthDate',
    null,
  ])
  expect(await proposeMapping(Buffer.from('姓名,电话\n甲,1\n'), 'x')).toMatchObject({
    problem: { type: 'no-mapping-proposed', lacking: ['building.name', 'dwelling.room'] },
  })
})
