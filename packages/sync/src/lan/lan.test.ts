import { connect } from 'node:net'
import { createKeyPair, expectOk, stationIdOf } from '@doorstep/core'
import { expect, test } from 'vitest'
import type { Wire } from '../wire.ts'
import { describeWire } from '../wire-contract.ts'
import { dialLan, parseAddress, serveLan } from './lan.ts'

describeWire('LAN over TLS', async () => {
  const a = createKeyPair('ed25519')
  const b = createKeyPair('ed25519')
  const met = Promise.withResolvers<Wire>()
  const server = expectOk(await serveLan(b, { host: '127.0.0.1', port: 0 }, (wire) => met.resolve(wire)))
  const wire = expectOk(await dialLan(a, server))
  return { a: wire, b: await met.promise, keyA: a.publicKey, keyB: b.publicKey, close: () => server.close() }
})

test('a caller that wants one station hangs up on another', async () => {
  const stranger = createKeyPair('ed25519')
  const server = expectOk(await serveLan(stranger, { host: '127.0.0.1', port: 0 }, () => undefined))
  const result = await dialLan(createKeyPair('ed25519'), server, {
    wants: stationIdOf(createKeyPair('ed25519').publicKey),
  })
  await server.close()
  expect(result).toMatchObject({ ok: false, problem: { type: 'not-a-station' } })
})

test('a port scan harms nothing: the server still meets stations', async () => {
  const met = Promise.withResolvers<Wire>()
  const server = expectOk(
    await serveLan(createKeyPair('ed25519'), { host: '127.0.0.1', port: 0 }, (wire) => met.resolve(wire)),
  )
  await new Promise<void>((resolve) => {
    const scan = connect(server.port, server.host, () => scan.end('GET / HTTP/1.1\r\n\r\n'))
    scan.on('error', () => undefined)
    scan.on('close', () => resolve())
  })
  const wire = expectOk(await dialLan(createKeyPair('ed25519'), server))
  await met.promise
  wire.close()
  await server.close()
})

test('who is still proving itself keeps no closing waiting, and is not met after it', async () => {
  const wires: Wire[] = []
  const server = expectOk(
    await serveLan(createKeyPair('ed25519'), { host: '127.0.0.1', port: 0 }, (wire) => wires.push(wire)),
  )
  const silent = connect(server.port, server.host)
  silent.on('error', () => undefined)
  let hungUp = false
  silent.once('close', () => {
    hungUp = true
  })
  await new Promise((resolve) => silent.once('connect', resolve))
  const calls = Array.from({ length: 8 }, () => dialLan(createKeyPair('ed25519'), server))
  await new Promise((resolve) => setTimeout(resolve, 5))
  await server.close()
  const met = wires.length
  expect(hungUp).toBe(false)
  silent.destroy()
  for (const call of await Promise.all(calls)) if (call.ok) call.value.close()
  expect(wires).toHaveLength(met)
})

test('nobody there is a problem with the address in it, not a throw', async () => {
  const result = await dialLan(createKeyPair('ed25519'), { host: '127.0.0.1', port: 1 })
  expect(result).toMatchObject({ ok: false, problem: { type: 'unreachable', address: '127.0.0.1:1' } })
})

test.each([
  ['10.0.0.7', { host: '10.0.0.7', port: 7345 }],
  ['gateway.local:9000', { host: 'gateway.local', port: 9000 }],
  ['[fe80::1]:9000', { host: 'fe80::1', port: 9000 }],
])('an address as people type it: %s', (text, address) => {
  expect(parseAddress(text)).toEqual({ ok: true, value: address })
})

test.each(['', 'a b', 'host:99999', '::1:2:3'])('no address: %j', (text) => {
  expect(parseAddress(text)).toMatchObject({ ok: false, problem: { type: 'bad-address' } })
})
