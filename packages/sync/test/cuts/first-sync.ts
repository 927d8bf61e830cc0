import { expectOk, makeCheckpoint } from '@doorstep/core'
import { gridOf, unpackable } from '@doorstep/core/testing'
import { meetOnce, openCutting } from './cut-meetings.ts'

type Cost = { readonly bytes: number; readonly cpuMs: number }

/** A call says who is there and how far it is before anything is sent: of so many bytes none is the sync itself. */
const CALL_BYTES = 6000

/**
 * One first sync unbroken, and the same broken so often, each time after an equal part of the bytes that the unbroken
 * one took. With `fromCheckpointOf`, the newcomer starts from a checkpoint of that many entries at least.
 */
export async function breakFirstSync(options: { entries: number; cuts: number; fromCheckpointOf?: number }) {
  const run = async (cutEvery: number | null) => {
    await using cutting = await openCutting(options.fromCheckpointOf ?? Number.MAX_SAFE_INTEGER)
    const { founder, worker, proxy } = cutting
    const grid = gridOf(founder)
    for (let n = 0; n < options.entries; n++) {
      expectOk(
        await founder.write('record.import', (book) => {
          let last = book.create('building', grid, { set: { name: `楼${n}` } })
          for (let k = 1; k < 10; k++)
            last = book.create('building', grid, {
              set: { name: `楼${n}-${k}`, street: unpackable(108) },
            })
          return last
        }),
      )
      // Some are signed together, as in a day's work.
      if (n % 4 === 3) founder.outgoing(grid, [])
    }
    if (options.fromCheckpointOf) expectOk(await makeCheckpoint(founder, gridOf(founder)))
    founder.outgoing(gridOf(founder), [])
    const began = process.cpuUsage()
    let cuts = 0
    for (let equal = false; !equal; ) {
      const isCut = cutEvery !== null && cuts < options.cuts
      proxy.cutNext('down', isCut ? CALL_BYTES + cutEvery : null)
      equal = (await meetOnce(cutting)).equal
      if (!equal) cuts++
      else if (isCut) throw new Error(`equal after ${cuts} cuts`)
    }
    const spent = process.cpuUsage(began)
    if (worker.digest(grid).recordsDigest !== founder.digest(grid).recordsDigest)
      throw new Error('not the same')
    const cost: Cost = {
      bytes: proxy.total.up + proxy.total.down,
      cpuMs: Math.round((spent.user + spent.system) / 1000),
    }
    return { cost, cuts }
  }
  const whole = (await run(null)).cost
  const { cost, cuts } = await run(Math.floor(whole.bytes / (options.cuts * 1.5)))
  return { whole, broken: cost, cuts }
}
