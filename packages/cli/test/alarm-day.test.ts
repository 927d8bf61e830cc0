import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type AlarmCard,
  type AlarmVerdict,
  builtinRules,
  expectOk,
  type Finding,
  ok,
  type Rule,
} from '@doorstep/core'
import { deliver, gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect, test } from 'vitest'
import { StationProcess } from './station-process.ts'

const HOUR = 3_600_000
const DEADLINE_MS = 90_000
const ruleOf = (is: (rule: Rule) => boolean): Rule => builtinRules.find(is)!
const RULES = {
  smoke: ruleOf(({ id }) => id === 'smoke'),
  noUse: ruleOf(({ id }) => id === 'water-none-24h'),
  sos: ruleOf(({ id }) => id === 'sos'),
  silence: ruleOf(({ kind }) => kind === 'silence'),
} as const

/** Waits for a condition over several processes; says what it saw last when it waited in vain. */
async function until<T>(what: string, look: () => Promise<T>, passes: (seen: T) => boolean): Promise<T> {
  const startedMs = Date.now()
  for (;;) {
    const seen = await look()
    if (passes(seen)) return seen
    if (Date.now() - startedMs > DEADLINE_MS) throw new Error(`waited for ${what}: ${JSON.stringify(seen)}`)
    await pause(50)
  }
}

/** A community of a chief, a gateway and two workers, each a home of its own, with two homes and a device of each kind. */
async function openTown() {
  const { community, founder } = await TestCommunity.create()
  const gateway = await community.join(founder, '网关', 'steward')
  const [ann, ben] = [await community.join(founder, '甲'), await community.join(founder, '乙')]
  const written = await founder.write('record.import', (book) => {
    const grid = gridOf(founder)
    const building = expectOk(book.create('building', grid, { set: { name: '1幢' } }))
    const devices: string[] = []
    for (const room of ['101', '102']) {
      const dwelling = expectOk(book.create('dwelling', grid, { set: { building, unit: '1', room } }))
      expectOk(book.create('household', grid, { set: { dwelling, name: `测试住户 ${room}` } }))
      for (const kind of ['smoke', 'water', 'button', 'electricity'])
        devices.push(expectOk(book.create('device', grid, { set: { dwelling, kind } })))
    }
    return ok(devices)
  })
  for (const other of [gateway, ann, ben]) await deliver(founder, other)
  const homes = [gateway, founder, ann, ben].map(({ home }) => home)
  for (const station of [gateway, founder, ann, ben]) await station.close()
  return { community, homes, devices: expectOk(written).value }
}

