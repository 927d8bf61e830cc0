import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openStation } from '@doorstep/core'
import { SECRET } from '../community.ts'
import { openCountingProxy } from '../counting-proxy.ts'
import { type Done, runStep, serveStep } from '../run-step.ts'
import type { Opened } from '../steps/doorstep-open.ts'
import type { Evening } from '../steps/scale-evening.ts'
import type { GatewayFacts } from '../steps/scale-gateway.ts'
import type { Met } from '../steps/side-meet.ts'
import type { Served } from '../steps/side-serve.ts'
import { markdown } from '../table.ts'
import { keptYear, type Year } from './year.ts'

/** As many stations meet the gateway in one evening, each with its day's work. */
const STATIONS_AN_EVENING = 60

export type ScaleOptions = {
  /** Where the communities are kept: half a million entries take half an hour to write, once. */
  readonly cache: string
  readonly sizes: readonly number[]
  readonly seed: number
  readonly folder: string
  readonly progress: (text: string) => void
}

/** One thing, measured at every size. */
type Line = { readonly what: string; readonly unit: string; readonly values: readonly number[] }
type Measured = Readonly<Record<string, { readonly unit: string; readonly value: number }>>

export async function measureScale(
  options: ScaleOptions,
): Promise<{ data: { sizes: readonly number[]; lines: readonly Line[] }; text: string }> {
  const { cache, seed, progress } = options
  const sizes = [...options.sizes].sort((a, b) => a - b)
  mkdirSync(cache, { recursive: true })
  if (sizes.some((size) => !keptYear(cache, size, seed))) {
    progress(
      `writing a year of ${sizes.at(-1)} households into ${cache}: once, some 30 s for every 10,000 entries`,
    )
    await runStep('build-year', { cache, sizes, seed })
  }
  for (const size of sizes) await mustOpen(keptYear(cache, size, seed)!)
  const measured: Measured[] = []
  for (const size of sizes) measured.push(await measureSize(options, keptYear(cache, size, seed)!))
  const lines = Object.entries(measured[0]!).map(([what, { unit }]) => ({
    what,
    unit,
    values: measured.map((one) => one[what]?.value ?? Number.NaN),
  }))
  return { data: { sizes, lines }, text: textOf(sizes, lines) }
}

/** Formats are unreleased: what another version kept may not open any more. */
async function mustOpen({ gateway }: Year): Promise<void> {
  const station = await openStation({ home: gateway, secret: SECRET })
  if (station.ok) return station.value.close()
  const folder = dirname(gateway)
  throw new Error(
    `${folder} was kept by another version (${station.problem.type}); delete it: rm -r '${folder}'`,
  )
}

