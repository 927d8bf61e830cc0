import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type Json, registers, type World } from './run.ts'

const MAPPING = join(registers, 'sample-people.mapping.json')
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** One worker, one laptop, one day; every step is a process of its own, as a script would run it. */
describe('a day at the doors', () => {
  let world: World
  let register: string
  let household: string
  let visit: string
  let cases: string[]
  beforeAll(() => {
    world = createWorld()
    register = join(world.folder, 'register.csv')
    writeFileSync(register, readFileSync(join(registers, 'sample-people.csv')))
  })
  afterAll(() => world.remove())

  it('founds a community', async () => {
    const founded = await world.json([
      'init',
      '--community',
      '测试社区',
      '--member',
      '测试员甲',
      '--grid',
      '一号网格',
    ])
    expect(founded).toMatchObject({
      community: expect.stringMatching(/^co-/),
      station: expect.stringMatching(/^st-/),
      member: expect.stringMatching(/^me-/),
      spaces: [
        { id: expect.stringMatching(/^sp-/), kind: 'community', name: '测试社区' },
        { id: expect.stringMatching(/^sp-/), kind: 'grid', name: '一号网格' },
      ],
    })
  })

  it('tries a register, takes it in, and finds nothing to do the second time', async () => {
    const importing = ['import', register, '--mapping', MAPPING]
    const tried = await world.json([...importing, '--dry-run'])
    expect(tried).toMatchObject({ dryRun: true, updated: 0, unchanged: 0, rejected: [] })
    expect((await world.json(['household', 'list'])).households).toEqual([])
    const first = await world.json([...importing, '--where', '楼栋=1'])
    expect(first.created).toBeGreaterThan(0)
    expect(first.created).toBeLessThan(tried.created)
    const rest = await world.json(importing)
    expect(rest.created + first.created).toBe(tried.created)
    expect(await world.json(importing)).toMatchObject({
      read: tried.read,
      created: 0,
      updated: 0,
      unchanged: tried.created,
      rejected: [],
    })
  })

  it('lists bad rows with row, column and reason, and takes the good ones', async () => {
    const [header, ...rows] = readFileSync(register, 'utf8').trimEnd().split(/\r?\n/)
    const bad = rows[0]!.split(',').with(header!.split(',').indexOf('楼层'), '三楼').join(',')
    const file = join(world.folder, 'bad.csv')
    writeFileSync(file, [header, bad, ...rows.slice(1)].join('\n'))
    const report = await world.json(['import', file, '--mapping', MAPPING])
    expect(report.rejected).toMatchObject([{ row: 2, column: '楼层', reason: 'not-a-number' }])
    expect(report.read).toBe(rows.length)
    const told = await world.run(['import', file, '--mapping', MAPPING, '--lang', 'zh'])
    expect(told.stdout).toContain('第 2 行“楼层”:“三楼”不是数字')
  })

  it('says who is due, with why and since when', async () => {
    const { due } = await world.json(['visit', 'due'])
    const { households } = await world.json(['household', 'list'])
    expect(households).toHaveLength(10)
    expect(due).toHaveLength(10)
    for (const one of due) {
      expect(one).toMatchObject({
        household: expect.stringMatching(/^hh-/),
        address: expect.stringContaining('示范小区'),
        policy: expect.stringMatching(/^po-/),
        dueOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      })
      expect(one.overdueDays).toBe(0)
    }
    expect(households[0]).toMatchObject({ grid: '一号网格', tags: [], lastVisitAt: null })
    const { due: none } = await world.json(['visit', 'due', '--on', '2020-01-01'])
    expect(none).toEqual([])
  })

  it('finds a door as one says it', async () => {
    const { matches } = await world.json(['find', '1-1-301'])
    expect(matches[0]).toMatchObject({ type: 'household', title: '测试户 1-1-301' })
    expect(matches[0].address).toContain('301')
    household = matches[0].id
  })

  it('refuses answers that lack something, naming each question, and saves nothing', async () => {
    const recording = ['visit', 'record', household, '--form', 'home-safety-check', '--answers', '-']
    const { error } = await world.json(recording, {
      input: '{"fuel":"none","has_ebike":"no","wiring":"burnt"}',
    })
    expect(error).toMatchObject({
      type: 'answers-refused',
      next: expect.arrayContaining([expect.any(String)]),
    })
    expect(error.message).toContain('burnt')
    expect((await world.json(['visit', 'list'])).visits).toEqual([])

    const missing = error.problems.map((one: Json) => one.question.split('/').at(-1))
    const answers: Record<string, string> = { fuel: 'none', has_ebike: 'no' }
    for (const name of missing) answers[name] = 'ok'
    Object.assign(answers, {
      wiring: 'hazard',
      wiring_grade: 'serious',
      plugs: 'hazard',
      plugs_grade: 'ordinary',
      notice_given: 'yes',
    })
    const recorded = await world.json(recording, { input: JSON.stringify(answers) })
    expect(recorded).toMatchObject({
      visit: expect.stringMatching(/^vi-/),
      entries: [{ space: expect.stringMatching(/^sp-/), log: expect.any(String), seq: expect.any(Number) }],
    })
    expect(recorded.cases).toHaveLength(2)
    visit = recorded.visit
    cases = recorded.cases
  })

  it('shows the visit again, with what was answered', async () => {
    const { visits } = await world.json(['visit', 'list', '--household', household])
    expect(visits).toHaveLength(1)
    const { labelled, ...shown } = await world.json(['visit', 'show', visit.slice(3, 10)])
    expect(shown).toEqual(visits[0])
    expect(labelled.map(({ path }: { path: string }) => path)).toContain('electricity/wiring')
    expect(shown).toMatchObject({
      id: visit,
      form: 'home-safety-check',
      version: '1',
      outcome: 'met',
      member: expect.stringMatching(/^me-/),
      time: expect.stringMatching(ISO),
    })
    expect(JSON.stringify(shown.answers)).toContain('"wiring":"hazard"')
  })

  it('takes a case through its steps, and refuses the step that does not fit', async () => {
    const { cases: listed } = await world.json(['case', 'list'])
    expect(listed.map((one: Json) => one.id).sort()).toEqual([...cases].sort())
    for (const one of listed) {
      expect(one).toMatchObject({ state: 'reported', household, visit, deadline: expect.any(String) })
      expect(one.steps).toMatchObject([{ step: 'report', by: expect.stringMatching(/^me-/), note: null }])
      expect(one.steps[0].at).toMatch(ISO)
    }
    const id = cases[0]!
    const { error } = await world.json(['case', 'step', id, 'close'])
    expect(error).toMatchObject({ type: 'step-not-allowed', state: 'reported' })
    expect(error.allowed).toContain('accept')
    const handed = await world.json(['case', 'step', id, 'dispatch', '--to', '物业'])
    expect(handed.error.type).toBe('step-not-allowed')
    await world.json(['case', 'step', id, 'accept'])
    const dispatched = await world.json([
      'case',
      'step',
      id,
      'dispatch',
      '--to',
      '测试员甲',
      '--due',
      '2099-01-31',
    ])
    expect(dispatched).toMatchObject({
      id,
      state: 'dispatched',
      deadline: '2099-01-31',
      with: expect.stringMatching(/^me-/),
    })
    expect(dispatched.steps.map((one: Json) => one.step)).toEqual(['report', 'accept', 'dispatch'])
    expect(await world.json(['case', 'show', id])).toMatchObject({ id, state: 'dispatched' })
  })

  it('opens a case of its own', async () => {
    const opened = await world.json([
      'case',
      'open',
      household,
      '--kind',
      'passage-hazard',
      '--title',
      '楼道堆物',
      '--due',
      '2020-01-01',
    ])
    expect(opened).toMatchObject({
      id: expect.stringMatching(/^ca-/),
      state: 'reported',
      deadline: '2020-01-01',
      title: '楼道堆物',
    })
    const { cases: late } = await world.json(['case', 'list', '--overdue'])
    expect(late.map((one: Json) => one.id)).toEqual([opened.id])
  })

  it('withdraws the visit; the cases it opened stay to be looked at', async () => {
    const withdrawn = await world.json(['visit', 'withdraw', visit, '--reason', '走错门'])
    expect(withdrawn.openCases.sort()).toEqual([...cases].sort())
    expect(await world.json(['visit', 'show', visit])).toMatchObject({ withdrawn: '走错门' })
    expect((await world.json(['visit', 'withdraw', visit, '--reason', '再一次'])).error.type).toBe(
      'already-withdrawn',
    )
  })

  it('keeps both values when the register and a person differ, and ends it by number', async () => {
    const edited = await world.json(
      ['household', 'edit', '--add-tag', '有小狗', '--set', 'phone=@-', household],
      {
        input: '000-0000-1111\n',
      },
    )
    expect(edited).toMatchObject({ household, changed: true })
    const csv = readFileSync(register, 'utf8').replace('000-0000-0001', '000-0000-2222')
    writeFileSync(register, csv)
    expect(await world.json(['import', register, '--mapping', MAPPING])).toMatchObject({
      updated: 1,
      conflicts: 1,
    })

    const { conflicts } = await world.json(['conflict', 'list'])
    expect(conflicts).toMatchObject([{ record: household, field: 'phone', masked: true }])
    const values: Json[] = conflicts[0].values
    expect(values.map((one) => one.value).sort()).toEqual(['000****1111', '000****2222'])
    for (const one of values)
      expect(one).toMatchObject({ by: expect.stringMatching(/^me-/), at: expect.stringMatching(ISO) })

    const card = await world.json(['household', 'show', household])
    expect(Object.keys(card)).toEqual(
      expect.arrayContaining([
        'household',
        'dwelling',
        'residents',
        'devices',
        'cases',
        'visits',
        'conflicts',
      ]),
    )
    expect(card.household).toMatchObject({ id: household, tags: ['有小狗'] })
    expect(card.conflicts).toHaveLength(1)

    const wanted = values.find((one) => one.value === '000****1111').choice
    await world.json(['conflict', 'settle', household, 'phone', '--choice', String(wanted)])
    expect(await world.json(['conflict', 'list'])).toEqual({ conflicts: [] })
    expect((await world.json(['household', 'show', household])).household.phone).toBe('000****1111')
    expect((await world.json(['household', 'list', '--tag', '有小狗'])).households).toHaveLength(1)
  })
})
