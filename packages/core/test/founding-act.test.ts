import { expect, test } from 'vitest'
import { expectOk } from '../src/result.ts'
import { removeMember } from '../src/station/belonging.ts'
import { appointChief, removeByFoundingKey } from '../src/station/founding-act.ts'
import { forgetFoundingKey, foundingKey } from '../src/station/founding-key.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'

test('A4 the founding key appoints a chief on a worker’s laptop when none is left, and removes the lost one', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const third = await community.join(founder, '测试员丙')
  // What the remover has seen stands: else the third worker's invitation would be void.
  await deliver(founder, worker)
  // As after `recovery restore` from the printed sheets.
  worker.putDraft('founding-key', Buffer.from(foundingKey(founder)!).toString('base64'))
  const lost = founder.identity.member
  expect(await appointChief(third, worker.identity.member)).toMatchObject({
    problem: { type: 'no-founding-key' },
  })
  expectOk(await appointChief(worker, worker.identity.member))
  expectOk(await removeByFoundingKey(worker, lost))
  forgetFoundingKey(worker)
  expect(worker.member()?.role).toBe('chief')
  expect(worker.membership().members.has(lost)).toBe(false)
  const grid = gridOf(worker)
  expectOk(
    await worker.write('record.edit', (book) => book.create('building', grid, { set: { name: '新楼' } })),
  )
  await deliver(worker, third)
  await deliver(worker, third)
  expect([...third.records({ type: 'building' })].map(({ fields }) => fields.name)).toEqual(['新楼'])
  expect(third.membership().members.get(worker.identity.member)?.role).toBe('chief')
  expectOk(await removeMember(worker, third.identity.member))
})
