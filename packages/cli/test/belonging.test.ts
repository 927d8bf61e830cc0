import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type Json, registers, type World } from './run.ts'

/** A chief and two workers, each with a laptop of their own; whoever serves is a process of its own. */
describe('who belongs, as commands', () => {
  let world: World
  const home = (name: string) => ['--home', join(world.folder, name)]
  const file = (name: string) => join(world.folder, name)
  const as = (name: string, ...args: string[]): Promise<Json> => world.json([...args, ...home(name)])

  beforeAll(async () => {
    world = createWorld({ isResident: true })
    await as(
      'chief',
      'init',
      '--community',
      '测试社区',
      '--member',
      '站长',
      '--grid',
      '一号网格',
      '--grid',
      '二号网格',
    )
    for (const [name, called] of [
      ['bert', '测试员乙'],
      ['carl', '测试员丙'],
    ] as const)
      await join3(name, called, name === 'bert' ? ['--grid', '一号网格'] : [])
    const register = join(registers, 'sample-people')
    await as(
      'chief',
      'import',
      `${register}.csv`,
      '--mapping',
      `${register}.mapping.json`,
      '--grid',
      '一号网格',
    )
  }, 120_000)
  afterAll(() => world.remove())

  /** By stick: invite, request, grant. */
  async function join3(name: string, called: string, grids: readonly string[]): Promise<void> {
    await as(
      'chief',
      'member',
      'invite',
      '--role',
      'worker',
      '--name',
      called,
      ...grids,
      '--out',
      file(`${name}.invite`),
    )
    await as(name, 'member', 'join', file(`${name}.invite`), '--out', file(`${name}.request`))
    await as('chief', 'member', 'grant', file(`${name}.request`), '--out', file(`${name}.grant`))
    expect(await as(name, 'member', 'join', file(`${name}.grant`))).toMatchObject({ joined: true })
  }

  async function whileServing(name: string, work: (address: string) => Promise<void>): Promise<void> {
    const serving: ChildProcess = world.start([
      ...['sync', 'serve', '--listen', '127.0.0.1:0', '--no-discover', '--json'],
      ...home(name),
    ])
    const ended = new Promise<void>((resolve) => serving.once('close', () => resolve()))
    try {
      const { host, port } = await new Promise<{ host: string; port: number }>((resolve, reject) => {
        let text = ''
        serving.stdout!.on('data', (chunk) => {
          text += String(chunk)
          // The document is whole at the brace that closes it, at the start of a line.
          if (/^\}$/m.test(text))
            resolve((JSON.parse(text) as { listening: { host: string; port: number } }).listening)
        })
        serving.once('close', () => reject(new Error(`ended before it listened: ${text}`)))
      })
      await work(`${host}:${port}`)
    } finally {
      serving.kill('SIGTERM')
      await ended
    }
  }

  const households = async (name: string) => (await as(name, 'household', 'list')).households.length

  it('A6 hands a grid over by stick: the visits of the one count, the grid reaches the other and leaves the first', async () => {
    await as('chief', 'bundle', 'write', file('morning'))
    await as('bert', 'bundle', 'read', file('morning'))
    expect(await households('bert')).toBeGreaterThan(0)
    const [{ id }] = (await as('bert', 'household', 'list')).households
    expect(await as('bert', 'household', 'edit', id, '--set', 'note=记下的')).not.toHaveProperty('error')
    const handed = await as('chief', 'grid', 'handover', '一号网格', '--from', '测试员乙', '--to', '测试员丙')
    expect(handed).toMatchObject({ rekeyed: [expect.stringMatching(/^sp-/)] })
    await whileServing('chief', async (address) => {
      await as('bert', 'sync', 'now', '--peer', address)
      await as('carl', 'sync', 'now', '--peer', address)
    })
    expect(await households('bert')).toBe(0)
    expect(await households('carl')).toBeGreaterThan(0)
    expect((await as('carl', 'household', 'show', id)).household.note).toBe('记下的')
    expect((await as('chief', 'quarantine', 'list')).held).toEqual([])
    const { grids } = await as('chief', 'grid', 'list')
    expect(grids.find((grid: Json) => grid.name === '一号网格').workers).toMatchObject([{ name: '测试员丙' }])
  }, 120_000)

  it('A8 removes a member; the laptop hands over what it had not sent, and destroys itself', async () => {
    const [{ id }] = (await as('carl', 'household', 'list')).households
    await as('carl', 'household', 'edit', id, '--set', 'note=没送出的')
    const removed = await as('chief', 'member', 'remove', '测试员丙')
    expect(removed).toMatchObject({ name: '测试员丙', stations: [expect.stringMatching(/^st-/)] })
    expect(removed.limits.length).toBeGreaterThan(2)
    await whileServing('chief', async (address) => {
      expect(await as('carl', 'sync', 'now', '--peer', address)).toMatchObject({
        error: { type: 'station-removed', unsent: null },
      })
    })
    expect(await as('carl', 'household', 'list')).toMatchObject({
      error: { type: 'home-destroyed', reason: 'removed' },
    })
    const { held } = await as('chief', 'quarantine', 'list')
    expect(held).toMatchObject([{ reason: 'station-not-standing', from: removed.stations[0] }])
    expect((await as('chief', 'household', 'show', id)).household.note).toBe('记下的')
    await as('chief', 'quarantine', 'release', held[0].id)
    expect((await as('chief', 'household', 'show', id)).household.note).toBe('没送出的')
    expect((await as('chief', 'quarantine', 'list')).held).toEqual([])
  }, 120_000)

  it('hears of its removal by stick: what it had not sent lies sealed in a file that a colleague takes in', async () => {
    await join3('dora', '测试员丁', ['--grid', '二号网格'])
    await as('chief', 'member', 'remove', '测试员丁')
    await as('chief', 'bundle', 'write', file('evening'))
    const { error } = await as('dora', 'bundle', 'read', file('evening'))
    expect(error.type).toBe('station-removed')
    expect(error.unsent === null || existsSync(error.unsent)).toBe(true)
    expect(await as('dora', 'digest')).toMatchObject({ error: { type: 'home-destroyed' } })
  }, 120_000)

  it('A4 nobody removes upwards, or oneself', async () => {
    const { members } = await as('chief', 'member', 'list')
    const chief = members.find((member: Json) => member.role === 'chief').id
    expect(await as('bert', 'member', 'remove', chief)).toMatchObject({ error: { type: 'role-may-not' } })
    expect(await as('chief', 'member', 'remove', chief)).toMatchObject({ error: { type: 'is-self' } })
    expect(await as('chief', 'member', 'remove', '没有这人')).toMatchObject({
      error: { type: 'unknown-member' },
    })
  }, 60_000)

  it('gives a member a second laptop, and lets the old one leave in good order', async () => {
    await as('bert', 'station', 'invite', '--out', file('second.invite'))
    await as('bert2', 'member', 'join', file('second.invite'), '--out', file('second.request'))
    await as('bert', 'member', 'grant', file('second.request'), '--out', file('second.grant'))
    expect(await as('bert2', 'member', 'join', file('second.grant'))).toMatchObject({ joined: true })
    expect(await as('bert', 'station', 'decommission')).toMatchObject({ error: { type: 'needs-yes' } })
    await whileServing('bert2', async (address) => {
      const done = await as('bert', 'station', 'decommission', '--yes', '--peer', address)
      expect(done).toMatchObject({ unsent: null })
    })
    expect(await as('bert', 'digest')).toMatchObject({
      error: { type: 'home-destroyed', reason: 'decommissioned' },
    })
    const { stations } = await as('bert2', 'station', 'list')
    expect(stations.filter((station: Json) => station.memberName === '测试员乙')).toHaveLength(1)
  }, 120_000)
})
