import { expectOk, openStation } from '@doorstep/core'
import { SECRET } from '../community.ts'
import { step } from '../step.ts'

/** The grid that a laptop holds. */
step<{ home: string }>(async ({ home }): Promise<string> => {
  const station = expectOk(await openStation({ home, secret: SECRET }))
  const grid = station.spaces().find(({ kind }) => kind === 'grid')!.id
  await station.close()
  return grid
})
