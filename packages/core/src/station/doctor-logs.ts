import { type LogDeclaration, type LogId, logIdOf } from '../log/entry.ts'
import type { Store } from '../store/store.ts'

/**
 * Logs that are not named by their key, epoch and space (F1): under another name nobody takes what is sent of them. A
 * name is a hash, so where one bit was flipped on the disk it tells which; to repair, that is put right. Those that are
 * still wrong.
 */
export function findWrongLogs(store: Store, repair: boolean): LogId[] {
  const wrong = store.logs().filter(({ id, log }) => logIdOf(log) !== id)
  if (!repair) return wrong.map(({ id }) => id)
  return wrong
    .filter(({ id, log }) => {
      const right = oneBitAway(log).find((other) => logIdOf(other) === id)
      if (right) store.transaction(() => store.mendLog(id, right))
      return !right
    })
    .map(({ id }) => id)
}

function* oneBitAway(log: LogDeclaration): Generator<LogDeclaration> {
  for (const field of ['key', 'epoch'] as const)
    for (let bit = 0; bit < 8 * log[field].length; bit++) {
      const bytes = Uint8Array.from(log[field])
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      yield { ...log, [field]: bytes }
    }
}
