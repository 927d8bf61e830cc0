import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomId } from '../src/ids.ts'
import { RecordDoc } from '../src/record/fold.ts'
import { expectOk } from '../src/result.ts'
import { diagnose } from '../src/station/doctor.ts'
import { eraseRecords } from '../src/station/erase.ts'
import type { Station, Written } from '../src/station/station.ts'
import { gridOf, TestCommunity } from '../src/testing/test-community.ts'
import { createChance } from './convergence.ts'

export type ErasureReport = {
  readonly erased: number
  /** Parts that were written about an erased record by somebody who had not heard. */
  readonly late: number
  readonly parts: number
  readonly forks: number
}

type Chance = (below: number) => number
/** A stick: segments as they were when it was written. */
type Stick = { readonly from: string; readonly segments: readonly Uint8Array[] }

/** Spaces of which a station keeps entries, those included that it cannot read. */
export const spacesHeld = (station: Station): string[] => [
  station.identity.community,
  ...station.membership().spaces.keys(),
]
export const lacking = (from: Station, to: Station | null): Uint8Array[] =>
  spacesHeld(from).flatMap((space) =>
    from.outgoing(space, to?.heads(space) ?? []).map(({ row }) => from.segment(row)),
  )

/** Everybody meets everybody until nobody has news. */
export async function meetAll(stations: readonly Station[]): Promise<void> {
  for (let round = 0; round < 14; round++) {
    let news = 0
    for (const from of stations)
      for (const to of stations) {
        if (from === to) continue
        const report = expectOk(await to.admit(lacking(from, to), from.identity.station))
        if (report.refused.length > 0) throw new Error(`refused: ${JSON.stringify(report.refused)}`)
        news += report.admitted
      }
    if (news === 0) return
  }
  throw new Error('the stations still had news for each other after 14 rounds')
}

/** Which of some bytes lie in any file of a home. */
export function bytesOnDisk(home: string, wanted: readonly Uint8Array[]): Uint8Array[] {
  const files = readdirSync(home).map((file) => readFileSync(join(home, file)))
  // Long ones are spread over pages of the file: a piece of theirs is found where it lies whole.
  const pieces = (bytes: Uint8Array) =>
    Array.from({ length: Math.ceil(bytes.length / 400) }, (_, at) => bytes.subarray(at * 400, at * 400 + 24))
  return wanted.filter((bytes) =>
    pieces(bytes).some((piece) => files.some((file) => file.includes(Buffer.from(piece)))),
  )
}

/**
 * One random history of edits and erasures on real stations: chiefs, a worker and their copies, a relay that reads
 * nothing, a stick, partial deliveries in any order. At the end everybody meets and a newcomer joins; what was erased
 * must be gone from every file, what was not must live, and everything must agree.
 */
