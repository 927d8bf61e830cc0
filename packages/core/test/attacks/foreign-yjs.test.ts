import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { encodeCbor } from '../../src/bytes/cbor.ts'
import { toBase32 } from '../../src/ids.ts'
import type { Unwrite } from '../../src/record/change.ts'
import { writeTagOf } from '../../src/record/tag.ts'
import { expectOk } from '../../src/result.ts'
import { diagnose } from '../../src/station/doctor.ts'
import { gridOf, TestCommunity } from '../../src/testing/test-community.ts'
import { Forger, write } from '../forge.ts'

/** Updates as Yjs makes them, and as somebody makes them who wants to harm it. */
function updates(): Record<string, Uint8Array> {
  const doc = new Y.Doc()
  doc.getMap('r').set('name#x', '假')
  const stolen = new Y.Doc()
  stolen.clientID = 12345
  stolen.getMap('r').set('name#x', '假')
  const behind = new Y.Doc()
  behind.getMap('r').set('a', 1)
  const before = Y.encodeStateVector(behind)
  behind.getMap('r').set('a', 2)
  const erasing = new Y.Doc()
  Y.applyUpdate(erasing, Y.encodeStateAsUpdate(doc))
  erasing.getMap('r').delete('name#x')
  return {
    V1: Y.encodeStateAsUpdate(doc),
    V2: Y.encodeStateAsUpdateV2(doc),
    'under somebody else’s client': Y.encodeStateAsUpdate(stolen),
    'with a clock that runs ahead': Y.encodeStateAsUpdate(behind, before),
    'that deletes what was never written here': Y.encodeStateAsUpdate(erasing),
    'V2 of 27 bytes': Y.encodeStateAsUpdateV2(doc).subarray(0, 27),
    'that says 2^31 structs': Uint8Array.from([1, 0xff, 0xff, 0xff, 0xff, 0x07, 1, 0]),
  }
}

test.each(Object.entries(updates()))(
  'F5 a raw Yjs update (%s) in place of a part is void and harms nothing',
  async (_, update) => {
    await using setup = await open()
    const { founder, worker, third, grid } = setup
    expectOk(
      await founder.write('record.edit', (book) =>
        book.create('building', grid, { set: { name: '真' } }, 'bu-0001'),
      ),
    )
    const forger = Forger.of(worker, grid)
    const entries = [
      forger.data(worker, { parts: [update, encodeCbor(update), write('bu-0002', { name: '好' })] }),
      forger.data(worker, { parts: [write('bu-0003', { name: '后' })] }),
    ]
    for (const station of [founder, third]) {
      expect(expectOk(await station.admit([forger.segment(...entries)], 'test'))).toMatchObject({
        admitted: 2,
      })
      expect(station.trunk.store.voids().map(({ part, reason }) => [part, reason])).toEqual([
        [1, 'void-malformed'],
        [2, 'void-malformed'],
      ])
      expect(station.get('bu-0002')?.fields.name).toBe('好')
      expect(station.get('bu-0003')?.fields.name).toBe('后')
    }
    expect(founder.get('bu-0001')).toMatchObject({ fields: { name: '真' }, conflicts: {} })
    expect(diagnose(founder).checks.filter((check) => !check.ok)).toEqual([])
  },
)

test('F6 taking back what was never seen, what does not exist and what is to come takes nothing back', async () => {
  await using setup = await open()
  const { founder, worker, third, grid } = setup
  const honest = Forger.of(founder, grid)
  const kept = honest.data(founder, { parts: [write('bu-0001', { name: '真' })] })
  const later = honest.data(founder, { parts: [write('bu-0001', { street: '后来' })] })
  const attacker = Forger.of(worker, grid)
  const all = (tag: string): Unwrite[] => ['name', 'street'].map((name) => ({ type: 'field', name, tag }))
  const attack = attacker.data(worker, {
    parts: [
      {
        ...write('bu-0001', {}),
        unwrites: [
          ...all(writeTagOf(kept.hash, 1)),
          ...all(writeTagOf(later.hash, 1)),
          ...all(writeTagOf(kept.hash, 0)),
          ...all(toBase32(new Uint8Array(16))),
        ],
      },
    ],
  })
  const segments = [honest.segment(kept), honest.segment(later), attacker.segment(attack)]
  for (const bytes of segments) expectOk(await founder.admit([bytes], 'test'))
  for (const bytes of segments.toReversed()) expectOk(await third.admit([bytes], 'test'))
  for (const bytes of segments) expectOk(await third.admit([bytes], 'test'))
  for (const station of [founder, third])
    expect(station.get('bu-0001')?.fields).toEqual({ name: '真', street: '后来' })
  expect(founder.digest(grid).recordsDigest).toBe(third.digest(grid).recordsDigest)
})

test('F6 who claims to have seen nothing of a log cannot take back what it wrote there itself in another', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const first = Forger.of(worker, grid)
  const written = first.data(worker, { parts: [write('bu-0001', { name: '一' })] })
  const second = Forger.of(worker, grid)
  const over = second.data(worker, {
    parts: [
      {
        ...write('bu-0001', {}),
        unwrites: [{ type: 'field', name: 'name', tag: writeTagOf(written.hash, 1) }],
      },
    ],
  })
  expectOk(await founder.admit([first.segment(written), second.segment(over)], 'test'))
  expect(founder.get('bu-0001')?.fields.name).toBe('一')
})

async function open() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  return {
    community,
    founder,
    worker,
    third,
    grid: gridOf(worker),
    [Symbol.asyncDispose]: () => community.close(),
  }
}
