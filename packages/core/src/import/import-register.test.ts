import { expect, it } from 'vitest'
import { expectOk, ok } from '../result.ts'
import { eraseRecords } from '../station/erase.ts'
import type { Station } from '../station/station.ts'
import { type ImportOptions, type ImportReport, importRegister } from './import-register.ts'
import { ImportHistory } from './last-imported.ts'
import { parseMappingText } from './parse-mapping.ts'
import {
  BLOCKS_HEADER,
  blocksMapping,
  bytesOf,
  exampleFile,
  PEOPLE_HEADER,
  peopleMapping,
  TestCommunity,
} from './register.test.data.ts'

const blocks = (...lines: string[]) => bytesOf([BLOCKS_HEADER, ...lines].join('\n'))
const people = (...lines: string[]) => bytesOf([PEOPLE_HEADER, ...lines].join('\n'))
const mapping = blocksMapping()
const NOTHING = { created: 0, updated: 0, conflicts: 0 }

const run = async (station: Station, options: ImportOptions): Promise<ImportReport> =>
  expectOk(await importRegister(station, options))
const entryCount = (station: Station): number =>
  station.spaces().reduce((sum, { id }) => sum + station.digest(id).entries, 0)
const edit = async (station: Station, id: string, set: Record<string, string | number | null>) =>
  expectOk(await station.write('record.edit', (book) => book.edit(id, { set })))
const only = (station: Station, type: 'building' | 'household') => {
  const [record, ...others] = station.records({ type })
  expect(others).toEqual([])
  return record!
}

it('makes buildings, dwellings and households in the grid that was chosen', async () => {
  await using community = await TestCommunity.create(['东', '西'])
  const { station } = community
  const report = await run(station, { file: blocks('TP,A ST,1,3,6,1980,Y'), mapping, grid: '西' })
  expect(report).toMatchObject({ read: 1, created: 13, rejected: [], grids: [{ name: '西', households: 6 }] })
  const [west] = report.grids
  const [dwelling] = station.records({ type: 'dwelling' })
  expect(dwelling).toMatchObject({ space: west!.space, fields: { floor: 1, room: '101' } })
  const building = station.get(String(dwelling!.fields.building))
  expect(building!.fields).toEqual({
    name: '1 A ST',
    street: 'A ST',
    storeys: 3,
    yearBuilt: 1980,
    gasPipeline: true,
  })
  const homes = [...station.records({ type: 'household' })].map(({ fields }) => fields.dwelling)
  expect(homes.sort()).toEqual([...station.records({ type: 'dwelling' })].map(({ id }) => id).sort())
})

it('writes nothing when the same file comes again, whatever the order of its rows', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  const rows = ['TP,A ST,1,3,6,1980,Y', 'TP,A ST,2,3,9,1980,N', 'AMK,B ST,2,3,30,,']
  const first = await run(station, { file: blocks(...rows), mapping, split: 20 })
  const entries = entryCount(station)
  const again = await run(station, { file: blocks(...rows.reverse()), mapping, split: 20 })
  expect(again).toEqual({ ...first, ...NOTHING, unchanged: first.created })
  expect(entryCount(station)).toBe(entries)
  expect(first.grids.map(({ name, households }) => [name, households])).toEqual([
    ['AMK-01', 20],
    ['AMK-02', 10],
    ['TP-01', 15],
  ])
})

it('takes the shipped examples, and takes them twice', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  for (const [name, created] of [
    ['hdb-blocks', 522],
    ['sample-people', 46],
  ] as const) {
    const csv = name === 'hdb-blocks' ? 'sample-blocks.csv' : 'sample-people.csv'
    const shipped = expectOk(parseMappingText(Buffer.from(exampleFile(`${name}.mapping.json`)).toString()))
    const options = { file: exampleFile(csv), mapping: shipped, split: 100 }
    expect(await run(station, options)).toMatchObject({ created, rejected: [] })
    expect(await run(station, options)).toMatchObject({ ...NOTHING, unchanged: created })
  }
  const eldest = [...station.records({ type: 'household' })].filter(({ sets }) =>
    sets.categories?.includes('elderly-alone-80'),
  )
  expect(eldest.map(({ fields }) => fields.name)).toEqual(['测试户 1-1-301', '测试户 2-2-501'])
})

it('follows the register where nobody else wrote', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  await run(station, { file: blocks('TP,A ST,1,3,6,1980,Y'), mapping })
  const report = await run(station, { file: blocks('TP,A ST,1,3,8,1981,'), mapping })
  expect(report).toMatchObject({ created: 4, updated: 1, unchanged: 12, conflicts: 0 })
  expect(only(station, 'building').fields).toMatchObject({ yearBuilt: 1981 })
  expect(only(station, 'building').fields).not.toHaveProperty('gasPipeline')
  expect(await run(station, { file: blocks('TP,A ST,1,3,8,1981,'), mapping })).toMatchObject(NOTHING)
})

