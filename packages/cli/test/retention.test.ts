import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type Json, registers, type World } from './run.ts'

const MAPPING = join(registers, 'sample-people.mapping.json')
const IMPORT = ['import', join(registers, 'sample-people.csv'), '--mapping', MAPPING]

describe('erasing from the command line', () => {
  let world: World
  let household: string
  beforeAll(async () => {
    world = createWorld({ isResident: true })
    await world.json(['init', '--community', '测试社区', '--member', '测试员甲', '--grid', '一号网格'])
    expect((await world.json(IMPORT)).created).toBeGreaterThan(0)
    household = (await world.json(['household', 'list'])).households[0].id
  })
  afterAll(() => world.remove())

  it('asks for --yes where there is no terminal, and erases nothing without it', async () => {
    const refused = await world.json(['retention', 'erase', household, '--reason', 'left-community'])
    expect(refused.error).toMatchObject({
      type: 'confirmation-needed',
      next: ['doorstep retention erase RECORD --reason TEXT --yes'],
    })
    expect((await world.json(['household', 'show', household])).household).toMatchObject({ id: household })
  })

  it('erases what is named, says what went and what it cannot reach', async () => {
    const shown = await world.json(['household', 'show', household])
    const people = shown.residents.map((one: Json) => one.person ?? one.id)
    const erasing = ['retention', 'erase', household, ...people, '--reason', 'left-community', '--yes']
    const erased = await world.json(erasing)
    expect(erased.erased.map((one: Json) => one.record)).toEqual([household, ...people])
    expect(erased.erased.every((one: Json) => one.parts >= 1)).toBe(true)
    expect(erased.entries).toEqual([
      {
        space: expect.stringMatching(/^sp-/),
        log: expect.stringMatching(/^[0-9a-f]{32}$/),
        seq: expect.any(Number),
      },
    ])
    expect(erased.notReached).toEqual([{ type: 'bundles' }, { type: 'backups' }, { type: 'paper' }])
    expect((await world.json(['household', 'show', household])).error.type).toBe('no-such-record')
    expect((await world.json(['household', 'list'])).households.map((one: Json) => one.id)).not.toContain(
      household,
    )
    const parts = erased.erased.reduce((sum: number, one: Json) => sum + one.parts, 0)
    expect((await world.json(['doctor'])).checks).toContainEqual({
      name: 'erasures',
      ok: true,
      counts: { parts, unconfirmed: 0, unnamed: 0, left: 0 },
      wrong: [],
    })
    expect(readdirSync(join(world.folder, 'home'))).toEqual(['station.db'])
    expect(readFileSync(join(world.folder, 'home', 'station.db')).includes('left-community')).toBe(false)
  })

  it('says so in prose, in both languages', async () => {
    const [next] = (await world.json(['household', 'list'])).households
    const args = ['retention', 'erase', next.id, '--reason', 'left-community', '--yes']
    const en = await world.run(args)
    expect(en).toMatchObject({ code: 0 })
    expect(en.stdout).toMatch(/Erased \d+ parts of 1 records.*\n.*collect and destroy them/s)
    const [another] = (await world.json(['household', 'list'])).households
    const zh = await world.run([
      'retention',
      'erase',
      another.id,
      '--reason',
      'left',
      '--yes',
      '--lang',
      'zh',
    ])
    expect(zh.stdout).toContain('请收回销毁')
  })

  it('does not bring back from the register what was erased', async () => {
    const again = await world.json(IMPORT)
    expect(again).toMatchObject({ created: 0, updated: 0, rejected: [] })
    expect(again.erased).toBeGreaterThanOrEqual(3)
  })
})
