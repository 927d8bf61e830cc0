import exceljs from 'exceljs'
import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { readWorkbook, writeWorkbook } from './workbook.ts'

test('what is written is read again, cell by cell, at the row a person sees', async () => {
  const bytes = await writeWorkbook([
    {
      name: '住户 / 一号网格',
      rows: [
        ['姓名', '人数', '独居', '日期'],
        ['=1+1', 3.5, true, new Date('2026-11-24T00:00:00Z')],
      ],
    },
    { name: 'empty', rows: [] },
  ])
  expect(expectOk(await readWorkbook(bytes))).toEqual([
    {
      name: '住户   一号网格',
      rows: [
        { number: 1, cells: ['姓名', '人数', '独居', '日期'] },
        { number: 2, cells: ['=1+1', '3.5', 'TRUE', '2026-11-24'] },
      ],
    },
    { name: 'empty', rows: [] },
  ])
})

test('cells as their reader sees them: results, links, rich text, times, merged cells once, gaps kept', async () => {
  const workbook = new exceljs.Workbook()
  const sheet = workbook.addWorksheet('s')
  sheet.getCell('A2').value = { formula: 'B2&"x"', result: 'bx' }
  sheet.getCell('B2').value = { text: 'site', hyperlink: 'https://example.org' }
  sheet.getCell('C2').value = { richText: [{ text: 'bo' }, { text: 'ld', font: { bold: true } }] }
  sheet.getCell('E2').value = 0.1 + 0.2
  sheet.getCell('A4').value = new Date('2026-11-24T09:05:07Z')
  sheet.getCell('B4').value = new Date('1899-12-30T07:30:00Z')
  sheet.getCell('A6').value = 'both'
  sheet.mergeCells('A6:B6')
  const bytes = new Uint8Array(await workbook.xlsx.writeBuffer())
  expect(expectOk(await readWorkbook(bytes))[0]!.rows).toEqual([
    { number: 2, cells: ['bx', 'site', 'bold', '', '0.3'] },
    { number: 4, cells: ['2026-11-24T09:05:07', '07:30:00'] },
    { number: 6, cells: ['both'] },
  ])
})

test('what is no workbook, an old one, a cut one, and one that would fill the memory are told apart', async () => {
  const type = async (bytes: Uint8Array) => {
    const read = await readWorkbook(bytes)
    return read.ok ? 'ok' : read.problem.type
  }
  const good = await writeWorkbook([{ name: 's', rows: [['a']] }])
  expect(await type(new TextEncoder().encode('a,b\n1,2\n'))).toBe('not-a-workbook')
  expect(await type(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0, 0))).toBe('workbook-old-format')
  expect(await type(good.subarray(0, good.length >> 1))).toBe('workbook-damaged')
  const bomb = good.slice()
  const entry = bomb.findLastIndex(
    (_, at) => bomb[at] === 0x50 && bomb[at + 1] === 0x4b && bomb[at + 2] === 1,
  )
  bomb.set([0xff, 0xff, 0xff, 0x7f], entry + 24)
  expect(await type(bomb)).toBe('workbook-too-large')
})
