import { expect, test } from 'vitest'
import type { Entry } from '../../src/log/entry.ts'
import { mayRead } from '../../src/membership/resolve.ts'
import { mayAct, type Role, roles } from '../../src/membership/roles.ts'
import { mayTouch } from '../../src/membership/touches.ts'
import { expectOk } from '../../src/result.ts'
import { handOver } from '../../src/station/belonging.ts'
import { addSpace } from '../../src/station/create-community.ts'
import type { Station } from '../../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../../src/testing/test-community.ts'
import { actsOf, Forger, write } from '../forge.ts'

/** Every action any role may do, and one that nobody knows. */
const ACTIONS = [
  ...new Set(Object.values(roles).flatMap(({ actions }) => (actions === 'all' ? [] : [...actions]))),
  'grid.add',
  'no.such.action',
]
const DESK = 'sp-desk0'.replace('0', '00')
const names = (station: Station) =>
  [...station.records({ type: 'building' })].map(({ fields }) => fields.name)

test.each(Object.keys(roles) as Role[])(
  'A2 somebody of role %s writes into every space and does every action there is: what its role does not give is refused or void, the rest counts',
  async (role) => {
    await using setup = await open()
    const { founder, community, grid, other } = setup
    const member = await community.join(founder, '测试员己', role)
    const spaces = [founder.communitySpace()!, grid, other, DESK]
    let n = 0
    for (const space of spaces) {
      const may = roles[role].writes && mayRead(founder.membership(), member.member()!, space)
      for (const action of ACTIONS) {
        const forger = Forger.of(member, space)
        const entry = forger.data(founder, {
          deed: { member: member.identity.member, action },
          acts: actsOf(founder),
          parts: [write(`bu-00${n.toString().padStart(3, '0')}`, { name: `${space}/${action}` })],
        })
        const report = expectOk(await founder.admit([forger.segment(entry)], 'test'))
        if (may) expect(report).toMatchObject({ admitted: 1, held: 0, refused: [] })
        else expect(report).toMatchObject({ admitted: 0, refused: [{ reason: 'role-may-not' }] })
        const counts = may && mayAct(role, action) && mayTouch(role, action, 'building', ['name'])
        expect(names(founder).includes(`${space}/${action}`), `${role} ${action} in ${space}`).toBe(counts)
        n++
      }
    }
    const reasons = new Set(founder.trunk.store.voids().map(({ reason }) => reason))
    // What nobody knows may be of a later version: void here, and judged again after an upgrade.
    const expected = ['role-may-not', 'action-may-not-touch', 'unknown-action']
    expect([...reasons].filter((reason) => !expected.includes(reason))).toEqual([])
    // Honest work behind it is not stopped.
    expectOk(
      await founder.write('record.edit', (book) => book.create('building', grid, { set: { name: '之后' } })),
    )
    expect(names(founder)).toContain('之后')
  },
)

test('A2 a partner and a volunteer are given a desk, and write there and in no grid', async () => {
  await using setup = await open()
  const { founder, community, grid } = setup
  for (const role of ['partner', 'volunteer'] as const) {
    const member = await community.join(founder, '测试员庚', role)
    expectOk(await handOver(founder, { from: null, to: member.identity.member, spaces: [DESK] }))
    await deliver(founder, member, [founder.identity.community])
    for (const [space, counts] of [
      [DESK, true],
      [grid, false],
    ] as const) {
      const forger = Forger.of(member, space)
      const entry = forger.data(founder, {
        deed: { member: member.identity.member, action: 'dispatch.report' },
        acts: actsOf(founder),
        parts: [write('bu-0001', { name: `${role}` })],
      })
      const report = expectOk(await founder.admit([forger.segment(entry)], 'test'))
      expect(report.admitted).toBe(counts ? 1 : 0)
    }
  }
})

test('A2 a deed in a colleague’s name is void, and the colleague is not harmed', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const forger = Forger.of(worker, grid)
  const entry = forger.data(worker, {
    deed: { member: founder.identity.member },
    parts: [write('bu-0001', { name: '冒名' })],
  })
  expect(expectOk(await founder.admit([forger.segment(entry)], 'test'))).toMatchObject({ admitted: 1 })
  expect(names(founder)).toEqual([])
  expect(founder.trunk.store.voids()).toMatchObject([{ part: 1, reason: 'forged-author' }])
})

test('F1 an entry under a colleague’s station key cannot be signed; one that repeats its key under another signature is refused', async () => {
  await using setup = await open()
  const { founder, worker, grid } = setup
  const own = Forger.of(worker, grid)
  const theirs = Forger.of(founder, grid)
  const entry = theirs.data(worker, { parts: [write('bu-0001', { name: '冒名' })] })
  // The worker's signature over a log that says the founder's key.
  const forged = Object.assign(Object.create(Object.getPrototypeOf(theirs)), theirs, {
    keys: own.keys,
  }) as Forger
  const report = expectOk(await founder.admit([segmentAs(forged, theirs, entry)], 'test'))
  expect(report).toMatchObject({ admitted: 0, refused: [{ reason: 'wrong-signature' }] })
  expect(names(founder)).toEqual([])
})

test('A3 a key proved for one inviter does not let its station in at another', async () => {
  await using setup = await open()
  const { founder, worker, community } = setup
  const chief = await community.join(founder, '测试员辛', 'chief')
  await deliver(founder, chief)
  const claim = founder.trunk.acts.graph().claimsOf.get(worker.identity.station)![0]!
  const act = claim.node.act
  if (act.type !== 'member') throw new Error('the worker was not added as a member')
  const forger = Forger.of(chief, founder.identity.community)
  const again = forger.act({ ...act, role: 'chief' }, { deps: actsOf(founder) })
  expect(expectOk(await founder.admit([forger.segment(again)], 'test'))).toMatchObject({
    admitted: 0,
    refused: [{ reason: 'unproven-station' }],
  })
  expect(founder.membership().memberAt(worker.identity.station)?.role).toBe('worker')
})

function segmentAs(signer: Forger, log: Forger, entry: Entry): Uint8Array {
  const real = log.segment(entry)
  const false_ = signer.segment(entry)
  // Signatures stand at the end of a segment, 64 bytes.
  return Buffer.concat([real.subarray(0, -64), false_.subarray(-64)])
}

async function open() {
  const { community, founder } = await TestCommunity.create(['一号网格', '二号网格'])
  const worker = await community.join(founder, '测试员乙')
  const grid = gridOf(worker)
  const other = founder.spaces().find(({ id, kind }) => kind === 'grid' && id !== grid)!.id
  expectOk(await addSpace(founder, DESK, 'desk', grid))
  return { community, founder, worker, grid, other, [Symbol.asyncDispose]: () => community.close() }
}
