import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { doorstep, type Home, start, stop } from './process.ts'
import type { Stage } from './stage.ts'

const REGISTERS = fileURLToPath(new URL('../../registers/', import.meta.url))
const BUSY_WORKER = fileURLToPath(new URL('./busy-worker.ts', import.meta.url))
/** How many visits the killed process must have said were saved before the plug is pulled. */
const VISITS_BEFORE_KILL = 24
const METER = '000000000161'

export type DemoReport = {
  readonly ok: boolean
  readonly households: number
  readonly visits: { readonly acknowledged: number; readonly found: Readonly<Record<string, number>> }
  readonly kill: { readonly acknowledged: number; readonly lost: number; readonly doctorOk: boolean }
  readonly meetings: readonly {
    readonly from: string
    readonly to: string
    readonly sent: number
    readonly received: number
    readonly equal: boolean
  }[]
  readonly bundle: {
    readonly entries: number
    readonly bytes: number
    readonly admitted: number
    readonly readAgainAdmitted: number
  }
  readonly conflict: {
    readonly values: readonly string[]
    readonly settled: string
    readonly leftOnBoth: number
  }
  readonly meter: { readonly kilowattHours: number | null }
  readonly digests: readonly {
    readonly home: string
    readonly entries: number
    readonly digest: string
    readonly recordsDigest: string
  }[]
  readonly seconds: number
}

type Digest = {
  spaces: { id: string; kind: string; entries: number; digest: string; recordsDigest: string | null }[]
}
type Visit = { visit: string; cases: string[] }
type Due = { due: { household: string; address: string; overdueDays: number }[] }
type Conflicts = { conflicts: { record: string; field: string; values: { value: string }[] }[] }
type Sync = { peers: { sent: number; received: number; equal: boolean }[] }

/** The whole story, by separate processes only: nothing is shared but files and a loopback network. */
export async function tell(stage: Stage, folder: string): Promise<DemoReport> {
  const startedAt = Date.now()
  const { language } = stage
  const keyFile = join(folder, 'gateway.key')
  writeFileSync(keyFile, createHash('sha256').update(folder).digest(), { mode: 0o600 })
  const passphrase = { DOORSTEP_PASSPHRASE: 'demo only: three impossible walls' }
  const anna: Home = {
    name: stage.words(['甲的笔记本', "A's laptop"]),
    path: join(folder, 'laptop-a'),
    secret: passphrase,
    language,
  }
  const bert: Home = {
    name: stage.words(['乙的笔记本', "B's laptop"]),
    path: join(folder, 'laptop-b'),
    secret: passphrase,
    language,
  }
  const gate: Home = {
    name: stage.words(['居委会网关', 'Gateway']),
    path: join(folder, 'gateway'),
    secret: { DOORSTEP_KEY_FILE: keyFile },
    language,
  }
  const running: ChildProcess[] = []
  try {
    const households = await found(stage, folder, anna, bert, gate)
    const first = await offline(stage, folder, anna, bert)
    const kill = await pullThePlug(stage, bert, first.doors)
    const { meetings, meter, gatewayProcess } = await meet(stage, running, anna, bert, gate, first.doors[0]!)
    const conflict = await settle(stage, anna, bert, first.conflictOn)
    const bundle = await carry(stage, folder, anna, bert)
    const again = await doorstep<Sync>(anna, ['sync', 'now', '--peer', gatewayProcess.address])
    meetings.push({ from: anna.name, to: gate.name, ...again.peers[0]! })
    await stop(gatewayProcess.child)
    const left = await Promise.all(
      [anna, bert].map((home) => doorstep<Conflicts>(home, ['conflict', 'list'])),
    )
    return await conclude(stage, [anna, bert, gate], {
      households,
      kill,
      meetings,
      bundle,
      meter,
      conflict: { ...conflict, leftOnBoth: left.reduce((sum, { conflicts }) => sum + conflicts.length, 0) },
      acknowledged: [...first.visits, ...kill.visits],
      startedAt,
    })
  } finally {
    for (const child of running) await stop(child, 'SIGKILL')
  }
}