const summary = (alarms: readonly AlarmCard[]) =>
  alarms
    .map(({ id, state, verdict, disputed, case: which, answers, signals }) => ({
      ...{ id, state, verdict, disputed, which },
      answers: answers.map((one) => `${one.by.member} ${one.did} ${one.verdict}`),
      signals: signals.map((one) => one.state),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))

test('a day of alarms: a gateway killed in the middle, two laptops with it and one away; none is lost or doubled, and what is done on one is seen on all', async () => {
  const { community, homes, devices } = await openTown()
  const [gatewayHome, chiefHome, annHome, benHome] = homes as [string, string, string, string]
  const started: StationProcess[] = []
  const start = async (...given: Parameters<typeof StationProcess.start>) => {
    const one = await StationProcess.start(...given)
    started.push(one.process)
    return one
  }
  try {
    const first = await start(gatewayHome)
    const peer = `127.0.0.1:${first.port}`
    const { process: chief } = await start(chiefHome, 0, [peer])
    const { process: ann } = await start(annHome, 0, [peer])
    const { process: ben } = await start(benHome)
    const [smoke, water, button, meter, smoke2, water2, button2, meter2] = devices as [string, ...string[]]
    const nowMs = Date.now()
    const finding = (rule: Rule, device: string, hoursAgo: number): Finding => ({
      ...{ rule: rule.id, device, state: 'raised', figures: {} },
      ...{ sinceMs: nowMs - hoursAgo * HOUR, atMs: nowMs },
    })
    const morning = [
      [RULES.smoke, finding(RULES.smoke, smoke, 0)],
      [RULES.noUse, finding(RULES.noUse, water!, 24)],
      [RULES.sos, finding(RULES.sos, button!, 0)],
      [RULES.silence, finding(RULES.silence, meter!, 30)],
    ] as const
    const ids = await Promise.all(
      morning.map(async ([rule, one]) => (await first.process.raise(one, rule)).alarm!),
    )
    const [smokeId, noUseId, sosId, silenceId] = ids as [string, string, string, string]
    for (const laptop of [chief, ann])
      await until('four alarms at a laptop', laptop.alarms, (seen) => seen.length === 4)
    expect(await ben.alarms()).toEqual([])

    const answer = (at: StationProcess, alarm: string, verdict: AlarmVerdict, did: 'phoned' | 'visited') =>
      at.ask({ do: 'answer', answer: { alarm, did, verdict } })
    const verdictOf = (id: string) => (seen: readonly AlarmCard[]) =>
      seen.find((one) => one.id === id)?.verdict
    await answer(ann, smokeId, 'true', 'visited')
    for (const other of [chief, first.process])
      await until('smoke answered', other.alarms, (seen) => verdictOf(smokeId)(seen) === 'true')

    // The gateway dies among further alarms, some of them acknowledged.
    const evening = [
      [RULES.smoke, finding(RULES.smoke, smoke2!, 1)],
      [RULES.noUse, finding(RULES.noUse, water2!, 25)],
      [RULES.sos, finding(RULES.sos, button2!, 1)],
      [RULES.silence, finding(RULES.silence, meter2!, 31)],
      ...[2, 3, 4, 5].map((hours) => [RULES.sos, finding(RULES.sos, button!, hours)] as const),
    ] as const
    const acknowledged: string[] = []
    const raising = evening.map(([rule, one]) =>
      first.process.raise(one, rule).then(
        ({ alarm }) => acknowledged.push(alarm!),
        () => undefined,
      ),
    )
    await Promise.race([raising[2], pause(DEADLINE_MS)])
    await first.process.kill()
    await Promise.all(raising)
    expect(acknowledged.length).toBeGreaterThan(0)
    // Nobody is there to tell; it is written down all the same, and told later.
    await answer(ann, noUseId, 'away', 'phoned')

    const again = await start(gatewayHome, first.port)
    const kept = new Set((await again.process.alarms()).map(({ id }) => id))
    for (const id of [...ids, ...acknowledged]) expect(kept).toContain(id)
    // Its rules find the same again from the same readings.
    for (const [rule, one] of [...morning, ...evening])
      await again.process.raise({ ...one, atMs: nowMs + 60_000 }, rule)
    await again.process.raise({ ...morning[0][1], state: 'cleared', atMs: nowMs + 120_000 }, RULES.smoke)
    await again.process.raise({ ...morning[3][1], state: 'unknown', atMs: nowMs + 120_000 }, RULES.silence)
    const all = new Set((await again.process.alarms()).map(({ id }) => id))
    expect(all.size).toBe(morning.length + evening.length)
    for (const one of [chief, ann, again.process])
      await until(
        'everything at everybody who is connected',
        one.alarms,
        (seen) =>
          seen.length === all.size &&
          verdictOf(noUseId)(seen) === 'away' &&
          seen.find(({ id }) => id === silenceId)?.state === 'unknown',
      )

    // The one who was away gets it on a stick, and answers what another answers at the same time.
    const file = join(community.folder, 'evening.bundle')
    await chief.ask({ do: 'write-bundle', file })
    await ben.ask({ do: 'read-bundle', file })
    expect(new Set((await ben.alarms()).map(({ id }) => id))).toEqual(all)
    expect(verdictOf(smokeId)(await ben.alarms())).toBe('true')
    await answer(ben, sosId, 'true', 'visited')
    await answer(chief, sosId, 'false', 'phoned')
    await ben.ask({ do: 'call', peer })
    const everybody = [chief, ann, ben, again.process]
    const told = await until(
      'one state on all four',
      () => Promise.all(everybody.map((one) => one.alarms().then(summary))),
      (seen) => {
        const sos = seen.map((one) => one.find(({ id }) => id === sosId)!)
        return (
          sos.every(({ answers }) => answers.length === 2) &&
          new Set(seen.map((one) => JSON.stringify(one))).size === 1
        )
      },
    )
    expect(told[0]!.find(({ id }) => id === sosId)).toMatchObject({ verdict: 'true', disputed: true })
    expect(told[0]!.find(({ id }) => id === smokeId)).toMatchObject({
      ...{ verdict: 'true', state: 'cleared' },
      signals: ['raised', 'cleared'],
    })
    const digests = await until(
      'the same records on all four',
      () => Promise.all(everybody.map((one) => one.ask({ do: 'digests' }))),
      (seen) => new Set(seen.map((one) => JSON.stringify(one))).size === 1,
    )
    expect(digests[0]).toHaveLength(2)
    // Each alarm is in a case, and in no case twice.
    const cases = await chief.ask<readonly { id: string }[]>({ do: 'cases' })
    const named = new Set(told[0]!.map(({ which }) => which))
    expect(new Set(cases.map(({ id }) => id))).toEqual(named)
  } finally {
    for (const one of started) await one.kill()
    await community.close()
  }
}, 400_000)
