import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSigner, encodeCbor, expectOk, type KeyPair, type Station } from '@doorstep/core'
import type { Target } from '@doorstep/core/fuzz'
import { gridOf, type TestCommunity } from '@doorstep/core/testing'
import { Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs'
import { parseManifest, signManifest } from '../../src/bundle/bundle-format.ts'
import { readBundle, showBundle } from '../../src/bundle/read-bundle.ts'
import { writeBundle } from '../../src/bundle/write-bundle.ts'
import { parseAddress } from '../../src/lan/lan.ts'
import { createWirePair } from '../../src/memory-wire.ts'
import { createReassembler, cutMessage, frameType } from '../../src/mesh/frames.ts'
import { encodeHello, fingerprintOf, parseHello } from '../../src/mesh/hello.ts'
import { encodePresence, parsePresence } from '../../src/mesh/presence.ts'
import { openPresence, signPresence } from '../../src/mesh/presence-seal.ts'
import { createProof } from '../../src/mesh/proof.ts'
import { encodeAwarenessMessage, parseRoomMessage } from '../../src/mesh/room-message.ts'
import { sealText, unsealText } from '../../src/mesh/seal.ts'
import { parseSignalMessage } from '../../src/mesh/signal-message.ts'
import { parseSignalingRequest } from '../../src/mesh/signaling-request.ts'
import { createStationSigner } from '../../src/mesh/station-key.ts'
import { createPairingCode, groupedCode, parsePairingCode } from '../../src/pairing/pairing-code.ts'
import { encodePairing, parsePairing } from '../../src/pairing/pairing-message.ts'
import { pairingUri, parsePairingInput } from '../../src/pairing/pairing-uri.ts'
import { encodeMessage, greeting, type Message, parseMessage } from '../../src/session/message.ts'
import { Session } from '../../src/session/session.ts'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
const bytesOf = (value: string): Uint8Array => new Uint8Array(Buffer.from(value))
const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  'null',
  '1e999',
  '-1',
  '"__proto__":',
  '"toString":1,',
  '[[[[[[[[',
  '"data":',
]
const CODE_WORDS = ['-', ' ', 'O', 'I', 'Ｌ', '－', '/', 'DOORSTEP:JOIN/', '\u0000', '😀']

export type Corpus = {
  readonly community: TestCommunity
  readonly founder: Station
  readonly worker: Station
}

/** One of each, as the product says them. */
function messages({ founder }: Corpus): Uint8Array[] {
  const { community } = founder.identity
  const grid = gridOf(founder)
  const [outgoing] = founder.outgoing(community, [])
  const list: Message[] = [
    greeting({ community, name: '甲', port: 7345, knows: true }, true),
    {
      type: 'heads',
      asks: true,
      spaces: [community, grid].map((space) => ({ space, heads: founder.heads(space) })),
    },
    { type: 'segment', bytes: founder.segment(outgoing!.row) },
    { type: 'lean', count: 2, bytes: new Uint8Array(9) },
    { type: 'as-is' },
    { type: 'ack', count: 1, isWhole: false },
    {
      type: 'digest',
      spaces: [{ space: grid, entries: 3, digest: 'ab'.repeat(32), records: null, onTrust: false }],
    },
    { type: 'ping', sentMs: 1, echoMs: 0, heldMs: 0 },
    { type: 'join', request: '{"doorstep":"request/1"}' },
    { type: 'granted', problem: null },
    { type: 'bye', reason: 'done' },
    { type: 'offer', segment: founder.segment(outgoing!.row), isNeeded: false },
    { type: 'decline', entry: new Uint8Array(32) },
    { type: 'want', hash: new Uint8Array(32), offset: 0 },
    { type: 'piece', hash: new Uint8Array(32), total: 9, offset: 0, bytes: new Uint8Array(9) },
    { type: 'carry', roomBytes: 9, spaces: [{ space: grid, heads: founder.heads(grid) }] },
    { type: 'rest' },
    { type: 'unknown', kind: 99 },
  ]
  return list.map(encodeMessage)
}

function manifestOf({ founder }: Corpus, signing: KeyPair): Uint8Array {
  const { community } = founder.identity
  const spaces = [community, gridOf(founder)].map((id) => {
    const { entries, digest } = founder.digest(id)
    return { id, entries, digest, heads: founder.heads(id) }
  })
  return signManifest({ community, at: 1, spaces }, signing)
}

const signingOf = (station: Station): KeyPair => ({
  publicKey: station.identity.key,
  privateKey: station.signingKey,
})

