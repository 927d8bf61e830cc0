import exceljs from 'exceljs'
import { expect, test } from 'vitest'
import type { Projection } from '../record/project.ts'
import { Tally } from '../report/measures.ts'
import { expectOk } from '../result.ts'
import { readWorkbook } from '../sheet/workbook.ts'
import { RecordSet } from '../work/record-set.ts'
import {
  communityRecords,
  GRID_SPACE,
  homeRecords,
  OTHER_SPACE,
  residentRecords,
  visitRecord,
} from '../work/sample-records.test.data.ts'
import { type FillContext, fillTemplate, fillWords } from './fill-template.ts'
import { readTemplate } from './read-template.ts'

/** Twenty homes in the first grid, ten in the second; the first two of the first are of a small category. */
function records(): Projection[] {
  const homes = (space: string, building: string, count: number) =>
    Array.from({ length: count }, (_, at) =>
      homeRecords(building, '1', String(101 + at), {
        space,
        sets: { categories: space === GRID_SPACE && at < 2 ? ['orphan'] : ['low-income'] },
      }),
    ).flat()
  const visits = (building: string, count: number, fields = {}, rest = {}) =>
    Array.from({ length: count }, (_, at) =>
      visitRecord(`${building}-${at}`, `hh-${building}.1.${101 + at}`, '2026-11-05', fields, rest),
    )
  return [
    ...communityRecords(),
    ...homes(GRID_SPACE, '1', 20),
    ...homes(OTHER_SPACE, '2', 10),
    ...visits('1', 12),
    ...visits('2', 5, {}, { space: OTHER_SPACE }),
    visitRecord('absent', 'hh-1.1.120', '2026-11-06', { outcome: 'absent', mode: 'phone' }),
    visitRecord('before', 'hh-1.1.120', '2026-10-31'),
    ...residentRecords('a', 'hh-1.1.101', { fields: { birthDate: '1940-01-01' } }),
  ]
}

const context = (more: Partial<FillContext> = {}): FillContext => ({
  tally: new Tally(new RecordSet(records(), 'chief'), '2026-11-24'),
  month: '2026-11',
  grids: ['一号网格', '二号网格'],
  allGrids: true,
  limit: 5,
  language: 'zh',
  words: fillWords('2026-11', { community: '测试社区', today: '2026-11-24', maker: '测试员甲' }, 'zh'),
  ...more,
})

