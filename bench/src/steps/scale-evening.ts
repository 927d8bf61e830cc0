import { expectOk, openStation } from '@doorstep/core'
import { SyncNode } from '@doorstep/sync'
import { SECRET, write } from '../community.ts'
import { oneMoreVisit } from '../generate.ts'
import { median } from '../median.ts'
import { createSeeded } from '../seeded.ts'
import { step } from '../step.ts'

export type Evening = {
  /** From the first call to the last meeting that is equal. */
  readonly ms: number
  readonly p50Ms: number
}

/** A grid of 500 households writes 12.5 entries a household in a year. */
const ENTRIES_A_DAY = 17

/** Many stations, here in one process, each with a day's work, call one gateway at once. */
step<{ homes: readonly string[]; port: number }>(async ({ homes, port }): Promise<Evening> => {
  const seeded = createSeeded(11)
  const stations = []
  for (const home of homes) {
    const station = expectOk(await openStation({ home, secret: SECRET }))
    const space = station.spaces().find(({ kind }) => kind === 'grid')!.id
    const households = [...station.records({ space, type: 'household' })].map(({ id }) => id)
    const visits = Array.from({ length: ENTRIES_A_DAY }, () =>
      oneMoreVisit(seeded, seeded.pick(households), 0),
    )
    await Promise.all(visits.map((visit) => write(station, 'visit.record', space, [visit])))
    stations.push(station)
  }
  const startedAt = performance.now()
  const times = await Promise.all(
    stations.map(async (station, n) => {
      const node = new SyncNode({ station, name: `测试员${n + 1}`, onState: () => look() })
      let look = () => {}
      const equal = new Promise<void>((resolve, reject) => {
        look = () => {
          const [session] = node.sessions()
          if (session?.isEqual()) resolve()
          if (session?.state().closed) reject(new Error(`the meeting ended: ${session.state().closed}`))
        }
      })
      expectOk(await node.dial(`127.0.0.1:${port}`))
      look()
      await equal
      return { node, ms: performance.now() - startedAt }
    }),
  )
  const ms = times.map((one) => one.ms)
  for (const { node } of times) await node.close()
  for (const station of stations) await station.close()
  return { ms: Math.max(...ms), p50Ms: median(ms) }
})
