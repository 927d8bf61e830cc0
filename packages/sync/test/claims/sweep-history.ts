/**
 * Random histories of stations that sweep the same two buildings apart, with clocks that disagree, and meet in any order:
 * in part, both ways, or by bundles that are read late or twice. What each was told is on disk is kept in a plain model,
 * and at the end every station must show the same, with nothing missing.
 */
import { join } from 'node:path'
import {
  ClaimBook,
  type ClaimPlace,
  expectOk,
  listClaims,
  ok,
  openRecordSet,
  openSweep,
  type RecordSet,
  recordVisit,
  releaseClaim,
  type Station,
  sweepCard,
  takeClaim,
  withdrawVisit,
} from '@doorstep/core'
import { chanceFrom } from '@doorstep/core/fuzz'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect } from 'vitest'
import { readBundle } from '../../src/bundle/read-bundle.ts'
import { writeBundle } from '../../src/bundle/write-bundle.ts'

/** 2026-11-24 12:00 in Shanghai; clocks run up to six hours fast or slow. */
const NOON_MS = Date.UTC(2026, 10, 24, 4)
const HOUR_MS = 3_600_000
export const DAY = '2026-11-24'

export type Laptop = {
  readonly station: Station
  readonly set: RecordSet
  readonly member: string
  readonly chief: boolean
}

export type Ground = {
  readonly community: TestCommunity
  readonly laptops: readonly Laptop[]
  readonly buildings: readonly string[]
  readonly doors: readonly string[]
  readonly sweep: string
  /** Takes everything both ways. */
  meet(a: Laptop, b: Laptop): Promise<void>
  close(): Promise<void>
}

/** A founder and colleagues, two buildings of two stairs, and one sweep, known to all. */
export async function openGround(stations: number, rooms: readonly string[]): Promise<Ground> {
  let made = 0
  const clock = () => {
    const skewMs = (((made++ * 5) % 13) - 6) * HOUR_MS
    return () => NOON_MS + skewMs
  }
  const { community, founder } = await TestCommunity.create(['一号网格'], clock())
  const grid = gridOf(founder)
  const written = expectOk(
    await founder.write('record.import', (book) => {
      const buildings: string[] = []
      const doors: string[] = []
      for (const name of ['1幢', '2幢']) {
        const building = expectOk(book.create('building', grid, { set: { name } }))
        buildings.push(building)
        for (const unit of ['1', '2'])
          for (const room of rooms) {
            const dwelling = expectOk(book.create('dwelling', grid, { set: { building, unit, room } }))
            const label = `测试住户 ${name}${unit}-${room}`
            doors.push(expectOk(book.create('household', grid, { set: { dwelling, name: label } })))
          }
      }
      return ok({ buildings, doors })
    }),
  )
  const opened = expectOk(await openSweep(founder, { name: '冬季敲门行动', grids: [grid], from: DAY }))
  const all = [founder]
  for (let at = 1; at < stations; at++)
    all.push(await community.join(founder, `测试员${at}`, 'worker', ['一号网格'], clock()))
  for (const one of all.slice(1)) await deliver(founder, one)
  const laptops = all.map((station) => ({
    station,
    set: openRecordSet(station),
    member: station.identity.member,
    chief: station === founder,
  }))
  return {
    community,
    laptops,
    ...written.value,
    sweep: opened.sweeps[0]!.id,
    async meet(a, b) {
      await deliver(a.station, b.station)
      await deliver(b.station, a.station)
    },
    async close() {
      for (const { set } of laptops) set.close()
      await community.close()
    },
  }
}

/** What one station shows of claims and of the sweep, all of it. */
export const viewOf = ({ set }: Laptop, ground: Ground) => ({
  card: sweepCard(set, ground.sweep, { on: DAY }),
  claims: listClaims(set, { on: DAY, all: true }),
})

type Taken = {
  readonly id: string
  readonly by: string
  readonly sweep: string | null
  readonly doors: Set<string>
}
type Visited = {
  readonly id: string
  readonly household: string
  readonly outcome: string
  withdrawn: boolean
}

export type HistoryReport = { readonly doubles: number; readonly claims: number; readonly visits: number }

