/** Makes the two example forms in examples/templates: as a clerk would, a department's form with marks in its cells. */
import { writeFileSync } from 'node:fs'
import exceljs from 'exceljs'

const FOLDER = new URL('../../templates/', import.meta.url)
/** The same file whenever it is made. */
const MADE = new Date('2026-11-01T00:00:00Z')
const THIN = { style: 'thin', color: { argb: 'FF888888' } } as const
const BOX = { top: THIN, left: THIN, bottom: THIN, right: THIN }
const HEAD = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFDDE8E8' } } as const

type Block = readonly (readonly (string | { readonly formula: string })[])[]

function newSheet(name: string, title: string, widths: readonly number[]) {
  const workbook = new exceljs.Workbook()
  workbook.created = MADE
  workbook.modified = MADE
  const sheet = workbook.addWorksheet(name, {
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  })
  widths.forEach((width, at) => {
    sheet.getColumn(at + 1).width = width
  })
  sheet.getCell('A1').value = title
  sheet.mergeCells(1, 1, 1, widths.length)
  sheet.getCell('A1').font = { bold: true, size: 16 }
  sheet.getCell('A1').alignment = { horizontal: 'center' }
  sheet.getRow(1).height = 28
  return { workbook, sheet }
}

/** Rows with borders from a row on; the first `heads` of them are headers. */
function put(sheet: exceljs.Worksheet, from: number, rows: Block, heads = 1): void {
  rows.forEach((cells, down) => {
    cells.forEach((value, at) => {
      const cell = sheet.getCell(from + down, at + 1)
      cell.value =
        typeof value === 'string' ? value || null : ({ formula: value.formula } as exceljs.CellFormulaValue)
      cell.border = BOX
      cell.alignment = {
        horizontal: at === 0 || down < heads ? 'center' : 'right',
        vertical: 'middle',
        wrapText: true,
      }
      if (down < heads) {
        cell.fill = HEAD
        cell.font = { bold: true }
      }
    })
  })
}

async function save(workbook: exceljs.Workbook, name: string): Promise<void> {
  writeFileSync(new URL(name, FOLDER), new Uint8Array(await workbook.xlsx.writeBuffer()))
}

async function visits(): Promise<void> {
  const { workbook, sheet } = newSheet(
    '走访月报',
    '{{社区}}入户走访情况月报表({{月份}})',
    [16, 10, 10, 10, 10, 10, 10, 12, 10],
  )
  sheet.getCell('A2').value = '统计期:{{开始日期}} 至 {{结束日期}}'
  sheet.mergeCells('A2:E2')
  sheet.getCell('F2').value = '制表:{{制表人}}  {{制表日期}}'
  sheet.mergeCells('F2:I2')
  put(
    sheet,
    3,
    [
      ['网格', '住户', '走访次数', '', '', '', '已访户数', '覆盖率', '逾期户数'],
      ['', '', '合计', '见到本人', '无人应答', '拒访', '', '', ''],
      [
        '{{每个 网格}}',
        '{{住户数}}',
        { formula: 'SUM(D5:F5)' },
        '{{探访次数 条件 结果=见到本人}}',
        '{{探访次数 条件 结果=无人应答}}',
        '{{探访次数 条件 结果=拒访}}',
        '{{已访户数}}',
        '{{覆盖率}}',
        '{{逾期户数}}',
      ],
      [
        '合计',
        '{{住户数}}',
        { formula: 'SUM(C5:C5)' },
        { formula: 'SUM(D5:D5)' },
        { formula: 'SUM(E5:E5)' },
        { formula: 'SUM(F5:F5)' },
        '{{已访户数}}',
        '{{覆盖率}}',
        '{{逾期户数}}',
      ],
    ],
    2,
  )
  for (const range of ['A3:A4', 'B3:B4', 'C3:F3', 'G3:G4', 'H3:H4', 'I3:I4']) sheet.mergeCells(range)
  put(sheet, 8, [
    ['类别', '户数', '已访', '覆盖率'],
    ['{{每个 类别}}', '{{住户数}}', '{{已访户数}}', '{{覆盖率}}'],
  ])
  sheet.getCell('A11').value = '上月走访 {{探访次数 条件 月=上月}} 次,本年累计 {{探访次数 条件 起=年初}} 次。'
  sheet.mergeCells('A11:I11')
  await save(workbook, 'monthly-visits.xlsx')
}

async function cases(): Promise<void> {
  const { workbook, sheet } = newSheet('Cases', '{{community}}: cases in {{month}}', [20, 12, 12, 14, 12, 12])
  sheet.getCell('A2').value = 'From {{from}} to {{until}}, as of {{today}}'
  sheet.mergeCells('A2:F2')
  put(sheet, 3, [
    ['Kind', 'Opened', 'Closed', 'Closed on time', 'Open', 'Overdue'],
    [
      '{{each kind}}',
      '{{count cases-opened}}',
      '{{count cases-closed}}',
      '{{count cases-closed where on-time=yes}}',
      '{{count cases-open}}',
      '{{count cases-overdue}}',
    ],
    [
      'All',
      '{{count cases-opened}}',
      '{{count cases-closed}}',
      '{{count cases-closed where on-time=yes}}',
      '{{count cases-open}}',
      '{{count cases-overdue}}',
    ],
  ])
  sheet.getCell('A6').value = 'Closed on time: {{closed-on-time}} % of those closed that had a limit.'
  sheet.mergeCells('A6:F6')
  put(sheet, 8, [
    ['Open cases', 'Cases'],
    [
      '{{each state where state=reported|accepted|verified|registered|dispatched|handling|handled|checked|returned|shelved}}',
      '{{count cases-open}}',
    ],
  ])
  await save(workbook, 'cases.xlsx')
}

await visits()
await cases()
