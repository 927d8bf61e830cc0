import type { BenchContext } from '../bench-context.ts'
import { median, percentile } from '../median.ts'
import type { GroupResult, Row } from '../row.ts'
import { runStep } from '../run-step.ts'
import type { Keyed } from '../steps/doorstep-keys.ts'

const KEYS = 120

/** The workstation on a terminal that takes frames and shows none: the start, and a key to its frame. */
export async function measureWorkstation(context: BenchContext): Promise<GroupResult> {
  const { home, workerHome } = await context.doorstep()
  const rows: Row[] = []
  const notes: string[] = []
  for (const [name, folder] of [
    ['one grid · 一个网格', workerHome],
    ['the community · 全社区', home],
  ] as const) {
    const done: Keyed[] = []
    for (let n = 1; n <= context.options.repetitions; n++) {
      context.progress(`workstation: ${name} ${n}/${context.options.repetitions}`)
      done.push((await runStep<Keyed>('doorstep-keys', { home: folder, keys: KEYS })).value)
    }
    const keys = done.flatMap(({ keysMs }) => keysMs)
    const row = (what: string, value: number): Row => ({
      group: 'workstation',
      what,
      unit: 'ms',
      values: { doorstep: value },
    })
    rows.push(
      row(`start to first screen, ${name}`, median(done.map(({ firstFrameMs }) => firstFrameMs))),
      row('… key to frame, p50 · 按键到画面', percentile(keys, 0.5)),
      row('… key to frame, p95', percentile(keys, 0.95)),
      row('… processor a key · 每键处理器时间', median(done.map(({ keysCpuMs }) => keysCpuMs / KEYS))),
    )
    notes.push(`workstation: ${name}: ${done[0]?.households ?? 0} households, ${KEYS} keys each time`)
  }
  return { rows, notes }
}
