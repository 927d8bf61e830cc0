import { describe, expect, it } from 'vitest'
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import { Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs'
import { encodeVarUint } from './byte-reader.ts'
import { encodeAwarenessMessage, parseRoomMessage } from './room-message.ts'

const message = (types: number[], payload: Uint8Array) =>
  Uint8Array.from([...types, ...encodeVarUint(payload.length), ...payload])

const doc = new Doc()
doc.getMap('m').set('k', '门')
const update = encodeStateAsUpdate(doc)

describe('what y-webrtc may read', () => {
  it('takes what y-webrtc itself sends', () => {
    expect(parseRoomMessage(message([0, 0], encodeStateVector(doc)))).toMatchObject({
      value: { type: 'sync-step-1' },
    })
    for (const kind of [1, 2])
      expect(parseRoomMessage(message([0, kind], update))).toEqual({
        ok: true,
        value: { type: 'document', updateBytes: update.length },
      })
  })

  it('reads awareness as y-protocols writes it, and writes it so', () => {
    const awareness = new Awareness(doc)
    awareness.setLocalState({ station: '测试站' })
    const bytes = message([1], encodeAwarenessUpdate(awareness, [doc.clientID]))
    awareness.destroy()
    const parsed = parseRoomMessage(bytes)
    expect(parsed).toEqual({
      ok: true,
      value: {
        type: 'awareness',
        entries: [{ clientId: doc.clientID, clock: 1, json: '{"station":"测试站"}' }],
      },
    })
    if (parsed.ok && parsed.value.type === 'awareness')
      expect(Buffer.from(encodeAwarenessMessage(parsed.value.entries))).toEqual(Buffer.from(bytes))
  })

  it.each([
    ['nothing', []],
    ['a type that ends the process', [9]],
    ['the two bytes that end the process', [0, 9]],
    ['a sync message without a body', [0, 0]],
    ['a body shorter than it says', [0, 1, 200, 1]],
    ['a number without an end', [0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255]],
    ['a state vector that ends early', [0, 0, 1, 5]],
    ['an update that is none', [0, 2, 3, 1, 2, 3]],
    ['bytes left over', [...message([0, 0], encodeStateVector(doc)), 0]],
    ['awareness without JSON', [1, 5, 1, 1, 1, 1, 0x7b]],
    ['more awareness entries than there are', [1, 2, 9, 1]],
  ])('refuses %s', (_name, bytes) => {
    expect(parseRoomMessage(Uint8Array.from(bytes))).toMatchObject({
      problem: { type: 'room-message-malformed' },
    })
  })

  it.each([3, 4])('has no use for type %i', (messageType) => {
    expect(parseRoomMessage(Uint8Array.of(messageType, 1, 1, 65))).toEqual({
      ok: false,
      problem: { type: 'room-message-unused', messageType },
    })
  })

  it('refuses an awareness state that is too large', () => {
    const json = JSON.stringify('x'.repeat(5_000))
    expect(parseRoomMessage(encodeAwarenessMessage([{ clientId: 1, clock: 1, json }]))).toMatchObject({
      problem: { type: 'room-message-malformed' },
    })
  })
})