async function measureSize({ folder, progress }: ScaleOptions, year: Year): Promise<Measured> {
  const { households } = year
  const work = join(folder, `scale-${households}`)
  const say = (text: string) => progress(`scale, ${households} households: ${text}`)
  const at = {
    gateway: join(work, 'gateway'),
    worker: join(work, 'worker'),
    laptop: join(work, 'laptop'),
    second: join(work, 'second'),
  }
  const measured: Record<string, { unit: string; value: number }> = {}
  const put = (what: string, unit: string, value: number): void => {
    measured[what] = { unit, value }
  }
  say('copying')
  // The inner folder is what the steps of Doorstep's side expect.
  cpSync(year.gateway, join(at.gateway, 'chief'), { recursive: true })
  cpSync(year.workers[0]!, join(at.worker, 'chief'), { recursive: true })
  put('entries · 条目', 'entries', year.entries)
  put('file of the gateway · 网关文件', 'MB', statSync(join(year.gateway, 'station.db')).size / 1e6)
  put('file of one worker · 网格员文件', 'MB', statSync(join(year.workers[0]!, 'station.db')).size / 1e6)

  say('opening')
  for (const [name, zh, home] of [
    ['worker', '网格员', at.worker],
    ['gateway', '网关', at.gateway],
  ] as const) {
    // A copied home is noticed at its first opening, and that is not what is measured.
    await runStep<Opened>('doorstep-open', { home: join(home, 'chief') })
    const opened = await runStep<Opened>('doorstep-open', { home: join(home, 'chief') })
    put(`open to the due list, ${name} · ${zh}打开`, 's', opened.value.ms / 1000)
    put(`… CPU of the process, ${name} · ${zh}进程 CPU`, 's', opened.usage.cpuMs / 1000)
    put(`… memory, ${name} · ${zh}内存`, 'MB', opened.usage.rssBytes / 1e6)
    if (name === 'gateway') put('… records · 记录', 'records', opened.value.records)
  }

  say('saving, digests, a checkpoint, invitations')
  const { value: facts } = await runStep<GatewayFacts>('scale-gateway', {
    ...at,
    space: year.spaces[0],
  })
  put('open the station alone, gateway · 网关打开(无视图)', 's', facts.openMs / 1000)
  put('save a visit at the gateway, p50 · 网关保存', 'ms', facts.saveP50Ms)
  put('save a visit at the gateway, p95 · 网关保存', 'ms', facts.saveP95Ms)
  put('digest of every space, cold · 全部摘要(冷)', 'ms', facts.coldDigestMs)
  put('digest of every space, warm · 全部摘要(热)', 'ms', facts.warmDigestMs)
  put('checkpoint of one grid · 一个网格的检查点', 's', facts.checkpointMs / 1000)
  put('letting a newcomer in · 接纳新人', 'ms', facts.inviteMs)

  say('first sync of one laptop')
  const first = await meet(at.gateway, at.laptop)
  put('first sync of one laptop, checkpoint · 笔记本首次同步', 's', first.ms / 1000)
  put('… bytes · 字节', 'MB', first.bytes / 1e6)
  put('… CPU, laptop · 笔记本 CPU', 's', first.laptop.usage.cpuMs / 1000)
  put('… CPU, gateway · 网关 CPU', 's', first.gateway.usage.cpuMs / 1000)
  put('… memory peak, laptop · 内存峰值', 'MB', first.laptop.usage.peakRssBytes / 1e6)
  await meet(at.gateway, at.laptop)
  const nothing = await meet(at.gateway, at.laptop)
  put('meeting with nothing new, laptop · 无新内容会面', 'ms', nothing.ms)
  put('… both ways · 双向字节', 'KB', nothing.bytes / 1000)

  say('first sync of a second gateway')
  const second = await meet(at.gateway, at.second)
  put('first sync of a second gateway, entries · 第二网关首次同步', 's', second.ms / 1000)
  put('… CPU, second gateway · 第二网关 CPU', 's', second.laptop.usage.cpuMs / 1000)
  put('… second gateway, bytes · 字节', 'MB', second.bytes / 1e6)
  put('… memory peak, second gateway · 内存峰值', 'MB', second.laptop.usage.peakRssBytes / 1e6)
  await meet(at.gateway, at.second)
  const nothingThere = await meet(at.gateway, at.second)
  put('meeting with nothing new, second gateway · 网关间无新内容', 'ms', nothingThere.ms)
  put('… CPU, either · 每方 CPU', 's', nothingThere.gateway.usage.cpuMs / 1000)
  put('… second gateway, both ways · 双向字节', 'KB', nothingThere.bytes / 1000)

  const count = Math.min(STATIONS_AN_EVENING, year.workers.length)
  say(`an evening of ${count} stations`)
  const homes = year.workers.slice(0, count).map((home, n) => {
    const copy = join(work, `evening-${n}`)
    cpSync(home, copy, { recursive: true })
    return copy
  })
  const serving = await serve(at.gateway)
  const { value: evening } = await runStep<Evening>('scale-evening', { homes, port: serving.ready.port })
  const served = await serving.stop()
  put('evening: stations · 晚间会面站数', 'stations', count)
  put('evening: until all are equal · 全部一致', 's', evening.ms / 1000)
  put('evening: a station, p50 · 每站', 's', evening.p50Ms / 1000)
  put('evening: CPU, gateway · 网关 CPU', 's', (served.usage.cpuMs - served.value.before.cpuMs) / 1000)
  put('evening: memory peak, gateway · 网关内存峰值', 'MB', served.usage.peakRssBytes / 1e6)
  rmSync(work, { recursive: true })
  return measured
}

const serve = (gateway: string) =>
  serveStep<{ port: number }, Served>('side-serve', { side: 'doorstep', folder: gateway })

async function meet(gateway: string, laptop: string) {
  const serving = await serve(gateway)
  const proxy = await openCountingProxy(serving.ready.port)
  const met = await runStep<Met>('side-meet', {
    side: 'doorstep',
    folder: laptop,
    port: proxy.port,
    size: { households: 0, seed: 1 },
    edits: null,
  })
  const served = await serving.stop()
  const bytes = proxy.up + proxy.down
  await proxy.close()
  return {
    ms: met.value.settledAtMs - met.value.startedAtMs,
    bytes,
    laptop: since(met, met.value.before.cpuMs),
    gateway: since(served, served.value.before.cpuMs),
  }
}

const since = ({ usage }: Done<unknown>, cpuMs: number) => ({
  usage: { ...usage, cpuMs: usage.cpuMs - cpuMs },
})

/** Over the slope by which it is said to grow faster than what it grows with. */
const STEEP = 1.15

function textOf(sizes: readonly number[], lines: readonly Line[]): string {
  const head = ['', 'unit', ...sizes.map((size) => `${size} households`), 'exponent']
  const cells = lines.map(({ what, unit, values }) => [
    what,
    unit,
    ...values.map((value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))),
    exponentText(sizes, values),
  ])
  const table = markdown([head, ...cells], new Set(head.keys().filter((n) => n >= 2)))
  return `${table}\n\n- exponent: of growth with the households, least squares over the logarithms; 1 is proportional, 0 does not grow; ! above ${STEEP}`
}

function exponentText(sizes: readonly number[], values: readonly number[]): string {
  const slope = exponentOf(sizes, values)
  if (slope === null) return ''
  return `${slope > STEEP ? '! ' : ''}${slope.toFixed(2)}`
}

/** Of y = c·x^e, from all points; null where there is none. */
export function exponentOf(sizes: readonly number[], values: readonly number[]): number | null {
  const points = sizes.flatMap((size, n) =>
    values[n]! > 0 ? [[Math.log(size), Math.log(values[n]!)] as const] : [],
  )
  if (points.length < 2) return null
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [x0, y0] = [mean(0), mean(1)]
  const over = points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0)
  const under = points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0)
  return over / under
}
