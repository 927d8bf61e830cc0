import type { Station } from '@doorstep/core'
import { createWirePair, type WirePair } from '../memory-wire.ts'
import type { Wire } from '../wire.ts'
import { systemClock } from './clock.ts'
import { Session, type SessionDeps } from './session.ts'

export function start(station: Station, wire: Wire, options: Partial<SessionDeps> = {}): Session {
  const session = new Session({ clock: systemClock, name: 'test', ...options, station, wire })
  session.start()
  return session
}

/** Two stations in one process, met over a memory wire; `wireOf` may listen in on what the first one says, or hold it. */
export function meet(
  one: Station,
  two: Station,
  options: Partial<SessionDeps> = {},
  wireOf: (pair: WirePair) => Wire = ({ a }) => a,
): { readonly pair: WirePair; readonly a: Session; readonly b: Session } {
  const pair = createWirePair({ keyA: one.identity.key, keyB: two.identity.key })
  return { pair, a: start(one, wireOf(pair), options), b: start(two, pair.b, options) }
}

export async function meetUntilEqual(
  one: Station,
  two: Station,
  options: Partial<SessionDeps> = {},
): Promise<void> {
  const { a, b } = meet(one, two, options)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  a.close()
  b.close()
}

/** From here on nothing can be written, until what is returned is called. */
export function fillDisk({ trunk: { store } }: Station): () => void {
  const { transaction, relaxed } = store
  const full = () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })
  }
  Object.assign(store, { transaction: full, relaxed: full })
  return () => {
    Object.assign(store, { transaction, relaxed })
  }
}

/** Between two looks the loop turns once; what takes longer, as other processes do, is not to compete with the looking. */
export async function until(condition: () => boolean, what: string, withinMs = 60_000): Promise<void> {
  const begin = Date.now()
  while (!condition()) {
    const waitedMs = Date.now() - begin
    if (waitedMs > withinMs) throw new Error(`waited ${withinMs} ms for: ${what}`)
    await new Promise((resolve) => (waitedMs < 100 ? setImmediate(resolve) : setTimeout(resolve, 2)))
  }
}
