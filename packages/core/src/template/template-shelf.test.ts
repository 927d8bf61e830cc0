import exceljs from 'exceljs'
import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { carry, sampleStation } from '../work/sample-station.test.data.ts'
import { fillForStation } from './fill-for-station.ts'
import { addTemplate, dropTemplate, findTemplate, listTemplates } from './template-shelf.ts'

async function workbook(text: string, padding = 0): Promise<Uint8Array> {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet('s')
  sheet.getCell('A1').value = text
  // What does not pack, so that it takes several chunks.
  let seed = 1
  for (let row = 2; row < 2 + padding; row++)
    sheet.getCell(row, 1).value = Array.from({ length: 60 }, () => {
      seed = (seed * 48271) % 2147483647
      return seed.toString(36)
    }).join('')
  return new Uint8Array(await book.xlsx.writeBuffer())
}

test('a template travels whole, the latest of a name counts, and a worker uses it but may not add one', async () => {
  const { station, colleague, close, setNow } = await sampleStation()
  try {
    const long = await workbook('{{community}} {{visits}}', 200)
    expect(long.length).toBeGreaterThan(50_000)
    expectOk(await addTemplate(station, '月报', long))
    const worker = await colleague()
    expect(expectOk(findTemplate(worker, '月报')).bytes).toEqual(long)
    expect(listTemplates(worker)).toMatchObject([{ name: '月报', bytes: long.length, whole: true }])
    expect(await addTemplate(worker, '别的', long)).toMatchObject({ problem: { type: 'role-may-not' } })
    setNow(Date.UTC(2026, 10, 25))
    const short = await workbook('{{households}}')
    expectOk(await addTemplate(station, '月报', short))
    await carry(station, worker)
    expect(expectOk(findTemplate(worker, '月报')).bytes).toEqual(short)
    const filled = expectOk(
      await fillForStation(worker, short, { month: '2026-11', limit: 1, language: 'zh' }),
    )
    const book = new exceljs.Workbook()
    await book.xlsx.load(Buffer.from(filled.bytes) as unknown as exceljs.Buffer)
    expect(book.worksheets[0]!.getCell('A1').value).toBe(2)
    expectOk(await dropTemplate(station, '月报'))
    expect(findTemplate(station, '月报')).toMatchObject({ problem: { type: 'no-such-template' } })
    expect(await addTemplate(station, '错的', await workbook('{{vists}}'))).toMatchObject({
      problem: { type: 'template-faults', faults: [{ sheet: 's', cell: 'A1', rule: 'no-such-measure' }] },
    })
  } finally {
    await close()
  }
})
