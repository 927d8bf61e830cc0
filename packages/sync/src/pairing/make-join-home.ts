import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  fail,
  type HomeProblem,
  type HomeSecret,
  homeExists,
  type Invite,
  joinWithInvite,
  openStation,
  type Result,
  type Station,
  syncFolder,
} from '@doorstep/core'

/** Inside the home's folder, so on the same disk: what lies here was never said to anybody. */
const MAKING = '.joining'

/**
 * Makes a newcomer's home so that it appears whole, with its keys and its request, or not at all: killed at any
 * moment, the same command begins anew or goes on.
 */
export async function makeJoinHome(
  home: string,
  secret: HomeSecret,
  invite: Invite,
  options: Parameters<typeof joinWithInvite>[3],
): Promise<Result<Station, HomeProblem>> {
  const making = join(home, MAKING)
  rmSync(making, { recursive: true, force: true })
  const made = joinWithInvite(making, secret, invite, options)
  if (!made.ok) return made
  // Closing moves everything into the one file.
  await made.value.station.close()
  if (homeExists(home)) return fail({ type: 'home-exists', home })
  try {
    for (const name of readdirSync(making)) renameSync(join(making, name), join(home, name))
    syncFolder(home)
    rmSync(making, { recursive: true })
  } catch {
    return fail({ type: 'not-writable', home })
  }
  return openStation({ home, secret })
}
