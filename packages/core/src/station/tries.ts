import { decodeCbor, encodeCbor, isCount, isTuple } from '../bytes/cbor.ts'
import { fail, type Problem, type Result } from '../result.ts'
import type { Store } from '../store/store.ts'
import { type HomeSecret, type SecretProblem, unwrapHomeKey } from './secret.ts'

/** So many wrong passphrases cost nothing but themselves; each further one doubles the wait. */
const FREE_TRIES = 3
const FIRST_WAIT_MS = 1000
export const LONGEST_WAIT_MS = 60_000

/** In the clear, for it must be read before anything opens. */
const SETTING = 'tries'

export type UnlockProblem = SecretProblem | (Problem & { type: 'passphrase-wait' })

/**
 * Opens a wrapped key. Wrong passphrases are counted in the home, before anybody hears that they were wrong, and
 * then make the next try wait, in whatever process. It slows down whoever sits at this machine; who copies the file
 * is slowed by Argon2id alone.
 */
export function unlock(
  store: Store,
  wrapped: Uint8Array,
  secret: HomeSecret,
  now: () => number,
  use?: string,
): Result<Uint8Array, UnlockProblem> {
  // A key file is 32 random bytes: nobody guesses those.
  if (secret.type === 'key') return unwrapHomeKey(wrapped, secret, use)
  const left = waitMs(store, now())
  if (left > 0) return fail({ type: 'passphrase-wait', seconds: Math.ceil(left / 1000) })
  const opened = unwrapHomeKey(wrapped, secret, use)
  if (opened.ok) forgetFailures(store)
  else if (opened.problem.type === 'wrong-passphrase') countFailure(store, now())
  return opened
}

type Tries = { readonly failed: number; readonly at: number }

function triesOf(store: Store): Tries {
  const kept = store.setting(SETTING)
  const decoded = kept && decodeCbor(kept, 100)
  const value = decoded?.ok ? decoded.value : null
  return isTuple(value, 2) && isCount(value[0]) && isCount(value[1])
    ? { failed: value[0], at: value[1] }
    : { failed: 0, at: 0 }
}

const keep = (store: Store, { failed, at }: Tries): void =>
  store.putSetting(SETTING, encodeCbor([failed, Math.max(0, Math.floor(at))]))

/** After 3 failures 1 s, after 4 2 s, … after 9 and more 60 s. */
const waitAfter = (failed: number): number =>
  failed < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failed - FREE_TRIES))

function waitMs(store: Store, now: number): number {
  const { failed, at } = triesOf(store)
  const wait = waitAfter(failed)
  if (wait === 0 || now - at >= wait) return 0
  if (now >= at) return at + wait - now
  // The clock was set back: the wait begins anew, once, rather than lasting until the clock has caught up.
  store.transaction(() => keep(store, { failed, at: now }))
  return wait
}

function countFailure(store: Store, now: number): void {
  store.transaction(() => keep(store, { failed: triesOf(store).failed + 1, at: now }))
}

export function forgetFailures(store: Store): void {
  if (store.setting(SETTING)) store.transaction(() => store.dropSetting(SETTING))
}
