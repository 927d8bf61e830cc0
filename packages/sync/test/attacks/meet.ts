import type { Station } from '@doorstep/core'
import { createWirePair } from '../../src/memory-wire.ts'
import { start } from '../../src/session/meet.fixture.ts'
import { encodeMessage, greeting, type Message, parseMessage } from '../../src/session/message.ts'
import type { SessionDeps } from '../../src/session/session.ts'

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
