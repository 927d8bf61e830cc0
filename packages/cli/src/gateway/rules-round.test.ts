import { expectOk, giveConsent, ok, openRecordSet, openSeries } from '@doorstep/core'
import { deliver } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { memoryLog, neighbourhood } from './gateway.test.data.ts'
import { openLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { RulesRound } from './rules-round.ts'

test('what was raised and over before a restart is not told again after it', async () => {
  const home = await neighbourhood()
  const { founder, gateway, household } = home
  const day = new Date(founder.now - 30 * 86_400_000).toISOString().slice(0, 10)
  expectOk(
    await giveConsent(founder, { subject: household, purpose: 'monitor-smoke', how: 'paper', from: day }),
  )
  const dwelling = String(founder.get(household)!.fields.dwelling)
  const set = { dwelling, kind: 'smoke', protocol: 'mqtt', address: 's1', installedOn: day }
  const { value: device } = expectOk(
    await founder.write('record.edit', (book) => {
      const made = book.create('device', founder.get(household)!.space, { set })
      return made.ok ? ok(made.value) : made
    }),
  )
  await deliver(founder, gateway)
  const series = expectOk(openSeries(gateway))
  const say = async (value: number) => {
    const observation = { device, signal: 'smoke', atMs: gateway.now, value } as const
    expectOk(await series.append([observation]))
    return [observation]
  }
  const signals = () =>
    [...gateway.records({ type: 'alarm' })].map(({ timelines }) =>
      (timelines.signals ?? []).map(({ value }) => (value as { state: string }).state).sort(),
    )
  const { out } = memoryLog()
  const started = () => {
    const log = openLog({ level: 'debug', form: 'json', language: 'en', out })
    const metrics = createMetrics(() => [] as never)
    return new RulesRound({ station: gateway, set: openRecordSet(gateway), series, log, metrics })
  }
  const first = started()
  first.heard(await say(1))
  await first.run()
  first.heard(await say(0))
  await first.run()
  await first.close()
  expect(signals()).toEqual([['cleared', 'raised']])

  const second = started()
  await second.run()
  expect(signals()).toEqual([['cleared', 'raised']])
  await second.close()
  await series.close()
  await home.close()
})
