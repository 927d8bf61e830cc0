import type { Station } from '@doorstep/core'
import { createWirePair } from '../../src/memory-wire.ts'
import { systemClock } from '../../src/session/clock.ts'
import { encodeMessage, greeting, type Message, parseMessage } from '../../src/session/message.ts'
import { Session, type SessionDeps } from '../../src/session/session.ts'

export async function until(condition: () => boolean, what: string, withinMs = 30_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms for: ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export function start(station: Station, wire: SessionDeps['wire'], more: Partial<SessionDeps> = {}): Session {
  const session = new Session({ station, wire, clock: systemClock, name: 'test', ...more })
  session.start()
  return session
}

/** Two honest stations over a memory wire. */
export function meet(one: Station, two: Station) {
  const pair = createWirePair({ keyA: one.identity.key, keyB: two.identity.key })
  return { pair, a: start(one, pair.a), b: start(two, pair.b) }
}

export async function meetUntilEqual(one: Station, two: Station): Promise<void> {
  const { a, b } = meet(one, two)
  await until(() => a.isEqual() && b.isEqual(), 'both equal')
  a.close()
  b.close()
}

/** A station that meets somebody who has this key and says what it likes: what it heard, and its voice. */
export function meetLiar(station: Station, key: Uint8Array, more: Partial<SessionDeps> = {}) {
  const pair = createWirePair({ keyA: station.identity.key, keyB: key })
  const heard: Message[] = []
  pair.b.onFrame((frame) => {
    const message = parseMessage(frame)
    if (message.ok) heard.push(message.value)
  })
  const session = start(station, pair.a, more)
  const say = (message: Message | Uint8Array) =>
    pair.b.send(message instanceof Uint8Array ? message : encodeMessage(message)).catch(() => undefined)
  // Who says that it carries is waited for until it has said what.
  const plain = { features: [] }
  const hello = (knows = true) =>
    say({
      ...greeting({ community: station.identity.community, name: '骗', port: 0, knows }),
      ...plain,
    } as Message)
  return { pair, session, heard, say, hello }
}
