import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { expectOk, ok } from '../result.ts'
import { deliver, gridOf, TestCommunity } from '../testing/test-community.ts'
import { createInvite } from './invite.ts'
import { type SupportFacts, supportFacts } from './support.ts'

const PERSONAL = [
  '测试住户某某',
  '990000194405010010',
  '13800001234',
  '听力差,敲重些',
  '独居老人家的小狗',
  '测试路九十九号',
]

async function populated() {
  const { community, founder } = await TestCommunity.create()
  const worker = await community.join(founder, '测试员乙')
  const grid = gridOf(founder)
  expectOk(
    await founder.write('record.import', (book) => {
      const building = expectOk(
        book.create('building', grid, { set: { name: '九十九幢', street: PERSONAL[5]! } }),
      )
      const dwelling = expectOk(book.create('dwelling', grid, { set: { building, unit: '1', room: '301' } }))
      expectOk(
        book.create('household', grid, {
          set: { dwelling, name: PERSONAL[0]!, phone: PERSONAL[2]!, mind: PERSONAL[3]! },
          add: { tags: [PERSONAL[4]!] },
        }),
      )
      expectOk(book.create('person', grid, { set: { name: PERSONAL[0]!, idNumber: PERSONAL[1]! } }))
      return ok(undefined)
    }),
  )
  const [household] = [...founder.records({ type: 'household' })]
  expectOk(
    await founder.write('record.edit', (book) =>
      book.edit(household!.id, { dispute: { phone: '13900005678' } }),
    ),
  )
  await deliver(founder, worker)
  expectOk(createInvite(founder, { role: 'worker', name: '测试员庚', grids: ['一号网格'] }))
  founder.putDraft('visit/hh-0001', { note: PERSONAL[3] })
  founder.putDraft('赵某某/1', { note: PERSONAL[3] })
  founder.putAddress(worker.identity.station, '192.168.7.77:7345')
  founder.putPeers([
    {
      station: worker.identity.station,
      space: grid,
      heads: [],
      digest: 'abc',
      equal: true,
      at: founder.now,
      via: 'lan',
    },
  ])
  // What a stranger may bring: reasons and sources that are no words of ours.
  const { store } = founder.trunk
  const refusal = { log: 'ff'.repeat(32), seq: 0, source: PERSONAL[0]!, at: 1 }
  store.putRefusal({ ...refusal, hash: new Uint8Array(32).fill(1), reason: 'signature' })
  store.putRefusal({ ...refusal, hash: new Uint8Array(32).fill(2), reason: `拒收 ${PERSONAL[0]}` })
  return { community, founder, worker }
}

test('it counts what is there, and holds nothing of anybody', async () => {
  const { community, founder, worker } = await populated()
  await using _ = community
  const facts: SupportFacts = supportFacts(founder)
  expect(facts).toMatchObject({
    schemaVersion: expect.any(Number),
    secret: { kind: 'key' },
    drafts: { visit: 1, invite: 2, 'founding-key': 1, join: 0 },
    membership: { role: 'chief', members: { chief: 1, worker: 1 }, stations: 2, standing: 2 },
    quarantine: { refused: { signature: 1, other: 1 } },
    knownAddresses: 1,
    doctor: { ok: true },
  })
  const grid = facts.spaces!.find(({ kind }) => kind === 'grid')!
  expect(grid.records.find(({ type }) => type === 'household')).toMatchObject({ count: 1 })
  expect(facts.peers).toHaveLength(1)
  const text = JSON.stringify(facts)
  const names = [
    '测试社区',
    '测试员甲',
    '测试员乙',
    '测试员庚',
    '一号网格',
    '甲的笔记本',
    '赵某某',
    '192.168',
    founder.home,
  ]
  const { community: id, member, station } = founder.identity
  const ids = [id, member, station, worker.identity.station, ...founder.spaces().map((space) => space.id)]
  const records = [...founder.records()].map((record) => record.id)
  for (const secret of [...PERSONAL, '13900005678', ...names, ...ids, ...records]) {
    expect(text, secret).not.toContain(secret)
    // Nor the part of an id that tells it from others.
    if (/^[a-z]{2}-/.test(secret)) expect(text, secret).not.toContain(secret.slice(3, 11))
  }
  // Every text in it is a word of ours, a time, a version or eight characters of a salted hash.
  for (const value of texts(facts)) expect(value).toMatch(/^(?:[\x20-\x7e]{0,600})$/)
})

test('ids are the same within one report and other ones in the next', async () => {
  const { community, founder } = await populated()
  await using _ = community
  const [one, two] = [supportFacts(founder), supportFacts(founder)]
  expect(one.peers![0]!.space).toBe(one.spaces!.find(({ kind }) => kind === 'grid')!.space)
  expect(two.peers![0]!.space).not.toBe(one.peers![0]!.space)
})

test('of a damaged home it tells what can be read', async () => {
  const { community, founder } = await populated()
  await using _ = community
  await founder.close()
  const db = new DatabaseSync(join(founder.home, 'station.db'))
  db.exec(
    `UPDATE entry SET header = x'80' WHERE n = (SELECT max(entry.n) FROM entry JOIN log ON log.n = entry.log WHERE space LIKE 'co-%')`,
  )
  db.close()
  const facts = supportFacts(community.reopen(founder))
  expect(facts.membership).toBeNull()
  expect(facts.doctor.ok).toBe(false)
  expect(facts.doctor.checks.filter((check) => !check.ok).map(({ name }) => name)).toContain('entries')
})

const texts = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, item]) => [name, ...texts(item)])
      : []
