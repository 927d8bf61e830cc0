import { allMoves, openCopy, placesOf } from '../src/record/place.ts'
import { expectOk, ok } from '../src/result.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, TestCommunity } from '../src/testing/test-community.ts'
import { dueList } from '../src/work/due.ts'
import { editHousehold } from '../src/work/edit-record.ts'
import { householdCard } from '../src/work/household-card.ts'
import { carryHousehold, moveHousehold, settleMove } from '../src/work/move-household.ts'
import { listMoves } from '../src/work/move-household-list.ts'
import { listConflicts, listHouseholds } from '../src/work/queries.ts'
import { openRecordSet } from '../src/work/record-set.ts'
import { recordVisit } from '../src/work/record-visit.ts'
import { createChance } from './convergence.ts'

/** 2026-11-24 09:14 in Shanghai. */
const NOW_MS = Date.UTC(2026, 10, 24, 1, 14)
const DAY_MS = 86_400_000
const TODAY = '2026-11-24'
const GRIDS = ['一号网格', '二号网格', '三号网格'] as const
const EXPECTED = ['record-moved', 'moved-already', 'move-disputed', 'move-needs-both', 'no-such-record']

export type MoveHistoryReport = {
  moves: number
  visits: number
  disputes: number
  late: number
  refused: number
}

/**
 * One random history over real stations, each with grids of its own: visits, corrections, moves, settling and
 * carrying by people who have not heard of each other, and deliveries of some spaces in any order. At the end
 * everybody meets, and nothing may be lost, doubled, or shown differently to those who hold the same.
 */
export async function runMoveHistory(seed: number, steps: number): Promise<MoveHistoryReport> {
  const chance = createChance(seed)
  let nowMs = NOW_MS - 20 * DAY_MS
  const now = () => nowMs
  const { community, founder } = await TestCommunity.create(GRIDS, now)
  const report = { moves: 0, visits: 0, disputes: 0, late: 0, refused: 0 }
  try {
    const [a, b, c] = GRIDS.map((name) => spaceNamed(founder, name)) as [string, string, string]
    const households = await fill(founder, [a, a, a, b, c])
    const one = await community.join(founder, '测试员乙', 'worker', [GRIDS[0], GRIDS[1]], now)
    const other = await community.join(founder, '测试员丙', 'worker', [GRIDS[0], GRIDS[1]], now)
    const third = await community.join(founder, '测试员丁', 'worker', [GRIDS[1], GRIDS[2]], now)
    const stations = [founder, one, other, third]
    await meetAll(stations)
    const visits = new Map<string, string>()
    for (let step = 0; step < steps; step++) {
      nowMs = Math.min(NOW_MS, nowMs + chance(DAY_MS))
      const station = stations[chance(stations.length)]!
      const household = households[chance(households.length)]!
      const what = chance(100)
      if (what < 30) {
        const recorded = await recordVisit(station, {
          household,
          outcome: chance(3) === 0 ? 'absent' : 'met',
        })
        if (recorded.ok) visits.set(recorded.value.visit, household)
        count(report, recorded, 'visits')
      } else if (what < 40)
        count(report, await editHousehold(station, { household, set: { mind: `第${step}步` } }))
      else if (what < 60)
        count(report, await moveHousehold(station, { household, to: [a, b, c][chance(3)]! }), 'moves')
      else if (what < 64) await carryAll(station)
      else if (what < 68) await settleAll(station, chance)
      else await deliverSome(station, stations[chance(stations.length)]!, chance)
    }
    nowMs = NOW_MS
    await meetAll(stations)
    checkPlaces(seed, founder, households)
    checkSame(seed, [one, other])
    report.disputes = listMoves(founder).filter((row) => row.state === 'disputed').length
    await settleAll(founder, chance)
    report.late = listMoves(founder).filter((row) => row.state === 'late').length
    await carryAll(founder)
    await meetAll(stations)
    checkEnd(seed, founder, households, visits)
    checkSame(seed, [one, other])
    for (const station of stations) checkHeld(seed, station, founder)
    return report
  } finally {
    await community.close()
  }
}

function count(
  report: MoveHistoryReport,
  result: { ok: boolean; problem?: { type: string } },
  done?: 'moves' | 'visits',
): void {
  if (result.ok) {
    if (done) report[done]++
    return
  }
  if (!EXPECTED.includes(result.problem!.type))
    throw new Error(`unexpected: ${JSON.stringify(result.problem)}`)
  report.refused++
}

const spaceNamed = (station: Station, name: string): string =>
  String([...station.records({ type: 'grid' })].find(({ fields }) => fields.name === name)!.fields.space)

async function fill(station: Station, spaces: readonly string[]): Promise<string[]> {
  const written = await station.write('record.import', (book) =>
    ok(
      spaces.map((space, at) => {
        const building = expectOk(
          book.create('building', space, { set: { name: `${at + 1}幢`, street: '测试路' } }),
        )
        const dwelling = expectOk(book.create('dwelling', space, { set: { building, room: `${at + 1}01` } }))
        const household = expectOk(
          book.create('household', space, { set: { dwelling, name: `测试户 ${at}` } }),
        )
        const person = expectOk(
          book.create('person', space, {
            set: { name: `测试人 ${at}` },
            add: { categories: ['low-income'] },
          }),
        )
        expectOk(book.create('residence', space, { set: { person, dwelling, household } }))
        return household
      }),
    ),
  )
  return expectOk(written).value
}

