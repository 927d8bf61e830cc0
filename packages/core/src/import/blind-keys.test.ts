import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { removeMember } from '../station/belonging.ts'
import { deliver, TestCommunity } from '../testing/test-community.ts'
import { blindingKey, blindKeys } from './blind-keys.ts'
import { importedId } from './natural-key.ts'
import type { Register, RegisterRecord } from './register.ts'

const NUMBER = '990000199001010017'
const record = (type: RegisterRecord['type'], key: readonly string[], links = {}): RegisterRecord => ({
  type,
  key,
  links,
  set: {},
  sets: {},
})

test('an id made from an identity number cannot be found by trying numbers: it takes the community’s secret', async () => {
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const building = record('building', ['1'])
  const person = record('person', [NUMBER])
  const residence = record('residence', [NUMBER, '1'], { person })
  const register: Register = {
    encoding: 'utf-8',
    read: 1,
    skipped: [],
    rejected: [],
    buildings: [
      {
        record: building,
        rows: [2],
        gridName: [],
        records: [building, person, residence],
        laidOut: null,
        doors: null,
      },
    ],
  }
  const ids = (key: Uint8Array) =>
    blindKeys(register, key).buildings[0]!.records.map(({ type, key }) => importedId('sp-0000', type, key))
  const mine = blindingKey(founder)!
  expect(ids(mine)[0]).toBe(importedId('sp-0000', 'building', ['1']))
  expect(ids(mine)[1]).not.toBe(importedId('sp-0000', 'person', [NUMBER]))
  expect(ids(mine)).toEqual(ids(blindingKey(worker)!))
  expect(ids(mine)[1]).not.toBe(ids(new Uint8Array(32))[1])
  const [, , linked] = blindKeys(register, mine).buildings[0]!.records
  expect(importedId('sp-0000', 'person', linked!.links.person!.key)).toBe(ids(mine)[1])
  // New keys after a removal change nothing: the first generation is what counts.
  const second = await community.join(founder, '副站长', 'chief')
  expectOk(await removeMember(founder, worker.identity.member))
  await deliver(founder, second)
  expect(ids(blindingKey(second)!)).toEqual(ids(mine))
})
