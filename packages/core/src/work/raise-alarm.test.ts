import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk, ok } from '../result.ts'
import type { Station } from '../station/station.ts'
import { builtinRules } from '../watch/builtin-rules.ts'
import type { Finding, Rule } from '../watch/finding.ts'
import { alarmCard, listAlarms } from './alarm-list.ts'
import { alarmMeasures } from './alarm-measures.ts'
import { foldAlarm } from './alarm-state.ts'
import { answerAlarm } from './answer-alarm.ts'
import { foldCaseRecord } from './case-state.ts'
import { giveConsent } from './consent.ts'
import { erasureDue } from './erasure-due.ts'
import { householdFamily } from './family.ts'
import { improveAlarm } from './improve-alarm.ts'
import { noteLeave } from './leave.ts'
import { companyOf } from './move-household-company.ts'
import { openCase } from './open-case.ts'
import { raiseFinding } from './raise-alarm.ts'
import { openRecordSet } from './record-set.ts'
import { carry, NOW_MS, type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { stillFound } from './still-found.ts'
import { deviceRulesOf } from './watch-rules.ts'
import { watchedDevice } from './watched-devices.ts'

const HOUR = 3_600_000
let sample: SampleStation
let station: Station
let household: string
let device: string
beforeEach(async () => {
  sample = await sampleStation(2)
  station = sample.station
  household = sample.households[0]!
  const written = await station.write('record.import', (book) => {
    const { dwelling } = book.get(household)!.fields
    const made = expectOk(book.create('device', sample.grid, { set: { dwelling: dwelling!, kind: 'water' } }))
    expectOk(book.edit(household, { set: { emergencyContact: '测试女儿', emergencyPhone: '13800005678' } }))
    return ok(made)
  })
  device = expectOk(written).value
})
afterEach(() => sample.close())

const noWater: Rule = {
  id: 'water-none-24h',
  label: ['24 小时未用水', 'No water for 24 hours'],
  kind: 'no-use',
  signal: 'water',
  limits: { below: 0.01, hours: 24 },
  applies: 'all',
  urgency: 'care',
  caseKind: 'health',
  grade: 'ordinary',
  chain: [
    { step: 'phone', afterMinutes: 0 },
    { step: 'worker', afterMinutes: 15 },
    { step: 'chief', afterMinutes: 60 },
  ],
  disabled: false,
  source: ['试', 'test'],
}
const smoke: Rule = {
  ...noWater,
  ...{ id: 'smoke', label: ['烟雾', 'Smoke'], kind: 'condition', signal: 'smoke', urgency: 'life' },
  ...{ caseKind: 'danger', grade: 'serious' },
}
const finding = (rule: Rule, more: Partial<Finding> = {}): Finding => ({
  rule: rule.id,
  device,
  state: 'raised',
  sinceMs: NOW_MS - 24 * HOUR,
  atMs: NOW_MS,
  figures: { used: 0.003 },
  ...more,
})
const casesOf = (of: Station) => [...of.records({ type: 'case' })]

test('a finding makes one alarm and one case in the home’s grid, however often and by whomever it is said', async () => {
  const steward = await sample.colleague('steward')
  const first = expectOk(await raiseFinding(steward, finding(noWater), noWater))
  expect(first).toMatchObject({ opened: true, did: 'raised' })
  const twice = expectOk(await raiseFinding(steward, finding(noWater, { atMs: NOW_MS + 1 }), noWater))
  expect(twice).toMatchObject({ alarm: first.alarm, did: 'nothing', entries: [] })
  // A second gateway that has not heard of it says the same.
  const other = expectOk(await raiseFinding(station, finding(noWater, { figures: { used: 0.004 } }), noWater))
  expect(other.alarm).toBe(first.alarm)
  await carry(steward, station)
  await carry(station, steward)
  for (const one of [station, steward]) {
    const [alarm, ...more] = [...one.records({ type: 'alarm' })]
    expect(more).toEqual([])
    expect(alarm).toMatchObject({ space: sample.grid, fields: { household, device }, conflicts: {} })
    const cases = casesOf(one)
    expect(cases).toHaveLength(1)
    expect(cases[0]).toMatchObject({
      id: foldAlarm(alarm!).cases[0],
      fields: { household, kind: 'health', source: 'device', title: '24 小时未用水 · No water for 24 hours' },
      conflicts: {},
    })
  }
})

test('it joins the open device case of the home, and the case says so; what is more urgent opens its own', async () => {
  const plain = expectOk(await openCase(station, { household, kind: 'health', title: '走访' }))
  const first = expectOk(await raiseFinding(station, finding(noWater), noWater))
  expect(first.case).not.toBe(plain.case)
  const door = { ...noWater, id: 'door-24h', label: ['门未开', 'Door not opened'] as const }
  const second = expectOk(await raiseFinding(station, finding(door), door))
  expect(second).toMatchObject({ case: first.case, opened: false })
  expect(foldCaseRecord(station.get(first.case!)!).steps.at(-1)).toMatchObject({
    step: 'note',
    note: expect.stringContaining('门未开'),
  })
  const fire = expectOk(await raiseFinding(station, finding(smoke), smoke))
  expect(fire).toMatchObject({ opened: true })
  const third = { ...noWater, id: 'pir-24h' }
  // Somebody is on the way there already: what is less urgent joins one of them.
  expect(expectOk(await raiseFinding(station, finding(third), third)).opened).toBe(false)
})

test('cleared and unknown are kept, and close no case; of what was never raised nothing is written', async () => {
  const gone = finding(smoke, { state: 'cleared' })
  expect(expectOk(await raiseFinding(station, gone, smoke))).toMatchObject({ alarm: null, entries: [] })
  const { alarm, case: which } = expectOk(await raiseFinding(station, finding(smoke), smoke))
  for (const [at, state] of [
    [1, 'unknown'],
    [2, 'raised'],
    [3, 'cleared'],
    [4, 'cleared'],
  ] as const)
    expectOk(await raiseFinding(station, finding(smoke, { state, atMs: NOW_MS + at * HOUR }), smoke))
  const fold = foldAlarm(station.get(alarm!)!)
  expect(fold.signals.map(({ state }) => state)).toEqual(['raised', 'unknown', 'confirmed', 'cleared'])
  expect([fold.open, foldCaseRecord(station.get(which!)!).open]).toEqual([true, true])
})

test('answers go on the alarm and its case: tried by phone, somebody at the door, nothing wrong, over', async () => {
  const worker = await sample.colleague()
  const { alarm, case: which } = expectOk(await raiseFinding(station, finding(noWater), noWater))
  await carry(station, worker)
  sample.setNow(NOW_MS + 6 * 60_000)
  expectOk(await answerAlarm(worker, { alarm: alarm!, did: 'nobody' }))
  sample.setNow(NOW_MS + 20 * 60_000)
  const done = expectOk(
    await answerAlarm(worker, { alarm: alarm!, did: 'visited', verdict: 'away', note: '在女儿家' }),
  )
  expect(done).toMatchObject({ open: false, verdict: 'away', case: which, caseEnded: true })
  await carry(worker, station)
  const set = openRecordSet(station, { follow: false })
  const card = alarmCard(set, alarm!, { nowMs: station.now })!
  expect(card).toMatchObject({ open: false, falseAlarms: 1, contact: { phone: '138****5678' } })
  expect(card.answers.map(({ did, means }) => [did, means])).toEqual([
    ['nobody', 'phone'],
    ['visited', 'door'],
  ])
  expect(foldCaseRecord(station.get(which!)!).steps.map(({ step }) => step)).toEqual([
    'report',
    'accept',
    'decline',
  ])
  const [all] = alarmMeasures(set, '2026-11-24', '2026-11-24')
  expect(all).toMatchObject({
    ...{ raised: 1, open: 0, falsePercent: 100 },
    firstAnswer: { count: 1, medianMinutes: 6 },
    atDoor: { medianMinutes: 20 },
    verdict: { medianMinutes: 20 },
  })
  // Found again a day later, whoever is well by what was said may not be: it is raised again, and a case with it.
  const later = finding(noWater, { atMs: NOW_MS + 25 * HOUR })
  const again = expectOk(await raiseFinding(station, later, noWater))
  expect(again).toMatchObject({ alarm, did: 'raised-again', opened: true })
  expect(again.case).not.toBe(which)
  expect(
    listAlarms(openRecordSet(station, { follow: false }), { nowMs: station.now, open: true }),
  ).toHaveLength(1)
})

test('a case with an alarm that nobody has looked at yet is not ended with another', async () => {
  const door = { ...noWater, id: 'door-24h' }
  const first = expectOk(await raiseFinding(station, finding(noWater), noWater))
  const second = expectOk(await raiseFinding(station, finding(door), door))
  const said = { did: 'phoned', verdict: 'false' } as const
  expect(expectOk(await answerAlarm(station, { alarm: first.alarm!, ...said })).caseEnded).toBe(false)
  expect(expectOk(await answerAlarm(station, { alarm: second.alarm!, ...said })).caseEnded).toBe(true)
})

test('who may not, does not: a worker raises nothing, a gateway answers nothing, nobody is well unseen', async () => {
  const worker = await sample.colleague()
  const steward = await sample.colleague('steward')
  expect(await raiseFinding(worker, finding(noWater), noWater)).toMatchObject({
    problem: { type: 'role-may-not' },
  })
  const { alarm } = expectOk(await raiseFinding(steward, finding(noWater), noWater))
  expect(await answerAlarm(steward, { alarm: alarm!, did: 'phoned' })).toMatchObject({
    problem: { type: 'role-may-not' },
  })
  await carry(steward, station)
  expect(await answerAlarm(station, { alarm: alarm!, did: 'nobody', verdict: 'true' })).toMatchObject({
    problem: { type: 'verdict-unfounded' },
  })
})

test('after the second false alarm it is proposed what to do about the next, the likeliest first, and one act does it', async () => {
  const rule = builtinRules.find(({ id }) => id === 'water-none-24h')!
  const answered = async (days: number, verdict: 'away' | 'false') => {
    const sinceMs = NOW_MS - days * 24 * HOUR
    const { alarm } = expectOk(await raiseFinding(station, finding(rule, { sinceMs }), rule))
    expectOk(await answerAlarm(station, { alarm: alarm!, did: 'phoned', verdict }))
    return alarm!
  }
  const card = (id: string) =>
    alarmCard(openRecordSet(station, { follow: false }), id, { nowMs: station.now })!
  const first = await answered(9, 'away')
  expect(card(first).improvements).toEqual([])
  expect(await improveAlarm(station, { alarm: first, do: 'repair' })).toMatchObject({
    problem: { type: 'no-such-improvement', possible: [] },
  })
  await answered(5, 'false')
  const third = await answered(2, 'false')
  expect(card(third).improvements).toEqual([
    { do: 'threshold', because: 2, limits: { hours: { from: 24, to: 48 } } },
    { do: 'leave', because: 1, limits: null },
    { do: 'repair', because: 0, limits: null },
  ])
  expectOk(await improveAlarm(station, { alarm: third, do: 'threshold' }))
  expect(deviceRulesOf(station.get(device)!)[rule.id]).toMatchObject({ limits: { hours: 48 }, alarm: third })
  const leave = expectOk(await improveAlarm(station, { alarm: third, do: 'leave', until: '2026-12-01' }))
  expect(station.get(leave.record)?.fields).toMatchObject({ household, until: '2026-12-01' })
  const repair = expectOk(await improveAlarm(station, { alarm: third, do: 'repair' }))
  expect(expectOk(await improveAlarm(station, { alarm: third, do: 'repair' }))).toMatchObject({
    record: repair.record,
    entries: [],
  })
  // What concerns life is not told less.
  const fire = builtinRules.find(({ id }) => id === 'smoke')!
  const ids: string[] = []
  for (const days of [3, 4]) {
    const sinceMs = NOW_MS - days * HOUR
    const { alarm } = expectOk(await raiseFinding(station, finding(fire, { sinceMs }), fire))
    expectOk(await answerAlarm(station, { alarm: alarm!, did: 'visited', verdict: 'fault' }))
    ids.push(alarm!)
  }
  expect(card(ids[1]!).improvements.map((one) => one.do)).toEqual(['repair'])
})

test('what was said to be nothing and is found all the same is told again after the rule’s own window, not to who is away', async () => {
  const rule = builtinRules.find(({ id }) => id === 'water-none-24h')!
  const { alarm } = expectOk(await raiseFinding(station, finding(rule), rule))
  expectOk(await answerAlarm(station, { alarm: alarm!, did: 'phoned', verdict: 'false' }))
  expectOk(await giveConsent(station, { subject: household, purpose: 'monitor-water', how: 'paper' }))
  const found = (hours: number) => {
    const set = openRecordSet(station, { follow: false })
    const watched = watchedDevice(set, set.getA('device', device)!, NOW_MS + hours * HOUR)
    return stillFound(set, NOW_MS + hours * HOUR, [rule], new Map([[device, watched]]))
  }
  expect(found(23)).toEqual([])
  // 23:14 is in the quiet hours, 09:14 of the day after is not.
  expect(found(38)).toEqual([])
  const [again] = found(48)
  expect(expectOk(await raiseFinding(station, again!, rule)).did).toBe('raised-again')
  expect(found(48)).toEqual([])
  expectOk(await answerAlarm(station, { alarm: alarm!, did: 'phoned', verdict: 'away' }))
  expectOk(await noteLeave(station, { household, saidBy: 'phone', until: '2026-12-31' }))
  expect(found(120)).toEqual([])
})

test('alarms are of their home: copied, erased and moved with it, and an auditor reads no words of theirs', async () => {
  const { alarm } = expectOk(await raiseFinding(station, finding(noWater), noWater))
  expectOk(await answerAlarm(station, { alarm: alarm!, did: 'visited', verdict: 'true', note: '摔倒' }))
  const auditor = await sample.colleague('auditor')
  expect(foldAlarm(auditor.get(alarm!)!).answers).toMatchObject([{ verdict: 'true', note: '****' }])
  const set = openRecordSet(station, { follow: false })
  expect(householdFamily(set, set.get(household)!).map(({ id }) => id)).toContain(alarm)
  const { goes } = companyOf(
    { records: (of) => station.records({ ...of, moved: true }), copies: (id) => set.copies(id) },
    set.get(household)!,
    'sp-0000',
    undefined,
  )
  expect(goes.map(({ id }) => id)).toContain(alarm)
  expect(erasureDue(set, '2027-11-23').map(({ record }) => record)).not.toContain(alarm)
  expect(erasureDue(set, '2027-11-24').map(({ record }) => record)).toContain(alarm)
})