export async function runSweepHistory(seed: number, steps: number): Promise<HistoryReport> {
  const { below, pick } = chanceFrom(seed)
  const chance = () => below(1000) / 1000
  const ground = await openGround(3 + below(8), ['101', '201'])
  try {
    const taken: Taken[] = []
    const visited: Visited[] = []
    const sticks: string[] = []
    const anyPlace = (): ClaimPlace => {
      const building = pick(ground.buildings)
      return pick<() => ClaimPlace>([
        () => ({ household: pick(ground.doors) }),
        () => ({ household: pick(ground.doors) }),
        () => ({ building, unit: pick(['1', '2']) }),
        () => ({ building, floor: pick([1, 2]) }),
        () => ({ building }),
      ])()
    }
    const take = async (laptop: Laptop) => {
      const sweep = chance() < 0.7 ? ground.sweep : null
      const also = chance() < 0.2
      const done = await takeClaim(laptop.station, laptop.set, {
        place: anyPlace(),
        ...(sweep ? { sweep } : {}),
        also,
      })
      if (!done.ok) return expect(['claimed-already', 'door-done']).toContain(done.problem.type)
      const { claim, doors } = done.value
      if (claim === null) return
      // Doors where somebody was are covered too, as far as this station knows; they are done and claim nothing.
      taken.push({ id: claim, by: laptop.member, sweep, doors: new Set(coveredBy(laptop, claim)) })
      for (const door of doors) expect(taken.at(-1)!.doors).toContain(door)
      for (const door of done.value.left) expect(taken.at(-1)!.doors).not.toContain(door)
    }
    const release = async (laptop: Laptop) => {
      const of = laptop.chief && chance() < 0.3 ? pick(ground.laptops).member : laptop.member
      const done = await releaseClaim(laptop.station, laptop.set, { place: anyPlace(), of })
      if (!done.ok) return expect(done.problem.type).toBe('nothing-claimed')
      for (const one of taken)
        if (done.value.claims.includes(one.id)) for (const door of done.value.doors) one.doors.delete(door)
    }
    const visit = async (laptop: Laptop) => {
      const household = pick(ground.doors)
      const outcome = pick(['met', 'absent', 'absent', 'refused'] as const)
      const done = expectOk(await recordVisit(laptop.station, { household, outcome, on: DAY }))
      visited.push({ id: done.visit, household, outcome, withdrawn: false })
    }
    const withdraw = async (laptop: Laptop) => {
      const one = visited.find(({ id, withdrawn }) => !withdrawn && laptop.set.get(id))
      if (!one) return
      const done = await withdrawVisit(laptop.station, { visit: one.id, reason: '记错了门' })
      if (done.ok) one.withdrawn = true
    }
    /** Whoever claimed a door, and meets somebody who claimed it too, is told; both are. */
    const meet = async (a: Laptop, b: Laptop) => {
      await ground.meet(a, b)
      for (const door of ground.doors) {
        const both = [a, b].map(({ set }) => new ClaimBook(set, DAY).shownAt(door))
        expect(both[0]!.map(({ claim }) => claim)).toEqual(both[1]!.map(({ claim }) => claim))
        const members = new Set(both[0]!.map(({ by }) => by.member))
        if (!members.has(a.member) || !members.has(b.member)) continue
        for (const shown of both) expect(shown.every(({ double }) => double || shown.length === 0)).toBe(true)
      }
    }
    const write = async (laptop: Laptop) => {
      const file = join(ground.community.folder, `${sticks.length}.bundle`)
      expectOk(await writeBundle(laptop.station, file))
      sticks.push(file)
    }
    for (let at = 0; at < steps; at++) {
      const laptop = pick(ground.laptops)
      const other = pick(ground.laptops)
      const dice = chance()
      if (dice < 0.34) await take(laptop)
      else if (dice < 0.46) await release(laptop)
      else if (dice < 0.56) await visit(laptop)
      else if (dice < 0.59) await withdraw(laptop)
      else if (dice < 0.72) await deliver(laptop.station, other.station)
      else if (dice < 0.84 && laptop !== other) await meet(laptop, other)
      else if (dice < 0.92) await write(laptop)
      else if (sticks.length > 0) expectOk(await readBundle(laptop.station, pick(sticks)))
    }
    const [hub, ...rest] = ground.laptops
    for (let round = 0; round < 2; round++) for (const one of rest) await ground.meet(hub!, one)
    return compare(ground, taken, visited)
  } finally {
    await ground.close()
  }
}

const coveredBy = ({ set }: Laptop, claim: string): readonly string[] =>
  listClaims(set, { on: DAY, all: true }).find(({ id }) => id === claim)!.doors

function compare(ground: Ground, taken: readonly Taken[], visited: readonly Visited[]): HistoryReport {
  const views = ground.laptops.map((one) => viewOf(one, ground))
  const [{ card, claims }] = views as [(typeof views)[0], ...typeof views]
  for (const view of views.slice(1)) expect(view).toEqual({ card, claims })
  // Every claim that was acknowledged is there, once, with who made it; and none that nobody made.
  expect(claims.map(({ id }) => id).sort()).toEqual(taken.map(({ id }) => id).sort())
  const standing = visited.filter(({ withdrawn }) => !withdrawn)
  const doors = card!.doors
  const isDone = (door: string) =>
    standing.some(({ household, outcome }) => household === door && outcome !== 'absent')
  let doubles = 0
  for (const { household, ...shown } of doors) {
    // Every visit is there, at its door.
    expect(shown.visits.map(({ visit }) => visit).sort()).toEqual(
      standing
        .filter((one) => one.household === household)
        .map(({ id }) => id)
        .sort(),
    )
    const live = isDone(household) ? [] : taken.filter((one) => one.doors.has(household))
    expect(shown.claims.map(({ claim }) => claim).sort()).toEqual(live.map(({ id }) => id).sort())
    const members = new Set(live.map(({ by }) => by))
    expect(shown.double).toBe(members.size > 1)
    if (members.size > 1) doubles++
    for (const laptop of ground.laptops) {
      const competing = live.filter(
        (one) => one.by === laptop.member && live.some((two) => two.by !== one.by && goTogether(one, two)),
      )
      const told = listClaims(laptop.set, { on: DAY, by: laptop.member, double: true })
        .filter((row) => row.doubles.some((double) => double.household === household))
        .map(({ id }) => id)
      expect(told.sort()).toEqual(competing.map(({ id }) => id).sort())
    }
  }
  const { visited: been, refused, claimed, unclaimed } = card!.counts
  expect(been + refused + claimed + unclaimed).toBe(ground.doors.length)
  expect(card!.counts.doubleClaimed).toBe(doubles)
  return { doubles, claims: taken.length, visits: visited.length }
}

const goTogether = (a: Taken, b: Taken): boolean =>
  a.sweep === b.sweep || a.sweep === null || b.sweep === null
