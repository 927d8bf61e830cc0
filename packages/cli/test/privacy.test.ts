import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../src/commands.ts'
import { createWorld, type Json, type Ran, registers, type World } from './run.ts'

const REGISTER = join(registers, 'sample-people.csv')
const MAPPING = join(registers, 'sample-people.mapping.json')
const EMERGENCY = '000-0000-7777'
const OTHER_PHONE = '000-0000-8888'
/** Every identity number and every phone of the impossible people. */
const SECRETS = [...readFileSync(REGISTER, 'utf8').matchAll(/\b(?:990000\d{11}[\dX]|000-0000-\d{4})\b/g)].map(
  ([text]) => text,
)

const ONE_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const WINTER = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
<h:title>冬季走访</h:title><model><instance><data id="winter" version="3"><warm/></data></instance>
<bind nodeset="/data/warm" type="string"/></model></h:head><h:body>
<input ref="/data/warm"><label>屋里暖和吗</label></input></h:body></h:html>`

/** In any way of writing a number down. */
const leaks = (text: string): string[] =>
  [...SECRETS, EMERGENCY, OTHER_PHONE].filter(
    (secret) => text.includes(secret) || text.includes(secret.replaceAll('-', '')),
  )

/** A register, and on top of it an emergency number, two sayings of one phone, a visit, a case, a meter, a consent. */
async function populated(): Promise<{ world: World; door: string; person: string }> {
  const world = createWorld({ isResident: true })
  await world.run(['init', '--community', '测试社区', '--member', '测试员甲', '--grid', '一号网格'])
  await world.run(['import', REGISTER, '--mapping', MAPPING])
  const door = (await world.json(['household', 'list'])).households[0].id
  const person = (await world.json(['household', 'show', door])).residents[0].person
  await world.json(['household', 'edit', door, '--set', 'emergencyPhone=@-'], { input: EMERGENCY })
  // The register says otherwise than a person did, and both stand.
  await world.json(['household', 'edit', door, '--set', `phone=${OTHER_PHONE}`])
  const changed = join(world.folder, 'register.csv')
  writeFileSync(changed, readFileSync(REGISTER, 'utf8').replaceAll('000-0000-0001', EMERGENCY))
  await world.json(['import', changed, '--mapping', MAPPING])
  await world.json(['consent', 'give', door, '--purpose', 'monitor-electricity', '--how', 'paper'])
  await world.json(['visit', 'record', door, '--note', '一切正常'])
  await world.json(['case', 'open', door, '--kind', 'passage', '--title', '楼道堆物'])
  await world.json([
    ...['device', 'add', door, '--kind', 'electricity'],
    ...['--protocol', 'dlt645', '--address', '161'],
  ])
  return { world, door, person }
}

describe('no command tells what is masked', () => {
  let world: World
  let door: string
  let person: string
  beforeAll(async () => {
    ;({ world, door, person } = await populated())
  }, 120_000)
  afterAll(() => world.remove())

  it('has numbers to look for', () => {
    expect(SECRETS.length).toBeGreaterThan(20)
    expect(leaks('{"phone":"00000000001"}')).toEqual(['000-0000-0001'])
  })

  /** They run until they are stopped, and say nothing of people. */
  const LASTING = ['workstation', 'gateway:run', 'sync:serve', 'device:simulate', 'device:simulate-mqtt']

  it('every command, as JSON and as text, well used or not', { timeout: 600_000 }, async () => {
    const { conflicts } = await world.json(['conflict', 'list'])
    expect(conflicts).toMatchObject([{ record: door, field: 'phone', masked: true }])
    const ids = {
      visit: (await world.json(['visit', 'list'])).visits[0].id,
      case: (await world.json(['case', 'list'])).cases[0].id,
      device: (await world.json(['device', 'list'])).devices[0].id,
      consent: (await world.json(['consent', 'list', door])).consents[0].id,
      sweep: (await world.json(['sweep', 'open', '普查'])).sweep,
    }
    const bundle = join(world.folder, 'out.bundle')
    const photo = join(world.folder, 'photo.png')
    writeFileSync(photo, ONE_PIXEL)
    const files = { invite: join(world.folder, 'invite'), mapping: MAPPING }
    const [exported, exportMapping] = [join(world.folder, 'meters.csv'), join(world.folder, 'meters.json')]
    writeFileSync(exported, '表号,时间,度数\n161,2026-08-01 08:00,12.5\n161,2026-08-01 09:00,12.7\n')
    writeFileSync(
      exportMapping,
      JSON.stringify({
        doorstep: 'readings/1',
        name: '电',
        meter: '表号',
        time: '时间',
        readings: [{ column: '度数', signal: 'electricity', unit: '度' }],
      }),
    )
    const uses: Readonly<Record<string, readonly (readonly string[])[]>> = {
      'alarm:list': [[], ['--open']],
      'leave:note': [[door, '--said-by', 'family', '--note', '去女儿家']],
      'leave:list': [[], [door, '--all']],
      'leave:correct': [['le-0000', '--until', '2026-12-01']],
      'leave:end': [[door, '--said-by', 'phone']],
      'rule:list': [[], ['--all']],
      'rule:replay': [[REGISTER, '--mapping', MAPPING]],
      'rule:show': [['water-none-24h'], ['none']],
      'rule:set': [['water-none-24h', '--set', 'below=0.008']],
      'rule:adjust': [[ids.device, 'water-none-24h', '--set', 'below=0.004', '--reason', '独居']],
      'alarm:show': [['al-0000']],
      'alarm:answer': [['al-0000', '--did', 'nobody']],
      'alarm:improve': [['al-0000', '--by', 'repair']],
      'alarm:measures': [[]],
      'attachment:add': [
        [door, files.mapping],
        [door, photo, '--caption', '电表', '--kind', 'scan'],
      ],
      'attachment:budget': [[], ['--most', '1GB']],
      'attachment:drop': [['at-0000']],
      'attachment:keep': [['at-0000']],
      'attachment:list': [[], [door]],
      'attachment:show': [['at-0000'], ['at-0000', '--reason', 'verify']],
      'audit:list': [[], [door], [person]],
      'bundle:write': [[bundle]],
      'bundle:read': [[bundle]],
      'bundle:show': [[bundle]],
      'case:list': [[]],
      'case:open': [[door, '--kind', 'passage', '--title', '杂物']],
      'case:show': [[ids.case]],
      'case:step': [[ids.case, 'note', '--note', '看过']],
      'claim:take': [[door, '--sweep', ids.sweep]],
      'claim:give': [[door, '--to', '没有这人']],
      day: [[], ['--mine']],
      overview: [[]],
      'claim:list': [['--all']],
      'claim:release': [[door]],
      completion: [['bash']],
      'conflict:list': [[]],
      'conflict:settle': [
        [door, 'phone', '--value', '000****9999'],
        [door, 'phone', '--choice', '9'],
      ],
      'consent:give': [[door, '--purpose', 'photos', '--how', 'paper']],
      'consent:list': [[door], [person]],
      'consent:withdraw': [[ids.consent, '--reason', '不要了']],
      'device:add': [[door, '--kind', 'water', '--protocol', 'dlt645', '--address', '162']],
      'device:decode': [['dlt645', '68']],
      'device:discover': [
        ['--mqtt', 'mqtt://127.0.0.1:1', '--for', '1'],
        ['--mqtt', 'x'],
      ],
      'device:edit': [[ids.device, '--set', 'maker=某厂', '--set', 'priceYuan=68']],
      'device:import': [
        [exported, '--mapping', exportMapping],
        [exported, '--mapping', exportMapping, '--dry-run'],
      ],
      'device:list': [[], ['--all']],
      'device:norms': [[], ['life-smoke', '--value', '10', '--source', '本市规定']],
      'device:readings': [[ids.device], [ids.device, '--step', 'raw']],
      'device:replace': [[ids.device, '--last', '12.5', '--address', '163']],
      'device:retire': [[ids.device, '--because', 'broken']],
      'device:review': [[], [ids.device, '--says', 'keep', '--words', '好用'], ['--quarter', '2026Q9']],
      'device:sheet': [[door]],
      'device:show': [[ids.device]],
      'device:read': [[ids.device, '--at', '127.0.0.1:1']],
      'device:scan': [['--at', '127.0.0.1:1']],
      'diary:add': [['耳背的住户要再去', '--about', door, '--todo']],
      'diary:done': [['dy-0000']],
      'diary:list': [[], ['--open', '--about', door]],
      digest: [[]],
      doctor: [[]],
      find: [['测试'], ['0001'], ['00000000001'], ['7777'], ['1-1-301']],
      'calendar:list': [[]],
      'calendar:load': [[]],
      'calendar:show': [['2026']],
      'case:evidence': [[ids.case]],
      'case:kind': [['x', '--set', 'name=y']],
      'case:kinds': [[]],
      'case:measures': [[]],
      'errand:list': [[], ['--all', '--household', door]],
      'errand:open': [[door, '--kind', 'bill', '--what', '交电费', '--person', person]],
      'errand:receipt': [['er-0000']],
      'errand:show': [['er-0000']],
      'errand:step': [['er-0000', 'accept']],
      export: ['households', 'people', 'visits', 'cases', 'register'].map((what) => [
        ...[what, '--replace', '--to', join(world.folder, `all-${what}.csv`)],
      ]),
      'form:export': [['home-safety-check', '--to', join(world.folder, 'answers.csv')]],
      'form:retire': [['home-safety-check']],
      'form:show': [['home-safety-check']],
      'household:add': [['1-1-999', '--name', '新来的', '--new-building']],
      'household:people': [[door]],
      'household:duplicates': [[]],
      'household:merge': [[door, 'hh-0000', '--reason', '重复']],
      'household:merges': [[]],
      'household:not-same': [[door, 'hh-0000', '--reason', '不是']],
      'household:unmerge': [[door, '--reason', '分开']],
      'person:add': [[door, '测试新人', '--phone', '00000000001']],
      'person:away': [
        [person, '--reason', '打工'],
        [person, '--back'],
      ],
      'person:died': [['pe-0000', '--on', '2026-01-02']],
      'person:edit': [[person, '--set', 'name=测试改名']],
      'person:list': [[]],
      'person:mismatch': [['--all']],
      'person:move-in': [[person, door]],
      'person:move-out': [['pe-0000']],
      'person:undo': [['pe-0000', '--reason', '误记']],
      'person:duplicates': [[]],
      'person:merge': [[person, 'pe-0000', '--reason', '重复']],
      'person:merges': [[]],
      'person:not-same': [[person, 'pe-0000', '--reason', '不是']],
      'person:unmerge': [[person, '--reason', '分开']],
      'practice:reset': [[]],
      'practice:score': [[]],
      'practice:start': [[]],
      'practice:tasks': [[]],
      'print:contact': [[]],
      'print:form': [['home-safety-check', '--household', door, '--to', join(world.folder, 'form.pdf')]],
      'print:meters': [[door, '--to', join(world.folder, 'meters.pdf')]],
      'print:notice': [[door, '--kind', 'absent', '--to', join(world.folder, 'notice.pdf')]],
      'print:record': [[person, '--reason', '本人要', '--to', join(world.folder, 'record.pdf')]],
      'report:html': [['--to', join(world.folder, 'report.html')]],
      'report:table': [['没有这张', '--to', join(world.folder, 'table.xlsx')]],
      'template:add': [['没有.xlsx']],
      'template:check': [['没有.xlsx']],
      'template:drop': [['没有']],
      'template:list': [[]],
      'template:measures': [[]],
      'visit:paper': [['没有这码']],
      'form:add': [['home-safety-check']],
      'form:check': [['home-safety-check']],
      'form:fill': [['home-safety-check', '--answers', '-']],
      'form:list': [[]],
      'household:edit': [
        [door, '--set', 'note=看过'],
        [door, '--set', 'phone=000****8888'],
        [door, '--set', `phone=${OTHER_PHONE.repeat(9)}`],
      ],
      'household:list': [[], ['--tag', 'low-income']],
      'household:show': [[door]],
      import: [[REGISTER, '--mapping', MAPPING, '--dry-run']],
      init: [['--community', 'x', '--member', 'y', '--grid', 'z']],
      'member:grant': [[files.invite, '--out', join(world.folder, 'grant')]],
      'member:invite': [['--role', 'auditor', '--name', '测试员丙', '--out', files.invite]],
      'member:join': [[files.invite]],
      'member:list': [[]],
      'member:remove': [['me-0000']],
      'person:show': [[person]],
      'quarantine:list': [[]],
      'quarantine:release': [['0000']],
      'retention:due': [['--on', '2040-01-01']],
      'retention:table': [[]],
      reveal: [
        [door, 'phone', '--reason', ' '],
        [door, 'name', '--reason', 'contact'],
      ],
      'station:list': [[]],
      'station:remove': [['st-0000']],
      'sweep:open': [['再查一遍']],
      'sweep:list': [[]],
      'sweep:show': [[ids.sweep, '--doors']],
      'sweep:close': [[ids.sweep]],
      'sync:carry': [[], ['on'], ['off']],
      'sync:now': [['--peer', '127.0.0.1:1', '--timeout', '1']],
      'sync:status': [[]],
      'sync:warn': [[], ['3']],
      'visit:due': [['--ahead', '999']],
      'visit:list': [[]],
      'visit:missed': [[], [door, '--open-case']],
      'visit:record': [[door, '--outcome', 'absent']],
      'visit:show': [[ids.visit]],
      'visit:withdraw': [[ids.visit, '--reason', '走错门']],
      'case:dispatch': [[ids.case, '--to', '没有这家']],
      'checkpoint:list': [[]],
      'checkpoint:make': [[]],
      'checkpoint:verify': [[]],
      'checkpoint:prune': [[]],
      'dispatch:list': [[]],
      'dispatch:report': [['di-0000', 'done']],
      'dispatch:show': [['di-0000']],
      'gateway:backup': [[join(world.folder, 'home.tar')]],
      'gateway:restore': [[files.mapping], [join(world.folder, 'none.tar')]],
      'gateway:check': [[files.mapping], [join(world.folder, 'none.yaml')]],
      'gateway:init': [[]],
      'gateway:mqtt-password': [['--password-file', files.mapping]],
      'gateway:install': [['--dry-run']],
      'grid:add': [['三号网格']],
      'grid:handover': [['一号网格', '--to', '测试员甲']],
      'grid:list': [[]],
      'household:carry': [[door]],
      'household:move': [[door, '--grid', '没有这个网格']],
      'household:moves': [[]],
      'member:invites': [[]],
      'member:ratify': [['0000']],
      'member:role': [['测试员甲', 'auditor']],
      'member:voided': [[]],
      'member:withdraw': [['in-0000']],
      'passphrase:change': [[]],
      'passphrase:forgotten': [['--out', join(world.folder, 'forgotten')]],
      'passphrase:rescue': [[files.invite, '--out', join(world.folder, 'rescue')]],
      'passphrase:restore': [[files.invite]],
      'quarantine:dismiss': [['0000']],
      'recovery:appoint': [['没有这人']],
      'recovery:print': [['--shares', '3', '--threshold', '2']],
      'recovery:remove': [['没有这人']],
      'recovery:restore': [['--share', files.invite]],
      'retention:erase': [[person, '--reason', '期满']],
      'station:decommission': [[]],
      'station:invite': [['--out', join(world.folder, 'second')]],
      'station:keys': [['st-0000']],
      support: [[]],
    }
    expect(Object.keys(uses).sort()).toEqual(
      Object.keys(COMMANDS)
        .filter((id) => !LASTING.includes(id))
        .sort(),
    )
    const told: string[] = []
    let masked = 0
    const check = (args: readonly string[], { stdout, stderr }: Ran) => {
      const found = leaks(`${stdout}\n${stderr}`)
      if (found.length > 0) told.push(`${args.join(' ')}: ${found.join(' ')}`)
      if (/\d{3}\*{4}\d{4}/.test(stdout)) masked++
    }
    for (const [id, several] of Object.entries(uses))
      for (const given of several) {
        const args = [...id.split(':'), ...given]
        const [json, text] = await Promise.all([world.run([...args, '--json']), world.run(args)])
        check([...args, '--json'], json)
        check(args, text)
        expect(() => JSON.parse(json.stdout), args.join(' ')).not.toThrow()
      }
    expect(told).toEqual([])
    // Nor does a file that leaves without a reason.
    const left = readdirSync(world.folder).filter((name) => /^all-.*\.csv$|\.html$/.test(name))
    expect(left).toEqual(expect.arrayContaining(['all-people.csv', 'all-register.csv', 'report.html']))
    for (const name of left) expect(leaks(readFileSync(join(world.folder, name), 'utf8')), name).toEqual([])
    // The numbers were there to be told: household show and conflict list show them masked.
    expect(masked).toBeGreaterThanOrEqual(4)
  })
})

describe('what is done in the open', () => {
  let world: World
  let door: string
  let person: string
  beforeAll(async () => {
    ;({ world, door, person } = await populated())
  }, 120_000)
  afterAll(() => world.remove())

  it('reveals with a reason, and the audit trail says so', async () => {
    const seen = await world.json(['reveal', door, '紧急联系电话', '--reason', '紧急情况'])
    expect(seen).toMatchObject({
      record: door,
      field: 'emergencyPhone',
      value: EMERGENCY,
      revealed: { entry: { space: expect.stringMatching(/^sp-/) }, at: expect.stringMatching(/Z$/) },
    })
    const { values } = await world.json(['reveal', door, 'phone', '--reason', '家属来电,核对号码'])
    expect(values).toHaveLength(2)
    const { entries } = await world.json(['audit', 'list', door, '--action', 'record.reveal'])
    expect(entries).toMatchObject([
      { reason: '家属来电,核对号码', records: [{ id: door, fields: ['phone'] }] },
      { reason: 'emergency', records: [{ id: door, type: 'household', fields: ['emergencyPhone'] }] },
    ])
    expect(entries[1].entry).toEqual(seen.revealed.entry)
    const text = await world.run(['audit', 'list', door, '--member', '测试员甲', '--lang', 'en'])
    expect(text.stdout).toMatch(/Looked at +Household .*1-301 \(Emergency phone\) — Emergency/)
    expect(text.stdout).toContain('This is the log itself')
    expect(leaks(text.stdout)).toEqual([])
    expect((await world.json(['audit', 'list', '--since', '2999-01-01'])).entries).toEqual([])
  })

  it('sets what is to be minded by its name, and shows it in the language in use', async () => {
    await world.json(['household', 'edit', door, '--add-mind', '有狗', '--add-mind', 'Dialect only'])
    expect((await world.json(['household', 'show', door])).household.minds).toEqual(['dialect', 'dog'])
    expect((await world.run(['household', 'show', door, '--lang', 'en'])).stdout).toMatch(
      /To mind +Dialect only, Dog/,
    )
    await world.json(['household', 'edit', door, '--remove-mind', 'dog'])
    expect((await world.run(['household', 'show', door, '--lang', 'zh'])).stdout).toMatch(
      /当心事项 +只说方言\n/,
    )
  })

  it('prints a form of the community by its id, in the version that new visits begin with', async () => {
    const file = join(world.folder, 'winter.xml')
    writeFileSync(file, WINTER)
    await world.json(['form', 'add', file])
    const to = join(world.folder, 'winter.pdf')
    const printed = await world.json(['print', 'form', 'winter', '--household', door, '--to', to])
    expect(printed.error).toBeUndefined()
    expect(readFileSync(to).subarray(0, 5).toString()).toBe('%PDF-')
    const nowhere = await world.json(['print', 'form', 'summer', '--household', door, '--to', to])
    expect(nowhere.error).toMatchObject({ type: 'file-unreadable' })
  })

  it('gives and withdraws a consent; the meter is then not asked', async () => {
    const { consents } = await world.json(['consent', 'list', door])
    expect(consents).toMatchObject([{ purpose: 'monitor-electricity', state: 'in-force', how: 'paper' }])
    const withdrawn = await world.json(['consent', 'withdraw', consents[0].id, '--reason', '不想'])
    expect(withdrawn.stopped).toHaveLength(1)
    const reading = ['device', 'read', withdrawn.stopped[0], '--at', '127.0.0.1:1']
    expect((await world.json(reading)).error).toMatchObject({ type: 'no-consent', because: 'withdrawn' })
    const again = await world.json(['consent', 'withdraw', consents[0].id, '--reason', '不想'])
    expect(again.error.type).toBe('consent-withdrawn')
    const child = (await world.json(['find', '测试住户 1-1-401'])).matches.find(
      ({ title }: Json) => title === '测试住户 1-1-401 子女',
    )
    const photos = ['consent', 'give', child.id, '--purpose', 'photos', '--how', 'in-person']
    // Born in 2012: 14 since June 2026; on a day before, a guardian is needed.
    const then = [...photos, '--from', '2026-01-01']
    expect((await world.json(then)).error).toMatchObject({ type: 'consent-incomplete', needs: 'guardian' })
    expect(await world.json([...then, '--guardian', '测试家长'])).toMatchObject({ subject: child.id })
  })

  it('says how long what is kept, and what is due', async () => {
    const { table } = await world.json(['retention', 'table'])
    expect(table.find((row: Json) => row.class === 'visit')).toMatchObject({ days: 1095, policy: null })
    expect((await world.json(['retention', 'due'])).due).toEqual([])
    const { due } = await world.json(['retention', 'due', '--on', '2040-01-01'])
    expect(due).toContainEqual(expect.objectContaining({ type: 'visit', class: 'visit' }))
  })

  it('gives somebody all that is held about them, once that is written down', async () => {
    const refused = await world.run(['person', 'show', person, '--everything', '--json'])
    expect(refused.code).toBe(2)
    const shown = await world.json(['person', 'show', person])
    expect(shown.person.idNumber).toBe('990000****002X')
    const copy = await world.json(['person', 'show', person, '--everything', '--reason', '本人要求'])
    expect(copy.records.map(({ type }: Json) => type)).toEqual(
      expect.arrayContaining(['person', 'residence', 'household', 'visit', 'case', 'device', 'export']),
    )
    expect(copy.records[0].fields.idNumber).toBe('99000019410312002X')
    const { entries } = await world.json(['audit', 'list', person, '--action', 'person'])
    expect(entries).toMatchObject([{ action: 'person.copy', entry: copy.entry }])
  })

  it('notes a bundle in the log it carries', async () => {
    const written = await world.json(['bundle', 'write', 'away.bundle'])
    expect(written.noted).toMatch(/^ex-/)
    const { entries } = await world.json(['audit', 'list', door, '--action', 'bundle.write'])
    expect(entries).toMatchObject([{ records: [{ id: written.noted, type: 'export' }] }])
  })

  it('an auditor sees who looked and nothing else: no names, no reveal, and a bundle without a note', async () => {
    const auditor = createWorld({ isResident: true })
    try {
      const file = (name: string) => join(world.folder, name)
      await world.json([
        'member',
        'invite',
        '--role',
        'auditor',
        '--name',
        '测试员丙',
        '--out',
        file('a.invite'),
      ])
      await auditor.json(['member', 'join', file('a.invite'), '--out', file('a.request')])
      await world.json(['member', 'grant', file('a.request'), '--out', file('a.grant')])
      await auditor.json(['member', 'join', file('a.grant')])
      const shown = await auditor.json(['household', 'show', door])
      expect(shown.household).toMatchObject({ name: '测*', emergencyPhone: '000****7777', categories: [] })
      expect((await auditor.json(['reveal', door, 'phone', '--reason', 'duty'])).error).toMatchObject({
        type: 'role-may-not',
        action: 'record.reveal',
      })
      const tagged = await auditor.json(['household', 'list', '--tag', 'low-income'])
      expect(tagged.error.type).toBe('role-may-not')
      const { entries } = await auditor.json(['audit', 'list', door, '--action', 'record.reveal'])
      expect(entries.map(({ reason }: Json) => reason)).toEqual(['****', 'emergency'])
      expect((await auditor.json(['bundle', 'write', 'away.bundle'])).noted).toBeNull()
    } finally {
      auditor.remove()
    }
  })
})
