import { join } from 'node:path'
import {
  createCommunity,
  createInvite,
  type Edit,
  expectOk,
  grantRequest,
  type HomeSecret,
  joinWithInvite,
  ok,
  type Role,
  type Station,
  stepCase,
} from '@doorstep/core'
import {
  BUILT_AT_MS,
  generate,
  gridsOf,
  type PlainHousehold,
  type PlainRecord,
  type Size,
} from './generate.ts'

export type BuiltHomes = {
  /** The chief's: reads everything. */
  readonly home: string
  /** The worker's of the first grid. */
  readonly workerHome: string
}

export const SECRET: HomeSecret = { type: 'key', bytes: new Uint8Array(32).fill(7) }

const builtAt = (): number => BUILT_AT_MS

/** As many records as one write of an import holds (core's importRegister). */
const RECORDS_A_WRITE = 500
const WRITES_AT_ONCE = 500

type Grid = { space: string; worker: Station; households: PlainHousehold[] }

/**
 * The register comes in bounded imports; each visit, with the case it brought up, is a write of the worker of that
 * grid, each later step of a case a write of the chief or the worker.
 */
export async function buildCommunity(folder: string, size: Size): Promise<BuiltHomes> {
  const names = Array.from({ length: gridsOf(size) }, (_, n) => `第${n + 1}网格`)
  const chief = expectOk(
    await createCommunity({
      home: join(folder, 'chief'),
      secret: SECRET,
      community: '测试社区',
      member: '测试员甲',
      stationName: '甲的笔记本',
      grids: names,
      timeZone: 'Asia/Shanghai',
      now: builtAt,
    }),
  )
  const grids: Grid[] = []
  for (const [n, name] of names.entries()) {
    const space = [...chief.records({ type: 'grid' })].find((grid) => grid.fields.name === name)!.fields.space
    const worker = await joinedWorker(chief, join(folder, `worker-${n}`), `测试员${n + 1}`, [name])
    grids.push({ space: String(space), worker, households: [] })
  }
  for (const one of generate(size)) grids[one.grid]!.households.push(one)
  for (const grid of grids) {
    await live(chief, grid)
    await deliver(chief, grid.worker, grid.space)
    await grid.worker.close()
  }
  await chief.close()
  return { home: chief.home, workerHome: grids[0]!.worker.home }
}

/** Invites and grants as two people with a stick would; the newcomer's home knows nothing yet but its keys. */
export async function inviteHome(
  chief: Station,
  home: string,
  name: string,
  role: Role,
  grids: readonly string[],
): Promise<Station> {
  const invite = expectOk(createInvite(chief, { role, name, grids: [...grids] }))
  const { station, request } = expectOk(
    joinWithInvite(home, SECRET, invite, { stationName: `${name}的笔记本`, now: () => chief.now }),
  )
  expectOk(await grantRequest(chief, request))
  return station
}

export async function joinedWorker(
  chief: Station,
  home: string,
  name: string,
  grids: readonly string[],
): Promise<Station> {
  const station = await inviteHome(chief, home, name, 'worker', grids)
  await hand(chief, station, [chief.identity.community])
  return station
}

async function live(chief: Station, { space, worker, households }: Grid): Promise<void> {
  await importAll(
    chief,
    space,
    households.flatMap((one) => one.register),
  )
  await deliver(chief, worker, space)
  const rounds = Math.max(...households.map((one) => one.visits.length))
  let accepted: PlainHousehold[] = []
  for (let round = 0; round < rounds; round++) {
    await atOnce(households, (one) => {
      const records = [one.visits[round]!, ...(one.afterVisit === round ? [reported(one.case)] : [])]
      return write(worker, 'visit.record', space, records)
    })
    await handle(worker, accepted)
    await deliver(worker, chief, space)
    accepted = households.filter((one) => one.afterVisit === round)
    await atOnce(accepted, async (one) => {
      expectOk(await stepCase(chief, { case: one.case.id, step: 'accept' }))
    })
    await deliver(chief, worker, space)
  }
  await handle(worker, accepted)
  await deliver(worker, chief, space)
}

const handle = (worker: Station, households: readonly PlainHousehold[]): Promise<void> =>
  atOnce(households, async (one) => {
    const { note } = one.case.steps!.find((each) => each.step === 'handle')!
    expectOk(await stepCase(worker, { case: one.case.id, step: 'handle', note: note! }))
  })

export const reported = (record: PlainRecord): PlainRecord => ({
  ...record,
  steps: record.steps!.slice(0, 1),
})

export async function importAll(
  station: Station,
  space: string,
  records: readonly PlainRecord[],
): Promise<void> {
  for (let at = 0; at < records.length; at += RECORDS_A_WRITE)
    await write(station, 'record.import', space, records.slice(at, at + RECORDS_A_WRITE))
}

/** One write: one act of one person, on disk when it returns. */
export async function write(
  station: Station,
  action: 'record.import' | 'visit.record',
  space: string,
  records: readonly PlainRecord[],
): Promise<void> {
  expectOk(
    await station.write(action, (book) => {
      for (const record of records) {
        const created = book.create(record.type, space, contentOf(record), record.id)
        if (!created.ok) return created
      }
      return ok(undefined)
    }),
  )
}

const contentOf = ({ set, categories, steps }: PlainRecord): Edit => ({
  set,
  ...(categories ? { add: { categories } } : {}),
  ...(steps ? { append: { steps: steps.map((one) => ({ ...one, saw: [] })) } } : {}),
})

/** Asked for together, so that the disk is waited for once for many; building is not what is measured. */
export async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += WRITES_AT_ONCE)
    await Promise.all(items.slice(at, at + WRITES_AT_ONCE).map(work))
}

export const deliver = (from: Station, to: Station, space: string): Promise<void> =>
  hand(from, to, [from.identity.community, from.communitySpace()!, space])

/** What one station has and the other lacks, through the real segments and the real gate. */
async function hand(from: Station, to: Station, spaces: readonly string[]): Promise<void> {
  for (const space of spaces) {
    const outgoing = from.outgoing(space, to.heads(space))
    for (let at = 0; at < outgoing.length; at += 64) {
      const segments = outgoing.slice(at, at + 64).map(({ row }) => from.segment(row))
      const report = expectOk(await to.admit(segments, from.identity.station))
      if (report.refused.length + report.missing > 0)
        throw new Error(`not taken in: ${JSON.stringify(report)}`)
    }
  }
}
