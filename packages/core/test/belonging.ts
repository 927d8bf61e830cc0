import { isDeepStrictEqual } from 'node:util'
import type { EntryRef } from '../src/log/entry.ts'
import { type Act, memberIdOf } from '../src/membership/act.ts'
import { wholeMembership } from '../src/membership/whole-membership.test.data.ts'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { actsOf, Forger } from './forge.ts'

/** A founder, a second and a third chief, and two workers, who have all heard everything. */
export async function openCommunity(grids: readonly string[] = ['一号网格']) {
  const { community, founder } = await TestCommunity.create(grids)
  const second = await community.join(founder, '副站长', 'chief')
  const third = await community.join(founder, '三站长', 'chief')
  const worker = await community.join(founder, '测试员乙')
  const colleague = await community.join(founder, '测试员丙')
  const everybody = [founder, second, third, worker, colleague]
  for (const station of everybody.slice(1)) await deliver(founder, station)
  const close = () => community.close()
  return { community, founder, second, third, worker, colleague, everybody, grid: gridOf(founder), close }
}

export const build = async (
  station: Station,
  name: string,
  space: string = gridOf(station),
): Promise<string> =>
  expectOk(await station.write('record.edit', (book) => book.create('building', space, { set: { name } })))
    .value

/** Writes over a record, and so stands on who wrote it. */
export const rename = async (station: Station, id: string, name: string): Promise<void> => {
  expectOk(await station.write('record.edit', (book) => book.edit(id, { set: { name } })))
}

export const names = (station: Station): string[] =>
  [...station.records({ type: 'building' })].map(({ fields }) => String(fields.name)).sort()

export const heldAt = (station: Station): string[] => station.quarantine().held.map(({ from }) => from)

export const memberOf = (station: Station): string => station.identity.member

/** The acts alone: who belongs, and nothing of what they wrote. */
export const tell = (from: Station, to: Station) => deliver(from, to, [from.identity.community])

/** What a station wrote that may not know, or not say, where it may still write. */
export const handIn = (from: Station, to: Station, space: string) => deliver(from, to, [space])

/** Everybody meets everybody until nobody has news; then all who stand must agree, and every store be sound. */
export async function meetAll(stations: readonly Station[], spaces: readonly string[]): Promise<void> {
  for (let round = 0; ; round++) {
    if (round > 8) throw new Error('the stations still had news for each other after 8 rounds')
    let news = 0
    for (const from of stations)
      for (const to of stations) if (from !== to) news += (await deliver(from, to)).admitted
    if (news === 0) break
  }
  const [first, ...others] = stations.filter((station) => station.isMember())
  for (const station of others) {
    const [mine, theirs] = [station, first!].map((one) => wholeMembership(one.membership()))
    if (!isDeepStrictEqual(mine, theirs)) throw new Error('two stations say differently who belongs')
    for (const space of spaces) {
      if (!station.holdings().includes(space) || !first!.holdings().includes(space)) continue
      if (station.digest(space).digest !== first!.digest(space).digest)
        throw new Error(`two stations accepted different entries of ${space}`)
    }
  }
  for (const station of stations) {
    const wrong = diagnose(station).checks.filter((check) => !check.ok)
    if (wrong.length > 0) throw new Error(`doctor: ${JSON.stringify(wrong)}`)
  }
}

/** In a log of its own, by a station that says it has seen `deps` and nothing else. */
export async function forgeAct(
  from: Station,
  to: Station,
  act: Act,
  deps: readonly EntryRef[] = actsOf(from),
) {
  const forger = Forger.of(from, to.identity.community)
  const entry = forger.act(act, { deps })
  const report = expectOk(await to.admit([forger.segment(entry)], 'test'))
  return { report, ref: forger.ref(entry), member: memberIdOf(entry.hash) }
}
