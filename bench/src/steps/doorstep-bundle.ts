import { expectOk, openStation } from '@doorstep/core'
import { readBundle, writeBundle } from '@doorstep/sync'
import { SECRET } from '../community.ts'
import { step } from '../step.ts'

export type Bundled = { readonly ms: number; readonly entries: number; readonly bytes: number }

/** Writes or reads a bundle file; either is on disk when the clock stops. */
step<{ home: string; file: string; way: 'write' | 'read' }>(async ({ home, file, way }): Promise<Bundled> => {
  const station = expectOk(await openStation({ home, secret: SECRET }))
  const startedAt = performance.now()
  if (way === 'write') {
    const { entries, bytes } = expectOk(await writeBundle(station, file))
    const ms = performance.now() - startedAt
    await station.close()
    return { ms, entries, bytes }
  }
  const read = expectOk(await readBundle(station, file))
  const ms = performance.now() - startedAt
  await station.close()
  if (read.refused.length + read.missing > 0 || read.spaces.some(({ equal }) => !equal))
    throw new Error('the bundle was not taken in whole')
  return { ms, entries: read.admitted, bytes: 0 }
})
