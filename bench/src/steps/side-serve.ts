import { nowMs } from '../clock.ts'
import { type Side, sideModule } from '../side.ts'
import { step, type Usage, usage } from '../step.ts'

/** When each record that somebody else wrote could be read here: milliseconds since 1970. */
export type Served = { readonly seen: readonly [id: string, atMs: number][]; readonly before: Usage }

step<{ side: Side; folder: string }>(async ({ side, folder }, talk): Promise<Served> => {
  const open = await (await sideModule(side)).open(folder)
  const seen = new Map<string, number>()
  open.onRecord((id) => {
    if (!seen.has(id)) seen.set(id, nowMs())
  })
  const port = await open.serve()
  const before = usage()
  talk.ready({ port })
  await talk.stopped
  await open.close()
  return { seen: [...seen], before }
})
