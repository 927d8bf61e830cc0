import { randomBytes } from 'node:crypto'
import { decodeCbor, encodeCbor, isBytes, isText, isTuple } from '../bytes/cbor.ts'
import { sha256 } from '../crypto/hash.ts'
import { box, seal, unseal } from '../crypto/seal.ts'
import { isId } from '../ids.ts'
import { ROOT_MEMBER } from '../membership/graph.ts'
import { isStanding, memberAt, type StationCard } from '../membership/resolve.ts'
import { ok, type Result } from '../result.ts'
import { DamagedStoreError, type Store } from '../store/store.ts'
import { type HomeProblem, storeProblem } from './home.ts'
import type { Station } from './station.ts'

/**
 * A second way to the home's key, for a worker who forgot the passphrase: it is sealed under a random rescue key,
 * and the rescue key is boxed for every chief's station. Kept in the clear, for it is read when nothing opens; it
 * opens nothing without a chief's private key.
 */
export type Rescue = {
  readonly community: string
  readonly station: string
  readonly sealed: Uint8Array
  readonly boxes: readonly RescueBox[]
}
export type RescueBox = readonly [chief: string, boxed: Uint8Array]

export const RESCUE = 'rescue'
/** The private half of a request that waits for its grant, sealed under the new secret. */
export const RESCUE_ASKED = 'rescue/asked'

/** More chiefs' stations than a community has; a limit for what is read from outside. */
export const MAX_RESCUE_BOXES = 200

/** What a rescue box is tied to, so that it opens for this laptop and this chief alone. */
export const rescueContext = (community: string, station: string, chief: string): Uint8Array =>
  sha256('doorstep/rescue/1', community, station, chief)

const homeKeyContext = (community: string, station: string): Uint8Array =>
  sha256('doorstep/rescue-home/1', community, station)

/**
 * Makes the way back anew when the chiefs' stations are others than it was made for: a fresh rescue key, so that who
 * is no longer a chief can open nothing that comes after. Without other chiefs there is none.
 */
export function refreshRescue(station: Station): Result<{ readonly changed: boolean }, HomeProblem> {
  const { store } = station.trunk
  try {
    const chiefs = chiefStations(station)
    const kept = readRescue(store)
    const same =
      kept !== null &&
      kept.boxes.length === chiefs.length &&
      kept.boxes.every(([id]) => chiefs.some((chief) => chief.id === id))
    if (same || (!kept && chiefs.length === 0)) return ok({ changed: false })
    store.transaction(() => {
      // A grant of the old key would open nothing any more.
      store.dropSetting(RESCUE_ASKED)
      if (chiefs.length === 0) store.dropSetting(RESCUE)
      else store.putSetting(RESCUE, encodeRescue(makeRescue(station, chiefs)))
    })
    store.checkpoint()
    return ok({ changed: true })
  } catch (error) {
    return { ok: false, problem: storeProblem(error, station.home) }
  }
}

/** Standing chiefs' stations but this one; the founding key has no station that could open anything. */
function chiefStations(station: Station): StationCard[] {
  const membership = station.membership()
  return [...membership.stations.values()].filter(
    ({ id, member }) =>
      id !== station.identity.station &&
      member !== ROOT_MEMBER &&
      isStanding(membership, id) &&
      memberAt(membership, id)?.role === 'chief',
  )
}

function makeRescue(station: Station, chiefs: readonly StationCard[]): Rescue {
  const { community, station: id } = station.identity
  const rescueKey = new Uint8Array(randomBytes(32))
  const sealed = station.trunk.store.wrapKey((key) => seal(rescueKey, key, homeKeyContext(community, id)))
  const boxes = chiefs.map(
    (chief): RescueBox => [chief.id, box(chief.box, rescueKey, rescueContext(community, id, chief.id))],
  )
  rescueKey.fill(0)
  return { community, station: id, sealed, boxes }
}

/** The home's key, with the rescue key that a chief gave back. */
export const openRescue = (
  { community, station, sealed }: Rescue,
  rescueKey: Uint8Array,
): Result<Uint8Array> => unseal(rescueKey, sealed, homeKeyContext(community, station))

const encodeRescue = ({ community, station, sealed, boxes }: Rescue): Uint8Array =>
  encodeCbor([community, station, sealed, boxes])

export function readRescue(store: Store): Rescue | null {
  const kept = store.setting(RESCUE)
  if (!kept) return null
  const decoded = decodeCbor(kept, MAX_RESCUE_BOXES * 300)
  const wire = decoded.ok ? decoded.value : null
  if (!isTuple(wire, 4)) throw new DamagedStoreError('rescue')
  const [community, station, sealed, boxes] = wire
  if (!isText(community) || !isText(station) || !isBytes(sealed) || !isBoxes(boxes))
    throw new DamagedStoreError('rescue')
  return { community, station, sealed, boxes }
}

const isBoxes = (value: unknown): value is RescueBox[] =>
  Array.isArray(value) &&
  value.length <= MAX_RESCUE_BOXES &&
  value.every((item) => isTuple(item, 2) && isId(item[0]) && isBytes(item[1]))
