import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type Json, registers, type World } from './run.ts'

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(() => world.remove())

const init = () =>
  world.json([
    'init',
    '--community',
    '测试社区',
    '--member',
    '测试员甲',
    '--grid',
    '一号网格',
    '--station',
    '甲的笔记本',
  ])
const path = (name: string) => join(world.folder, name)
function textFile(name: string, text: string): string {
  writeFileSync(path(name), `${text}\n`)
  return path(name)
}
const homeOf = (name: string) => ['--home', path(name)]

describe('the passphrase', () => {
  it('is changed, and changed to a key file and back; each opens the home and none before it does', async () => {
    await init()
    const second = textFile('second', 'a second impossible wall')
    const list = ['household', 'list']
    expect(await world.json(['passphrase', 'change', '--new-passphrase-file', second])).toEqual({
      changed: true,
      kind: 'passphrase',
      keyFile: null,
      made: false,
      logEmptied: true,
    })
    expect((await world.json(list)).error.type).toBe('wrong-passphrase')
    expect(await world.json([...list, '--passphrase-file', second])).toEqual({ households: [] })

    const key = path('gateway.key')
    const change = ['passphrase', 'change', '--passphrase-file', second, '--new-key-file', key]
    expect(await world.json(change)).toMatchObject({ changed: true, kind: 'key', keyFile: key, made: true })
    expect(statSync(key)).toMatchObject({ size: 32 })
    expect(statSync(key).mode & 0o777).toBe(0o600)
    expect((await world.json([...list, '--passphrase-file', second])).error.type).toBe('wrong-secret-kind')
    expect(await world.json([...list, '--key-file', key])).toEqual({ households: [] })
    // A key file that was made for nothing is taken away again.
    const other = path('other.key')
    const wrong = ['passphrase', 'change', '--passphrase-file', second, '--new-key-file', other]
    expect((await world.json(wrong)).error.type).toBe('wrong-secret-kind')
    expect(existsSync(other)).toBe(false)
    const back = ['passphrase', 'change', '--key-file', key, '--new-passphrase-file', second]
    expect(await world.json(back)).toMatchObject({ changed: true, kind: 'passphrase' })
    expect(await world.json([...list, '--passphrase-file', second])).toEqual({ households: [] })
  }, 60_000)

  it('is refused, with advice, when it is short or obvious: where a home is made and where it is changed', async () => {
    const weak = textFile('weak', '12345678')
    const short = textFile('short', 'seven77')
    const founding = ['init', '--community', '测', '--member', '甲', '--grid', '一', '--passphrase-file']
    expect((await world.json([...founding, weak])).error).toMatchObject({
      type: 'weak-passphrase',
      reason: 'obvious',
    })
    expect(existsSync(path('home'))).toBe(false)
    await init()
    const { error } = await world.json(['passphrase', 'change', '--new-passphrase-file', short])
    expect(error).toMatchObject({ type: 'weak-passphrase', reason: 'short', least: 8 })
    expect(error.message).toContain('three or four words')
    expect((await world.json(['passphrase', 'change'])).error.type).toBe('new-passphrase-needed')
    expect(await world.json(['household', 'list'])).toEqual({ households: [] })
  }, 60_000)

  it('makes scripts wait after three wrong ones by telling them how long, in every process', async () => {
    await init()
    const env = { DOORSTEP_PASSPHRASE: 'wrong, all wrong' }
    const types: string[] = []
    for (let n = 0; n < 3; n++) {
      const ran = await world.run(['household', 'list', '--json'], { env })
      types.push(JSON.parse(ran.stdout).error.type)
    }
    expect(types).toEqual(Array(3).fill('wrong-passphrase'))
    // However slow the machine, some of these come within the second, and each wrong one doubles it.
    let waited: Json
    for (let n = 0; n < 6 && !waited; n++) {
      const ran = await world.run(['household', 'list', '--json'], { env })
      const { error } = JSON.parse(ran.stdout)
      if (error.type === 'passphrase-wait') waited = error
    }
    expect(waited).toMatchObject({
      seconds: expect.any(Number),
      message: expect.stringContaining('s to wait'),
    })
    expect(waited.seconds).toBeLessThanOrEqual(60)
  }, 60_000)
})

