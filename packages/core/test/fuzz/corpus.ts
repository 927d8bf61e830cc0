import { randomBytes } from 'node:crypto'
import { parseEntry, type RawEntry } from '../../src/log/entry.ts'
import { encodeAct } from '../../src/membership/act.ts'
import { RecordDoc } from '../../src/record/fold.ts'
import { encodePage } from '../../src/record/page.ts'
import { expectOk } from '../../src/result.ts'
import { assignRole, leave, ratifyAct, removeMember, removeStation } from '../../src/station/belonging.ts'
import { makeCheckpoint, readBlob } from '../../src/station/checkpoint.ts'
import { createStationInvite, grantRequest, joinWithInvite } from '../../src/station/invite.ts'
import type { Station } from '../../src/station/station.ts'
import { deliver, TestCommunity, testSecret } from '../../src/testing/test-community.ts'
import { commitmentOf, parseManifest } from '../../src/trunk/checkpoint-format.ts'
import { partsByTag } from '../../src/trunk/checkpoint-make.ts'
import { Forger, write } from '../forge.ts'

/** What a community that went through everything has written: samples for whoever reads foreign bytes. */
export type Corpus = {
  readonly community: TestCommunity
  readonly founder: Station
  readonly worker: Station
  readonly grid: string
  readonly segments: readonly Uint8Array[]
  readonly entries: readonly RawEntry[]
  readonly acts: readonly Uint8Array[]
  /** Of a checkpoint, as it travels. */
  readonly manifest: Uint8Array
  readonly page: Uint8Array
}

export async function makeCorpus(): Promise<Corpus> {
  const { community, founder } = await TestCommunity.create(['一号网格', '二号网格'])
  const grid = [...founder.records({ type: 'grid' })].find((card) => card.fields.name === '一号网格')!.fields
    .space as string
  const worker = await community.join(founder, '测试员乙')
  const chief = await community.join(founder, '测试员丙', 'chief')
  const leaver = await community.join(founder, '测试员丁')
  const second = await addStation(community, founder)
  const { value: building } = expectOk(
    await founder.write('record.edit', (book) =>
      book.create('building', grid, { set: { name: '1幢', storeys: 6, street: '测试路' } }),
    ),
  )
  await deliver(founder, worker)
  expectOk(await worker.write('record.edit', (book) => book.edit(building, { set: { street: '新路' } })))
  expectOk(
    await worker.write('record.edit', (book) =>
      book.create('dwelling', grid, { set: { building, unit: '1', room: '101' } }),
    ),
  )
  await forkAndFreeze(founder, worker, grid)
  await deliver(worker, founder)
  await deliver(founder, chief)
  expectOk(await assignRole(founder, chief.identity.member, 'worker'))
  expectOk(
    await chief.act((act) => {
      act({ type: 'space', space: 'sp-0009', kind: 'grid', parent: null })
      return { ok: true, value: null }
    }),
  )
  await deliver(chief, founder)
  const voided = founder.membership().voided[0]
  if (voided) expectOk(await ratifyAct(founder, voided.hash))
  await deliver(founder, leaver)
  expectOk(await leave(leaver))
  await deliver(leaver, founder)
  expectOk(await removeStation(founder, second.identity.station))
  expectOk(await removeMember(founder, chief.identity.member))
  const spaces = [founder.identity.community, ...founder.spaces().map(({ id }) => id)]
  const segments = spaces.flatMap((space) =>
    founder.outgoing(space, []).map(({ row }) => founder.segment(row)),
  )
  const entries: RawEntry[] = []
  const acts: Uint8Array[] = []
  for (const space of spaces)
    for (const { raw } of founder.trunk.store.entriesOf(space, 0, 10_000)) {
      entries.push(raw)
      if (space === founder.identity.community) acts.push(raw.blobs[0]!)
    }
  expectOk(await makeCheckpoint(founder, grid))
  const [made] = founder.trunk.store.shelf.checkpoints(grid)
  const entry = expectOk(parseEntry(founder.trunk.store.entry(made!.entry.hash)!.raw))
  const manifest = readBlob(founder, commitmentOf(entry)!.manifest)!
  const row = founder.trunk.store.record(grid, building)!
  const plain = new RecordDoc(building, row.state).plain()
  const placeOf = partsByTag(expectOk(parseManifest(manifest)).logs)
  const page = encodePage([{ id: building, type: row.type, plain }], placeOf)
  const box = encodeAct({
    type: 'box',
    generation: new Uint8Array(16),
    boxes: [['st-0001', new Uint8Array(92)]],
  })
  return { community, founder, worker, grid, segments, entries, acts: [...acts, box], manifest, page }
}

async function addStation(community: TestCommunity, founder: Station): Promise<Station> {
  const invite = expectOk(createStationInvite(founder, { member: founder.identity.member }))
  const joined = expectOk(
    joinWithInvite(community.newHome(), testSecret, invite, { stationName: '甲的第二台' }),
  )
  expectOk(await grantRequest(founder, joined.request))
  community.stations.push(joined.station)
  return joined.station
}

/** Two branches under one signature key, and the act that says so. */
async function forkAndFreeze(founder: Station, worker: Station, grid: string): Promise<void> {
  const epoch = new Uint8Array(randomBytes(16))
  for (const name of ['左', '右']) {
    const branch = Forger.of(worker, grid, epoch)
    const first = branch.data(worker, { parts: [write('bu-0001', { name })] })
    const second = branch.data(worker, { parts: [write('bu-0002', { name })] })
    expectOk(await founder.admit([branch.segment(first, second)], 'corpus'))
  }
}
