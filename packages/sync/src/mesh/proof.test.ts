import { describe, expect, it } from 'vitest'
import { frameType } from './frames.ts'
import { fingerprintOf } from './hello.ts'
import { newStationKeys } from './mesh-stations.fixture.ts'
import { createProof, type ProofStep } from './proof.ts'
import { createStationSigner, type StationKeyPair } from './station-key.ts'

const sdp = (byte: string) => `v=0\r\na=fingerprint:sha-256 ${Array(32).fill(byte).join(':')}\r\n`
const [certA, certB, certM] = [sdp('AA'), sdp('BB'), sdp('CC')]
const roomId = new Uint8Array(32)

/** One side of the handshake, its frames kept for the test to carry. */
function side(
  keys: StationKeyPair,
  local: string,
  remote: string,
  options: Partial<Parameters<typeof createProof>[0]> = {},
) {
  const out: Uint8Array[] = []
  const proof = createProof({
    signer: createStationSigner(keys),
    roomId,
    isAllowed: () => true,
    turnAway: () => undefined,
    send: (frame) => out.push(frame),
    descriptions: () => ({ local, remote }),
    ...options,
  })
  return { proof, out }
}

type Side = ReturnType<typeof side>

/** Carries frames both ways until none is left; the steps each side took. */
function run(a: Side, b: Side) {
  const steps: { a: ProofStep[]; b: ProofStep[] } = { a: [], b: [] }
  while (a.out.length + b.out.length > 0) {
    const fromA = a.out.shift()
    if (fromA) steps.b.push(b.proof.receive(fromA[0]!, fromA.subarray(1)))
    const fromB = b.out.shift()
    if (fromB) steps.a.push(a.proof.receive(fromB[0]!, fromB.subarray(1)))
  }
  return steps
}

const [keysA, keysB] = [newStationKeys(), newStationKeys()]
const both = (a: Side, b: Side) => {
  a.proof.begin()
  b.proof.begin()
  return run(a, b)
}

describe('the handshake', () => {
  it('opens both sides with the keys proved', () => {
    const steps = both(side(keysA, certA, certB), side(keysB, certB, certA))
    expect(steps.a.at(-1)).toEqual({ type: 'open', key: keysB.publicKey })
    expect(steps.b.at(-1)).toEqual({ type: 'open', key: keysA.publicKey })
  })

  it('opens when one hello comes before the other side has begun', () => {
    const [a, b] = [side(keysA, certA, certB), side(keysB, certB, certA)]
    a.proof.begin()
    b.proof.receive(a.out[0]![0]!, a.out.shift()!.subarray(1))
    b.proof.begin()
    expect(run(a, b).b.at(-1)?.type).toBe('open')
  })

  it('fails when somebody in between has certificates of their own', () => {
    const steps = both(side(keysA, certA, certM), side(keysB, certB, certM))
    expect(steps.a.at(-1)).toMatchObject({ failure: { type: 'bad-proof', key: keysB.publicKey } })
    expect(steps.b.at(-1)).toMatchObject({ failure: { type: 'bad-proof' } })
  })

  it('fails between rooms', () => {
    const other = side(keysB, certB, certA, { roomId: new Uint8Array(32).fill(1) })
    expect(both(side(keysA, certA, certB), other).a.at(-1)).toMatchObject({ failure: { type: 'bad-proof' } })
  })

  it('does not take its own words back from the other side', () => {
    const a = side(keysA, certA, certB)
    a.proof.begin()
    expect(a.proof.receive(frameType.hello, a.out[0]!.subarray(1))).toMatchObject({
      failure: { type: 'own-key' },
    })
  })

  it('says no to an unknown key before it signs anything', () => {
    const a = side(keysA, certA, certB, { isAllowed: () => false })
    const b = side(keysB, certB, certA)
    a.proof.begin()
    b.proof.begin()
    expect(a.proof.receive(frameType.hello, b.out[0]!.subarray(1))).toMatchObject({
      failure: { type: 'not-allowed', key: keysB.publicKey },
    })
    expect(a.out.map((frame) => frame[0])).toEqual([frameType.hello])
  })

  it('turns a proved station away before it says accepted', () => {
    const a = side(keysA, certA, certB, { turnAway: () => 'full' })
    const steps = both(a, side(keysB, certB, certA))
    expect(steps.a).toContainEqual({
      type: 'failed',
      failure: { type: 'turned-away', key: keysB.publicKey, reason: 'full' },
    })
    expect(steps.b.map((step) => step.type)).not.toContain('open')
  })

  it.each<[string, number, Uint8Array]>([
    ['an empty hello', frameType.hello, new Uint8Array(0)],
    ['a hello of another version', frameType.hello, new Uint8Array(65).fill(2)],
    ['a hello that is too long', frameType.hello, Uint8Array.from([1, ...new Uint8Array(65)])],
    ['a proof without a hello', frameType.proof, new Uint8Array(64)],
    ['accepted without a hello', frameType.accepted, new Uint8Array(0)],
    ['a type that is none', 77, new Uint8Array(3)],
  ])('ends at %s, without throwing', (_name, type, body) => {
    expect(side(keysA, certA, certB).proof.receive(type, body).type).toBe('failed')
  })

  it('ends at a key that is no point on the curve, and at a signature of zeros', () => {
    const a = side(keysA, certA, certB)
    a.proof.begin()
    const hello = Uint8Array.from([1, ...new Uint8Array(32), ...new Uint8Array(32).fill(0xff)])
    expect(a.proof.receive(frameType.hello, hello).type).toBe('waiting')
    expect(a.proof.receive(frameType.proof, new Uint8Array(64))).toMatchObject({
      failure: { type: 'bad-proof' },
    })
  })
})

describe('fingerprintOf', () => {
  it('takes one SHA-256 fingerprint and nothing else', () => {
    expect(fingerprintOf(sdp('AB'))).toEqual(new Uint8Array(32).fill(0xab))
    expect(fingerprintOf(sdp('AB') + sdp('ab'))).toEqual(new Uint8Array(32).fill(0xab))
    expect(fingerprintOf(sdp('AB') + sdp('CD'))).toBeUndefined()
    expect(fingerprintOf('a=fingerprint:sha-1 AB:CD\r\n')).toBeUndefined()
    expect(fingerprintOf('')).toBeUndefined()
  })
})
