import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { releaseClaim, takeClaim } from './claim.ts'
import { listClaims } from './claim-list.ts'
import { openRecordSet } from './record-set.ts'
import { carry, sampleStation } from './sample-station.test.data.ts'

const ON = '2026-11-24'

test('a chief gives doors to a worker, who sees them as their own and may give them up; nobody else may give', async () => {
  const sample = await sampleStation(2)
  const { station: chief } = sample
  const [first, second] = sample.households as [string, string]
  const worker = await sample.colleague()
  const me = worker.identity.member
  const set = (station: typeof chief) => openRecordSet(station, { follow: false })
  const given = expectOk(await takeClaim(chief, set(chief), { place: { household: first }, for: me }))
  expect(given.claim).not.toBeNull()
  await carry(chief, worker)
  for (const station of [chief, worker])
    expect(listClaims(set(station), { on: ON })).toMatchObject([
      { id: given.claim, by: { member: me }, givenBy: { name: '测试员甲' }, open: [first], state: 'live' },
    ])
  const again = expectOk(await takeClaim(chief, set(chief), { place: { household: first }, for: me }))
  expect(again.claim).toBeNull()
  expect(
    await takeClaim(worker, set(worker), { place: { household: second }, for: chief.identity.member }),
  ).toMatchObject({
    ok: false,
    problem: { type: 'role-may-not' },
  })
  const released = expectOk(await releaseClaim(worker, set(worker), { place: { household: first } }))
  expect(released.claims).toEqual([given.claim])
  await carry(worker, chief)
  expect(listClaims(set(chief), { on: ON })).toEqual([])
  await sample.close()
})