export async function syncTargets(corpus: Corpus): Promise<Target[]> {
  const { community, founder } = corpus
  const signing = signingOf(founder)
  const signer = createStationSigner(signing)
  const folder = mkdtempSync(join(community.folder, 'bundle-'))
  const file = join(folder, 'b.bundle')
  const manifest = manifestOf(corpus, signing)
  const nonce = new Uint8Array(32).fill(3)
  const proof = new Uint8Array(32).fill(4)
  const code = createPairingCode()
  const doc = new Doc()
  doc.getMap('m').set('k', [1, { a: '门' }])
  const room = (kind: number, body: Uint8Array) => new Uint8Array([0, kind, body.length, ...body])
  const presence = expectOk(encodePresence({ station: '甲', door: '1-101', since: 5 }))
  const sealKey = new Uint8Array(32).fill(7)
  const entry = { clientId: 9, clock: 4, text: presence }
  const signed = JSON.stringify(signPresence(signer, proof, entry))
  const signal = { from: 'a', to: 'b', key: Buffer.from(nonce).toString('base64url') }
  const sdp = `v=0\r\na=fingerprint:sha-256 ${Array<string>(32).fill('AB').join(':')}\r\n`
  return [
    {
      name: 'session message',
      cbor: true,
      samples: messages(corpus),
      read: (bytes) => parseMessage(bytes).ok,
    },
    {
      name: 'bundle manifest',
      cbor: true,
      samples: [manifest],
      read: (bytes) => parseManifest(bytes) !== null,
    },
    {
      name: 'bundle manifest, signed anew',
      cbor: true,
      samples: [saidIn(manifest)],
      read: (bytes) => {
        const parsed = parseManifest(encodeCbor([bytes, createSigner(signing.privateKey)(bytes)]))
        return parsed?.isSigned === true
      },
    },
    {
      name: 'bundle file',
      samples: [await wholeBundle(founder, file)],
      share: 0.05,
      allow: { ms: 1000, bytes: 32_000_000 },
      read: async (bytes) => {
        writeFileSync(file, withTrailer(bytes))
        showBundle(file)
        return (await readBundle(corpus.worker, file, { salvage: true })).ok
      },
    },
    {
      name: 'pairing: newcomer',
      cbor: true,
      samples: [
        encodePairing({ type: 'start', rendezvous: '4K', nonce }),
        encodePairing({ type: 'proof', proof }),
        encodePairing({ type: 'ready' }),
      ],
      read: (bytes) => parsePairing(bytes, 'newcomer') !== null,
    },
    {
      name: 'pairing: inviter',
      cbor: true,
      samples: [
        encodePairing({ type: 'challenge', nonce }),
        encodePairing({ type: 'welcome', proof, invite: '{}' }),
        encodePairing({ type: 'refused', reason: 'wrong-code' }),
      ],
      read: (bytes) => parsePairing(bytes, 'inviter') !== null,
    },
    {
      name: 'pairing code',
      words: CODE_WORDS,
      samples: [bytesOf(groupedCode(code))],
      read: (bytes) => parsePairingCode(text(bytes)).ok,
    },
    {
      name: 'pairing code, scanned',
      words: CODE_WORDS,
      samples: [bytesOf(pairingUri({ code, addresses: ['192.168.1.20:7345', 'gateway.local:9000'] }))],
      read: (bytes) => parsePairingInput(text(bytes)).ok,
    },
    {
      name: 'address',
      words: [':', '[', ']', '99999', '.'],
      samples: [bytesOf('[fe80::1]:9000')],
      read: (bytes) => parseAddress(text(bytes)).ok,
    },
    {
      name: 'mesh hello',
      samples: [encodeHello({ nonce, key: proof })],
      read: (bytes) => parseHello(bytes) !== undefined,
    },
    {
      name: 'mesh: fingerprint of SDP',
      words: ['\r\n', 'a=fingerprint:', ':', 'sha-256 '],
      samples: [bytesOf(sdp)],
      read: (bytes) => fingerprintOf(text(bytes)) !== undefined,
    },
    {
      name: 'mesh proof',
      samples: [new Uint8Array([frameType.hello, ...encodeHello({ nonce, key: proof })])],
      read: (bytes) => {
        const run = createProof({
          signer,
          roomId: nonce,
          isAllowed: () => true,
          turnAway: () => undefined,
          send: () => undefined,
          descriptions: () => ({ local: sdp, remote: sdp }),
        })
        run.begin()
        for (let at = 0; at < 3; at++) run.receive(bytes[0] ?? 0, bytes.subarray(1))
        return run.receive(bytes[0] ?? 0, bytes.subarray(1)).type === 'failed'
      },
    },
    {
      name: 'mesh frames',
      samples: [Buffer.concat([...cutMessage(new Uint8Array(3000), 1000)])],
      read: (bytes) => {
        const reassembler = createReassembler(1 << 20)
        for (let at = 0; at < bytes.length; at += 1000)
          if (
            reassembler.push(bytes.subarray(at + 1, at + 1000), bytes[at] === frameType.lastPiece).type ===
            'too-large'
          )
            return false
        return true
      },
    },
    {
      name: 'room message',
      samples: [
        room(0, encodeStateVector(doc)),
        room(1, encodeStateAsUpdate(doc)),
        room(2, encodeStateAsUpdate(doc)),
        encodeAwarenessMessage([{ clientId: 9, clock: 4, json: signed }]),
      ],
      read: (bytes) => parseRoomMessage(bytes).ok,
    },
    {
      name: 'signed presence',
      words: JSON_WORDS,
      samples: [bytesOf(signed)],
      // Awareness entries come as JSON: the message they were in has been read.
      read: (bytes) =>
        isJson(text(bytes)) &&
        openPresence({ clientId: 9, clock: 4, json: text(bytes) }, proof) !== undefined,
    },
    {
      name: 'presence',
      words: JSON_WORDS,
      samples: [bytesOf(presence)],
      read: (bytes) => parsePresence(text(bytes)) !== undefined,
    },
    {
      name: 'sealed signal',
      samples: [bytesOf(sealText(sealKey, 't', '{}'))],
      read: (bytes) => unsealText(sealKey, 't', text(bytes)) !== undefined,
    },
    {
      name: 'signal',
      words: JSON_WORDS,
      samples: [
        { type: 'announce', ...signal },
        { type: 'busy', ...signal, waitMs: 5 },
        { type: 'signal', ...signal, token: 1, signal: { type: 'offer', sdp } },
        {
          type: 'signal',
          ...signal,
          signal: { type: 'candidate', candidate: { candidate: 'c', sdpMLineIndex: 0, sdpMid: '0' } },
        },
      ].map((value) => bytesOf(JSON.stringify(value))),
      read: (bytes) => isJson(text(bytes)) && parseSignalMessage(JSON.parse(text(bytes))) !== undefined,
    },
    {
      name: 'signaling request',
      words: JSON_WORDS,
      samples: [
        { type: 'subscribe', topics: ['t'] },
        { type: 'publish', topic: 't', data: 'x' },
        { type: 'ping', sentMs: 1, echoMs: 0, heldMs: 0 },
      ].map((value) => bytesOf(JSON.stringify(value))),
      read: (bytes) => {
        const request = parseSignalingRequest(text(bytes))
        return request !== undefined && JSON.stringify(request).length > 0
      },
    },
    {
      name: 'session, whole',
      cbor: true,
      samples: messages(corpus),
      share: 0.1,
      allow: { ms: 1000, bytes: 32_000_000 },
      read: (bytes) => meets(corpus, bytes),
    },
  ]
}