it('lets a correction stand while the register says what it said', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  const file = blocks('TP,A ST,1,3,1,1980,Y')
  await run(station, { file, mapping })
  await edit(station, only(station, 'building').id, { yearBuilt: 1985, storeys: null })
  expect(await run(station, { file, mapping })).toMatchObject({ ...NOTHING, unchanged: 3 })
  expect(only(station, 'building').fields.yearBuilt).toBe(1985)
  expect(only(station, 'building').fields).not.toHaveProperty('storeys')
})

it('keeps both values when the register and a person changed one, until somebody settles it', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  await run(station, { file: blocks('TP,A ST,1,3,1,1980,Y'), mapping })
  await edit(station, only(station, 'building').id, { yearBuilt: 1985 })
  const changed = blocks('TP,A ST,1,3,1,1990,Y')
  expect(await run(station, { file: changed, mapping })).toMatchObject({ updated: 1, conflicts: 1 })
  const values = () => only(station, 'building').conflicts.yearBuilt?.map(({ value }) => value)
  expect(values()?.sort()).toEqual([1985, 1990])
  expect(await run(station, { file: changed, mapping })).toMatchObject(NOTHING)
  await edit(station, only(station, 'building').id, { yearBuilt: 1985 })
  expect(values()).toBeUndefined()
  expect(await run(station, { file: changed, mapping })).toMatchObject(NOTHING)
  expect(only(station, 'building').fields.yearBuilt).toBe(1985)
})

it('notices that the register caught up with a correction, and follows it from there', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  await run(station, { file: blocks('TP,A ST,1,3,1,1980,Y'), mapping })
  await edit(station, only(station, 'building').id, { yearBuilt: 1985 })
  const caughtUp = blocks('TP,A ST,1,3,1,1985,Y')
  expect(await run(station, { file: caughtUp, mapping })).toMatchObject({ updated: 1, conflicts: 0 })
  expect(await run(station, { file: caughtUp, mapping })).toMatchObject(NOTHING)
  expect(await run(station, { file: blocks('TP,A ST,1,3,1,1990,Y'), mapping })).toMatchObject({
    updated: 1,
    conflicts: 0,
  })
  expect(only(station, 'building')).toMatchObject({ fields: { yearBuilt: 1990 }, conflicts: {} })
})

it('adds and takes back categories as the register does, and leaves those that people set', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  const row = (categories: string) => people(`1,1,101,1990,测试户,,${categories},,,,`)
  const categories = () => [...(only(station, 'household').sets.categories ?? [])].sort()
  const options = (file: Uint8Array) => ({ file, mapping: peopleMapping() })
  await run(station, options(row('独居、低保')))
  const { id } = only(station, 'household')
  const change = { add: { categories: ['dementia'] }, remove: { categories: ['low-income'] } }
  expectOk(await station.write('record.edit', (book) => book.edit(id, change)))
  expect(await run(station, options(row('独居、低保')))).toMatchObject(NOTHING)
  expect(categories()).toEqual(['dementia', 'elderly-alone'])
  expect(await run(station, options(row('低保')))).toMatchObject({ updated: 1, conflicts: 0 })
  expect(categories()).toEqual(['dementia'])
  expect(await run(station, options(row('低保、独居')))).toMatchObject({ updated: 1 })
  expect(categories()).toEqual(['dementia', 'elderly-alone'])
})

it('puts people into buildings that another register made', async () => {
  await using community = await TestCommunity.create(['东', '西'])
  const { station } = community
  await run(station, { file: blocks('TP,A ST,1,3,6,1980,Y'), mapping, grid: '西' })
  const byDoor = peopleMapping({
    records: {
      building: { key: ['年份', '楼栋'], fields: { name: { text: '{楼栋} {年份}' } } },
      dwelling: { key: ['房号'], fields: { room: '房号' } },
      household: { fields: { phone: '电话' } },
    },
  })
  const file = people('1,,301,a st,,000-0001,,,,,', '9,,301,a st,,000-0002,,,,,')
  const report = await run(station, { file, mapping: byDoor })
  // The building of line 3 is in no grid, and none was chosen for it.
  expect(report).toMatchObject({ created: 0, rejected: [{ row: 3, column: null, reason: 'no-grid-yet' }] })
  const called = [...station.records({ type: 'household' })].filter(({ fields }) => fields.phone)
  expect(called.map(({ fields }) => station.get(String(fields.dwelling))!.fields.room)).toEqual(['301'])
})

it('rejects a building that lies in another grid than the one chosen', async () => {
  await using community = await TestCommunity.create(['东', '西'])
  const { station } = community
  const file = blocks('TP,A ST,1,3,6,1980,Y')
  await run(station, { file, mapping, grid: '西' })
  expect(await run(station, { file, mapping, grid: '东' })).toMatchObject({
    ...NOTHING,
    rejected: [{ row: 2, column: null, reason: 'in-another-grid', grid: '西' }],
  })
})

