import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk, ok } from '../result.ts'
import { builtinRules } from '../watch/builtin-rules.ts'
import { ruleFor } from '../watch/evaluate.ts'
import { at, hours, readRegister, tableView } from '../watch/sample-home.test.data.ts'
import { DAY_MS } from '../watch/watched.ts'
import { giveConsent, withdrawConsent } from './consent.ts'
import { calendarIn, startOfDay } from './day.ts'
import { learnDevices } from './learn-devices.ts'
import { noteLeave } from './leave.ts'
import { openRecordSet } from './record-set.ts'
import { record } from './sample-records.test.data.ts'
import { carry, NOW_MS, type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { adjustDevice, setRule } from './set-rule.ts'
import { deviceRulesOf, rulesOf } from './watch-rules.ts'
import { watchedDevice } from './watched-devices.ts'

let sample: SampleStation
let device: string
beforeAll(async () => {
  sample = await sampleStation()
  const { station, grid, households } = sample
  const { dwelling } = station.get(households[0]!)!.fields
  const made = await station.write('record.edit', (book) =>
    ok(
      expectOk(
        book.create('device', grid, {
          set: { dwelling: dwelling!, kind: 'water', installedOn: '2026-01-01' },
        }),
      ),
    ),
  )
  device = expectOk(made).value
})
afterAll(() => sample.close())

const rules = () => rulesOf(openRecordSet(sample.station, { follow: false }))
const rule = (code: string) => rules().find(({ id }) => id === code)
const watched = (station = sample.station) => {
  const set = openRecordSet(station, { follow: false })
  return watchedDevice(set, set.get(device)!, NOW_MS)
}

test('without a record everything is as the program has it', () => {
  expect(rules().map(({ record: _, ...one }) => one)).toEqual(builtinRules)
})

test('a chief changes one limit, the chain and the urgency, disables a rule, adds one, and gives a field back', async () => {
  const { station } = sample
  const change = async (code: string, set: Parameters<typeof setRule>[1]['set']) =>
    expectOk(await setRule(station, { code, set }))
  await change('water-none-24h', {
    below: 0.008,
    chain: 'worker:0,chief:60',
    source: '本社区',
    grade: 'ordinary',
  })
  expect(rule('water-none-24h')).toMatchObject({
    limits: { hours: 24, below: 0.008, rearmHours: 12 },
    chain: [
      { step: 'worker', afterMinutes: 0 },
      { step: 'chief', afterMinutes: 60 },
    ],
    grade: 'ordinary',
    urgency: 'care',
  })
  await change('water-none-24h', { below: null })
  expect(rule('water-none-24h')!.limits.below).toBe(0.01)
  await change('door-open-long', { disabled: true })
  expect(ruleFor(rule('door-open-long')!, { ...watched(), allowed: true })).toBeNull()
  await change('water-none-48h', {
    kind: 'no-use',
    signal: 'water',
    hours: 48,
    below: 0.01,
    name: '两天没用水',
  })
  expect(rule('water-none-48h')).toMatchObject({ kind: 'no-use', signal: 'water', urgency: 'care' })
  expect(await setRule(station, { code: 'nothing', set: { hours: 3 } })).toMatchObject({
    problem: { type: 'no-such-rule' },
  })
  expect(await setRule(station, { code: 'smoke', set: { chain: 'phone' } })).toMatchObject({
    problem: { type: 'invalid-field', rule: 'alarm-chain' },
  })
  const worker = await sample.colleague()
  expect(await setRule(worker, { code: 'smoke', set: { disabled: true } })).toMatchObject({
    problem: { type: 'role-may-not' },
  })
})

test('a device learns from a false alarm, with the reason; a rule about life is never off for one home', async () => {
  const { station } = sample
  expectOk(
    await adjustDevice(station, {
      device,
      rule: 'water-none-24h',
      limits: { below: 0.004 },
      reason: '独居,用水很少',
    }),
  )
  expect(watched().own['water-none-24h']).toEqual({ limits: { below: 0.004 }, disabled: false })
  expect(deviceRulesOf(station.get(device)!)['water-none-24h']).toMatchObject({ reason: '独居,用水很少' })
  expect(ruleFor(rule('water-none-24h')!, { ...watched(), allowed: true })!.limits.below).toBe(0.004)
  const off = { device, rule: 'smoke', limits: {}, disabled: true, reason: '总响' }
  expect(await adjustDevice(station, off)).toMatchObject({ problem: { type: 'life-rule' } })
  // Whoever writes it all the same is not heeded.
  const own = { smoke: { limits: {}, disabled: true } }
  expect(ruleFor(rule('smoke')!, { ...watched(), allowed: true, own })).not.toBeNull()
})

test('what the first week taught a device is noted once, as learned, and holds there', async () => {
  const { station } = sample
  const set = openRecordSet(station, { follow: false })
  const known = { ...watchedDevice(set, set.get(device)!, NOW_MS), allowed: true }
  const view = tableView(readRegister('electricity', hours(24 * 7, 0.1), { device }))
  const weekLater = { ...known, fromMs: at(0), learnedMs: at(7 * 24) }
  sample.setNow(at(7 * 24 + 9))
  expect(expectOk(await learnDevices(station, view, [weekLater]))).toEqual({ learned: 1 })
  sample.setNow(NOW_MS)
  const own = deviceRulesOf(station.get(device)!)['electricity-low-24h']
  expect(own).toMatchObject({ learned: true, limits: { below: 0.96 } })
  expect(
    expectOk(await learnDevices(station, view, [{ ...weekLater, own: { 'electricity-low-24h': own! } }])),
  ).toEqual({
    learned: 0,
  })
})

test('what two say apart of one device is one answer everywhere, and off only when all say so', () => {
  const said = (id: string, value: object) => ({
    id,
    by: 'me-1',
    at: 0,
    value: { rule: 'fault', limits: {}, ...value },
  })
  const of = (...items: ReturnType<typeof said>[]) =>
    deviceRulesOf(record('device', '1', {}, { timelines: { watch: items as never } })).fault
  const off = said('b', { disabled: true, saw: ['a'] })
  const other = said('c', { limits: { minutes: 5 }, saw: ['a'] })
  const first = said('a', { limits: { minutes: 1 }, saw: [] })
  expect(of(first, off)).toMatchObject({ disabled: true })
  expect(of(first, off, other)).toMatchObject({ disabled: false, limits: { minutes: 5 } })
  expect(of(other, first, off)).toEqual(of(first, off, other))
  expect(of(first, off, other, said('d', { disabled: true, saw: ['a', 'b', 'c'] }))).toMatchObject({
    disabled: true,
  })
  expect(of(said('e', { limits: { minutes: -1, nonsense: 3 } }))).toMatchObject({ limits: {} })
})

test('a device is looked at from the consent on, after a week of learning, closely only by a consent of its own', async () => {
  const { station, households } = sample
  const [household] = households as [string]
  expect(watched()).toMatchObject({ allowed: false, close: false, leaves: [] })
  const given = expectOk(
    await giveConsent(station, {
      subject: household,
      purpose: 'monitor-water',
      how: 'paper',
      from: '2026-11-10',
    }),
  )
  const fromMs = startOfDay(calendarIn('Asia/Shanghai'), '2026-11-10')
  expect(watched()).toMatchObject({ allowed: true, close: false, fromMs, learnedMs: fromMs + 7 * DAY_MS })
  expectOk(await giveConsent(station, { subject: household, purpose: 'watch-closely', how: 'paper' }))
  expect(watched().close).toBe(true)
  expectOk(await noteLeave(station, { household, until: '2026-11-30', saidBy: 'resident' }))
  expect(watched().leaves).toHaveLength(1)
  const gateway = await sample.colleague('steward')
  await carry(station, gateway)
  // What is masked for a gateway's member is nothing that rules go by.
  expect(watched(gateway)).toEqual(watched())
  expectOk(await withdrawConsent(station, { consent: given.consent, reason: '不要了' }))
  expect(watched().allowed).toBe(false)
})
