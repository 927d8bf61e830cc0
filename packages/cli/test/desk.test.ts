import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../src/commands.ts'
import { createWorld, type Json, registers, type World } from './run.ts'

const MAPPING = join(registers, 'sample-people.mapping.json')
const GRID = '一号网格'

/** Homes that open with a key file: a passphrase takes its time on purpose, and here are many commands. */
function createQuickWorld(): World {
  const world = createWorld({ isResident: true })
  writeFileSync(join(world.folder, 'key'), new Uint8Array(32).fill(7))
  const keyed = (args: readonly string[]) => [...args, '--key-file', 'key']
  return {
    ...world,
    run: (args, options) => world.run(keyed(args), options),
    json: (args, options) => world.json(keyed(args), options),
  }
}

/** A chief's laptop and a firm's: what is sent to the firm, what comes back, and what it cannot see. */
describe('a partner at a desk', () => {
  let world: World
  let household: string
  let id: string
  let dispatch: string
  const firm = ['--home', 'firm']
  const hand = async (from: readonly string[], to: readonly string[]) => {
    rmSync(join(world.folder, 'stick'), { force: true })
    expect(await world.json(['bundle', 'write', 'stick', ...from])).toMatchObject({
      bytes: expect.any(Number),
    })
    return world.json(['bundle', 'read', 'stick', ...to])
  }
  beforeAll(async () => {
    world = createQuickWorld()
    await world.json([
      'init',
      '--community',
      '测试社区',
      '--member',
      '测试员甲',
      '--grid',
      GRID,
      '--time-zone',
      'Asia/Shanghai',
    ])
    await world.json(['import', join(registers, 'sample-people.csv'), '--mapping', MAPPING])
    household = (await world.json(['household', 'list'])).households[0].id
    await world.json(['household', 'edit', household, '--set', 'phone=13800009999'])
  }, 120_000)
  afterAll(() => world.remove())

  it('is invited for a grid, and not without one', async () => {
    const inviting = ['member', 'invite', '--role', 'partner', '--name', '测试物业', '--out', 'invite']
    expect((await world.json(inviting)).error).toMatchObject({ type: 'grid-needed' })
    expect(await world.json([...inviting, '--grid', GRID])).toMatchObject({ role: 'partner' })
    await world.json(['member', 'join', 'invite', '--out', 'request', ...firm])
    expect(await world.json(['member', 'grant', 'request', '--out', 'grant'])).toMatchObject({
      grant: 'grant',
    })
    const joined = await world.run(['member', 'join', 'grant', '--lang', 'en', ...firm])
    expect(joined.stdout).toContain('doorstep dispatch list')
    expect((await world.json(['digest', ...firm])).spaces).toMatchObject([{ kind: 'desk', name: '测试物业' }])
  })

  it('gets a case with what it takes and no more', async () => {
    const opened = await world.json([
      ...['case', 'open', household, '--kind', 'facility', '--title', '楼道灯坏', '--due', '2026-12-01'],
    ])
    id = opened.case
    const sending = ['case', 'dispatch', id, '--to', '物业', '--note', '带梯子', '--bring', '灯泡']
    expect((await world.json(sending)).error).toMatchObject({ type: 'step-not-allowed' })
    await world.json(['case', 'step', id, 'accept'])
    expect((await world.json(['case', 'dispatch', id, '--to', '消防'])).error).toMatchObject({
      type: 'no-such-desk',
      desks: ['测试物业'],
    })
    expect((await world.json([...sending, '--share', 'idNumber'])).error).toMatchObject({
      type: 'not-shareable',
    })
    expect((await world.json([...sending, '--share', 'phone'])).error).toMatchObject({ type: 'no-consent' })
    await world.json(['consent', 'give', household, '--purpose', 'share-with-partner', '--how', 'paper'])
    const sent = await world.json([...sending, '--share', 'phone'])
    expect(sent).toMatchObject({ state: 'dispatched', shared: ['phone'], desk: { name: '测试物业' } })
    expect(new Set(sent.entries.map((one: Json) => one.space)).size).toBe(2)
    dispatch = sent.dispatch
    await hand([], firm)
    const { dispatches } = await world.json(['dispatch', 'list', ...firm])
    expect(dispatches).toMatchObject([
      { id: dispatch, title: '楼道灯坏', deadline: '2026-12-01', state: 'sent' },
    ])
    const shown = await world.json(['dispatch', 'show', dispatch.slice(0, 9), ...firm])
    expect(shown).toMatchObject({
      note: '带梯子',
      bring: '灯泡',
      from: '测试员甲',
      told: { phone: '13800009999' },
    })
    const { households } = await world.json(['household', 'list'])
    expect(shown.address).toBe(households[0].address)
    expect(JSON.stringify(shown)).not.toContain('测试户')
  })

  it('reports, and the case has it as a step', async () => {
    await world.json(['dispatch', 'report', dispatch, 'accepted', ...firm])
    expect((await world.json(['dispatch', 'report', dispatch, 'cannot', ...firm])).error).toMatchObject({
      type: 'report-incomplete',
    })
    expect(
      (await world.json(['dispatch', 'report', dispatch, 'withdraw', '--note', '不', ...firm])).error,
    ).toMatchObject({
      type: 'role-may-not',
    })
    await world.json(['dispatch', 'report', dispatch, 'question', '--note', '几楼?', ...firm])
    await hand(firm, [])
    await world.json(['dispatch', 'report', dispatch, 'answer', '--note', '三楼'])
    const card = await world.json(['case', 'show', id])
    expect(card.steps.slice(-3)).toMatchObject([
      { step: 'accepted', via: '测试物业', byName: '测试物业' },
      { step: 'question', via: '测试物业', note: '几楼?' },
      { step: 'answer', via: '测试物业', byName: '测试员甲', note: '三楼' },
    ])
    for (const language of ['zh', 'en']) {
      const told = await world.run(['case', 'show', id, '--lang', language])
      expect(told.stdout).toContain('几楼?')
      expect(told.stdout).toContain(language === 'zh' ? '告知了联系电话' : 'told: Phone')
      const list = await world.run(['dispatch', 'show', dispatch, '--lang', language, ...firm])
      expect(list.stdout).toContain(language === 'zh' ? '有疑问' : 'Question')
    }
  })

  it('hears that the case has ended', async () => {
    for (const step of ['handle', 'check', 'close']) await world.json(['case', 'step', id, step])
    await hand([], firm)
    expect(await world.json(['dispatch', 'list', '--open', ...firm])).toEqual({ dispatches: [] })
    expect((await world.json(['dispatch', 'report', dispatch, 'done', ...firm])).error).toMatchObject({
      type: 'dispatch-ended',
      state: 'closed',
    })
  })

  /** With what to call each command with; those of the register say that they are for others. */
  const REGISTER =
    /^(alarm|household|visit|case|conflict|find|import|device|person|reveal|consent|retention|attachment|sweep|claim|diary|day|overview|errand|export|print|report|leave)\b/
  const ANYWHERE = [
    'device decode',
    'device discover',
    'device scan',
    'device simulate',
    'device simulate-mqtt',
  ]
  const calls = (): Readonly<Record<string, readonly string[] | null>> => ({
    'attachment add': [household, 'photo.jpg'],
    'attachment budget': [],
    'attachment drop': ['at-1'],
    'attachment keep': ['at-1'],
    'attachment list': [],
    'attachment show': ['at-1'],
    'audit list': [],
    'bundle read': ['stick'],
    'bundle show': ['stick'],
    'bundle write': ['out.bundle'],
    'case dispatch': [id, '--to', '测试物业'],
    'case list': [],
    'case open': [household, '--kind', 'x', '--title', 'y'],
    'case show': [id],
    'case step': [id, 'accept'],
    'checkpoint list': [],
    'checkpoint make': [],
    'checkpoint prune': [],
    'checkpoint verify': [],
    'claim give': [household, '--to', '测试员甲'],
    'claim list': [],
    'claim release': [household],
    'claim take': [household],
    completion: ['fish'],
    'conflict list': [],
    'consent give': [household, '--purpose', 'photos', '--how', 'paper'],
    'consent list': [household],
    'consent withdraw': ['cn-1', '--reason', 'x'],
    'conflict settle': [household, 'phone', '--choice', '1'],
    day: [],
    'device add': [household, '--kind', 'water', '--protocol', 'dlt645', '--address', '1'],
    'device edit': ['de-1', '--set', 'maker=x'],
    'device import': ['x.csv', '--mapping', 'x.json'],
    'device list': [],
    'device norms': [],
    'device readings': ['de-1'],
    'device replace': ['de-1'],
    'device retire': ['de-1', '--because', 'broken'],
    'device review': [],
    'device sheet': [household],
    'device show': ['de-1'],
    'device read': ['de-1', '--at', '127.0.0.1:1'],
    'dispatch list': [],
    'dispatch report': [dispatch, 'done'],
    'dispatch show': [dispatch],
    'diary add': ['x'],
    'diary done': ['dy-1'],
    'diary list': [],
    digest: [],
    doctor: [],
    find: ['测试'],
    'form list': [],
    'grid add': ['新网格'],
    'grid handover': [GRID, '--to', '测试员甲'],
    'grid list': [],
    'household carry': [household],
    'household edit': [household, '--set', 'mind=x'],
    'household list': [],
    'household move': [household, '--grid', GRID],
    'household moves': [],
    'household show': [household],
    import: [join(registers, 'sample-people.csv'), '--mapping', MAPPING],
    'member grant': ['request', '--out', 'grant2'],
    'member invite': ['--role', 'worker', '--name', 'x', '--out', 'invite2'],
    'member invites': [],
    'member list': [],
    'member ratify': ['00'],
    'member remove': ['测试员甲'],
    'member role': ['测试物业', 'chief'],
    'member voided': [],
    'member withdraw': ['in-0000'],
    overview: [],
    'person show': ['pe-1'],
    'quarantine dismiss': ['00'],
    'quarantine list': [],
    'quarantine release': ['00'],
    'retention due': [],
    'retention erase': [household, '--reason', 'x'],
    'retention table': [],
    reveal: [household, 'phone', '--reason', 'contact'],
    'station invite': ['--out', 'invite3'],
    'station keys': ['st-0000'],
    'station list': [],
    'station remove': ['st-0000'],
    support: ['--out', 'support.json'],
    'sweep close': ['sw-1'],
    'sweep list': [],
    'sweep open': ['x'],
    'sweep show': ['sw-1'],
    'sync carry': ['on'],
    'sync now': ['--peer', '127.0.0.1:1', '--timeout', '1'],
    'sync status': [],
    'sync warn': ['3'],
    'calendar list': [],
    'calendar load': ['--hours', '09:00-17:00'],
    'calendar show': [],
    'case evidence': [id],
    'case kind': ['x', '--set', 'name=y'],
    'case kinds': [],
    'case measures': [],
    'alarm list': [],
    'leave note': [household, '--said-by', 'family'],
    'leave list': [],
    'leave correct': ['le-1', '--until', '2026-12-01'],
    'leave end': [household, '--said-by', 'phone'],
    'rule list': [],
    'rule replay': ['readings.csv', '--mapping', 'readings.json'],
    'rule show': ['water-none-24h'],
    'rule set': ['water-none-24h', '--set', 'below=0.008'],
    'rule adjust': ['de-1', 'water-none-24h', '--off', '--reason', 'x'],
    'alarm show': ['al-1'],
    'alarm answer': ['al-1', '--did', 'nobody'],
    'alarm improve': ['al-1', '--by', 'repair'],
    'alarm measures': [],
    'errand list': [],
    'errand open': [household, '--kind', 'bill', '--what', 'x'],
    'errand receipt': ['er-1'],
    'errand show': ['er-1'],
    'errand step': ['er-1', 'accept'],
    export: ['households', '--to', 'out.csv'],
    'form export': ['x', '--to', 'out.csv'],
    'form retire': ['x'],
    'form show': ['x'],
    'household add': ['1-1-999'],
    'household people': [household],
    'household duplicates': [],
    'household merge': [household, 'hh-1', '--reason', 'x'],
    'household merges': [],
    'household not-same': [household, 'hh-1', '--reason', 'x'],
    'household unmerge': [household, '--reason', 'x'],
    'person add': [household, 'x'],
    'person away': ['pe-1'],
    'person died': ['pe-1', '--on', '2026-01-02'],
    'person edit': ['pe-1', '--set', 'name=x'],
    'person list': [],
    'person mismatch': [],
    'person move-in': ['pe-1', household],
    'person move-out': ['pe-1'],
    'person undo': ['pe-1', '--reason', 'x'],
    'person duplicates': [],
    'person merge': ['pe-1', 'pe-2', '--reason', 'x'],
    'person merges': [],
    'person not-same': ['pe-1', 'pe-2', '--reason', 'x'],
    'person unmerge': ['pe-1', '--reason', 'x'],
    'print contact': [],
    'print form': ['home-safety-check'],
    'print meters': [household],
    'print notice': [household, '--kind', 'absent'],
    'print record': ['pe-1', '--reason', 'x'],
    'report html': ['--to', 'out.html'],
    'report table': ['x', '--to', 'out.xlsx'],
    'template add': ['x.xlsx'],
    'template check': ['x.xlsx'],
    'template drop': ['x'],
    'template list': [],
    'template measures': [],
    'visit paper': ['x'],
    'visit due': [],
    'visit list': [],
    'visit missed': [],
    'visit record': [household],
    'visit show': ['vi-1'],
    'visit withdraw': ['vi-1', '--reason', 'x'],
  })
  /** They need no home, make one, end one, wait for somebody, or ask on a terminal. */
  const LEFT_OUT =
    /^(form (add|check|fill)|practice|gateway|init|member join|passphrase|recovery|station decommission|sync serve|workstation|device (decode|discover|scan|simulate))/

  it('finds that every command answers at a desk, and those of the register say for whom they are', async () => {
    const known = calls()
    const names = Object.keys(COMMANDS).map((name) => name.replaceAll(':', ' '))
    const tried = names.filter((name) => !LEFT_OUT.test(name))
    const ask = async (name: string) => {
      const args = known[name]
      if (!args) throw new Error(`${name}: say how it is called at a desk`)
      const ran = await world.run([...name.split(' '), ...args, '--json', ...firm])
      expect([0, 1], `${name}: ${ran.stdout}${ran.stderr}`).toContain(ran.code)
      const answer = JSON.parse(ran.stdout) as Json
      if (REGISTER.test(name) && !ANYWHERE.includes(name))
        expect(answer.error, name).toMatchObject({ type: 'not-for-role', role: 'partner' })
      if (answer.error) {
        expect(answer.error.message, name).not.toMatch(/undefined|\{"type"/)
        expect(answer.error.next.length, name).toBeGreaterThan(0)
      }
    }
    for (let at = 0; at < tried.length; at += 4) await Promise.all(tried.slice(at, at + 4).map(ask))
    for (const name of [
      'digest',
      'doctor',
      'member list',
      'grid list',
      'sync status',
      'quarantine list',
      'dispatch list',
    ])
      expect((await world.run([...name.split(' '), ...firm])).code, name).toBe(0)
    for (const [language, words] of [
      ['zh', '这不归协作单位看'],
      ['en', 'not for a partner'],
    ] as const) {
      const told = await world.run(['household', 'list', '--lang', language, ...firm])
      expect(told.stderr).toContain(words)
    }
    expect(existsSync(join(world.folder, 'invite2'))).toBe(false)
  }, 300_000)
})

/** Two grids, two laptops: a household goes over, something comes late, two people disagree. */
describe('a household that changes grid', () => {
  let world: World
  let household: string
  const other = ['--home', 'other']
  const hand = async (from: readonly string[], to: readonly string[]) => {
    rmSync(join(world.folder, 'stick'), { force: true })
    await world.json(['bundle', 'write', 'stick', ...from])
    await world.json(['bundle', 'read', 'stick', ...to])
  }
  beforeAll(async () => {
    world = createQuickWorld()
    await world.json([
      'init',
      '--community',
      '测试社区',
      '--member',
      '测试员甲',
      '--grid',
      GRID,
      '--grid',
      '二号网格',
    ])
    await world.json(['import', join(registers, 'sample-people.csv'), '--mapping', MAPPING, '--grid', GRID])
    household = (await world.json(['household', 'list'])).households[0].id
    await world.json([
      'member',
      'invite',
      '--role',
      'worker',
      '--name',
      '测试员乙',
      '--grid',
      GRID,
      '--out',
      'invite',
    ])
    await world.json(['member', 'join', 'invite', '--out', 'request', ...other])
    await world.json(['member', 'grant', 'request', '--out', 'grant'])
    await world.json(['member', 'join', 'grant', ...other])
  }, 120_000)
  afterAll(() => world.remove())

  it('goes over with everything, and the old grid is told where it is', async () => {
    expect((await world.json(['household', 'move', household, '--grid', '九号网格'])).error.type).toBe(
      'unknown-grid',
    )
    expect(
      (await world.json(['household', 'move', household, '--grid', '二号网格', ...other])).error.type,
    ).toBe('move-needs-both')
    const moved = await world.json(['household', 'move', household, '--grid', '二号网格', '--reason', '调整'])
    expect(moved).toMatchObject({ household, withDwelling: false })
    const late = await world.json(['visit', 'record', household, '--outcome', 'met', ...other])
    await hand(other, [])
    await hand([], other)
    expect((await world.json(['household', 'list', '--grid', '二号网格'])).households).toMatchObject([
      { id: household },
    ])
    expect((await world.json(['household', 'list'])).households).toHaveLength(10)
    expect((await world.json(['household', 'list', ...other])).households).toHaveLength(9)
    expect((await world.json(['visit', 'due', ...other])).due).toHaveLength(9)
    expect(await world.json(['household', 'show', household, ...other])).toMatchObject({
      household: { movedTo: '二号网格' },
    })
    expect((await world.json(['visit', 'record', household, ...other])).error).toMatchObject({
      type: 'record-moved',
      grid: '二号网格',
    })
    const { moves } = await world.json(['household', 'moves'])
    expect(moves).toMatchObject([
      { household, state: 'late', late: [{ record: late.visit, type: 'visit' }], reason: '调整' },
    ])
    expect(moves[0].next).toBe(`doorstep household carry ${household.slice(0, 9)}`)
    expect(await world.json(['household', 'carry', household])).toMatchObject({ records: 1 })
    expect((await world.json(['household', 'carry', household])).error.type).toBe('nothing-late')
    expect((await world.json(['household', 'show', household])).visits).toMatchObject([{ id: late.visit }])
    for (const language of ['zh', 'en'])
      expect((await world.run(['household', 'moves', '--lang', language, ...other])).stdout).toContain(
        '二号网格',
      )
    // The register goes where the household is, and importing it again changes nothing.
    const importing = ['import', join(registers, 'sample-people.csv'), '--mapping', MAPPING, '--grid', GRID]
    expect(await world.json(importing)).toMatchObject({ created: 0, updated: 0, rejected: [] })
    const register = join(world.folder, 'register.csv')
    const text = readFileSync(join(registers, 'sample-people.csv'), 'utf8')
    writeFileSync(register, text.replaceAll('000-0000-0001', '000-0000-7777'))
    const changed = ['import', register, '--mapping', MAPPING, '--grid', GRID]
    expect(await world.json(changed)).toMatchObject({ created: 0, updated: 1, conflicts: 0 })
    expect(await world.json(changed)).toMatchObject({ created: 0, updated: 0 })
    expect((await world.json(['household', 'show', household])).household).toMatchObject({
      phone: '000****7777',
      grid: '二号网格',
    })
  })

  it('moved to two grids by two chiefs, is settled as a conflict', async () => {
    await world.json(['member', 'invite', '--role', 'chief', '--name', '测试站长', '--out', 'invite2'])
    await world.json(['member', 'join', 'invite2', '--out', 'request2', '--home', 'third'])
    await world.json(['member', 'grant', 'request2', '--out', 'grant2'])
    await world.json(['member', 'join', 'grant2', '--home', 'third'])
    await world.json(['grid', 'add', '三号网格'])
    await hand([], ['--home', 'third'])
    await world.json(['household', 'move', household, '--grid', '三号网格'])
    await world.json(['household', 'move', household, '--grid', GRID, '--home', 'third'])
    await hand([], ['--home', 'third'])
    await hand(['--home', 'third'], [])
    const { conflicts } = await world.json(['conflict', 'list'])
    expect(conflicts).toMatchObject([{ record: household, field: 'movedTo' }])
    expect(conflicts[0].values.map((one: Json) => one.value).sort()).toEqual([GRID, '三号网格'].sort())
    expect((await world.json(['household', 'move', household, '--grid', '二号网格'])).error.type).toBe(
      'move-disputed',
    )
    const choice = conflicts[0].values.find((one: Json) => one.value === '三号网格').choice
    await world.json(['conflict', 'settle', household, 'movedTo', '--choice', String(choice)])
    await hand([], ['--home', 'third'])
    for (const home of [[], ['--home', 'third']]) {
      expect(await world.json(['conflict', 'list', ...home])).toEqual({ conflicts: [] })
      expect((await world.json(['household', 'show', household, ...home])).household.grid).toBe('三号网格')
    }
  }, 120_000)
})
