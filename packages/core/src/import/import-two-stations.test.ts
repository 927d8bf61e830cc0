import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Role } from '../membership/roles.ts'
import { expectOk } from '../result.ts'
import { createInvite, grantRequest, joinWithInvite } from '../station/invite.ts'
import type { Station } from '../station/station.ts'
import { importRegister } from './import-register.ts'
import { BLOCKS_HEADER, blocksMapping, bytesOf, SECRET, TestCommunity } from './register.test.data.ts'

const mapping = blocksMapping()
const blocks = (...lines: string[]) => bytesOf([BLOCKS_HEADER, ...lines].join('\n'))
const FILE = blocks('TP,A ST,1,3,30,1980,Y', 'TP,A ST,2,3,9,1980,N', 'TP,B ST,2,3,12,,')

async function carry(from: Station, to: Station): Promise<void> {
  const spaces = [from.identity.community, ...from.spaces().map(({ id }) => id)]
  for (const space of spaces) {
    const segments = from.outgoing(space, to.heads(space)).map(({ row }) => from.segment(row))
    const report = expectOk(await to.admit(segments, from.identity.station))
    expect(report).toMatchObject({ refused: [], missing: 0 })
  }
}

async function meet(a: Station, b: Station): Promise<void> {
  await carry(a, b)
  await carry(b, a)
}

async function joinAs(
  community: TestCommunity,
  role: Role,
  grids: readonly string[],
  granter: Station = community.station,
): Promise<Station> {
  const invite = expectOk(createInvite(granter, { role, name: '测试成员', grids }))
  const home = join(community.folder, invite.id)
  const options = { stationName: '另一台', now: community.now }
  const joined = expectOk(joinWithInvite(home, SECRET, invite, options))
  expectOk(await grantRequest(granter, joined.request))
  const station = community.keep(joined.station)
  await carry(granter, station)
  return station
}

const recordDigests = (station: Station) =>
  station
    .spaces()
    .map(({ id }) => station.digest(id).recordsDigest)
    .sort()
const conflicts = (station: Station) => [...station.records({ inConflict: true })]

it('gives no conflict and no second grid when two stations import before they meet', async () => {
  await using community = await TestCommunity.create()
  const a = community.station
  const b = await joinAs(community, 'chief', [])
  for (const station of [a, b]) {
    const report = expectOk(await importRegister(station, { file: FILE, mapping, split: 25 }))
    expect(report.created).toBe(106)
  }
  await meet(a, b)
  await meet(a, b)
  expect(recordDigests(b)).toEqual(recordDigests(a))
  for (const station of [a, b]) {
    expect(conflicts(station)).toEqual([])
    const names = [...station.records({ type: 'grid' })].map(({ fields }) => fields.name)
    expect(names.sort()).toEqual(['TP-01', 'TP-02', 'TP-03', '东'])
    expect([...station.records({ type: 'household' })]).toHaveLength(51)
    const again = expectOk(await importRegister(station, { file: FILE, mapping, split: 25 }))
    expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 106 })
  }
})

it('follows a newer file after two stations imported the older one apart', async () => {
  await using community = await TestCommunity.create()
  const a = community.station
  const b = await joinAs(community, 'worker', ['东'])
  for (const station of [a, b]) expectOk(await importRegister(station, { file: FILE, mapping, grid: '东' }))
  await meet(a, b)
  const newer = blocks('TP,A ST,1,3,30,1999,Y', 'TP,A ST,2,3,9,1980,N', 'TP,B ST,2,3,12,,')
  expect(expectOk(await importRegister(b, { file: newer, mapping, grid: '东' }))).toMatchObject({
    created: 0,
    updated: 1,
    conflicts: 0,
  })
  await meet(a, b)
  expect(recordDigests(b)).toEqual(recordDigests(a))
  expect(conflicts(a)).toEqual([])
  expect(expectOk(await importRegister(a, { file: newer, mapping, grid: '东' }))).toMatchObject({
    updated: 0,
  })
})

it('shows where two stations imported different files', async () => {
  await using community = await TestCommunity.create()
  const a = community.station
  const b = await joinAs(community, 'worker', ['东'])
  const other = blocks('TP,A ST,1,3,30,1990,Y')
  expectOk(await importRegister(a, { file: FILE, mapping, grid: '东' }))
  expectOk(await importRegister(b, { file: other, mapping, grid: '东' }))
  await meet(a, b)
  for (const station of [a, b])
    expect(
      conflicts(station).map((each) => each.conflicts.yearBuilt?.map(({ value }) => value).sort()),
    ).toEqual([[1980, 1990]])
})

it('lets a worker import into their grid and make no grids', async () => {
  await using community = await TestCommunity.create(['东', '西'])
  const worker = await joinAs(community, 'worker', ['东'])
  expect(await importRegister(worker, { file: FILE, mapping, split: 25 })).toEqual({
    ok: false,
    problem: { type: 'role-may-not', role: 'worker', action: 'grid.add' },
  })
  expect(await importRegister(worker, { file: FILE, mapping, grid: '西' })).toEqual({
    ok: false,
    problem: { type: 'unknown-grid', grid: '西', grids: ['东'] },
  })
  expect(expectOk(await importRegister(worker, { file: FILE, mapping }))).toMatchObject({
    created: 105,
    grids: [{ name: '东', households: 51 }],
  })
})

it('refuses a role that may not import', async () => {
  await using community = await TestCommunity.create()
  const auditor = await joinAs(community, 'auditor', [])
  expect(await importRegister(auditor, { file: FILE, mapping })).toEqual({
    ok: false,
    problem: { type: 'role-may-not', role: 'auditor', action: 'record.import' },
  })
})

it('does not split where it cannot read every grid', async () => {
  await using community = await TestCommunity.create()
  const a = community.station
  const b = await joinAs(community, 'chief', [])
  // The station that makes the grids does not know of this one yet, so it gets no key of theirs.
  const unknown = await joinAs(community, 'chief', [], b)
  expectOk(await importRegister(a, { file: FILE, mapping, split: 25 }))
  await carry(a, unknown)
  expect(await importRegister(unknown, { file: FILE, mapping, split: 25 })).toEqual({
    ok: false,
    problem: { type: 'unreadable-grid', grids: ['TP-01', 'TP-02', 'TP-03'] },
  })
})
