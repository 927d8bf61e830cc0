import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expectOk, openStation } from '@doorstep/core'
import { chanceFrom } from '@doorstep/core/fuzz'
import { TestCommunity, testSecret } from '@doorstep/core/testing'
import { LineProcess } from '../line-process.ts'

/**
 * `pnpm soak [--minutes 60] [--stations 10]`: real stations on loopback that write, meet, part, are killed and come
 * back. Fails when one that was never ended holds ever more memory, descriptors, handles or listeners, when they do not
 * end equal, when a doctor finds something, or when anything acknowledged is gone.
 */
const option = (name: string, fallback: number) =>
  Number(process.argv[process.argv.indexOf(`--${name}`) + 1] ?? fallback) || fallback
const minutes = process.argv.includes('--minutes') ? option('minutes', 60) : 60
const count = process.argv.includes('--stations') ? option('stations', 10) : 10
const seed = Number(process.env.DOORSTEP_SEED ?? Math.floor(Date.now() / 1000))
const CHILD = fileURLToPath(new URL('./station.ts', import.meta.url))
/** Of these many the last two are ended again and again; the others stay, and are measured. */
const RESTARTED = 2
const REPORT_MS = Math.min(60_000, (minutes * 60_000) / 12)
const RESTART_MS = Math.min(45_000, (minutes * 60_000) / 10)
/** What a station that stays may gain in an hour: its log grows, and so do the lists that SQLite and V8 keep of it. */
const MAX_HEAP_BYTES_AN_HOUR = 8 * 1024 * 1024

type Row = {
  minute: number
  heap: number
  rss: number
  descriptors: number
  handles: number
  listeners: number
}
type Member = {
  readonly home: string
  readonly port: number
  process: LineProcess
  rows: Row[]
  from: number
}

const chance = chanceFrom(seed)
process.stdout.write(`seed ${seed}, ${count} stations, ${minutes} minutes\n`)
const { community, founder } = await TestCommunity.create()
const homes = [founder.home]
for (let n = 1; n < count; n++) {
  const station = await community.join(founder, `测试员${n}`, n === 1 ? 'relay' : 'worker')
  homes.push(station.home)
}
for (const station of community.stations) await station.close()
const ports = await freePorts(count)
const acknowledged = new Set<string>()
const failures: string[] = []
let restarts = 0

const start = (n: number): LineProcess => {
  const peers = [1, 2, 3].map((step) => ports[(n + step) % count]).join(',')
  const args = [CHILD, homes[n]!, String(ports[n]), String(seed + n), peers, n === 1 ? 'no' : 'yes']
  return new LineProcess(process.execPath, ['--expose-gc', ...args])
}
const members: Member[] = homes.map((home, n) => ({
  home,
  port: ports[n]!,
  process: start(n),
  rows: [],
  from: 0,
}))
for (const { process: child } of members) await child.says('open', (line) => line.say === 'open')

/** What was said since it was last looked at; an acknowledged write counts from then on. */
function harvest(member: Member): void {
  for (const line of member.process.lines.splice(0)) {
    if (line.say === 'made') acknowledged.add(String(line.id))
    if (line.say === 'failed') failures.push(JSON.stringify(line))
  }
}

const began = Date.now()
const ends = began + minutes * 60_000
let nextReport = began + REPORT_MS
let nextRestart = began + RESTART_MS
while (Date.now() < ends) {
  await pause(Math.max(0, Math.min(nextReport, nextRestart, ends) - Date.now()))
  if (Date.now() >= nextRestart) {
    const n = count - 1 - chance.below(RESTARTED)
    await members[n]!.process.end(chance.below(2) ? 'SIGKILL' : null)
    harvest(members[n]!)
    members[n]!.process = start(n)
    restarts++
    nextRestart = Date.now() + RESTART_MS
  }
  if (Date.now() >= nextReport) {
    nextReport += REPORT_MS
    await report()
  }
}