describe('a forgotten passphrase', () => {
  it('three homes: the worker asks, a chief answers, the worker opens with the new one; nothing unsent is lost', async () => {
    await init()
    const join_ = async (name: string, role: string) => {
      const out = path(`${name}.invite`)
      await world.json([
        'member',
        'invite',
        '--role',
        role,
        '--name',
        name,
        '--grid',
        '一号网格',
        '--out',
        out,
      ])
      await world.json([
        'member',
        'join',
        out,
        '--out',
        path(`${name}.request`),
        '--station',
        `${name}的笔记本`,
        ...homeOf(name),
      ])
      await world.json(['member', 'grant', path(`${name}.request`), '--out', path(`${name}.grant`)])
      expect(await world.json(['member', 'join', path(`${name}.grant`), ...homeOf(name)])).toMatchObject({
        joined: true,
      })
    }
    await join_('测试员丙', 'chief')
    await join_('测试员乙', 'worker')
    // The second chief hears of the worker by a bundle; the worker writes something that nobody else has.
    await world.json(['bundle', 'write', path('evening.bundle')])
    await world.json(['bundle', 'read', path('evening.bundle'), ...homeOf('测试员丙')])
    const mapping = join(registers, 'sample-people.mapping.json')
    const people = join(registers, 'sample-people.csv')
    await world.json(['import', people, '--mapping', mapping, '--grid', '一号网格', ...homeOf('测试员乙')])
    const { households } = await world.json(['household', 'list', ...homeOf('测试员乙')])
    expect(households.length).toBeGreaterThan(3)

    const fresh = textFile('fresh', 'four words nobody guesses')
    const request = path('forgotten.json')
    const asked = await world.json([
      'passphrase',
      'forgotten',
      '--out',
      request,
      '--new-passphrase-file',
      fresh,
      ...homeOf('测试员乙'),
    ])
    expect(asked).toMatchObject({
      fingerprint: expect.stringMatching(/^(\w{4}-){2}\w{4}$/),
      chiefs: expect.any(Array),
    })
    expect(asked.chiefs).toHaveLength(2)
    const answer = ['passphrase', 'rescue', request, '--out', path('answer.json'), ...homeOf('测试员丙')]
    expect((await world.json([...answer, '--fingerprint', 'AAAA-AAAA-AAAA'])).error.type).toBe(
      'fingerprint-differs',
    )
    const answered = await world.run([
      ...answer,
      '--fingerprint',
      asked.fingerprint.toLowerCase().replaceAll('-', ' '),
      '--json',
    ])
    expect(JSON.parse(answered.stdout)).toMatchObject({
      memberName: '测试员乙',
      stationName: '测试员乙的笔记本',
      fingerprint: asked.fingerprint,
    })
    expect(answered.stderr).toContain(asked.fingerprint)
    // The worker cannot answer himself, and neither file opens anything alone.
    expect(
      (await world.json(['passphrase', 'rescue', request, '--out', path('x.json'), ...homeOf('测试员乙')]))
        .error.type,
    ).toBe('role-may-not')
    expect((await world.json(['passphrase', 'restore', request, ...homeOf('测试员乙')])).error.type).toBe(
      'not-a-rescue-file',
    )
    const restore = ['passphrase', 'restore', path('answer.json'), '--passphrase-file']
    expect(
      (await world.json([...restore, textFile('wrong', 'not what I chose'), ...homeOf('测试员乙')])).error
        .type,
    ).toBe('wrong-passphrase')
    expect(await world.json([...restore, fresh, ...homeOf('测试员乙')])).toMatchObject({ restored: true })

    expect((await world.json(['household', 'list', ...homeOf('测试员乙')])).error.type).toBe(
      'wrong-passphrase',
    )
    const after = await world.json(['household', 'list', '--passphrase-file', fresh, ...homeOf('测试员乙')])
    expect(after.households).toEqual(households)
    expect((await world.json([...restore, fresh, ...homeOf('测试员乙')])).error.type).toBe('rescue-not-asked')
  }, 120_000)

  it('of the only chief: nobody can help, and it is said', async () => {
    await init()
    const fresh = textFile('fresh', 'four words nobody guesses')
    const { error } = await world.json([
      'passphrase',
      'forgotten',
      '--out',
      path('r'),
      '--new-passphrase-file',
      fresh,
    ])
    expect(error.type).toBe('no-rescue')
    expect(existsSync(path('r'))).toBe(false)
  }, 60_000)
})

