import { expectOk, monthReport, ok, type Projection, recordVisit, type Station } from '@doorstep/core'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { monthPage } from './month-page.ts'

let community: TestCommunity
let station: Station
let clock = Date.UTC(2026, 10, 2)

beforeAll(async () => {
  const made = await TestCommunity.create(['<一号> & 网格'], () => clock++)
  community = made.community
  station = made.founder
  const space = gridOf(station)
  const homes = expectOk(
    await station.write('record.import', (book) => {
      const create = (type: Projection['type'], set: object, categories: string[] = []) =>
        expectOk(
          book.create(type as 'household', space, {
            set: set as never,
            add: categories.length > 0 ? { categories } : {},
          }),
        )
      const building = create('building', { name: '1幢' })
      return ok(
        Array.from({ length: 12 }, (_, at) => {
          const dwelling = create('dwelling', { building, room: String(101 + at) })
          const groups = [...(at < 3 ? ['orphan'] : []), ...(at < 8 ? ['low-income'] : [])]
          return create('household', { dwelling, name: `测试户 ${at}`, phone: '000-0000-7777' }, groups)
        }),
      )
    }),
  ).value
  for (const [at, household] of homes.slice(2, 8).entries())
    expectOk(
      await recordVisit(station, {
        household,
        on: `2026-11-0${1 + (at % 2)}`,
        outcome: at === 0 ? 'absent' : 'met',
      }),
    )
})
afterAll(() => community.close())

test('a month is counted; what is small about residents is hidden, and so is what would tell it', () => {
  const report = expectOk(monthReport(station, { month: '2026-11' }))
  expect(report.total).toMatchObject({ households: 12, visited: 5, percent: 42, visits: 6, met: 5 })
  expect(report.days.map(({ day, visits, met }) => [day, visits, met])).toEqual([
    ['2026-11-01', 3, 2],
    ['2026-11-02', 3, 3],
  ])
  expect(report.workers).toEqual([{ worker: '测试员甲', visits: 6, met: 5, absent: 1, refused: 0 }])
  const shown = (limit?: number) =>
    expectOk(monthReport(station, { month: '2026-11', ...(limit ? { limit } : {}) })).categories.map(
      ({ category, households, visited, percent }) => [category, households, visited, percent],
    )
  // Of eight, five were visited: three were not, which with the eight would follow from the five.
  expect(shown()).toEqual([
    ['low-income', 8, null, null],
    ['orphan', null, 0, null],
  ])
  expect(shown(1)).toEqual([
    ['low-income', 8, 5, 63],
    ['orphan', 3, 0, 0],
  ])
  expect(monthReport(station, { month: '2026-13' })).toMatchObject({ problem: { type: 'bad-month' } })
})

test('the page is one file without a network, a script or a resident, in both languages', () => {
  const report = expectOk(monthReport(station, { month: '2026-11', withoutNames: true }))
  const page = monthPage(report, '2026-11-30T00:00:00.000Z', 'zh')
  for (const secret of ['测试户', '000-0000', '测试员甲', '<一号>', 'undefined', 'NaN'])
    expect(page).not.toContain(secret)
  expect(page).not.toMatch(/<script|https?:|url\((?!#)|@import| src=/)
  expect(page).toContain("default-src 'none'")
  expect(page).toContain('&#60;一号&#62; &#38; 网格')
  const of = (language: string) => page.split(`lang="${language}"`).length
  expect(of('zh')).toBeGreaterThan(50)
  // The page itself says which it opens in.
  expect(of('zh') - 1).toBe(of('en'))
  // Each picture stands beside a table, and only tables with rows have one.
  expect(page.split('<svg role="img"').length).toBe(page.split('class="beside"').length)
})
