import { decodeCbor, encodeCbor, isBytes, isTuple } from '../bytes/cbor.ts'
import { createKeyPair, type KeyPair } from '../crypto/keys.ts'
import { unbox } from '../crypto/seal.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Store } from '../store/store.ts'
import { type HomeProblem, withSettings } from './home.ts'
import { openRescue, RESCUE, RESCUE_ASKED, readRescue } from './rescue.ts'
import { fingerprintOf, grantContext, type RescueGrant, type RescueRequest } from './rescue-file.ts'
import { type HomeSecret, type PassphraseCost, wrapHomeKey } from './secret.ts'
import { forgetFailures, type UnlockProblem, unlock } from './tries.ts'

const ASKED_KEY = 'doorstep/rescue-asked/1'

export type AskRescueProblem = HomeProblem | (Problem & { type: 'no-rescue' })
export type RestoreProblem =
  | HomeProblem
  | UnlockProblem
  | (Problem & { type: 'no-rescue' | 'rescue-not-asked' | 'rescue-not-ours' | 'rescue-outdated' })

type Options = { readonly cost?: PassphraseCost; readonly now?: () => number }

/**
 * Asks the chiefs for help, without the forgotten secret: a fresh key pair whose private half is sealed under the
 * new secret and stays here, and a file to carry. The old secret, should it come back to mind, still opens the home.
 * Asking again makes the earlier request useless.
 */
export function askRescue(
  home: string,
  secret: HomeSecret,
  options: Options = {},
): Result<RescueRequest, AskRescueProblem> {
  return withSettings(home, (store): Result<RescueRequest, AskRescueProblem> => {
    const rescue = readRescue(store)
    if (!rescue) return fail({ type: 'no-rescue' })
    const pair = createKeyPair('x25519')
    const wrapped = wrapHomeKey(pair.privateKey, secret, options.cost, ASKED_KEY)
    store.transaction(() => store.putSetting(RESCUE_ASKED, encodeCbor([pair.publicKey, wrapped])))
    const { community, station, boxes } = rescue
    const request = {
      doorstep: 'rescue-request/1',
      community,
      station,
      boxes: boxes.map(([chief, boxed]) => [chief, Buffer.from(boxed).toString('base64')] as const),
      key: Buffer.from(pair.publicKey).toString('base64'),
      madeAt: new Date((options.now ?? Date.now)()).toISOString(),
    } as const
    return ok({ ...request, fingerprint: fingerprintOf(request) })
  })
}

/**
 * Opens the home with a chief's answer, and wraps its key for the new secret: the one given when asking. Nothing
 * else is touched, so nothing unsent is lost. The way back is made anew at the next opening, for the chief has seen
 * this one's key.
 */
export function restoreHome(
  home: string,
  grant: RescueGrant,
  secret: HomeSecret,
  options: Options = {},
): Result<{ readonly logEmptied: boolean }, RestoreProblem> {
  return withSettings(home, (store): Result<{ logEmptied: boolean }, RestoreProblem> => {
    const homeKey = homeKeyFrom(store, grant, secret, options.now ?? Date.now)
    if (!homeKey.ok) return homeKey
    store.transaction(() => {
      store.putSetting('wrap', wrapHomeKey(homeKey.value, secret, options.cost))
      store.dropSetting(RESCUE)
      store.dropSetting(RESCUE_ASKED)
      forgetFailures(store)
    })
    homeKey.value.fill(0)
    return ok({ logEmptied: store.checkpoint() })
  })
}

function homeKeyFrom(
  store: Store,
  grant: RescueGrant,
  secret: HomeSecret,
  now: () => number,
): Result<Uint8Array, RestoreProblem> {
  const asked = readAsked(store)
  if (!asked) return fail({ type: 'rescue-not-asked' })
  const rescue = readRescue(store)
  if (!rescue) return fail({ type: 'no-rescue' })
  const isOurs =
    grant.community === rescue.community &&
    grant.station === rescue.station &&
    grant.key === Buffer.from(asked.publicKey).toString('base64')
  if (!isOurs) return fail({ type: 'rescue-not-ours' })
  const privateKey = unlock(store, asked.wrapped, secret, now, ASKED_KEY)
  if (!privateKey.ok) return privateKey
  const pair: KeyPair = { publicKey: asked.publicKey, privateKey: privateKey.value }
  const rescueKey = unbox(pair, Buffer.from(grant.boxed, 'base64'), grantContext(grant))
  if (!rescueKey.ok || rescueKey.value.length !== 32) return fail({ type: 'rescue-not-ours' })
  const opened = openRescue(rescue, rescueKey.value)
  return opened.ok ? opened : fail({ type: 'rescue-outdated' })
}

function readAsked(store: Store): { readonly publicKey: Uint8Array; readonly wrapped: Uint8Array } | null {
  const kept = store.setting(RESCUE_ASKED)
  const decoded = kept && decodeCbor(kept, 2000)
  const wire = decoded?.ok ? decoded.value : null
  return isTuple(wire, 2) && isBytes(wire[0], 32) && isBytes(wire[1])
    ? { publicKey: wire[0], wrapped: wire[1] }
    : null
}