export async function runErasures(seed: number, steps: number): Promise<ErasureReport> {
  const chance = createChance(seed)
  const { community, founder } = await TestCommunity.create()
  try {
    const relay = await community.join(founder, '盲网关', 'relay')
    const writers = [founder, await community.join(founder, '测试员乙')]
    if (chance(2) === 0) writers.push(await community.join(founder, '测试员丙', 'chief'))
    if (chance(2) === 0) writers.push(await community.join(founder, '档案台', 'steward'))
    const workers = writers.filter((station) => station.member()!.role !== 'steward')
    const all: Station[] = [...writers, relay]
    const space = gridOf(founder)
    const sealed = new Map<string, Uint8Array[]>()
    const values = new Map<string, Set<string>>()
    const erased = new Set<string>()
    const sticks: Stick[] = []
    let late = 0
    let copies = 0
    const wrote = (station: Station, id: string, written: Written<unknown>) => {
      const blobs = written.entries.flatMap(({ hash }) =>
        station.trunk.store
          .entry(hash)!
          .raw.blobs.slice(1)
          .map((blob) => blob!),
      )
      sealed.set(id, [...(sealed.get(id) ?? []), ...blobs])
      if (erased.has(id)) late++
    }
    const street = (step: number) => `街${step}${'长'.repeat(chance(8) === 0 ? 100 : 1)}`
    for (let step = 0; step < steps; step++) {
      const station = workers[chance(workers.length)]!
      const ids = [...values.keys()]
      const id = ids[chance(ids.length || 1)]
      const what = chance(100)
      if (what < 12 || !id) {
        const fresh = randomId('bu')
        const value = street(step)
        const made = await station.write('record.edit', (book) =>
          book.create('building', space, { set: { name: '楼', street: value } }, fresh),
        )
        wrote(station, fresh, expectOk(made))
        values.set(fresh, new Set([value]))
      } else if (what < 45) {
        const row = station.trunk.store.record(space, id)
        if (!row) continue
        const seen = new RecordDoc(id, row.state).live().fields.filter(({ name }) => name === 'street')
        const value = street(step)
        const edited = await station.write('record.edit', (book) => book.edit(id, { set: { street: value } }))
        wrote(station, id, expectOk(edited))
        for (const { value: old } of seen) values.get(id)!.delete(String(old))
        values.get(id)!.add(value)
      } else if (what < 56) {
        const erasers = writers.filter((one) => one.member()!.role !== 'worker')
        const eraser = erasers[chance(erasers.length)]!
        if (!eraser.get(id)) continue
        expectOk(await eraseRecords(eraser, [id], { reason: 'test' }))
        erased.add(id)
      } else if (what < 84) await deliverSome(all[chance(all.length)]!, all[chance(all.length)]!, chance)
      else if (what < 90) {
        const from = all[chance(all.length)]!
        sticks.push({ from: from.identity.station, segments: lacking(from, null) })
      } else if (what < 96 && sticks.length > 0) {
        const stick = sticks[chance(sticks.length)]!
        expectOk(await all[chance(all.length)]!.admit(stick.segments, stick.from))
      } else if (what >= 97 && copies < 1) {
        copies++
        const copy = community.copyHome(station, { keepEpoch: chance(2) === 0 })
        all.push(copy)
        workers.push(copy)
      }
    }
    await meetAll(all)
    const newcomer = await community.join(founder, '新来的')
    const came = expectOk(await newcomer.admit(lacking(relay, newcomer), relay.identity.station))
    if (came.refused.length + came.stripped + came.missing > 0)
      throw new Error(`seed ${seed}: the newcomer got ${JSON.stringify(came)}`)
    all.push(newcomer)
    await meetAll(all)
    // A stick that was written before the erasures, read after them.
    for (const stick of sticks)
      for (const station of all) expectOk(await station.admit(stick.segments, stick.from))
    check(seed, all, space, erased, sealed, values)
    const parts = [...erased].reduce((sum, id) => sum + sealed.get(id)!.length, 0)
    return { erased: erased.size, late, parts, forks: founder.forks().length }
  } finally {
    await community.close()
  }
}

/** Some of what the other lacks, shuffled, some twice. */
async function deliverSome(from: Station, to: Station, chance: Chance): Promise<void> {
  if (from === to) return
  const some = lacking(from, to).filter(() => chance(4) > 0)
  if (chance(2) === 0)
    for (let at = some.length - 1; at > 0; at--) {
      const other = chance(at + 1)
      const moved = some[at]!
      some[at] = some[other]!
      some[other] = moved
    }
  if (some.length > 0 && chance(2) === 0) some.push(some[chance(some.length)]!)
  const report = expectOk(await to.admit(some, from.identity.station))
  if (report.refused.length > 0)
    throw new Error(`an honest entry was refused: ${JSON.stringify(report.refused)}`)
}

function check(
  seed: number,
  stations: readonly Station[],
  space: string,
  erased: ReadonlySet<string>,
  sealed: ReadonlyMap<string, readonly Uint8Array[]>,
  values: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const fail = (station: Station, what: string) => {
    throw new Error(`seed ${seed}, ${station.member()?.role}: ${what}`)
  }
  const gone = [...erased].flatMap((id) => sealed.get(id)!)
  const [first] = stations
  for (const station of stations) {
    const { store } = station.trunk
    const found = bytesOnDisk(station.home, gone)
    if (found.length > 0) fail(station, `${found.length} of ${gone.length} erased parts are still on disk`)
    if (station.digest(space).digest !== first!.digest(space).digest) fail(station, 'entries differ')
    const records = station.digest(space).recordsDigest
    if (records !== null && records !== first!.digest(space).recordsDigest) fail(station, 'records differ')
    const { ok, checks } = diagnose(station)
    if (!ok) fail(station, `doctor: ${JSON.stringify(checks)}`)
    if (store.voids({ reason: 'record-erased' }).length > 0) fail(station, 'late parts were not named')
    if (station.quarantine().announced.length > 0) fail(station, 'an erasure is announced and never came')
    if (records === null) continue
    for (const [id, living] of values) {
      const row = store.record(space, id)
      if (erased.has(id)) {
        if (row) fail(station, `${id} was erased and is there`)
        continue
      }
      if (!row) return fail(station, `${id} is lost`)
      const there = new RecordDoc(id, row.state).live().fields.filter(({ name }) => name === 'street')
      const now = there.map(({ value }) => String(value)).sort()
      if (JSON.stringify(now) !== JSON.stringify([...living].sort())) fail(station, `${id} holds ${now}`)
    }
  }
}
