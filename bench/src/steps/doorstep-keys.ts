import { expectOk, openStation, type Station } from '@doorstep/core'
import { SECRET } from '../community.ts'
import { step } from '../step.ts'

export type Keyed = {
  /** From the open call, secret at hand, to the first frame; the program is loaded already, as while one types it. */
  readonly firstFrameMs: number
  readonly keysMs: readonly number[]
  readonly keysCpuMs: number
  readonly households: number
}

/** The screens are the command's, which no other step stands on. */
const SCREENS = new URL(
  '../../../packages/cli/src/workstation/testing/timed-keys.test.data.tsx',
  import.meta.url,
)

step<{ home: string; keys: number }>(async ({ home, keys }): Promise<Keyed> => {
  process.env.NODE_ENV = 'production'
  const { timedKeys } = (await import(SCREENS.href)) as {
    timedKeys: (station: Station, count: number) => Promise<Keyed>
  }
  const startedAt = performance.now()
  const station = expectOk(await openStation({ home, secret: SECRET }))
  const openedMs = performance.now() - startedAt
  const { firstFrameMs, ...timed } = await timedKeys(station, keys)
  await station.close()
  return { ...timed, firstFrameMs: openedMs + firstFrameMs }
})