async function report(): Promise<void> {
  const minute = (Date.now() - began) / 60_000
  const stays = members.slice(0, count - RESTARTED)
  let entries = 0
  for (const member of members) harvest(member)
  for (const member of stays) {
    const line = await member.process.ask('report', 'report')
    entries = Math.max(entries, Number(line.entries))
    const n = (name: string) => Number(line[name])
    member.rows.push({
      minute,
      heap: n('heapBytes'),
      rss: n('rssBytes'),
      descriptors: n('descriptors'),
      handles: n('handles'),
      listeners: n('listeners'),
    })
  }
  const last = stays.map(({ rows }) => rows.at(-1)!)
  const most = (of: (row: Row) => number) => Math.max(...last.map(of))
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1)
  process.stdout.write(
    `${minute.toFixed(1)} min · heap ${mb(most((r) => r.heap))} MB · resident ${mb(most((r) => r.rss))} MB · descriptors ${most((r) => r.descriptors)} · handles ${most((r) => r.handles)} · listeners ${most((r) => r.listeners)} · ${entries} entries · ${acknowledged.size} acknowledged · ${restarts} restarts\n`,
  )
}

// ---- the end: equal, whole, and nothing grown

await Promise.all(members.map(({ process: child }) => child.ask('settle', 'settled', 300_000)))
let equal = false
for (const until = Date.now() + 300_000; !equal && Date.now() < until; ) {
  await pause(1000)
  const lines = await Promise.all(members.map(({ process: child }) => child.ask('report', 'report')))
  equal = new Set(lines.map(({ digest }) => digest)).size === 1
}
if (!equal) failures.push('they did not end equal within 5 minutes')
for (const member of members) {
  const closed = await member.process.ask('close', 'closed')
  harvest(member)
  if ((closed.checks as unknown[]).length > 0)
    failures.push(`doctor of ${member.port}: ${JSON.stringify(closed.checks)}`)
  await member.process.end(null)
}
const station = expectOk(await openStation({ home: founder.home, secret: testSecret }))
const lost = [...acknowledged].filter((id) => station.get(id) === null)
if (lost.length > 0) failures.push(`${lost.length} acknowledged records are gone, as ${lost[0]}`)
await station.close()

process.stdout.write(
  '\nstation  heap/h     resident/h  descriptors/h  handles/h  listeners/h  (slopes of the second half)\n',
)
for (const [n, member] of members.slice(0, count - RESTARTED).entries()) {
  const rows = member.rows.slice(Math.floor(member.rows.length / 2))
  const an = (of: (row: Row) => number) => slope(rows.map((row) => [row.minute / 60, of(row)]))
  const heap = an((row) => row.heap)
  const small = [an((row) => row.descriptors), an((row) => row.handles), an((row) => row.listeners)]
  process.stdout.write(
    `${n}        ${(heap / 1e6).toFixed(2)} MB    ${(an((row) => row.rss) / 1e6).toFixed(2)} MB     ${small.map((each) => each.toFixed(1)).join('          ')}\n`,
  )
  const grown = (of: (row: Row) => number) =>
    Math.min(...rows.map(of)) > Math.max(...member.rows.slice(1, 4).map(of)) + 8
  if (minutes >= 30 && heap > MAX_HEAP_BYTES_AN_HOUR)
    failures.push(`station ${n} gains ${heap} bytes an hour`)
  if (grown((row) => row.descriptors) || grown((row) => row.handles) || grown((row) => row.listeners))
    failures.push(`station ${n} holds more descriptors, handles or listeners than it began with`)
}
await community.close()
process.stdout.write(
  failures.length === 0
    ? `\nequal, ${acknowledged.size} acknowledged, 0 lost, ${restarts} restarts, every doctor content\n`
    : `\nFAILED (seed ${seed})\n${failures.join('\n')}\n`,
)
process.exit(failures.length === 0 ? 0 : 1)

/** Of a line through the points, least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const n = points.length
  if (n < 2) return 0
  const mx = points.reduce((sum, [x]) => sum + x, 0) / n
  const my = points.reduce((sum, [, y]) => sum + y, 0) / n
  const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0)
  return over / (points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0) || 1)
}

async function freePorts(many: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: many },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
        }),
    ),
  )
  const found = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return found
}
