import { fail, ok, type Result } from '../result.ts'
import { type HomeProblem, withSettings } from './home.ts'
import { RESCUE_ASKED } from './rescue.ts'
import { type HomeSecret, type PassphraseCost, wrapHomeKey } from './secret.ts'
import { unlock } from './tries.ts'

/**
 * Wraps the home's key for another secret, a passphrase or a key file: one small transaction, nothing else is sealed
 * anew. The old wrap is overwritten in the file and taken out of its log; a copy of the home made earlier still
 * opens with the old secret. `logEmptied` is false when another process is at the home: its log is then emptied when
 * that one closes.
 */
export function changeSecret(
  home: string,
  current: HomeSecret,
  next: HomeSecret,
  options: { readonly cost?: PassphraseCost; readonly now?: () => number } = {},
): Result<{ readonly logEmptied: boolean }, HomeProblem> {
  return withSettings(home, (store): Result<{ logEmptied: boolean }, HomeProblem> => {
    const wrap = store.setting('wrap')
    if (!wrap) return fail({ type: 'damaged-store', home, detail: 'no wrapped key' })
    const homeKey = unlock(store, wrap, current, options.now ?? Date.now)
    if (!homeKey.ok) return homeKey
    store.transaction(() => {
      store.putSetting('wrap', wrapHomeKey(homeKey.value, next, options.cost))
      // Somebody who knows the secret needs no rescue; an answer on its way would set a third one.
      store.dropSetting(RESCUE_ASKED)
    })
    homeKey.value.fill(0)
    return ok({ logEmptied: store.checkpoint() })
  })
}
