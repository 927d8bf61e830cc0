import { join } from 'node:path'
import { expectOk, makeCheckpoint, openRecordSet, openStation, type Role, type Station } from '@doorstep/core'
import { inviteHome, SECRET, write } from '../community.ts'
import { oneMoreVisit } from '../generate.ts'
import { median, percentile } from '../median.ts'
import { createSeeded } from '../seeded.ts'
import { writeTrust } from '../sides/doorstep.ts'
import { step } from '../step.ts'

export type GatewayFacts = {
  readonly openMs: number
  readonly saveP50Ms: number
  readonly saveP95Ms: number
  readonly coldDigestMs: number
  readonly warmDigestMs: number
  readonly checkpointMs: number
  readonly inviteMs: number
}

const WARM_UP = 20
const SAVES = 100

/** What a gateway does besides opening: digests, saves, a checkpoint of one grid, and two invitations. */
step<{ gateway: string; laptop: string; second: string; space: string }>(
  async ({ gateway, laptop, second, space }): Promise<GatewayFacts> => {
    const [station, openMs] = await timed(async () =>
      expectOk(await openStation({ home: join(gateway, 'chief'), secret: SECRET })),
    )
    const digestAll = async () => station.holdings().map((one) => station.digest(one))
    const [, coldDigestMs] = await timed(digestAll)
    const [, warmDigestMs] = await timed(digestAll)
    const records = openRecordSet(station)
    const households = [...station.records({ space, type: 'household' })].map(({ id }) => id)
    const seeded = createSeeded(7)
    const saves: number[] = []
    for (let n = -WARM_UP; n < SAVES; n++) {
      const visit = oneMoreVisit(seeded, seeded.pick(households), 0)
      const [, ms] = await timed(() => write(station, 'visit.record', space, [visit]))
      if (n >= 0) saves.push(ms)
    }
    records.close()
    const [, checkpointMs] = await timed(async () => expectOk(await makeCheckpoint(station, space)))
    const grid = [...station.records({ type: 'grid' })].find(({ fields }) => fields.space === space)!
    const [, inviteMs] = await timed(() => letIn(station, laptop, 'worker', [String(grid.fields.name)]))
    await letIn(station, second, 'steward', [])
    await station.close()
    return {
      openMs,
      saveP50Ms: median(saves),
      saveP95Ms: percentile(saves, 0.95),
      coldDigestMs,
      warmDigestMs,
      checkpointMs,
      inviteMs,
    }
  },
)

async function letIn(station: Station, folder: string, role: Role, grids: readonly string[]): Promise<void> {
  const home = join(folder, 'chief')
  await (await inviteHome(station, home, `测试新人 ${role}`, role, grids)).close()
  writeTrust(folder, station)
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const startedAt = performance.now()
  const value = await work()
  return [value, performance.now() - startedAt]
}
