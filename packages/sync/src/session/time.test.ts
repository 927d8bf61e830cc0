import { clockDoubt, type Running, running, type Station } from '@doorstep/core'
import { TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { createWirePair } from '../memory-wire.ts'
import { start, until } from './meet.fixture.ts'
import { encodeMessage, FEATURES, greeting } from './message.ts'

const MINUTE_MS = 60_000

async function open() {
  const clock = { aheadMs: 0 }
  const { community, founder } = await TestCommunity.create(['一号网格'])
  const gateway = await community.join(founder, '网关', 'steward')
  const now = () => Date.now() + clock.aheadMs
  const laptop = await community.join(founder, '测试员乙', 'worker', ['一号网格'], now)
  return { founder, gateway, laptop, clock, [Symbol.asyncDispose]: () => community.close() }
}

/** They meet until both are equal, which is after everything said at the greeting was heard. */
async function meetOnce(gateway: Station, laptop: Station, offersTime?: () => number | null) {
  const pair = createWirePair({ keyA: gateway.identity.key, keyB: laptop.identity.key })
  const a = start(gateway, pair.a, offersTime ? { offersTime } : {})
  const b = start(laptop, pair.b)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  a.close()
  b.close()
}

test('S15 a laptop whose clock is off learns by how much, and nothing is set by it', async () => {
  await using setup = await open()
  const { gateway, laptop, clock } = setup
  clock.aheadMs = -8 * MINUTE_MS
  // Its own clock is not set: it offers nothing.
  await meetOnce(gateway, laptop, () => null)
  expect(clockDoubt(laptop)).toBeNull()
  await meetOnce(gateway, laptop, () => gateway.now)
  const doubt = clockDoubt(laptop)!
  expect(doubt.station).toBe(gateway.identity.station)
  expect(Math.abs(doubt.aheadMs + 8 * MINUTE_MS)).toBeLessThan(MINUTE_MS)
  expect(Math.abs(laptop.now - (Date.now() - 8 * MINUTE_MS))).toBeLessThan(1000)
  // The gateway heard nothing of the laptop's.
  expect(clockDoubt(gateway)).toBeNull()

  // Ten more minutes by what runs whatever the clock says, and the clock stood still: it is 18 behind.
  const later = (seconds: number): Running => ({ ...running(), uptimeS: running().uptimeS + seconds })
  expect(Math.round(clockDoubt(laptop, later(600))!.aheadMs / MINUTE_MS)).toBe(-18)
  expect(clockDoubt(laptop, later(13 * 3600))).toBeNull()
  expect(clockDoubt(laptop, { ...running(), boot: 'another' })).toBeNull()
  // Somebody set it, and is told so at once, without another meeting; two minutes are no matter.
  clock.aheadMs = 2 * MINUTE_MS
  expect(clockDoubt(laptop)).toBeNull()
})

test('S15 nobody but a gateway is heard about the time, and who did not name the feature is told nothing', async () => {
  await using setup = await open()
  const { founder, laptop, clock } = setup
  clock.aheadMs = 8 * MINUTE_MS
  // A chief's laptop is no gateway.
  await meetOnce(founder, laptop, () => founder.now)
  expect(clockDoubt(laptop)).toBeNull()
  const pair = createWirePair({ keyA: founder.identity.key, keyB: laptop.identity.key })
  const kinds: number[] = []
  pair.b.onFrame((frame) => kinds.push(frame[1]!))
  const session = start(founder, pair.a, { offersTime: () => Date.now() })
  const hello = greeting({ community: founder.identity.community, name: 'x', port: 0, knows: true })
  const older = { ...hello, features: FEATURES.filter((one) => one !== 'clock') } as typeof hello
  await pair.b.send(encodeMessage(older))
  await until(() => session.state().name === 'x', 'greeted')
  expect(kinds).not.toContain(20)
  session.close()
})
