import { rmSync } from 'node:fs'
import { expectOk, openStation } from '@doorstep/core'
import type { BenchContext } from '../bench-context.ts'
import { inviteHome, SECRET } from '../community.ts'
import { copyHashSyncSeconds } from '../limits.ts'
import { median } from '../median.ts'
import { type GroupResult, toMegabytes } from '../row.ts'
import { runStep } from '../run-step.ts'
import type { Bundled } from '../steps/doorstep-bundle.ts'

/** The same community on a stick: written, and read into an empty laptop. No peer has anything like it. */
export async function measureBundle(context: BenchContext): Promise<GroupResult> {
  const { home } = await context.doorstep()
  const times = { write: [] as number[], read: [] as number[], bytes: 0, entries: 0 }
  for (let n = 1; n <= context.options.repetitions; n++) {
    context.progress(`bundle ${n}/${context.options.repetitions}`)
    const laptop = context.fresh('laptop')
    const file = context.fresh('bundle')
    const chief = expectOk(await openStation({ home, secret: SECRET }))
    await (await inviteHome(chief, laptop, '测试新人', 'chief', [])).close()
    await chief.close()
    const written = await runStep<Bundled>('doorstep-bundle', { home, file, way: 'write' })
    const read = await runStep<Bundled>('doorstep-bundle', { home: laptop, file, way: 'read' })
    times.write.push(written.value.ms / 1000)
    times.read.push(read.value.ms / 1000)
    times.bytes = written.value.bytes
    times.entries = read.value.entries
    rmSync(file)
  }
  const limit = {
    what: 'copy, hash, one fsync',
    value: copyHashSyncSeconds(times.bytes, context.fresh('copy')),
  }
  const row = { group: 'bundle', unit: 's' } as const
  return {
    rows: [
      { ...row, what: 'bundle, written · 写出数据包', values: { doorstep: median(times.write) }, limit },
      {
        ...row,
        what: 'bundle, read into an empty laptop · 空机读入',
        values: { doorstep: median(times.read) },
        limit,
      },
      { ...row, what: '… size · 大小', unit: 'MB', values: { doorstep: toMegabytes(times.bytes) } },
    ],
    notes: [`bundle: ${times.entries} entries`],
  }
}
