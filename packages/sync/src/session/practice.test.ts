import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  createCommunity,
  createInvite,
  expectOk,
  isPracticeCommunity,
  joinWithInvite,
  type Station,
} from '@doorstep/core'
import { gridOf, TestCommunity, testSecret } from '@doorstep/core/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBundle } from '../bundle/read-bundle.ts'
import { writeBundle } from '../bundle/write-bundle.ts'
import { joinByCode } from '../pairing/join-by-code.ts'
import { createPairingCode } from '../pairing/pairing-code.ts'
import { meet, meetUntilEqual, until } from './meet.fixture.ts'

let community: TestCommunity
let real: Station
let practice: Station
beforeAll(async () => {
  ;({ community, founder: real } = await TestCommunity.create())
  practice = expectOk(
    await createCommunity({
      home: community.newHome(),
      secret: testSecret,
      community: '测试社区',
      member: '测试员甲',
      grids: ['一号网格'],
      practice: true,
    }),
  )
  community.stations.push(practice)
})
afterAll(() => community.close())

const held = (station: Station) =>
  [station.identity.community, ...station.spaces().map(({ id }) => id)].map((id) => station.digest(id))

test('a community for practice is one by its founding act, and every id of it says so', () => {
  expect(isPracticeCommunity(practice.identity.community)).toBe(true)
  expect(isPracticeCommunity(real.identity.community)).toBe(false)
})

test('neither takes a bundle of the other', async () => {
  for (const [from, to] of [
    [practice, real],
    [real, practice],
  ] as const) {
    const file = join(community.folder, `${from.identity.station}.bundle`)
    expectOk(await writeBundle(from, file))
    const before = held(to)
    expect(await readBundle(to, file)).toMatchObject({ problem: { type: 'bundle-other-community' } })
    expect(held(to)).toEqual(before)
  }
})

test('neither meets the other: not a word is said beyond the greeting', async () => {
  const before = [practice, real].map(held)
  const { a, b } = meet(practice, real)
  const ended: string[] = []
  for (const one of [a, b]) one.onClose((reason) => ended.push(reason))
  await until(() => ended.length === 2, 'both ended')
  expect(ended).toContain('other-community')
  expect([practice, real].map(held)).toEqual(before)
  expect(practice.heads(real.identity.community)).toEqual([])
  expect(real.heads(practice.identity.community)).toEqual([])
})

test('what one wrote is not admitted by the other, whoever hands it over', async () => {
  const grid = gridOf(practice)
  expectOk(
    await practice.write('record.edit', (book) => book.create('building', grid, { set: { name: '练习楼' } })),
  )
  const before = held(real)
  for (const space of [practice.identity.community, grid]) {
    const segments = practice.outgoing(space, []).map(({ row }) => practice.segment(row))
    expect(segments.length).toBeGreaterThan(0)
    const report = await real.admit(segments, practice.identity.station)
    expect(report.ok ? report.value.admitted : 0).toBe(0)
  }
  expect(held(real)).toEqual(before)
})

test('a real home takes neither an invite nor a code of practice; a home made from one is practice too', async () => {
  const invite = expectOk(createInvite(practice, { role: 'worker', name: '测试员乙', grids: ['一号网格'] }))
  const options = { stationName: '乙的笔记本' }
  expect(joinWithInvite(real.home, testSecret, invite, options)).toMatchObject({
    problem: { type: 'home-exists' },
  })
  const joined = expectOk(joinWithInvite(community.newHome(), testSecret, invite, options))
  community.stations.push(joined.station)
  expect(isPracticeCommunity(joined.station.identity.community)).toBe(true)
  expect(existsSync(joined.station.home)).toBe(true)
  const begun = await community.join(real, '测试员丙')
  const { home } = begun
  // As the command does once somebody has joined.
  begun.dropDraft('join')
  await begun.close()
  expect(
    await joinByCode({
      home,
      secret: testSecret,
      stationName: '丙的笔记本',
      code: createPairingCode(),
      addresses: [],
      discover: false,
    }),
  ).toMatchObject({ problem: { type: 'home-exists' } })
})

test('stations of one practice community meet as all do', async () => {
  const colleague = await community.join(practice, '测试员丁')
  await meetUntilEqual(practice, colleague)
})
