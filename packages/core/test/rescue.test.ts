import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectOk, type Ok, type Result } from '../src/result.ts'
import { askRescue, restoreHome } from '../src/station/ask-rescue.ts'
import { changeSecret } from '../src/station/change-secret.ts'
import { checkRescue, grantRescue, RESCUE_VALID_MS } from '../src/station/grant-rescue.ts'
import { openHome } from '../src/station/home.ts'
import { openStation } from '../src/station/open-station.ts'
import { readRescue, refreshRescue } from '../src/station/rescue.ts'
import { parseRescueFile, type RescueGrant, type RescueRequest } from '../src/station/rescue-file.ts'
import type { HomeSecret } from '../src/station/secret.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity, testSecret } from '../src/testing/test-community.ts'

const cost = { memoryKiB: 8, passes: 1 }
const phrase = (text: string): HomeSecret => ({ type: 'passphrase', text })
const NEW = phrase('a new wall of mine')

/** A founder and a second chief, and a worker whose way back was made and who has written what nobody else has. */
async function setUp() {
  const { community, founder } = await TestCommunity.create()
  const second = await community.join(founder, '测试员丙', 'chief')
  const worker = await community.join(founder, '测试员乙')
  await deliver(founder, second)
  await deliver(founder, worker)
  // Made anew when the acts arrived that named another chief.
  expect(expectOk(refreshRescue(worker))).toEqual({ changed: false })
  const unsent = expectOk(
    await worker.write('record.edit', (book) =>
      book.create('building', gridOf(worker), { set: { name: '没交的楼' } }),
    ),
  ).value
  worker.putDraft('visit/hh-0001', { half: '填了一半' })
  await worker.close()
  return { community, founder, second, worker, unsent, [Symbol.asyncDispose]: () => community.close() }
}
const problemOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.problem.type)
/** As a stick carries it. */
const carried = <T extends RescueRequest | RescueGrant>(file: T): T =>
  (parseRescueFile(JSON.stringify(file)) as Ok<T>).value

test('a forgotten passphrase: asked without it, answered by any chief, opened with the new one; nothing is lost', async () => {
  await using setup = await setUp()
  const { worker, unsent } = setup
  for (const chief of [setup.founder, setup.second]) {
    const request = carried(expectOk(askRescue(worker.home, NEW, { cost })))
    // Until it is answered, nothing has changed.
    expectOk(openHome(worker.home, testSecret)).store.close()
    expect(expectOk(checkRescue(chief, request)).member).toBe(worker.identity.member)
    const grant = carried(expectOk(await grantRescue(chief, request)))
    expect(problemOf(restoreHome(worker.home, grant, phrase('not that one'), { cost }))).toBe(
      'wrong-passphrase',
    )
    expectOk(restoreHome(worker.home, grant, NEW, { cost }))
    expect(problemOf(openHome(worker.home, testSecret))).toBe('wrong-secret-kind')
    const again = expectOk(await openStation({ home: worker.home, secret: NEW }))
    expect(again.get(unsent)?.fields.name).toBe('没交的楼')
    expect(again.draft('visit/hh-0001')?.value).toEqual({ half: '填了一半' })
    expect(again.copied).toBe(false)
    await deliver(again, chief)
    expect(chief.get(unsent)?.fields.name).toBe('没交的楼')
    // The answer is used up, and its key opens nothing that is wrapped from now on.
    await again.close()
    expect(problemOf(restoreHome(worker.home, grant, NEW, { cost }))).toBe('rescue-not-asked')
    expectOk(changeSecret(worker.home, NEW, testSecret))
  }
})

test('it is written down in the community’s space, who helped which station', async () => {
  await using setup = await setUp()
  const { founder, second, worker } = setup
  const request = expectOk(askRescue(worker.home, NEW, { cost }))
  expectOk(await grantRescue(second, request))
  await deliver(second, founder)
  const [card] = [...founder.records({ type: 'station' })].filter(
    (one) => one.fields.station === worker.identity.station,
  )
  expect(card?.timelines.rescues).toMatchObject([
    { value: { fingerprint: request.fingerprint }, by: second.identity.member },
  ])
})

test('whoever finds the request or the grant opens nothing with it', async () => {
  await using setup = await setUp()
  const { founder, second, worker, community } = setup
  const request = expectOk(askRescue(worker.home, NEW, { cost }))
  // A grant that somebody makes of the request alone: there is nothing in it but what is boxed for the chiefs.
  const forged: RescueGrant = {
    doorstep: 'rescue-grant/1',
    community: request.community,
    station: request.station,
    key: request.key,
    boxed: request.boxes[0]![1],
  }
  expect(problemOf(restoreHome(worker.home, forged, NEW, { cost }))).toBe('rescue-not-ours')
  // A colleague's machine, a steward's, and a chief's who joined later cannot answer.
  const colleague = await community.join(founder, '测试员丁')
  expect(problemOf(await grantRescue(colleague, request))).toBe('role-may-not')
  const late = await community.join(founder, '测试员戊', 'chief')
  await deliver(founder, late)
  expect(problemOf(await grantRescue(late, request))).toBe('rescue-not-for-us')
  // The grant for one request does not fit another, nor another home.
  const grant = expectOk(await grantRescue(founder, request))
  expectOk(askRescue(worker.home, NEW, { cost }))
  expect(problemOf(restoreHome(worker.home, grant, NEW, { cost }))).toBe('rescue-not-ours')
  await second.close()
  expectOk(refreshRescue(community.reopen(second)))
  expectOk(askRescue(second.home, NEW, { cost }))
  expect(problemOf(restoreHome(second.home, grant, NEW, { cost }))).toBe('rescue-not-ours')
})

