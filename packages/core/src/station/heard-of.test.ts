import { expect, test } from 'vitest'
import { expectOk, ok } from '../result.ts'
import { deliver, gridOf, TestCommunity } from '../testing/test-community.ts'
import { communityCard, setWarnAfterDays, unheardOf, warnAfterDays } from '../work/warn-after.ts'
import { heardOf } from './heard-of.ts'
import type { Station } from './station.ts'

const DAY = 86_400_000
const START = Date.UTC(2026, 10, 1)

const add = async (station: Station, name: string) =>
  expectOk(
    await station.write('record.edit', (book) => {
      expectOk(book.create('building', gridOf(station), { set: { name } }))
      return ok(undefined)
    }),
  )

/** A chief, a gateway, and a laptop whose clock is off by `wrongByMs`; days go by for all of them. */
async function open(wrongByMs: number) {
  let now = START
  const { community, founder } = await TestCommunity.create(['一号网格'], () => now)
  const gateway = await community.join(founder, '网关', 'steward', [], () => now)
  const laptop = await community.join(founder, '测试员丁', 'worker', ['一号网格'], () => now + wrongByMs)
  await add(founder, '总楼')
  await deliver(founder, gateway)
  await deliver(founder, laptop)
  const heard = () => heardOf(founder).find(({ station }) => station === laptop.identity.station)!
  return {
    community,
    founder,
    gateway,
    laptop,
    heard,
    afterDays: (days: number) => {
      now += days * DAY
    },
    now: () => now,
    [Symbol.asyncDispose]: () => community.close(),
  }
}

test('S14 nothing but its joining: as old as that', async () => {
  await using setup = await open(0)
  setup.afterDays(9)
  expect(setup.heard()).toMatchObject({ by: 'added', days: 9, clockSaysMs: null })
  expect(heardOf(setup.founder).map(({ member }) => member)).not.toContain(setup.founder.identity.member)
  expect(heardOf(setup.founder)).toHaveLength(2)
})

test('S14 what it wrote is as old as it says, not as its coming here', async () => {
  await using setup = await open(0)
  const { founder, gateway, laptop, heard, afterDays } = setup
  await add(laptop, '丁楼')
  await deliver(laptop, gateway)
  afterDays(20)
  await deliver(gateway, founder)
  expect(heard()).toMatchObject({ by: 'wrote', days: 20, clockSaysMs: null })
})

test('S14 a clock a year ahead silences nothing: its time is not believed, and told', async () => {
  await using setup = await open(365 * DAY)
  const { founder, gateway, laptop, heard, afterDays } = setup
  afterDays(2)
  await add(laptop, '丁楼')
  await deliver(laptop, gateway)
  afterDays(20)
  await deliver(gateway, founder)
  const one = heard()
  // By an entry of this station in its past: after that one it was written.
  expect(one).toMatchObject({ by: 'knew', days: 22 })
  expect(one.clockSaysMs).toBe(START + (365 + 2) * DAY)
  expect(unheardOf(founder).map(({ station }) => station)).toContain(laptop.identity.station)
})

test('S14 a clock decades behind does no harm either: what it knew of this station is newer', async () => {
  await using setup = await open(-30 * 365 * DAY)
  const { founder, laptop, heard, afterDays } = setup
  afterDays(5)
  await add(founder, '新楼')
  await deliver(founder, laptop)
  afterDays(1)
  await add(laptop, '丁楼')
  await deliver(laptop, founder)
  expect(heard()).toMatchObject({ by: 'knew', days: 1 })
  expect(heard().clockSaysMs).toBe(START + (6 - 30 * 365) * DAY)
})

test('S14 a meeting counts by this machine’s clock; one that lies ahead, noted before the clock was set back, does not', async () => {
  await using setup = await open(0)
  const { founder, laptop, heard, afterDays, now } = setup
  const meetAt = (at: number, via: 'lan' | 'bundle') =>
    founder.putPeers([
      {
        station: laptop.identity.station,
        space: gridOf(founder),
        heads: [],
        digest: '',
        equal: false,
        at,
        via,
      },
    ])
  afterDays(10)
  meetAt(now() - 2 * DAY, 'lan')
  expect(heard()).toMatchObject({ by: 'met', days: 2 })
  meetAt(now() + 300 * DAY, 'lan')
  expect(heard()).toMatchObject({ by: 'added', days: 10 })
  // When a bundle was written, its writer's clock says.
  meetAt(now(), 'bundle')
  expect(heard()).toMatchObject({ by: 'added', days: 10 })
})

test('S14 how many days is the community’s to set, by a chief; until two who set it apart agree, the shorter holds', async () => {
  await using setup = await open(0)
  const { founder, laptop, afterDays } = setup
  afterDays(6)
  expect(unheardOf(founder)).toEqual([])
  expectOk(await setWarnAfterDays(founder, 5))
  expect(unheardOf(founder)).toHaveLength(2)
  await deliver(founder, laptop)
  expect(warnAfterDays(communityCard(laptop))).toBe(5)
  expect(await setWarnAfterDays(laptop, 9)).toMatchObject({ problem: { type: 'role-may-not' } })
  for (const days of [0, 366, 1.5, Number.NaN])
    expect(await setWarnAfterDays(founder, days)).toMatchObject({ problem: { type: 'warn-after-days' } })
  const card = communityCard(founder)!
  expectOk(
    await founder.write('record.edit', (book) => book.edit(card.id, { dispute: { warnAfterDays: 3 } })),
  )
  expect(warnAfterDays(communityCard(founder))).toBe(3)
  expect(warnAfterDays(undefined)).toBe(7)
})

test('work on this machine alone: since its oldest entry; a clock set back since says nothing rather than a lie', async () => {
  await using setup = await open(0)
  const { founder, laptop, afterDays, now } = setup
  afterDays(1)
  await add(laptop, '丁楼')
  const written = now()
  afterDays(3)
  await add(laptop, '丁楼二')
  expect(laptop.ownWork().sinceMs).toBe(written)
  founder.putPeers([])
  afterDays(-30)
  expect(laptop.ownWork().sinceMs).toBeNull()
  expect(laptop.ownWork().onlyHere).toBeGreaterThanOrEqual(2)
})
