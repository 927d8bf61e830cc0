import { zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeCbor } from '../../src/bytes/cbor.ts'
import { sha256Of } from '../../src/crypto/hash.ts'
import { createSigner } from '../../src/crypto/keys.ts'
import { seal } from '../../src/crypto/seal.ts'
import { encodeSegment, segmentClaim } from '../../src/log/segment.ts'
import { expectOk } from '../../src/result.ts'
import { BOMBS } from '../../src/testing/hostile-bytes.test.data.ts'
import { gridOf, TestCommunity } from '../../src/testing/test-community.ts'
import { parseManifest } from '../../src/trunk/checkpoint-format.ts'
import { openPage } from '../../src/trunk/checkpoint-page.ts'
import { actsOf, Forger, write } from '../forge.ts'

/** Nested as deep as an entry has room for, within and as what is asked to become text. */
const DEEP = Buffer.concat([Buffer.alloc(60_000, 0x81), Buffer.from([0x00])])
const MORE: Readonly<Record<string, Uint8Array>> = {
  ...BOMBS,
  'an act whose name is an array 4000 deep': Buffer.concat([
    Buffer.from([0x82]),
    Buffer.alloc(4000, 0x81),
    Buffer.from([0x80, 0x00]),
  ]),
  'an act whose name is an object that cannot be text': encodeCbor([{ toString: 1, valueOf: null }, 0]),
  'sixty kilobytes of depth': DEEP,
}

test('F7 bombs for the decoder, from a stranger and from a member, signed and sealed as they should be, cost a moment each and stop nothing', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const grid = gridOf(worker)
  const started = performance.now()
  let tried = 0
  const members = founder.membership().members.size
  for (const bomb of Object.values(MORE)) {
    const small = bomb.length < 40_000 ? bomb : bomb.subarray(0, 40_000)
    const stranger = Forger.stranger(founder.identity.community)
    const member = Forger.of(worker, founder.identity.community)
    const data = Forger.of(worker, grid)
    const deed = { member: worker.identity.member, action: 'record.edit', at: 1, act: 'ac-0000' }
    const bad = [
      bomb,
      stranger.segment(stranger.act(small)),
      member.segment(member.act(small, { deps: actsOf(founder) })),
      withHeader(data, small),
      data.segment(data.data(worker, { deed, parts: [small, write('bu-0001', { name: '好' })] })),
    ]
    for (const bytes of bad) {
      expectOk(await founder.admit([bytes], 'test'))
      tried++
    }
  }
  // Three hundred times what it takes, and far below what one bomb would cost that goes off.
  expect((performance.now() - started) / tried).toBeLessThan(1000)
  expect(founder.get('bu-0001')?.fields.name).toBe('好')
  expect(founder.membership().members.size).toBe(members)
  expectOk(
    await founder.write('record.edit', (book) => book.create('building', grid, { set: { name: '之后' } })),
  )
})

test.each([
  ['items', 0xf6],
  ['arrays', 0x80],
  ['depth', 0x81],
])(
  'F7 two kilobytes that unpack to sixty megabytes of %s are no manifest and no page, and cost what they unpack to',
  (_, byte) => {
    const head = Buffer.from([0x9a, 0x03, 0x93, 0x87, 0x00])
    const bomb = zstdCompressSync(Buffer.concat([head, Buffer.alloc(60_000_000, byte)]))
    expect(bomb.length).toBeLessThan(4000)
    const before = process.memoryUsage()
    expect(parseManifest(bomb)).toMatchObject({ problem: { type: 'malformed' } })
    const key = new Uint8Array(32)
    const page = seal(key, bomb, encodeCbor(['doorstep/page/1', 'sp-0001']))
    expect(openPage(key, 'sp-0001', page, () => undefined)).toMatchObject({ problem: { type: 'malformed' } })
    const { heapUsed, external } = process.memoryUsage()
    expect(heapUsed + external - before.heapUsed - before.external).toBeLessThan(250_000_000)
  },
)

/** A segment whose signature holds and whose one header is these bytes. */
function withHeader(forger: Forger, header: Uint8Array): Uint8Array {
  const signature = createSigner(forger.keys.privateKey)(segmentClaim(forger.id, 0, 0, sha256Of(header)))
  return encodeSegment(forger.log, [{ header, blobs: [] }], signature)
}
