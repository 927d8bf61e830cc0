import { expectOk, giveConsent, ok, openRecordSet, openSeries } from '@doorstep/core'
import { deliver } from '@doorstep/core/testing'
import { expect, test, vi } from 'vitest'
import { memoryLog, neighbourhood, PERSONAL, quietMetrics } from './gateway.test.data.ts'
import { openLog } from './log.ts'
import { RulesRound } from './rules-round.ts'

/** A home with a smoke alarm that may be read, and its gateway's readings. */
async function smokeHome() {
  const home = await neighbourhood()
  const { founder, gateway, household } = home
  const day = new Date(founder.now - 30 * 86_400_000).toISOString().slice(0, 10)
  expectOk(
    await giveConsent(founder, { subject: household, purpose: 'monitor-smoke', how: 'paper', from: day }),
  )
  const { space, fields } = founder.get(household)!
  const dwelling = String(fields.dwelling)
  const set = { dwelling, kind: 'smoke', protocol: 'mqtt', address: 's1', installedOn: day }
  const { value: device } = expectOk(
    await founder.write('record.edit', (book) => {
      const made = book.create('device', space, { set })
      return made.ok ? ok(made.value) : made
    }),
  )
  await deliver(founder, gateway)
  const series = expectOk(openSeries(gateway))
  const { lines, out } = memoryLog()
  return {
    series,
    lines,
    async say(value: number) {
      const observation = { device, signal: 'smoke', atMs: gateway.now, value } as const
      expectOk(await series.append([observation]))
      return [observation]
    },
    started: () =>
      new RulesRound({
        station: gateway,
        set: openRecordSet(gateway),
        series,
        log: openLog({ level: 'debug', form: 'json', language: 'en', out }),
        metrics: quietMetrics(),
      }),
    signals: () =>
      [...gateway.records({ type: 'alarm' })].map(({ timelines }) =>
        (timelines.signals ?? []).map(({ value }) => (value as { state: string }).state).sort(),
      ),
    async close() {
      await series.close()
      await home.close()
    },
  }
}

test('what was raised and over before a restart is not told again after it', async () => {
  const { say, started, signals, close } = await smokeHome()
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
  await close()
})

test('what was found in a round that broke off is found again by the next; until then the gateway is not ready', async () => {
  const { series, say, started, signals, lines, close } = await smokeHome()
  const rules = started()
  const latest = series.latest.bind(series)
  // The rule about smoke has been looked at by then.
  const broken = vi.spyOn(series, 'latest').mockImplementation((device, signal) => {
    if (signal !== 'smoke') throw new Error(`测试住户甲 ${PERSONAL.join()}`)
    return latest(device, signal)
  })
  rules.heard(await say(1))
  await rules.run()
  expect([signals(), rules.isBroken]).toEqual([[], true])
  broken.mockRestore()
  await rules.run()
  expect([signals(), rules.isBroken]).toEqual([[['raised']], false])
  await rules.close()
  const failed = lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'rules-failed')
  expect(failed).toMatchObject({
    problem: 'Error',
    where: expect.stringMatching(/^rules-round\.test\.ts:\d+$/),
  })
  for (const secret of PERSONAL) expect(lines.join('')).not.toContain(secret)
  await close()
})
