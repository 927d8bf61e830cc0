import type { Station } from '@doorstep/core'
import { createWirePair, type WirePair } from '../memory-wire.ts'
import type { Wire } from '../wire.ts'
import { systemClock } from './clock.ts'
import { Session, type SessionDeps } from './session.ts'

/** Two stations in one process, met over a memory wire; `wireOf` may listen in on what the first one says. */
export function meet(
  one: Station,
  two: Station,
  options: Partial<SessionDeps> = {},
  wireOf: (pair: WirePair) => Wire = (pair) => pair.a,
): { readonly a: Session; readonly b: Session } {
  const pair = createWirePair({ keyA: one.identity.key, keyB: two.identity.key })
  const start = (station: Station, wire: Wire) => {
    const session = new Session({ clock: systemClock, name: 'test', ...options, station, wire })
    session.start()
    return session
  }
  return { a: start(one, wireOf(pair)), b: start(two, pair.b) }
}

export async function meetUntilEqual(one: Station, two: Station): Promise<void> {
  const { a, b } = meet(one, two)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  a.close()
  b.close()
}

export async function until(condition: () => boolean, what: string, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms for: ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