async function form(
  change: (sheet: exceljs.Worksheet, workbook: exceljs.Workbook) => void,
): Promise<Uint8Array> {
  const workbook = new exceljs.Workbook()
  change(workbook.addWorksheet('月报'), workbook)
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

async function filled(bytes: Uint8Array, more: Partial<FillContext> = {}) {
  const read = expectOk(await readTemplate(bytes))
  expect(read.faults).toEqual([])
  const done = await fillTemplate(read, context(more))
  const workbook = new exceljs.Workbook()
  await workbook.xlsx.load(Buffer.from(done.bytes) as unknown as exceljs.Buffer)
  return {
    ...done,
    workbook,
    rows: expectOk(await readWorkbook(done.bytes))[0]!.rows.map(({ cells }) => cells),
  }
}

test('a form is filled in: rows for each grid, and what stands below moves with its formulas, merges and styles', async () => {
  const bytes = await form((sheet, workbook) => {
    sheet.getCell('A1').value = {
      richText: [{ font: { bold: true }, text: '{{社区}}' }, { text: ' {{month}} 探访月报' }],
    }
    sheet.mergeCells('A1:D1')
    sheet.getRow(2).values = ['网格', '探访', '见到', '覆盖']
    sheet.getRow(3).values = [
      '{{每个 网格}}',
      '{{visits where month=this}}',
      '{{探访次数 条件 结果=见到本人}}',
      '{{coverage}}',
    ]
    sheet.getRow(3).height = 30
    for (const place of ['C3', 'D3']) sheet.getCell(place).border = { top: { style: 'thin' } }
    sheet.getCell('B3').fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFFFEE00' } }
    sheet.getCell('E3').value = { formula: 'B3-C3' } as never
    sheet.getCell('A4').value = '合计'
    sheet.getCell('B4').value = { formula: 'SUM(B3:B3)' } as never
    sheet.getCell('C4').value = '{{visits where outcome=met}}'
    sheet.getCell('A5').value = '制表:{{maker}} {{today}},上月 {{visits where month=last}} 次'
    sheet.mergeCells('A5:D6')
    sheet.getColumn(1).width = 33
    const other = workbook.addWorksheet('另页')
    other.getCell('A1').value = { formula: "月报!B4+SUM('月报'!$C$3:$C$3)" } as never
  })
  const { rows, workbook, numbers } = await filled(bytes)
  expect(rows.map((cells) => cells.slice(0, 4))).toEqual([
    ['测试社区 2026年11月 探访月报'],
    ['网格', '探访', '见到', '覆盖'],
    ['一号网格', '13', '12', '0.6'],
    ['二号网格', '5', '5', '0.5'],
    ['合计', '', '17'],
    ['制表:测试员甲 2026-11-24,上月 1 次'],
  ])
  expect(numbers).toBe(8)
  const sheet = workbook.getWorksheet('月报')!
  expect((sheet.model.merges ?? []).sort()).toEqual(['A1:D1', 'A6:D7'])
  expect(['E3', 'E4', 'B5'].map((place) => sheet.getCell(place).formula)).toEqual([
    'B3-C3',
    'B4-C4',
    'SUM(B3:B4)',
  ])
  expect(workbook.getWorksheet('另页')!.getCell('A1').formula).toBe("月报!B5+SUM('月报'!$C$3:$C$4)")
  expect([sheet.getRow(3).height, sheet.getRow(4).height, sheet.getColumn(1).width]).toEqual([30, 30, 33])
  expect(sheet.getCell('B4').fill).toMatchObject({ fgColor: { argb: 'FFFFEE00' } })
  // Of cells that look alike only the share is a share.
  expect(['B3', 'C3', 'D3', 'D4'].map((place) => sheet.getCell(place).numFmt)).toEqual([
    undefined,
    undefined,
    '0%',
    '0%',
  ])
  expect((sheet.getCell('A1').value as exceljs.CellRichTextValue).richText[0]!.font).toMatchObject({
    bold: true,
  })
})

test('small numbers are hidden through the whole form: beside a total, by rows, and as shares', async () => {
  const bytes = await form((sheet) => {
    sheet.getRow(1).values = [
      '{{households where category=orphan}}',
      '{{households}}',
      '{{people}}',
      '{{coverage where category=散居孤儿}}',
    ]
    sheet.getRow(2).values = ['{{each grid}}', '{{households}}', '{{visits where category=orphan}}']
    sheet.getRow(3).values = [
      '{{each outcome where outcome=met|absent}}',
      '{{visits}}',
      '{{visits where grid=一号网格}}',
    ]
    sheet.getRow(4).values = ['{{每个 类别}}', '{{住户数}}']
  })
  const { rows } = await filled(bytes)
  expect(rows).toEqual([
    ['∗', '30', '∗', '∗'],
    ['一号网格', '20', '∗'],
    ['二号网格', '10', '0'],
    ['见到本人', '17', '12'],
    ['无人应答', '1', '1'],
    ['低保', '28'],
    ['散居孤儿', '∗'],
  ])
  expect((await filled(bytes, { limit: 1 })).rows[0]).toEqual(['2', '30', '1', '1'])
  const one = await filled(bytes, { grids: ['二号网格'], allGrids: false })
  expect(one.rows[0]!.slice(0, 2)).toEqual(['0', '10'])
})

test('faults are named by sheet and cell; a row of none stays; what would be lost is said', async () => {
  const bytes = await form((sheet) => {
    sheet.getCell('B2').value = '{{vists}} and {{visits where outcome=mett}}'
    sheet.getCell('C3').value = '{{each worker}} {{people}}'
    sheet.getCell('D4').value = '{{each grid}} {{each building}}'
    sheet.getCell('E5').value = '{{visits'
    sheet.getCell('F6').value = { formula: 'IF("{{visits}}"="",1,2)' } as never
  })
  const { faults, lost } = expectOk(await readTemplate(bytes))
  expect(faults.map(({ sheet, cell, rule, found }) => [sheet, cell, rule, found]).sort()).toEqual(
    [
      ['月报', 'B2', 'no-such-measure', 'vists'],
      ['月报', 'B2', 'no-such-value', 'mett'],
      ['月报', 'C3', 'not-told-apart', 'people'],
      ['月报', 'D4', 'two-each-in-row', 'building'],
      ['月报', 'E5', 'braces-not-closed', undefined],
      ['月报', 'F6', 'in-a-formula', undefined],
    ].sort(),
  )
  expect(lost).toEqual([])
  const none = await filled(
    await form((sheet) => {
      sheet.getRow(1).values = ['{{each kind}}', '{{cases-opened}}']
      sheet.getRow(2).values = ['below']
    }),
  )
  expect(none.rows).toEqual([['–', '–'], ['below']])
})