async function found(stage: Stage, folder: string, anna: Home, bert: Home, gate: Home): Promise<number> {
  stage.act([
    '建立社区,导入登记表,用 U 盘邀请同事和网关',
    'A community is founded, a register imported, a colleague and a gateway invited by USB stick',
  ])
  await doorstep(anna, [
    'init',
    '--community',
    '示范社区',
    '--member',
    '测试员甲',
    '--grid',
    '一号网格',
    '--station',
    '甲的笔记本',
    '--time-zone',
    'Asia/Shanghai',
  ])
  const imported = await doorstep<{ read: number; created: number; rejected: unknown[] }>(anna, [
    'import',
    join(REGISTERS, 'sample-people.csv'),
    '--mapping',
    join(REGISTERS, 'sample-people.mapping.json'),
    '--grid',
    '一号网格',
  ])
  stage.say([
    `导入 ${imported.read} 行,成为 ${imported.created} 条记录`,
    `${imported.read} rows imported as ${imported.created} records`,
  ])
  await joinByStick(folder, anna, bert, 'worker', '测试员乙', ['--grid', '一号网格'])
  await joinByStick(folder, anna, gate, 'steward', '居委会网关', [])
  const { households } = await doorstep<{ households: unknown[] }>(bert, ['household', 'list'])
  stage.proof([
    `乙的笔记本读了放行文件,已有 ${households.length} 户`,
    `B's laptop has read its grant and holds ${households.length} households`,
  ])
  return households.length
}

async function joinByStick(
  folder: string,
  inviter: Home,
  home: Home,
  role: string,
  name: string,
  grid: readonly string[],
): Promise<void> {
  const file = (kind: string) => join(folder, `${role}.${kind}`)
  await doorstep(inviter, [
    'member',
    'invite',
    '--role',
    role,
    '--name',
    name,
    ...grid,
    '--out',
    file('invite'),
  ])
  await doorstep(home, ['member', 'join', file('invite'), '--out', file('request'), '--station', home.name])
  await doorstep(inviter, ['member', 'grant', file('request'), '--out', file('grant')])
  await doorstep(home, ['member', 'join', file('grant')])
}

async function offline(stage: Stage, folder: string, anna: Home, bert: Home) {
  stage.act([
    '没有网络的一天:两台笔记本各自上门',
    'A day without a network: each laptop goes from door to door',
  ])
  const { due } = await doorstep<Due>(anna, ['visit', 'due'])
  stage.say([
    `今天该去 ${due.length} 户,第一户 ${due[0]!.address}`,
    `${due.length} households are due, first ${due[0]!.address}`,
  ])
  const doors = due.map(({ household }) => household)
  const safe = join(folder, 'answers.json')
  writeFileSync(safe, JSON.stringify(ANSWERS))
  const hazard = join(folder, 'answers-hazard.json')
  writeFileSync(
    hazard,
    JSON.stringify({
      ...ANSWERS,
      flying_wire: 'hazard',
      flying_wire_grade: 'serious',
      flying_wire_note: '从三楼窗口引线',
      notice_given: 'yes',
    }),
  )
  const visit = (home: Home, door: string, args: string[]) =>
    doorstep<Visit>(home, ['visit', 'record', door, ...args])
  const visits: Visit[] = []
  const [mine, theirs] = await Promise.all([
    series([
      () => visit(anna, doors[0]!, ['--form', 'home-safety-check', '--answers', safe]),
      () => visit(anna, doors[1]!, ['--outcome', 'absent']),
    ]),
    series([
      () => visit(bert, doors[2]!, ['--form', 'home-safety-check', '--answers', hazard]),
      () => visit(bert, doors[3]!, ['--outcome', 'refused']),
    ]),
  ])
  visits.push(...mine, ...theirs)
  const opened = visits.flatMap(({ cases }) => cases)
  stage.proof([
    `四次探访已落盘;查出一处隐患,自动立案 ${opened.length} 件`,
    `Four visits are on disk; one hazard found opened ${opened.length} case by itself`,
  ])
  const conflictOn = doors[4]!
  await Promise.all([
    doorstep(anna, ['household', 'edit', conflictOn, '--set', 'mind=有小狗,敲门轻些']),
    doorstep(bert, ['household', 'edit', conflictOn, '--set', 'mind=听力差,敲重些']),
  ])
  stage.say([
    '同一户的“当心”一栏,两人各写各的',
    'Both write the same field of one household, each without the other',
  ])
  return { doors, conflictOn, visits: visits.map((made) => made.visit) }
}