it('needs to know where new buildings go', async () => {
  await using community = await TestCommunity.create(['东', '西'])
  const { station } = community
  const file = blocks('TP,A ST,1,3,6,1980,Y')
  const problem = async (options: Partial<ImportOptions>) => {
    const result = await importRegister(station, { file, mapping, ...options })
    return result.ok ? null : result.problem
  }
  expect(await problem({})).toEqual({ type: 'no-grid-chosen', grids: ['东', '西'] })
  expect(await problem({ grid: '北' })).toEqual({ type: 'unknown-grid', grid: '北', grids: ['东', '西'] })
  expect(await problem({ grid: '东', split: 5 })).toEqual({ type: 'grid-and-split' })
  expect(await problem({ split: 0 })).toEqual({ type: 'bad-split', split: 0 })
  const bare = peopleMapping({ records: { building: { key: ['楼栋'], fields: { name: '楼栋' } } } })
  expect(await problem({ file: people('1,,,,,,,,,,'), mapping: bare, split: 5 })).toEqual({
    type: 'no-households-to-split',
  })
})

it('tells what it would do without doing it', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  const options = { file: blocks('TP,A ST,1,3,6,1980,Y', 'TP,A ST,2,x,6,,'), mapping, split: 5 }
  const before = entryCount(station)
  const dry = await run(station, { ...options, dryRun: true })
  expect(entryCount(station)).toBe(before)
  expect([...station.records({ type: 'building' })]).toEqual([])
  expect(dry).toMatchObject({ created: 14, rejected: [{ row: 3, column: 'floors' }] })
  expect(await run(station, options)).toEqual(dry)
  expect(await run(station, { ...options, dryRun: true })).toMatchObject({ ...NOTHING, unchanged: 14 })
})

it('stops between writes when asked to, and goes on when it is started again', async () => {
  await using community = await TestCommunity.create()
  await using untouched = await TestCommunity.create()
  const options = { file: blocks('TP,A ST,1,30,400,1980,Y', 'TP,A ST,2,30,300,,'), mapping, split: 350 }
  const stop = new AbortController()
  const seen: number[] = []
  const onProgress = ({ done, total }: { done: number; total: number }) => {
    seen.push(done)
    expect(total).toBe(1403)
    stop.abort()
  }
  const stopped = await importRegister(community.station, { ...options, onProgress, signal: stop.signal })
  expect(stopped).toEqual({
    ok: false,
    problem: { type: 'interrupted', created: 500, updated: 0, unchanged: 0, conflicts: 0, erased: 0 },
  })
  expect(seen).toEqual([500])
  const resumed = await run(community.station, options)
  expect(resumed).toMatchObject({ created: 903, unchanged: 500 })
  const whole = await run(untouched.station, options)
  expect(resumed.grids.map(({ name, households }) => [name, households])).toEqual(
    whole.grids.map(({ name, households }) => [name, households]),
  )
})

it('writes many bounded entries', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  const before = entryCount(station)
  await run(station, { file: blocks('TP,A ST,1,30,600,1980,Y'), mapping })
  expect(entryCount(station) - before).toBeGreaterThanOrEqual(3)
})

it('leaves the home as it was when the file cannot be read', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  const before = entryCount(station)
  const result = await importRegister(station, { file: bytesOf('a,b\n1,2'), mapping, split: 5 })
  expect(result).toMatchObject({ ok: false, problem: { type: 'missing-column' } })
  expect(entryCount(station)).toBe(before)
})

it('counts only its own action as what the register said', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  const file = blocks('TP,A ST,1,3,1,1980,Y')
  await run(station, { file, mapping })
  const { id } = only(station, 'building')
  // A merge settled by hand writes the same field; it is no import.
  expectOk(
    await station.write('conflict.settle', (book) => {
      expectOk(book.edit(id, { set: { yearBuilt: 1999 } }))
      return ok(undefined)
    }),
  )
  expect(await run(station, { file, mapping })).toMatchObject(NOTHING)
  expect(await run(station, { file: blocks('TP,A ST,1,3,1,1999,Y'), mapping })).toMatchObject({
    conflicts: 0,
  })
  expect(only(station, 'building').fields.yearBuilt).toBe(1999)
})

it('A19 does not bring back what was erased, however often the register comes', async () => {
  await using community = await TestCommunity.create()
  const { station } = community
  const options = { file: blocks('TP,A ST,1,3,6,1980,Y'), mapping }
  const first = await run(station, options)
  const [home] = station.records({ type: 'household' })
  const { space } = home!
  expectOk(await eraseRecords(station, [home!.id], { reason: 'test' }))
  expect(new ImportHistory(station.trunk).lastImported(space, home!.id)).toEqual({ fields: {}, sets: {} })
  for (const dryRun of [true, false])
    expect(await run(station, { ...options, dryRun })).toMatchObject({
      ...NOTHING,
      unchanged: first.created - 1,
      erased: 1,
    })
  expect(station.get(home!.id)).toBeNull()
})
