import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  editHousehold,
  expectOk,
  importExported,
  importRegister,
  parseMappingText,
  type Station,
} from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ExportFormat, exportTable } from './export-table.ts'

const EXAMPLES = new URL('../../../../examples/registers/', import.meta.url)
let community: TestCommunity
let station: Station
let clock = Date.UTC(2026, 10, 24)

beforeAll(async () => {
  const made = await TestCommunity.create(['一号网格'], () => clock++)
  community = made.community
  station = made.founder
  const mapping = expectOk(
    parseMappingText(readFileSync(new URL('sample-people.mapping.json', EXAMPLES), 'utf8')),
  )
  const file = readFileSync(new URL('sample-people.csv', EXAMPLES))
  expectOk(await importRegister(station, { file, mapping }))
  const [one, two] = [...station.records({ type: 'household' })]
  const note = '第一行\n第二行,"引号"  两个空格 \''
  expectOk(
    await editHousehold(station, {
      household: one!.id,
      set: { note, mind: '=1+1' },
      add: { tags: ['甲', '乙'] },
    }),
  )
  expectOk(await editHousehold(station, { household: two!.id, set: { mind: '-小狗', note: '007' } }))
})
afterAll(() => community.close())

async function exported(
  name: string,
  format: ExportFormat,
  plain: boolean,
  language: 'zh' | 'en' = 'zh',
): Promise<string> {
  const file = join(community.folder, name)
  const ask = {
    what: 'register',
    on: '2026-11-24',
    plain,
    language,
    file,
    format,
    codes: false,
    bom: true,
  } as const
  return expectOk(await exportTable(station, { ...ask, ...(plain ? { reason: '往返' } : {}) })).file
}
const back = async (file: string) => expectOk(await importExported(station, { file: readFileSync(file) }))

test('a register that was exported and comes back changes nothing, masked or not', async () => {
  const grid = station.digest(gridOf(station))
  const entries = () => [...station.records({ type: 'export' })].length
  const files = [
    await exported('plain.csv', 'csv', true),
    await exported('plain.xlsx', 'xlsx', true, 'en'),
    await exported('masked.xlsx', 'xlsx', false),
  ]
  const noted = entries()
  for (const file of files) {
    const report = await back(file)
    expect(report, file).toMatchObject({ created: 0, updated: 0, conflicts: 0, rejected: [] })
    expect(report.unchanged).toBeGreaterThan(40)
  }
  expect(entries()).toBe(noted)
  expect(noted).toBe(3)
  expect(station.digest(gridOf(station))).toEqual(grid)
})

test('what was corrected in it is written; what somebody changed meanwhile stands beside it', async () => {
  const file = await exported('correct.csv', 'csv', true)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain("'=1+1")
  writeFileSync(
    file,
    text
      .replaceAll("'=1+1", '小心地滑')

      .replace(/甲; 乙|乙; 甲/, '甲'),
  )
  const [one] = [...station.records({ type: 'household' })].filter(({ fields }) => fields.mind === '=1+1')
  expect(await back(file)).toMatchObject({ updated: 1, conflicts: 0, rejected: [] })
  const corrected = station.get(one!.id)!
  expect([corrected.fields.mind, corrected.sets.tags]).toEqual(['小心地滑', ['甲']])
  const stale = await exported('stale.xlsx', 'xlsx', true)
  expectOk(await editHousehold(station, { household: one!.id, set: { mind: '狗很凶' } }))
  expect(await back(stale)).toMatchObject({ updated: 1, conflicts: 1 })
  expect(
    station
      .get(one!.id)!
      .conflicts.mind?.map(({ value }) => value)
      .sort(),
  ).toEqual(['小心地滑', '狗很凶'].sort())
})

test('any other file needs a mapping', async () => {
  expect(await importExported(station, { file: Buffer.from('姓名\n甲\n') })).toMatchObject({
    problem: { type: 'mapping-needed' },
  })
})