async function pullThePlug(stage: Stage, bert: Home, doors: readonly string[]) {
  stage.act(['保存到一半,进程被 kill -9', 'Killed with -9 in the middle of saving'])
  const { child } = await start<{ ready: true }>(bert, [bert.path, ...doors.slice(5)], BUSY_WORKER)
  const visits: string[] = []
  let tail = ''
  await new Promise<void>((resolve) => {
    child.stdout!.on('data', (bytes: Buffer) => {
      const lines = (tail + bytes.toString('utf8')).split('\n')
      tail = lines.pop()!
      visits.push(...lines.filter((line) => line.startsWith('vi-')))
      if (visits.length >= VISITS_BEFORE_KILL) child.kill('SIGKILL')
    })
    child.on('close', () => resolve())
  })
  const { visits: kept } = await doorstep<{ visits: { id: string }[] }>(bert, ['visit', 'list'])
  const ids = new Set(kept.map(({ id }) => id))
  const lost = visits.filter((visit) => !ids.has(visit)).length
  const doctor = await doorstep<{ ok: boolean }>(bert, ['doctor'])
  const words = [
    `它说已存 ${visits.length} 次,重新打开后丢了 ${lost} 次;体检${doctor.ok ? '通过' : '不通过'}`,
    `It had said ${visits.length} visits were saved; after reopening ${lost} are missing; doctor ${doctor.ok ? 'passes' : 'FAILS'}`,
  ] as const
  if (lost === 0 && doctor.ok) stage.proof(words)
  else stage.broken(words)
  return { acknowledged: visits.length, lost, doctorOk: doctor.ok, visits }
}

async function meet(stage: Stage, running: ChildProcess[], anna: Home, bert: Home, gate: Home, door: string) {
  stage.act([
    '回到居委会:在局域网里相遇,网关抄表',
    'Back at the office: they meet on the LAN, and the gateway reads a meter',
  ])
  const meters = await start<{ listening: { host: string; port: number } }>(null, [
    'device',
    'simulate',
    '--listen',
    '127.0.0.1:0',
    '--meter',
    `${METER}:1234.56`,
    '--json',
  ])
  running.push(meters.child)
  await doorstep(anna, [
    'device',
    'add',
    door,
    '--kind',
    'electricity',
    '--protocol',
    'dlt645',
    '--address',
    METER,
  ])
  await doorstep(anna, ['consent', 'give', door, '--purpose', 'monitor-electricity', '--how', 'paper'])
  stage.say([
    '这户签了字,同意网关抄电表;没有同意,网关不读',
    'The household signed: the gateway may read its meter, which it does not do without',
  ])
  const line = `${meters.ready.listening.host}:${meters.ready.listening.port}`
  const gateway = await start<{ listening: { host: string; port: number } }>(gate, [
    'gateway',
    'run',
    '--listen',
    '127.0.0.1:0',
    '--line',
    line,
    '--every',
    '1',
    '--no-discover',
    '--json',
  ])
  running.push(gateway.child)
  const address = `${gateway.ready.listening.host}:${gateway.ready.listening.port}`
  const meetings: DemoReport['meetings'][number][] = []
  for (const home of [anna, bert, anna]) {
    const { peers } = await doorstep<Sync>(home, ['sync', 'now', '--peer', address])
    const { sent, received, equal } = peers[0]!
    meetings.push({ from: home.name, to: gate.name, sent, received, equal })
    const words = [
      `${home.name} → 网关:发出 ${sent} 条,收到 ${received} 条,${equal ? '摘要相同' : '未证明相同'}`,
      `${home.name} → gateway: ${sent} sent, ${received} received, ${equal ? 'digests equal' : 'NOT proved equal'}`,
    ] as const
    if (equal) stage.proof(words)
    else stage.broken(words)
  }
  const kilowattHours = await readingAt(anna, address)
  if (kilowattHours !== null)
    stage.proof([
      `网关读到电表 ${METER}:${kilowattHours} kWh`,
      `The gateway read meter ${METER}: ${kilowattHours} kWh`,
    ])
  else stage.broken(['没有读到电表', 'The meter was not read'])
  return { meetings, meter: { kilowattHours }, gatewayProcess: { child: gateway.child, address } }
}

/** The gateway reads within seconds of learning of the device; the laptop hears of it at its next meeting. */
async function readingAt(home: Home, gateway: string): Promise<number | null> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const { devices } = await doorstep<{ devices: { last: { value: number } | null }[] }>(home, [
      'device',
      'list',
    ])
    const last = devices[0]?.last
    if (last) return last.value
    await doorstep(home, ['sync', 'now', '--peer', gateway])
  }
  return null
}

async function settle(stage: Stage, anna: Home, bert: Home, household: string) {
  stage.act(['两种说法都在,由人来定', 'Both values are there, and a person decides'])
  const { conflicts } = await doorstep<Conflicts>(bert, ['conflict', 'list'])
  const conflict = conflicts.find(({ record }) => record === household)
  const values = conflict?.values.map(({ value }) => value) ?? []
  const words = [`两台上都看得到:${values.join(' / ')}`, `Both laptops show: ${values.join(' / ')}`] as const
  if (values.length === 2) stage.proof(words)
  else stage.broken(words)
  const settled = '听力差又有小狗:敲重些,站远些'
  await doorstep(anna, ['conflict', 'settle', household, 'mind', '--value', settled])
  return { values, settled }
}