test('with a key of his own in the request, a finder changes the fingerprint that the two compare by voice', async () => {
  await using setup = await setUp()
  const request = expectOk(askRescue(setup.worker.home, NEW, { cost }))
  const { key, fingerprint } = expectOk(askRescue(setup.worker.home, NEW, { cost }))
  expect(fingerprint).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  for (const change of [
    { key },
    { madeAt: new Date(0).toISOString() },
    { station: 'st-0000' },
    { boxes: [] },
  ]) {
    // What the file says of its own fingerprint counts for nothing.
    const read = expectOk(parseRescueFile(JSON.stringify({ ...request, ...change }))) as RescueRequest
    expect(read.fingerprint).not.toBe(request.fingerprint)
  }
})

test('requests of another community, of a stranger, too old or from the future are not answered', async () => {
  await using setup = await setUp()
  const { founder, worker } = setup
  const request = expectOk(askRescue(worker.home, NEW, { cost }))
  const at = (ms: number) => ({ ...request, madeAt: new Date(founder.now + ms).toISOString() })
  const answer = async (asked: RescueRequest) => problemOf(await grantRescue(founder, asked))
  expect(await answer({ ...request, community: 'co-0000' })).toBe('other-community')
  expect(await answer({ ...request, station: 'st-0000' })).toBe('rescue-not-standing')
  expect(await answer(at(-RESCUE_VALID_MS - 60_000))).toBe('rescue-expired')
  expect(await answer(at(2 * 24 * 3600_000))).toBe('rescue-expired')
  expect(await answer({ ...request, boxes: request.boxes.map(([chief]) => [chief, 'AAAA'] as const) })).toBe(
    'rescue-altered',
  )
  expect(await answer(at(-RESCUE_VALID_MS + 60_000))).toBe('ok')
})

test('the way back follows the chiefs, and is left alone while they are the same', async () => {
  await using setup = await setUp()
  const { community, founder, second, worker } = setup
  const open = async () => expectOk(await openStation({ home: worker.home, secret: testSecret }))
  const chiefs = (station: Station) => readRescue(station.trunk.store)?.boxes.map(([id]) => id)
  await using station = await open()
  expect(chiefs(station)?.sort()).toEqual([founder.identity.station, second.identity.station].sort())
  expect(expectOk(refreshRescue(station))).toEqual({ changed: false })
  const before = readRescue(station.trunk.store)!
  const third = await community.join(founder, '测试员戊', 'chief')
  const asked = expectOk(askRescue(worker.home, NEW, { cost }))
  // It is made anew as soon as the acts arrive.
  await deliver(founder, station)
  expect(expectOk(refreshRescue(station))).toEqual({ changed: false })
  expect(chiefs(station)).toContain(third.identity.station)
  // A fresh key: an answer to what was asked before opens nothing.
  expect(readRescue(station.trunk.store)!.sealed).not.toEqual(before.sealed)
  const grant = expectOk(await grantRescue(founder, asked))
  expect(problemOf(restoreHome(worker.home, grant, NEW, { cost }))).toBe('rescue-not-asked')
})

test('without another chief there is no way back, and that is said', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  expect(expectOk(refreshRescue(founder))).toEqual({ changed: false })
  expect(problemOf(askRescue(founder.home, NEW, { cost }))).toBe('no-rescue')
})

test('guessing the new passphrase at the laptop waits like any other', async () => {
  await using setup = await setUp()
  const { founder, worker } = setup
  const grant = expectOk(await grantRescue(founder, expectOk(askRescue(worker.home, NEW, { cost }))))
  const now = () => 1_790_000_000_000
  for (let n = 0; n < 3; n++)
    expect(problemOf(restoreHome(worker.home, grant, phrase(`${n}`), { cost, now }))).toBe('wrong-passphrase')
  expect(problemOf(restoreHome(worker.home, grant, NEW, { cost, now }))).toBe('passphrase-wait')
})

test('the old wrap is gone from the disk after a rescue, and so is what was asked', async () => {
  await using setup = await setUp()
  const { founder, worker } = setup
  const bytes = () =>
    Buffer.concat(readdirSync(worker.home).map((file) => readFileSync(join(worker.home, file))))
  const request = expectOk(askRescue(worker.home, NEW, { cost }))
  const key = Buffer.from(request.key, 'base64')
  const [boxed] = request.boxes.map(([, text]) => Buffer.from(text, 'base64'))
  expect([bytes().includes(key), bytes().includes(boxed!)]).toEqual([true, true])
  expectOk(restoreHome(worker.home, expectOk(await grantRescue(founder, request)), NEW, { cost }))
  expect([bytes().includes(key), bytes().includes(boxed!)]).toEqual([false, false])
})

test.each([
  'none',
  '{}',
  '[]',
  'null',
  '{"doorstep":"rescue-grant/1"}',
  '{"doorstep":"request/1"}',
  'x'.repeat(200_000),
])('no rescue file: %.30s', (text) => expect(problemOf(parseRescueFile(text))).toBe('not-a-rescue-file'))
