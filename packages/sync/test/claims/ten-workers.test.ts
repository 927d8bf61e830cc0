/** Ten workers sweep two buildings apart and meet by sticks alone. */
import { join } from 'node:path'
import {
  closeSweep,
  expectOk,
  listClaims,
  recordVisit,
  releaseClaim,
  sweepCard,
  takeClaim,
} from '@doorstep/core'
import { expect, test } from 'vitest'
import { readBundle } from '../../src/bundle/read-bundle.ts'
import { writeBundle } from '../../src/bundle/write-bundle.ts'
import { DAY, type Laptop, openGround, viewOf } from './sweep-history.ts'

test('ten workers sweep two buildings apart: who claimed the same stair finds out at the next stick, and no visit is lost', async () => {
  const ground = await openGround(10, ['101', '102', '201'])
  try {
    const { laptops, buildings, doors, sweep } = ground
    const [chief, b, c, ...others] = laptops as [Laptop, Laptop, Laptop, ...Laptop[]]
    let sticks = 0
    const write = async (from: Laptop) => {
      const file = join(ground.community.folder, `stick-${sticks++}`)
      expectOk(await writeBundle(from.station, file))
      return file
    }
    const read = async (to: Laptop, file: string) => expectOk(await readBundle(to.station, file))
    const claimStair = async (by: Laptop, building: string, unit: string) =>
      expectOk(await takeClaim(by.station, by.set, { place: { building, unit }, sweep }))
    const knock = async (by: Laptop, household: string, outcome: 'met' | 'absent' = 'met') =>
      expectOk(await recordVisit(by.station, { household, outcome, on: DAY }))
    const doublesOf = (of: Laptop) =>
      listClaims(of.set, { on: DAY, by: of.member, double: true }).flatMap((row) =>
        row.doubles.flatMap((door) =>
          door.with.map((one) => `${door.household} ${one.by.member} ${one.apart}`),
        ),
      )
    const counts = (of: Laptop) => sweepCard(of.set, sweep, { on: DAY })!.counts

    // Apart. Stairs 1 and 2 of the first house are doors 0–2 and 3–5; b and c both take stair 2.
    const [first, second] = buildings as [string, string]
    await claimStair(chief, first, '1')
    await claimStair(b, first, '2')
    await claimStair(c, first, '2')
    await claimStair(others[0]!, second, '1')
    await claimStair(others[1]!, second, '2')
    await knock(b, doors[3]!)
    await knock(c, doors[3]!)
    await knock(b, doors[4]!, 'absent')
    await knock(others[0]!, doors[6]!)
    expect([doublesOf(b), doublesOf(c)]).toEqual([[], []])

    // One way: c hears of b at once, b not yet.
    const early = await write(b)
    await read(c, early)
    const twice = (who: Laptop) => [4, 5].map((at) => `${doors[at]} ${who.member} true`)
    expect(doublesOf(c)).toEqual(twice(b))
    expect(doublesOf(b)).toEqual([])
    await read(b, await write(c))
    expect(doublesOf(b)).toEqual(twice(c))

    // Who knows does not claim over it, unless to go there together.
    const again = { place: { household: doors[5]! }, sweep }
    const d = others[2]!
    await read(d, await write(c))
    expect(await takeClaim(d.station, d.set, again)).toMatchObject({
      ok: false,
      problem: { type: 'claimed-already' },
    })
    expectOk(await takeClaim(d.station, d.set, { ...again, also: true }))
    expect(doublesOf(d).map((one) => one.split(' ')[2])).toEqual(['false', 'false'])
    expectOk(await releaseClaim(d.station, d.set, again))
    expect(doublesOf(d)).toEqual([])

    // c gives way on the stair; on the door that nobody answered b goes on.
    expectOk(await releaseClaim(c.station, c.set, { place: { building: first, unit: '2' }, sweep }))
    await read(b, await write(c))
    expect(doublesOf(b)).toEqual([])

    // Both visits of one door stand, and both are shown, on either laptop.
    for (const one of [b, c]) {
      const door = sweepCard(one.set, sweep, { on: DAY })!.doors.find(
        ({ household }) => household === doors[3],
      )!
      expect(door.visits.map(({ by }) => by.member).sort()).toEqual([b.member, c.member].sort())
      expect([door.state, door.doubleVisited]).toEqual(['visited', true])
    }

    // Somebody is ill: a colleague may not take their claim back, the chief may.
    await read(b, await write(others[1]!))
    const ill = { place: { building: second, unit: '2' }, sweep, of: others[1]!.member }
    expect(await releaseClaim(b.station, b.set, ill)).toMatchObject({
      ok: false,
      problem: { type: 'role-may-not', action: 'claim.clear' },
    })
    await read(chief, await write(b))
    expectOk(await releaseClaim(chief.station, chief.set, ill))
    expect(counts(chief).unclaimed).toBeGreaterThanOrEqual(3)

    // The chief ends it; others[0] has not heard, and knocks: that counts.
    expectOk(await closeSweep(chief.station, { sweep }))
    await knock(others[0]!, doors[7]!)

    // In the evening sticks go round, old ones among them, some twice.
    for (const one of laptops.slice(1)) await read(chief, await write(one))
    await read(chief, early)
    const evening = await write(chief)
    for (const one of laptops.slice(1)) {
      await read(one, early)
      await read(one, evening)
      await read(one, evening)
    }
    const [told, ...rest] = laptops.map((one) => viewOf(one, ground))
    for (const view of rest) expect(view).toEqual(told)
    expect(told!.card).toMatchObject({
      state: 'closed',
      counts: { doors: 12, visited: 3, refused: 0, nobodyHome: 1, doubleVisited: 1 },
    })
    expect(told!.card!.doors.flatMap(({ visits }) => visits)).toHaveLength(5)
    const late = await takeClaim(b.station, b.set, { place: { household: doors[9]! }, sweep })
    expect(late).toMatchObject({ ok: false, problem: { type: 'sweep-over', state: 'closed' } })
  } finally {
    await ground.close()
  }
})
