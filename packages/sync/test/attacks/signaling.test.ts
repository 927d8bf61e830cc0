import { once } from 'node:events'
import { expectOk } from '@doorstep/core'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openSignalingServer } from '../../src/mesh/signaling-server.ts'
import { until } from '../../src/session/meet.fixture.ts'

/** Somebody at the signaling server, in a room of its own making. */
async function visitor(url: string) {
  const socket = new WebSocket(url)
  const heard: string[] = []
  socket.on('message', (data) => heard.push(String(data)))
  socket.on('error', () => undefined)
  await once(socket, 'open')
  return { socket, heard, say: (text: string) => socket.send(text) }
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

test.each([
  ['an array in an array, 30,000 deep', nested(30_000)],
  ['an object in an object, 9,000 deep', `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`],
  ['what cannot become text', '{"toString":1,"valueOf":null}'],
  ['a number', '7'],
])('a signaling server asked to pass on %s in a room drops it, and serves on', async (_, data) => {
  const server = expectOk(await openSignalingServer({ host: '127.0.0.1', port: 0 }))
  try {
    const [attacker, other] = [await visitor(server.url), await visitor(server.url)]
    attacker.say('{"type":"subscribe","topics":["room"]}')
    attacker.say(`{"type":"publish","topic":"room","data":${data}}`)
    other.say('{"type":"ping"}')
    await until(() => other.heard.includes('{"type":"pong"}'), 'a pong')
    attacker.say('{"type":"publish","topic":"room","data":"sealed"}')
    await until(() => attacker.heard.length === 1, 'what is text is passed on')
    expect(JSON.parse(attacker.heard[0]!)).toMatchObject({ data: 'sealed' })
    expect(server.counts().dropped).toBe(1)
    for (const { socket } of [attacker, other]) socket.terminate()
  } finally {
    await server.close()
  }
})

test('a signaling server full of idle strangers turns the next away, and is free again when they go', async () => {
  const server = expectOk(
    await openSignalingServer({ host: '127.0.0.1', port: 0, limits: { connections: 20 } }),
  )
  try {
    const crowd = await Promise.all(Array.from({ length: 20 }, () => visitor(server.url)))
    const late = new WebSocket(server.url)
    const [code] = await once(late, 'close')
    expect(code).toBe(1013)
    for (const { socket } of crowd) socket.terminate()
    await until(() => server.counts().connections === 0, 'all gone')
    const next = await visitor(server.url)
    next.say('{"type":"ping"}')
    await until(() => next.heard.length === 1, 'a pong')
    next.socket.terminate()
  } finally {
    await server.close()
  }
})
