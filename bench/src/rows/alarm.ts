import type { BenchContext } from '../bench-context.ts'
import { fdatasyncMs, loopbackRoundTripMs } from '../limits.ts'
import { percentile } from '../median.ts'
import type { GroupResult, Row } from '../row.ts'
import { runStep, serveStep } from '../run-step.ts'
import type { RaisedAlarms } from '../steps/alarm-gateway.ts'
import type { SeenAlarms } from '../steps/alarm-laptop.ts'

/** From a finding at a gateway's process to its alarm being readable at a connected laptop's. */
export async function measureAlarm(context: BenchContext): Promise<GroupResult> {
  const { home, workerHome } = await context.doorstep()
  const alarms = context.options.liveEdits
  const latencies: number[] = []
  const saves: number[] = []
  const grid = (await runStep<string>('alarm-grid', { home: workerHome })).value
  for (let n = 1; n <= context.options.repetitions; n++) {
    context.progress(`alarm: ${n}/${context.options.repetitions}`)
    const laptop = await serveStep<{ port: number }, SeenAlarms>('alarm-laptop', { home: workerHome })
    const { value } = await runStep<RaisedAlarms>('alarm-gateway', {
      home,
      grid,
      port: laptop.ready.port,
      alarms,
    })
    const { seen } = (await laptop.stop()).value
    const arrived = new Map(seen)
    for (const [id, atMs] of value.raised) {
      const seenMs = arrived.get(id)
      if (seenMs === undefined) throw new Error(`alarm ${id} did not arrive`)
      latencies.push(seenMs - atMs)
    }
    saves.push(...value.savesMs)
  }
  const limit = {
    what: 'half a round trip, two fdatasyncs',
    value: (await loopbackRoundTripMs()) / 2 + 2 * fdatasyncMs(context.fresh('sync')),
  }
  const row = (what: string, value: number): Row => ({
    group: 'alarm',
    what,
    unit: 'ms',
    values: { doorstep: value },
  })
  return {
    rows: [
      {
        ...row('alarm to a connected laptop, p50 · 报警到相连笔记本 p50', percentile(latencies, 0.5)),
        limit,
      },
      row('alarm to a connected laptop, p95 · 报警到相连笔记本 p95', percentile(latencies, 0.95)),
      row('… on disk at the gateway, p95 · 网关落盘 p95', percentile(saves, 0.95)),
    ],
    notes: [
      `alarm: ${latencies.length} findings of devices in a grid of ${context.options.size.households} households' community, each from being raised at the gateway's process (alarm and case in one write) to standing in the list of open alarms of the laptop's; on disk at both ends by then`,
    ],
  }
}
