import { fail, ok, type Result } from '../result.ts'
import { type HomeProblem, openHome, storeProblem } from './home.ts'
import { refreshRescue } from './rescue.ts'
import type { HomeSecret } from './secret.ts'
import { Station } from './station.ts'

/**
 * Opens a home that exists. Several processes may hold one home open; each sees the others' writes within a second.
 * @example
 * const station = await openStation({ home: '/var/lib/doorstep', secret: { type: 'passphrase', text } })
 */
export async function openStation(input: {
  readonly home: string
  readonly secret: HomeSecret
  readonly now?: () => number
}): Promise<Result<Station, HomeProblem>> {
  const home = openHome(input.home, input.secret, input.now)
  if (!home.ok) return home
  try {
    const station = new Station(home.value, input.now)
    // What it cannot write now, on a full disk or in a damaged file, it writes another time: opening comes first.
    refreshRescue(station)
    return ok(station)
  } catch (error) {
    home.value.store.close()
    return fail(storeProblem(error, input.home))
  }
}