/** A member that says this between a greeting and a ping: the session ends or goes on, and the station is as it was. */
async function meets({ founder, worker }: Corpus, bytes: Uint8Array): Promise<boolean> {
  const pair = createWirePair({ keyA: founder.identity.key, keyB: worker.identity.key })
  pair.b.onFrame(() => undefined)
  const clock = { now: () => 0, after: () => () => undefined }
  const session = new Session({
    station: founder,
    wire: pair.a,
    clock,
    name: 'fuzz',
    onJoin: async () => 'not-inviting',
  })
  session.start()
  const { community } = founder.identity
  await pair.b.send(encodeMessage(greeting({ community, name: '乙', port: 0, knows: true })))
  await pair.b.send(bytes)
  await pair.b.send(encodeMessage({ type: 'ping', sentMs: 1, echoMs: 0, heldMs: 0 })).catch(() => undefined)
  while (pair.inFlight('ba') > 0 && session.state().closed === null)
    await new Promise((resolve) => setImmediate(resolve))
  while (session.isAdmitting()) await new Promise((resolve) => setImmediate(resolve))
  session.close()
  return true
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value)
    return true
  } catch {
    return false
  }
}

/** What is signed, taken out of a manifest frame. */
function saidIn(manifest: Uint8Array): Uint8Array {
  const bytes = Buffer.from(manifest)
  // [bytes, bytes(64)]: a head of one byte, one of three, and at the end two and sixty-four.
  return new Uint8Array(bytes.subarray(bytes[1] === 0x59 ? 4 : 3, bytes.length - 66))
}

async function wholeBundle(station: Station, file: string): Promise<Uint8Array> {
  expectOk(await writeBundle(station, file))
  return new Uint8Array(readFileSync(file)).subarray(0, -32)
}

/** As a liar would: the hash at the end is right whatever stands before it. */
const withTrailer = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([bytes, createHash('sha256').update(bytes).digest()])
