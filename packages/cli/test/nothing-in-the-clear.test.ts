import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expectOk, openStation } from '@doorstep/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, registers, type World } from './run.ts'

const PASSPHRASE = 'a test passphrase'
const MIND = '耳背九十九,请大声敲门'
const NOTE = '老人说膝盖疼,下回带膏药'
const TITLE = '阳台堆了九十九个纸箱'
const PHONE = '00099990000'
const HALF = '没填完的话也是私事'

let world: World
/** What goes in lies outside: everything in the world's folder is searched. */
let outside: string
let env: Readonly<Record<string, string>>
beforeAll(() => {
  world = createWorld()
  outside = mkdtempSync(join(tmpdir(), 'doorstep-outside-'))
  env = { TMPDIR: join(world.folder, 'tmp') }
  mkdirSync(env.TMPDIR!)
})
afterAll(() => {
  world.remove()
  rmSync(outside, { recursive: true, force: true })
})

/** Impossible people of many doors, after the sample register. */
function registerOf(households: number): { readonly file: string; readonly personal: string[] } {
  const [header, first] = readFileSync(join(registers, 'sample-people.csv'), 'utf8').split(/\r?\n/)
  const columns = header!.split(',')
  const cells = first!.split(',').slice(0, columns.length)
  const personal: string[] = []
  const rows = Array.from({ length: households }, (_, n) => {
    const idNumber = impossibleId(n)
    const own = {
      单元: String(Math.floor(n / 200) + 1),
      房号: String(1001 + (n % 200)),
      户名: `测试户甲${n}号`,
      姓名: `测试住户乙${n}号`,
      户主电话: `000-7777-${String(n).padStart(4, '0')}`,
      身份证号: idNumber,
      出生日期: '1941-03-12',
      备注: '',
    }
    personal.push(own.户名, own.姓名, own.户主电话, idNumber)
    return columns.map((name, at) => (own as Record<string, string>)[name] ?? cells[at] ?? '').join(',')
  })
  const file = join(outside, 'register.csv')
  writeFileSync(file, [header, ...rows].join('\n'))
  return { file, personal }
}

/** Region 990000 does not exist (GB 11643); the check digit is right. */
function impossibleId(n: number): string {
  const body = `99000019410312${String(n).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0)
  return body + '10X98765432'[sum % 11]
}

/** Where any of the texts stands, in UTF-8 or UTF-16 of either order, in any file of the folder. */
function found(folder: string, texts: readonly string[]): string[] {
  const patterns = texts.flatMap((text) => {
    const little = Buffer.from(text, 'utf16le')
    return [Buffer.from(text, 'utf8'), little, Buffer.from(little).swap16()].map((bytes) => ({ text, bytes }))
  })
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      const content = readFileSync(path)
      return patterns.filter(({ bytes }) => content.includes(bytes)).map(({ text }) => `${path}: ${text}`)
    })
}

/** One household in eight: what holds for one row holds for its neighbour. */
const some = (texts: readonly string[]): string[] => texts.filter((_, at) => at % 32 < 4)

it('names, numbers, notes, answers and drafts lie nowhere on the disk as they are: not in the middle, not at the end', async () => {
  const { file, personal } = registerOf(480)
  expect(found(outside, some(personal).slice(0, 4)).length).toBe(4)
  const run = async (args: readonly string[], input?: string) => {
    const ran = await world.run([...args, '--json'], { env, ...(input === undefined ? {} : { input }) })
    expect(ran.stderr, args.join(' ')).toBe('')
    expect(ran.code, ran.stdout).toBe(0)
    return JSON.parse(ran.stdout)
  }
  await run(['init', '--community', '测试九十九社区', '--member', '测试员甲九九', '--grid', '九十九号网格'])
  const importing = ['import', file, '--mapping', join(registers, 'sample-people.mapping.json')]

  // Killed in the middle of writing: the log is still there, with all that was in it.
  const log = join(world.folder, 'home', 'station.db-wal')
  const sizeOf = () => statSync(log, { throwIfNoEntry: false })?.size ?? 0
  const child = world.start([...importing, '--grid', '九十九号网格', '--json'], env)
  const closed = once(child, 'close')
  while (sizeOf() < 300_000 && child.exitCode === null) await turn()
  child.kill('SIGKILL')
  expect((await closed)[1]).toBe('SIGKILL')
  expect(sizeOf()).toBeGreaterThan(200_000)
  const names = ['测试九十九社区', '测试员甲九九', '九十九号网格', '示范小区', PASSPHRASE]
  const all = [...some(personal), ...names, MIND, NOTE, TITLE, PHONE, HALF]
  expect(found(world.folder, all)).toEqual([])

  await run([...importing, '--grid', '九十九号网格'])
  const { matches } = await run(['find', personal[1]!])
  expect(matches.length).toBeGreaterThan(0)
  const { households } = await run(['household', 'list'])
  const [{ id }] = households
  await run(['household', 'edit', id, '--set', 'phone=@-', '--set', `mind=${MIND}`], PHONE)
  await run(['case', 'open', id, '--kind', 'passage-hazard', '--title', TITLE])
  await run(['visit', 'record', id, '--outcome', 'absent', '--note', NOTE])
  const bundle = await run(['bundle', 'write', join(world.folder, 'evening.bundle')])
  expect(bundle.bytes).toBeGreaterThan(200_000)
  const secret = { type: 'passphrase', text: PASSPHRASE } as const
  const station = expectOk(await openStation({ home: join(world.folder, 'home'), secret }))
  station.putDraft(`visit/${id}`, { note: HALF, text: personal[1] })
  // Read back as it is: what is searched for below is really in there.
  expect([...station.records({ type: 'visit' })].map((one) => one.fields.note)).toContain(NOTE)
  expect(station.trunk.store.recordsById(id)[0]?.projection.fields).toMatchObject({
    phone: PHONE,
    mind: MIND,
  })
  expect(found(world.folder, all), 'while it is open').toEqual([])
  await station.close()
  await run(['support', '--out', join(world.folder, 'report.json')])
  expect(sizeOf()).toBe(0)
  expect(found(world.folder, all), 'at the end').toEqual([])
  // And nothing of ours is left in the folder for temporary files.
  expect(readdirSync(env.TMPDIR!)).toEqual([])
}, 180_000)