describe('the founding key', () => {
  it('is printed, forgotten, and typed in again from three of the sheets; a slip of the pen is found in its line', async () => {
    await init()
    const printed = await world.json(['recovery', 'print', '--out-dir', path('sheets'), '--forget'])
    expect(printed).toMatchObject({ communityName: '测试社区', shares: 5, threshold: 3, forgotten: true })
    expect(printed.files).toHaveLength(5)
    const sheet = (n: number) => readFileSync(printed.files[n - 1], 'utf8')
    for (const words of ['测试社区', printed.community, '4 / 5', '凑齐任意 3 份', 'Any 3 of these sheets'])
      expect(sheet(4)).toContain(words)
    expect((await world.json(['recovery', 'print'])).error.type).toBe('no-founding-key')
    const restore = ['recovery', 'restore', '--share', printed.files[0], '--share', printed.files[4]]
    expect((await world.json(restore)).error).toMatchObject({
      type: 'shares-too-few',
      given: 2,
      threshold: 3,
    })
    const slip = sheet(3).replace(
      /^( {4}2 {2}...)(.)/m,
      (_, before, wrong) => `${before}${wrong === 'X' ? 'Y' : 'X'}`,
    )
    const typed = await world.run([...restore, '--share', '-', '--json'], { input: slip })
    expect(JSON.parse(typed.stdout).error).toMatchObject({ type: 'share-line-wrong', share: 1, line: 2 })
    const right = await world.run([...restore, '--share', '-', '--json'], { input: sheet(3).toLowerCase() })
    expect(JSON.parse(right.stdout)).toMatchObject({ restored: true, shares: 3 })
    const again = await world.run(['recovery', 'print', '--shares', '2', '--threshold', '2'])
    expect(again.stdout).toContain('1 / 2')
    expect(again.stdout.match(/^ {4}[1-4] {2}(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}$/gm)).toHaveLength(8)
    expect((await world.json(['recovery', 'print', '--shares', '2', '--threshold', '3'])).error.type).toBe(
      'bad-share-count',
    )
  }, 60_000)
})

describe('the report for maintainers', () => {
  it('has counts, sizes and times, and not one word of the register', async () => {
    await init()
    const people = join(registers, 'sample-people.csv')
    await world.json([
      'import',
      people,
      '--mapping',
      join(registers, 'sample-people.mapping.json'),
      '--grid',
      '一号网格',
    ])
    const report = await world.json(['support'])
    expect(report).toMatchObject({
      doorstep: 'support/1',
      program: { node: process.versions.node },
      timings: { openMs: expect.any(Number), saveMs: expect.any(Array) },
      home: { secret: { kind: 'passphrase' }, doctor: { ok: true } },
    })
    expect(report.timings.saveMs).toHaveLength(5)
    expect(await world.json(['support', '--out', path('report.json')])).toMatchObject({
      file: path('report.json'),
    })
    const written = readFileSync(path('report.json'), 'utf8')
    const cells = new Set(
      readFileSync(people, 'utf8')
        .split(/[\r\n,"]+/)
        .filter((cell) => cell.length > 3 || /\p{Script=Han}/u.test(cell)),
    )
    expect(cells.size).toBeGreaterThan(20)
    const { station, community } = JSON.parse((await world.run(['sync', 'status', '--json'])).stdout)
    for (const secret of [
      ...cells,
      '测试社区',
      '测试员甲',
      '一号网格',
      '甲的笔记本',
      'a test passphrase',
      world.folder,
      station,
      community,
    ])
      if (typeof secret === 'string')
        for (const text of [JSON.stringify(report), written]) expect(text, secret).not.toContain(secret)
    // What was made to time a save is gone.
    expect(readdirSync(path('home')).filter((name) => name.startsWith('scratch'))).toEqual([])
  }, 60_000)
})
