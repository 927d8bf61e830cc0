import { randomId } from '../src/ids.ts'
import { expectOk } from '../src/result.ts'
import {
  findCheckpoint,
  listCheckpoints,
  makeCheckpoint,
  offerFor,
  prune,
  takeOffer,
  verifyCheckpoint,
} from '../src/station/checkpoint.ts'
import { diagnose } from '../src/station/doctor.ts'
import { eraseRecords } from '../src/station/erase.ts'
import type { Station } from '../src/station/station.ts'
import { deliver, gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { missingBoxes } from '../src/trunk/generation.ts'
import { carryBlobs, carryKnown, startFrom } from './checkpoint-carry.ts'
import { createChance } from './convergence.ts'
import { headsOf } from './forge.ts'

export type CheckpointHistory = {
  started: number
  refused: string[]
  made: number
  pruned: number
  forks: number
  held: number
  removed: number
  verified: number
  erased: number
}

const FIELDS = ['street', 'propertyCompany', 'propertyPhone'] as const

/** Several histories from one seed on, added up. */
export async function runCheckpointHistories(
  first: number,
  count: number,
  steps: number,
): Promise<Omit<CheckpointHistory, 'refused'>> {
  const sum = { started: 0, made: 0, pruned: 0, forks: 0, held: 0, removed: 0, verified: 0, erased: 0 }
  for (let seed = first; seed < first + count; seed++) {
    const report = await runCheckpointHistory(seed, steps)
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += report[key]
  }
  return sum
}

/**
 * A random history in which checkpoints are made, newcomers start from them, entries are pruned, homes are copied
 * unnoticed and stations are removed, all in between partial deliveries in any order. At the end everybody who stands
 * has accepted the same entries and holds the same records, however it came by them.
 */
export async function runCheckpointHistory(seed: number, steps: number): Promise<CheckpointHistory> {
  const chance = createChance(seed)
  const { community, founder } = await TestCommunity.create()
  const report = {
    started: 0,
    refused: [] as string[],
    made: 0,
    pruned: 0,
    forks: 0,
    held: 0,
    removed: 0,
    verified: 0,
    erased: 0,
  }
  try {
    const space = gridOf(founder)
    const stations: Station[] = [founder]
    for (let n = 0; n < 1 + chance(3); n++) stations.push(await community.join(founder, `测试员${n}`))
    const records: string[] = []
    const gone: string[] = []
    // In half of them everybody meets often, so that much is in everybody's past.
    const isLively = chance(2) === 0
    for (let step = 0; step < steps; step++) {
      const station = stations[chance(stations.length)]!
      const other = stations[chance(stations.length)]!
      const what = chance(100)
      if (what < 10 || records.length === 0) records.push(await create(station, space, step))
      else if (what < 45) await edit(station, records[chance(records.length)]!, FIELDS[chance(3)]!, step)
      else if (what < 78) {
        if (!isLively) await deliverSome(station, other, chance)
        else for (const to of stations) if (to !== station) await deliver(station, to)
      } else if (what < 84) {
        if ((await makeCheckpoint(founder, space)).ok) report.made++
      } else if (what < 88 && stations.length < (isLively ? 4 : 8)) {
        const newcomer = await community.join(founder, `新来${step}`)
        // Some write before they have met anybody.
        if (chance(3) === 0) records.push(await create(newcomer, space, step))
        const giver = stations[chance(stations.length)]!
        await deliver(giver, newcomer, [giver.identity.community])
        if (offerFor(giver, space, [], 0)) {
          const taken = await startFrom(giver, newcomer, space)
          if (taken.ok) report.started++
          else report.refused.push(taken.problem.type)
        }
        stations.push(newcomer)
      } else if (what < 94) {
        for (const { id } of listCheckpoints(station, space)) {
          const verified = await verifyCheckpoint(station, expectOk(findCheckpoint(station, id)))
          if (verified.ok && verified.value.state !== 'equal')
            throw new Error(`seed ${seed}: an honest checkpoint differs`)
          if (verified.ok) report.verified++
        }
        carryKnown(founder, station, space)
        const pruned = await prune(station, space)
        if (pruned.ok) report.pruned += pruned.value.entries
      } else if (what < 95 && records.length > 2) {
        const [record] = records.splice(chance(records.length), 1)
        const erased = await eraseRecords(founder, [record!], { reason: '本人要求' })
        if (erased.ok) {
          report.erased++
          gone.push(record!)
        }
      } else if (what < 97 && stations.length < (isLively ? 4 : 8)) {
        stations.push(community.copyHome(station, { keepEpoch: chance(2) === 0 }))
      } else if (
        what < 99 &&
        station.identity.station !== founder.identity.station &&
        report.removed < (isLively ? 0 : 2)
      ) {
        report.removed++
        await remove(founder, station, space)
      }
    }
    // Erasures may have taken every checkpoint, while what it stood for was pruned everywhere.
    for (let round = 0; round < 2; round++) {
      await meetAll(stations, space)
      await makeCheckpoint(founder, space)
    }
    await meetAll(stations, space)
    const standing = stations.filter((station) => founder.membership().stations.has(station.identity.station))
    report.forks = founder.forks().length
    report.held = founder.quarantine().held.length
    check(seed, founder, standing, space)
    for (const station of standing)
      for (const record of gone)
        if (station.get(record)) throw new Error(`seed ${seed}: an erased record came back`)
    return report
  } finally {
    await community.close()
  }
}

async function create(station: Station, space: string, step: number): Promise<string> {
  const id = randomId('bu')
  await station.write('record.edit', (book) =>
    book.create('building', space, { set: { name: '楼', street: `街${step}` } }, id),
  )
  return id
}

async function edit(station: Station, id: string, field: string, step: number): Promise<void> {
  if (station.get(id))
    await station.write('record.edit', (book) => book.edit(id, { set: { [field]: `值${step}` } }))
}

/** The senior chief removes a station, cut where it has accepted its entries. */
async function remove(founder: Station, station: Station, space: string): Promise<void> {
  const { key } = station.identity
  const cut = headsOf(founder, space).filter(
    ({ log }) => Buffer.compare(founder.trunk.store.log(log)!.key, key) === 0,
  )
  expectOk(
    await founder.act((write) => ({
      ok: true,
      value: write({ type: 'remove-station', station: station.identity.station, cut }),
    })),
  )
}

async function deliverSome(from: Station, to: Station, chance: (below: number) => number): Promise<void> {
  if (from === to) return
  const spaces = [from.identity.community, ...from.spaces().map(({ id }) => id)]
  const all = spaces.flatMap((space) =>
    from.outgoing(space, to.heads(space)).map(({ row }) => from.segment(row)),
  )
  const some = all.filter(() => chance(3) > 0)
  for (let at = some.length - 1; at > 0; at--) {
    const other = chance(at + 1)
    const held = some[at]!
    some[at] = some[other]!
    some[other] = held
  }
  const report = expectOk(await to.admit(some, from.identity.station))
  if (report.refused.length > 0)
    throw new Error(`an honest entry was refused: ${JSON.stringify(report.refused)}`)
}

/** Everybody meets everybody; who lacks what was pruned is offered the checkpoint. */
async function meetAll(stations: readonly Station[], space: string): Promise<void> {
  for (let round = 0; round < 14; round++) {
    let news = 0
    for (const from of stations)
      for (const to of stations) {
        if (from === to) continue
        news += (await deliver(from, to)).admitted
        const offer = offerFor(from, space, to.heads(space))
        if (!offer?.isNeeded) continue
        carryBlobs(from, to, offer.segment)
        const taken = await takeOffer(to, offer.segment, from.identity.station)
        if (taken.ok) news++
      }
    for (const station of stations) news += await boxKeys(station)
    if (news === 0) return
  }
  throw new Error('the stations still had news for each other after 14 rounds')
}

/** A generation made by somebody who had not heard of a newcomer is boxed for it by whoever has. */
async function boxKeys(from: Station): Promise<number> {
  const { trunk } = from
  if (!from.isMember()) return 0
  let boxed = 0
  for (const id of from.membership().stations.keys())
    for (const act of missingBoxes(trunk, id, { byHand: true }).acts) {
      const written = await from.act((write) => ({ ok: true, value: write(act) }))
      if (written.ok) boxed++
    }
  return boxed
}

function check(seed: number, first: Station, standing: readonly Station[], space: string): void {
  const wanted = JSON.stringify(first.digest(space))
  const records = projectionsOf(first, space)
  for (const station of standing) {
    const fail = (what: string) => {
      throw new Error(`seed ${seed}, station ${standing.indexOf(station)}: ${what}`)
    }
    if (JSON.stringify(station.digest(space)) !== wanted)
      fail(`digests differ: ${JSON.stringify(station.digest(space))} for ${wanted}`)
    if (projectionsOf(station, space) !== records) fail('projections differ')
    const { checks } = diagnose(station)
    if (checks.some((one) => !one.ok)) fail(`doctor: ${JSON.stringify(checks)}`)
  }
}

const projectionsOf = (station: Station, space: string): string =>
  [...station.records({ space })]
    .map((record) => JSON.stringify(record))
    .sort()
    .join('\n')
