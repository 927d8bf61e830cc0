import { join } from 'node:path'
import { expectOk, openStation, type Rule, raiseFinding } from '@doorstep/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type Json, type World } from './run.ts'

const EMERGENCY = '000-0000-7777'
const HOUR = 3_600_000
const noWater: Rule = {
  id: 'water-none-24h',
  label: ['24 小时几乎没用水', 'Hardly any water for 24 h'],
  kind: 'no-use',
  signal: 'water',
  limits: { hours: 24, below: 0.01 },
  applies: 'all',
  urgency: 'care',
  caseKind: 'health',
  grade: 'serious',
  chain: [
    { step: 'phone', afterMinutes: 0 },
    { step: 'worker', afterMinutes: 30 },
  ],
  disabled: false,
  source: ['试', 'test'],
}

let world: World
let device: string
const raise = async (sinceMs: number): Promise<string> => {
  const station = expectOk(
    await openStation({
      home: join(world.folder, 'home'),
      secret: { type: 'passphrase', text: 'a test passphrase' },
    }),
  )
  try {
    const figures = { used: 0.003, below: 0.01, hours: 24 }
    const finding = { rule: noWater.id, device, state: 'raised', sinceMs, atMs: Date.now(), figures } as const
    return expectOk(await raiseFinding(station, finding, noWater)).alarm!
  } finally {
    await station.close()
  }
}

beforeAll(async () => {
  world = createWorld({ isResident: true })
  await world.json(['init', '--community', '测试社区', '--member', '测试员甲', '--grid', '一号网格'])
  const added = await world.json([
    ...['household', 'add', '1-2-301', '--name', '测试住户', '--new-building', '--grid', '一号网格'],
    ...['--set', `emergencyPhone=${EMERGENCY}`, '--set', 'emergencyContact=测试女儿'],
  ])
  device = (
    await world.json([
      ...['device', 'add', added.household, '--kind', 'water'],
      ...['--protocol', 'dlt645', '--address', '161'],
    ])
  ).device
}, 60_000)
afterAll(() => world.remove())

const openAlarms = async (): Promise<Json[]> => (await world.json(['alarm', 'list', '--open'])).alarms

test('an alarm is listed, shown masked, answered, measured; the number to call only by a reveal that is noted', async () => {
  const id = await raise(Date.now() - 24 * HOUR)
  expect(await openAlarms()).toMatchObject([
    {
      id,
      rule: 'water-none-24h',
      urgency: 'care',
      address: expect.stringContaining('301'),
      state: 'raised',
      open: true,
    },
  ])
  const shown = await world.run(['alarm', 'show', id.slice(0, 9), '--lang', 'zh'])
  expect(shown.stdout).toContain('24 小时用了 0.003 m³,低于 0.01 m³')
  expect(shown.stdout).toContain('还没有人处置')
  for (const text of [shown.stdout, shown.stderr, (await world.run(['alarm', 'show', id, '--json'])).stdout])
    expect(text.replaceAll('-', '')).not.toContain(EMERGENCY.replaceAll('-', ''))
  const [, ...command] = /doorstep (reveal \S+ emergencyPhone --reason emergency)/.exec(shown.stderr)!
  expect((await world.json(command[0]!.split(' '))).value).toBe(EMERGENCY)
  const { trail } = await world.json(['audit', 'list'])
  expect(JSON.stringify(trail ?? {})).not.toContain(EMERGENCY)

  const tried = await world.json(['alarm', 'answer', id, '--did', 'nobody'])
  expect(tried).toMatchObject({
    open: true,
    next: { step: 'worker' },
    answers: [{ did: 'nobody', means: 'phone' }],
  })
  const wrong = await world.json(['alarm', 'answer', id, '--did', 'nobody', '--verdict', 'true'])
  expect(wrong.error).toMatchObject({
    type: 'verdict-unfounded',
    next: expect.arrayContaining([expect.stringContaining('alarm answer')]),
  })
  const met = await world.run([
    'alarm',
    'answer',
    id,
    '--did',
    'visited',
    '--verdict',
    'away',
    '--lang',
    'en',
  ])
  expect(met.stdout).toBe('Noted: Away from home. Its case ended with it.\n')
  expect(await openAlarms()).toEqual([])
  const { measures } = await world.json(['alarm', 'measures'])
  expect(measures.map(({ of, raised, falsePercent }: Json) => [of, raised, falsePercent])).toEqual([
    ['all', 1, 100],
    ['rule', 1, 100],
    ['device', 1, 100],
  ])
  expect((await world.run(['alarm', 'measures', '--lang', 'zh'])).stdout).toContain('误报率')
}, 60_000)