/** Some of the spaces both may hold, in any order: a meeting that was cut off. */
async function deliverSome(from: Station, to: Station, chance: (below: number) => number): Promise<void> {
  if (from === to) return
  const spaces = from.spaces().map(({ id }) => id)
  const some = spaces.filter(() => chance(3) > 0).sort(() => chance(3) - 1)
  await deliver(from, to, [from.identity.community, ...some])
}

async function meetAll(stations: readonly Station[]): Promise<void> {
  for (let round = 0; round < 3; round++)
    for (const from of stations) for (const to of stations) if (from !== to) await deliver(from, to)
}

async function carryAll(station: Station): Promise<void> {
  for (const row of listMoves(station)) {
    if (row.state !== 'late') continue
    const carried = await carryHousehold(station, row.household)
    if (!carried.ok && !EXPECTED.includes(carried.problem.type))
      throw new Error(JSON.stringify(carried.problem))
  }
}

async function settleAll(station: Station, chance: (below: number) => number): Promise<void> {
  for (const row of listMoves(station)) {
    if (row.state !== 'disputed') continue
    const { space } = row.to[chance(row.to.length)]!
    const settled = await settleMove(station, { household: row.household, to: space })
    if (!settled.ok && !EXPECTED.includes(settled.problem.type))
      throw new Error(JSON.stringify(settled.problem))
  }
}

function expectTrue(seed: number, holds: boolean, what: string): void {
  if (!holds) throw new Error(`seed ${seed}: ${what}`)
}

/** Open in one place, or in conflict about which, and then the conflict is listed. */
function checkPlaces(seed: number, station: Station, households: readonly string[]): void {
  const set = openRecordSet(station, { follow: false })
  const conflicts = listConflicts(set).filter((row) => row.field === 'movedTo')
  for (const id of households) {
    const copies = set.copies(id)
    const places = placesOf(allMoves(copies))
    const isDisputed = conflicts.filter((row) => row.record === id).length === 1
    expectTrue(seed, places.length <= 1 !== isDisputed, `${id} is in ${places} and listed: ${isDisputed}`)
    expectTrue(seed, openCopy(copies) !== null, `${id} is open nowhere`)
    if (isDisputed) continue
    const open = copies.filter((copy) => copy.fields.movedTo === undefined)
    expectTrue(seed, open.length === 1, `${id} is open in ${open.map(({ space }) => space)}`)
  }
}

/** Everything that two stations with the same grids show. */
function checkSame(seed: number, stations: readonly Station[]): void {
  const shown = stations.map((station) => {
    const set = openRecordSet(station, { follow: false })
    return JSON.stringify([
      dueList(set, { on: TODAY, aheadDays: 365 }),
      listHouseholds(set),
      listConflicts(set),
      listMoves(station),
      station.spaces().map(({ id }) => station.digest(id)),
    ])
  })
  for (const one of shown) expectTrue(seed, one === shown[0], `two stations show ${one}\nand ${shown[0]}`)
}

/** No household is twice in a list, and a station's lists hold exactly what is kept in its grids. */
function checkHeld(seed: number, station: Station, founder: Station): void {
  const set = openRecordSet(station, { follow: false })
  const all = openRecordSet(founder, { follow: false })
  const grids = new Set(station.spaces().map(({ id }) => id))
  const listed = listHouseholds(set).map(({ id }) => id)
  const wanted = listHouseholds(all).filter((row) => row.grid && grids.has(row.grid.space))
  expectTrue(seed, listed.length === new Set(listed).size, 'a household is listed twice')
  expectTrue(
    seed,
    [...listed].sort().join() ===
      wanted
        .map(({ id }) => id)
        .sort()
        .join(),
    `${station.identity.station} lists ${listed}, kept there are ${wanted.map(({ id }) => id)}`,
  )
  for (const { id, address } of wanted) {
    const here = listHouseholds(set).find((row) => row.id === id)!
    expectTrue(seed, here.address === address, `${id} is at ${here.address} here, at ${address} there`)
    expectTrue(
      seed,
      station.get(id)!.space === founder.get(id)!.space && station.get(id)!.fields.movedTo === undefined,
      `${id} is found in a space it left`,
    )
  }
  const due = (of: typeof set) =>
    dueList(of, { on: TODAY, aheadDays: 365 }).filter((row) => row.grid && grids.has(row.grid.space))
  expectTrue(
    seed,
    JSON.stringify(due(set)) === JSON.stringify(due(all)),
    `due here: ${JSON.stringify(due(set))}\ndue there: ${JSON.stringify(due(all))}`,
  )
}

/** Settled and carried over: every household in one place, with every visit that was acknowledged. */
function checkEnd(
  seed: number,
  founder: Station,
  households: readonly string[],
  visits: ReadonlyMap<string, string>,
): void {
  const set = openRecordSet(founder, { follow: false })
  expectTrue(
    seed,
    listMoves(founder).every((row) => row.state === 'moved'),
    `left over: ${JSON.stringify(listMoves(founder).filter((row) => row.state !== 'moved'))}`,
  )
  for (const id of households) {
    const card = householdCard(set, id, { on: TODAY, visits: 1000 })!
    expectTrue(seed, card.residents.length === 1, `${id} has ${card.residents.length} residents`)
    const mine = [...visits].filter(([, household]) => household === id).map(([visit]) => visit)
    const space = set.get(id)!.space
    for (const visit of mine) {
      expectTrue(seed, card.visits.filter((row) => row.id === visit).length === 1, `visit ${visit} is lost`)
      expectTrue(seed, founder.get(visit)!.space === space, `visit ${visit} stayed behind`)
    }
    expectTrue(seed, card.visits.length === mine.length, `${id} has visits nobody made`)
  }
}