async function carry(stage: Stage, folder: string, anna: Home, bert: Home) {
  stage.act(['乙今晚没有网络:用 U 盘带过去', 'No network for B tonight: a USB stick carries it'])
  const file = join(folder, 'tonight.bundle')
  const written = await doorstep<{ entries: number; bytes: number }>(anna, ['bundle', 'write', file])
  const read = await doorstep<{ admitted: number }>(bert, ['bundle', 'read', file])
  const again = await doorstep<{ admitted: number }>(bert, ['bundle', 'read', file])
  stage.proof([
    `文件 ${written.entries} 条,乙新收 ${read.admitted} 条;再读一遍,新收 ${again.admitted} 条`,
    `The file has ${written.entries} entries; ${read.admitted} were new to B; read again, ${again.admitted}`,
  ])
  return { ...pick(written), admitted: read.admitted, readAgainAdmitted: again.admitted }
}
const pick = ({ entries, bytes }: { entries: number; bytes: number }) => ({ entries, bytes })

type Found = Pick<DemoReport, 'households' | 'meetings' | 'bundle' | 'conflict' | 'meter'> & {
  readonly kill: DemoReport['kill'] & { readonly visits: readonly string[] }
  readonly acknowledged: readonly string[]
  readonly startedAt: number
}

async function conclude(stage: Stage, homes: readonly Home[], result: Found): Promise<DemoReport> {
  stage.act(['证明', 'Proof'])
  const digests: DemoReport['digests'][number][] = []
  const found: Record<string, number> = {}
  const looks = await Promise.all(
    homes.map(async (home) => {
      const { spaces } = await doorstep<Digest>(home, ['digest'])
      const { visits } = await doorstep<{ visits: { id: string }[] }>(home, ['visit', 'list'])
      return {
        home,
        grid: spaces.find(({ kind }) => kind === 'grid')!,
        ids: new Set(visits.map(({ id }) => id)),
      }
    }),
  )
  for (const { home, grid, ids } of looks) {
    digests.push({
      home: home.name,
      entries: grid.entries,
      digest: grid.digest,
      recordsDigest: grid.recordsDigest ?? '',
    })
    found[home.name] = result.acknowledged.filter((visit) => ids.has(visit)).length
  }
  const short = (digest: string) => `${digest.slice(0, 4)} ${digest.slice(4, 8)}`
  stage.table(
    [
      ['站点', 'Station'],
      ['条', 'Entries'],
      ['条目摘要', 'Entries'],
      ['记录摘要', 'Records'],
      ['探访', 'Visits'],
    ],
    digests.map((row) => [
      row.home,
      String(row.entries),
      short(row.digest),
      short(row.recordsDigest),
      `${found[row.home]}/${result.acknowledged.length}`,
    ]),
  )
  const same = (pickOne: (row: DemoReport['digests'][number]) => string) =>
    new Set(digests.map(pickOne)).size === 1
  const ok =
    same(({ digest }) => digest) &&
    same(({ recordsDigest }) => recordsDigest) &&
    Object.values(found).every((count) => count === result.acknowledged.length) &&
    result.kill.lost === 0 &&
    result.kill.doctorOk &&
    result.meetings.every(({ equal }) => equal) &&
    result.bundle.readAgainAdmitted === 0 &&
    result.conflict.values.length === 2 &&
    result.conflict.leftOnBoth === 0 &&
    result.meter.kilowattHours !== null
  if (ok)
    stage.proof([
      '三台机器持有相同的条目和记录;确认过的一次也没有丢',
      'Three machines hold the same entries and records; nothing that was acknowledged is lost',
    ])
  else stage.broken(['有东西丢了,或不一致', 'Something was lost, or differs'])
  const { acknowledged, kill, startedAt, ...rest } = result
  return {
    ok,
    ...rest,
    kill: { acknowledged: kill.acknowledged, lost: kill.lost, doctorOk: kill.doctorOk },
    visits: { acknowledged: acknowledged.length, found },
    digests,
    seconds: Math.round((Date.now() - startedAt) / 100) / 10,
  }
}

async function series<T>(steps: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = []
  for (const step of steps) results.push(await step())
  return results
}

const ITEMS = [
  'wiring',
  'overload',
  'plugs',
  'fuse',
  'appliances',
  'heat_sources',
  'clutter',
  'stored_fuel',
  'open_fire',
  'lighters',
  'stairs',
  'ebike_on_stairs',
  'flying_wire',
  'exit',
  'extinguisher',
  'smoke_alarm',
]
/** A home where everything is in order. */
const ANSWERS: Record<string, string> = {
  ...Object.fromEntries(ITEMS.map((item) => [item, 'ok'])),
  fuel: 'none',
  has_ebike: 'no',
}
