import { fail, ok, type Result } from '../result.ts'
import { type HomeProblem, openHome, storeProblem } from './home.ts'
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
  const home = openHome(input.home, input.secret)
  if (!home.ok) return home
  try {
    return ok(new Station(home.value, input.now))
  } catch (error) {
    home.value.store.close()
    return fail(storeProblem(error, input.home))
  }
}
