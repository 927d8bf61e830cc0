import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addGrid, createCommunity, expectOk, openStation, type Station, stepCase } from '@doorstep/core'
import { atOnce, deliver, importAll, joinedWorker, reported, SECRET, write } from '../community.ts'
import { BUILT_AT_MS, generate, HOUSEHOLDS_A_GRID, type PlainHousehold } from '../generate.ts'

/** A year of one community: what every station of it has by the end. */
export type Year = {
  readonly households: number
  /** The chief's, who reads everything; stands for a gateway. */
  readonly gateway: string
  /** One a grid. */
  readonly workers: readonly string[]
  readonly spaces: readonly string[]
  readonly entries: number
}

/** With these, 12.5 entries a household: a visit each; of its case accepted, handled, and half of them checked. */
export const VISITS_A_YEAR = 10
const DAYS_BETWEEN_ROUNDS = 36
const DAY_MS = 86_400_000

export const folderOf = (cache: string, households: number, seed: number): string =>
  join(cache, `year-${households}-${seed}`)

/** A year that an earlier run kept, if it is whole. */
export function keptYear(cache: string, households: number, seed: number): Year | null {
  const folder = folderOf(cache, households, seed)
  const file = join(folder, 'year.json')
  if (!existsSync(file)) return null
  const { spaces, entries } = JSON.parse(readFileSync(file, 'utf8')) as Pick<Year, 'spaces' | 'entries'>
  return {
    households,
    spaces,
    entries,
    gateway: join(folder, 'gateway'),
    workers: spaces.map((_, n) => join(folder, `worker-${n}`)),
  }
}

/**
 * One community that grows grid by grid through these sizes, and is kept at each: every grid has a worker of its own
 * who lives a year in it. What was kept by an earlier run is gone on from.
 */
export async function buildYears(
  cache: string,
  sizes: readonly number[],
  seed: number,
  say: (text: string) => void,
): Promise<void> {
  const ascending = [...sizes].sort((a, b) => a - b)
  const largest = ascending.at(-1)!
  const missing = ascending.filter((size) => !keptYear(cache, size, seed))
  if (missing.length === 0) return
  const from = ascending.filter((size) => size < missing[0]! && keptYear(cache, size, seed)).at(-1)
  const growing = join(cache, `growing-${process.pid}`)
  rmSync(growing, { recursive: true, force: true })
  mkdirSync(growing, { recursive: true })
  if (from) cpSync(folderOf(cache, from, seed), growing, { recursive: true })
  let clock = BUILT_AT_MS
  const now = () => clock
  let chief = from ? await reopen(growing, now) : await found(growing, now)
  const spaces: string[] = from ? [...keptYear(cache, from, seed)!.spaces] : []
  const everybody = generate({ households: largest, seed, visits: VISITS_A_YEAR })
  for (let grid = 0; grid * HOUSEHOLDS_A_GRID < largest; grid++) {
    const households = take(everybody, HOUSEHOLDS_A_GRID)
    if (grid < spaces.length) continue
    clock = BUILT_AT_MS
    const name = `第${grid + 1}网格`
    const space = expectOk(await addGrid(chief, name))
    spaces.push(space)
    const worker = await joinedWorker(chief, join(growing, `worker-${grid}`), `测试员${grid + 1}`, [name])
    await liveAYear(chief, worker, space, households, () => {
      clock += DAYS_BETWEEN_ROUNDS * DAY_MS
    })
    await worker.close()
    const size = (grid + 1) * HOUSEHOLDS_A_GRID
    say(`${size} of ${largest} households`)
    if (!missing.includes(size)) continue
    const entries = spaces.reduce((sum, one) => sum + chief.digest(one).entries, 0)
    await chief.close()
    keep(growing, folderOf(cache, size, seed), { spaces, entries })
    chief = await reopen(growing, now)
  }
  await chief.close()
  rmSync(growing, { recursive: true, force: true })
}

async function found(folder: string, now: () => number): Promise<Station> {
  return expectOk(
    await createCommunity({
      home: join(folder, 'gateway'),
      secret: SECRET,
      community: '测试街道',
      member: '测试员甲',
      stationName: '甲的笔记本',
      grids: [],
      timeZone: 'Asia/Singapore',
      now,
    }),
  )
}

const reopen = async (folder: string, now: () => number): Promise<Station> =>
  expectOk(await openStation({ home: join(folder, 'gateway'), secret: SECRET, now }))

function keep(growing: string, folder: string, facts: Pick<Year, 'spaces' | 'entries'>): void {
  const unfinished = `${folder}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  cpSync(growing, unfinished, { recursive: true })
  writeFileSync(join(unfinished, 'year.json'), JSON.stringify(facts))
  renameSync(unfinished, folder)
}

function take<T>(from: Iterator<T>, count: number): T[] {
  const taken: T[] = []
  while (taken.length < count) {
    const next = from.next()
    if (next.done) break
    taken.push(next.value)
  }
  return taken
}

async function liveAYear(
  chief: Station,
  worker: Station,
  space: string,
  households: readonly PlainHousehold[],
  pass: () => void,
): Promise<void> {
  await importAll(
    worker,
    space,
    households.flatMap((one) => one.register),
  )
  const stepAll = (station: Station, of: readonly PlainHousehold[], step: 'accept' | 'handle' | 'check') =>
    atOnce(of, async (one) => {
      const note = one.case.steps!.find((each) => each.step === step)?.note
      expectOk(await stepCase(station, { case: one.case.id, step, ...(note ? { note } : {}) }))
    })
  let accepted: PlainHousehold[] = []
  let handled: PlainHousehold[] = []
  for (let round = 0; round < VISITS_A_YEAR + 2; round++) {
    await stepAll(
      worker,
      handled.filter((_, n) => n % 2 === 0),
      'check',
    )
    await stepAll(worker, accepted, 'handle')
    const visited = round < VISITS_A_YEAR ? households : []
    await atOnce(visited, (one) => {
      const records = [one.visits[round]!, ...(one.afterVisit === round ? [reported(one.case)] : [])]
      return write(worker, 'visit.record', space, records)
    })
    await deliver(worker, chief, space)
    handled = accepted
    accepted = visited.filter((one) => one.afterVisit === round)
    await stepAll(chief, accepted, 'accept')
    await deliver(chief, worker, space)
    pass()
  }
}
