import { once } from 'node:events'
import { expectOk } from '@doorstep/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { until } from '../wire-contract.ts'
import { openSignalingServer, type SignalingServer } from './signaling-server.ts'

let server: SignalingServer
const clients: WebSocket[] = []
beforeEach(async () => {
  server = expectOk(
    await openSignalingServer({
      host: '127.0.0.1',
      port: 0,
      limits: {
        messageBytes: 4_096,
        topicsPerConnection: 2,
        burst: 50,
        perSecond: 1,
        droppedAtMost: 100,
        pingMs: 40,
      },
    }),
  )
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate()
  await server.close()
})

/** A client and what it has heard, parsed. */
async function connect() {
  const socket = new WebSocket(server.url)
  const heard: Record<string, unknown>[] = []
  socket.on('message', (data) => heard.push(JSON.parse(String(data))))
  clients.push(socket)
  await once(socket, 'open')
  return { socket, heard, say: (message: unknown) => socket.send(JSON.stringify(message)) }
}

describe('signaling server', () => {
  it('passes what is published to everybody in the topic, the publisher too, and to nobody else', async () => {
    const [a, b, c] = [await connect(), await connect(), await connect()]
    a.say({ type: 'subscribe', topics: ['room'] })
    b.say({ type: 'subscribe', topics: ['room'] })
    c.say({ type: 'subscribe', topics: ['other'] })
    b.say({ type: 'ping' })
    c.say({ type: 'ping' })
    await until('subscriptions', () => b.heard.length === 1 && c.heard.length === 1)
    a.say({ type: 'publish', topic: 'room', data: 'x' })
    await until('both hear', () => a.heard.length === 1 && b.heard.length === 2)
    expect(b.heard[1]).toEqual({ type: 'publish', topic: 'room', data: 'x', clients: 2 })
    c.say({ type: 'publish', topic: 'room', data: 'from outside' })
    c.say({ type: 'ping' })
    await until('the second pong', () => c.heard.length === 2)
    a.say({ type: 'unsubscribe', topics: ['room'] })
    a.say({ type: 'ping' })
    await until('a pong', () => a.heard.length === 2)
    b.say({ type: 'publish', topic: 'room', data: 'y' })
    await until('B hears itself', () => b.heard.length === 3)
    expect(b.heard[2]).toEqual({ type: 'publish', topic: 'room', data: 'y', clients: 1 })
    expect(a.heard).toHaveLength(2)
    expect(c.heard).toEqual([{ type: 'pong' }, { type: 'pong' }])
  })

  const garbage: [string, string | Uint8Array][] = [
    ['no JSON', '{'],
    ['nothing', ''],
    ['null', 'null'],
    ['a number', '7'],
    ['an array', '[1]'],
    ['no type', '{}'],
    ['topics that are no list', '{"type":"subscribe","topics":{"length":9}}'],
    ['topics that are no text', '{"type":"subscribe","topics":[{}]}'],
    ['a topic too long', JSON.stringify({ type: 'subscribe', topics: ['x'.repeat(129)] })],
    ['too many topics', JSON.stringify({ type: 'subscribe', topics: Array(33).fill('x') })],
    ['data that is no text', '{"type":"publish","topic":"room","data":{}}'],
    ['prototype names', '{"type":"publish","topic":"__proto__","data":1}'],
    ['binary', Uint8Array.of(0, 255, 1)],
  ]
  it.each(garbage)('survives %s', async (_name, message) => {
    const a = await connect()
    a.socket.send(message)
    a.say({ type: 'ping' })
    await until('a pong', () => a.heard.length === 1)
    expect(server.counts().dropped).toBe(1)
  })

  it('closes a connection whose message is too large, and serves the others', async () => {
    const [a, b] = [await connect(), await connect()]
    a.socket.send('x'.repeat(5_000))
    const [code] = await once(a.socket, 'close')
    expect(code).toBe(1009)
    b.say({ type: 'ping' })
    await until('a pong', () => b.heard.length === 1)
  })

  it('drops what is over the rate and closes who goes on', async () => {
    const a = await connect()
    for (let n = 0; n < 200; n++) a.say({ type: 'ping' })
    const [code] = await once(a.socket, 'close')
    expect(code).toBe(1008)
    expect(a.heard.length).toBeLessThanOrEqual(51)
    expect(server.counts().dropped).toBeGreaterThan(100)
  })

  it('allows only so many topics a connection, and forgets topics with their last member', async () => {
    const a = await connect()
    a.say({ type: 'subscribe', topics: ['1', '2', '3', '4'] })
    a.say({ type: 'ping' })
    await until('a pong', () => a.heard.length === 1)
    expect(server.counts().topics).toBe(2)
    a.socket.terminate()
    await until('no topics', () => server.counts().topics === 0)
  })

  it('lets a connection go that no longer answers', async () => {
    const a = await connect()
    a.socket.pause()
    await until('it to be gone', () => server.counts().connections === 0)
  })

  it('says when the address is taken', async () => {
    const port = Number(new URL(server.url).port)
    expect(await openSignalingServer({ host: '127.0.0.1', port })).toEqual({
      ok: false,
      problem: { type: 'address-in-use', host: '127.0.0.1', port },
    })
  })
})
