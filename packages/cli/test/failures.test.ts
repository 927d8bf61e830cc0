import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, registers, type World } from './run.ts'

const HAN = /\p{Script=Han}/u

describe('what a command says when it cannot', () => {
  let world: World
  beforeAll(async () => {
    world = createWorld()
    await world.run(['init', '--community', '测试社区', '--member', '测试员甲', '--grid', '一号网格'])
  })
  afterAll(() => world.remove())

  const usages: readonly (readonly [why: string, args: readonly string[]])[] = [
    ['a flag that must be there', ['case', 'open', 'hh-1', '--title', '楼道堆物']],
    ['a day that does not exist', ['visit', 'due', '--on', '2026-02-30']],
    ['a step there is not', ['case', 'step', 'ca-1', 'dance']],
    ['two ways to settle', ['conflict', 'settle', 'hh-1', 'phone', '--value', '1', '--choice', '1']],
    ['no way to settle', ['conflict', 'settle', 'hh-1', 'phone']],
    ['a pair without a value', ['household', 'edit', 'hh-1', '--set', 'phone']],
  ]
  it.each(usages)('exits 2 for %s, with nothing but the error on stdout', async (_, args) => {
    const ran = await world.run([...args, '--json'])
    expect(ran.code).toBe(2)
    const { error } = JSON.parse(ran.stdout)
    expect(error).toMatchObject({ type: 'usage', message: expect.any(String) })
    expect(error.next).toEqual([`doorstep ${args.slice(0, 2).join(' ')} --help`])
  })

  const failures: readonly (readonly [type: string, args: readonly string[]])[] = [
    ['no-such-record', ['household', 'show', 'hh-0000']],
    ['no-such-record', ['visit', 'record', '9-9-999']],
    ['unknown-grid', ['household', 'list', '--grid', '没有这个网格']],
    ['file-unreadable', ['import', 'nothing.csv', '--mapping', 'nothing.json']],
    ['invalid-field', ['household', 'edit', 'hh-1', '--set', 'colour=red']],
    ['input-taken', ['household', 'edit', 'hh-1', '--set', 'note=@-', '--set', 'mind=@-']],
    ['answers-not-json', ['form', 'fill', 'home-safety-check', '--answers', '-']],
    ['form-builtin', ['form', 'add', 'home-safety-check']],
    ['not-supported', ['device', 'decode', 'smoke-signals', '68']],
    ['invalid-hex', ['device', 'decode', 'dlt645', '68 zz']],
    ['bad-line-address', ['device', 'simulate', '--listen', 'nowhere', '--meter', '161:1']],
  ]
  it.each(failures)('exits 1 for %s: %s', async (type, args) => {
    const ran = await world.run([...args, '--json'])
    expect(ran.code).toBe(1)
    const { error } = JSON.parse(ran.stdout)
    expect(error).toMatchObject({ type, message: expect.stringMatching(/\S/) })
    expect(error.next.length).toBeGreaterThan(0)
  })

  it('says it in Chinese and in English, on stderr, with the command to type next', async () => {
    const showing = ['household', 'show', 'hh-0000']
    const [zh, en] = await Promise.all([
      world.run([...showing, '--lang', 'zh']),
      world.run(showing, { env: { DOORSTEP_LANG: 'en' } }),
    ])
    expect([zh.code, en.code]).toEqual([1, 1])
    expect([zh.stdout, en.stdout]).toEqual(['', ''])
    expect(zh.stderr).toContain('没有这条记录:hh-0000')
    expect(en.stderr).toContain('no such record: hh-0000')
    expect(en.stderr).not.toMatch(HAN)
    for (const { stderr } of [zh, en]) expect(stderr).toContain('\n  doorstep find TEXT')
  })

  it('asks nothing where there is no terminal: it names the flag', async () => {
    const ran = await world.run(['household', 'list', '--json'], { env: { DOORSTEP_PASSPHRASE: 'wrong' } })
    expect(JSON.parse(ran.stdout).error.type).toBe('wrong-passphrase')
    const file = join(world.folder, 'passphrase')
    writeFileSync(file, 'a test passphrase\n')
    const opened = await world.json(['household', 'list', '--passphrase-file', file])
    expect(opened).toEqual({ households: [] })
  })

  it('says everything wrong with a mapping at once', async () => {
    const file = join(world.folder, 'mapping.json')
    writeFileSync(
      file,
      '{"doorstep":"mapping/9","name":"x","records":{"building":{"key":["a"],"fields":{"hight":"b"}}}}',
    )
    const ran = await world.run(['import', join(registers, 'sample-people.csv'), '--mapping', file])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('doorstep: "mapping/9" is none of those known; allowed: mapping/1')
    expect(ran.stderr).toContain('records.building.fields.hight: no such field')
  })

  it('gives a file that cannot be read its name', async () => {
    mkdirSync(join(world.folder, 'folder.csv'))
    const { error } = await world.json(['import', 'folder.csv', '--mapping', 'folder.csv'])
    expect(error).toMatchObject({ type: 'file-unreadable', file: 'folder.csv', code: 'EISDIR' })
  })

  it('says that a record is damaged, and what to do, when one no longer opens', async () => {
    const damaged = createWorld()
    try {
      await damaged.run(['init', '--community', '测试社区', '--member', '测试员甲', '--grid', '一号网格'])
      const db = new DatabaseSync(join(damaged.folder, 'home', 'station.db'))
      db.exec('UPDATE record SET sealed = zeroblob(80)')
      db.close()
      const ran = await damaged.run(['visit', 'due', '--json'])
      expect(ran.code).toBe(1)
      const { error } = JSON.parse(ran.stdout)
      expect(error.type).toBe('damaged-store')
      expect(error.next).toContain('doorstep doctor')
    } finally {
      damaged.remove()
    }
  })
})
