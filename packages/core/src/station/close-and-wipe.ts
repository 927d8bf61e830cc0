import type { Station } from './station.ts'

/**
 * Closes a station and overwrites its private keys in memory; the store wipes the home's key. Strings, keys that were
 * derived and what the engine copied meanwhile are out of reach: only the end of the process takes those away.
 */
export async function closeAndWipe(station: Station): Promise<void> {
  const { signing, boxing } = station.trunk.identity
  await station.close()
  for (const { privateKey } of [signing, boxing]) privateKey.fill(0)
}
