import { join } from 'node:path'
import {
  expectOk,
  holdersOf,
  ok,
  type PeerTruth,
  peerTruths,
  recordVisit,
  type Station,
} from '@doorstep/core'
import { chanceFrom } from '@doorstep/core/fuzz'
import { gridOf, TestCommunity } from '@doorstep/core/testing'
import { expect } from 'vitest'
import { readBundle } from '../../src/bundle/read-bundle.ts'
import { writeBundle } from '../../src/bundle/write-bundle.ts'
import { createWirePair } from '../../src/memory-wire.ts'
import { meetUntilEqual, start, until } from '../../src/session/meet.fixture.ts'

export async function addDoor(station: Station): Promise<void> {
  expectOk(
    await station.write('record.import', (book) => {
      const space = gridOf(station)
      const building = expectOk(book.create('building', space, { set: { name: '1幢' } }))
      const dwelling = expectOk(book.create('dwelling', space, { set: { building, unit: '1', room: '101' } }))
      expectOk(book.create('household', space, { set: { dwelling, name: '测试住户 1-1-101' } }))
      return ok(undefined)
    }),
  )
}

/** Of every visit, the entry it stands in. */
type Visits = Map<string, Uint8Array>

export async function visit(station: Station, visits: Visits = new Map()): Promise<void> {
  const [household] = [...station.records({ type: 'household' })]
  if (!household) return
  const made = expectOk(await recordVisit(station, { household: household.id, outcome: 'met' }))
  const [place] = made.entries
  visits.set(made.visit, station.trunk.store.entriesAt(place!.log, place!.seq)[0]!.hash)
}

const holds = (station: Station, hash: Uint8Array): boolean => station.has(hash)

/** Everything that one station says of others, against what they really have on disk. */
function checkTruth(station: Station, all: readonly Station[], made: Visits, told: string) {
  const byId = new Map(all.map((one) => [one.identity.station, one]))
  let equal = 0
  for (const truth of peerTruths(station)) {
    const peer = byId.get(truth.station)!
    const mine = station.acceptedHeads(truth.space)
    const said = `${told}: ${JSON.stringify({ ...truth, of: station.identity.station })}`
    const reallyLacks = lacking(station, peer, truth)
    expect(reallyLacks, said).toBeLessThanOrEqual(truth.lacks)
    if (truth.state === 'equal' || truth.state === 'says-same') {
      expect(truth.lacks + truth.ahead, said).toBe(0)
      expect(
        mine.filter(({ hash }) => !holds(peer, hash)),
        said,
      ).toEqual([])
    }
    if (truth.state === 'equal') {
      equal++
      expect(truth.via, said).not.toBe('bundle')
      expect(truth.entries, said).toBe(station.digest(truth.space).entries)
    }
    expect(truth.entries, said).toBeLessThanOrEqual(
      Math.max(peer.digest(truth.space).entries, station.digest(truth.space).entries),
    )
  }
  const others = all.filter((one) => one !== station)
  const { store } = station.trunk
  let reallyAlone = 0
  for (const { id, log } of store.logs()) {
    if (!Buffer.from(log.key).equals(station.identity.key)) continue
    for (const { ref } of store.tipsOf(id))
      for (let seq = 0; seq <= ref.seq; seq++)
        if (!others.some((one) => holds(one, store.entriesAt(id, seq)[0]!.hash))) reallyAlone++
  }
  expect(reallyAlone, `${told}: work that lies here alone`).toBeLessThanOrEqual(station.ownWork().onlyHere)
  let held = 0
  for (const [id, holders] of holdersOf(station, station.records({ type: 'visit' })))
    for (const holder of holders) {
      held++
      expect(holds(byId.get(holder)!, made.get(id)!), `${told}: ${id}`).toBe(true)
    }
  return { equal, held }
}

/** Entries of a space that count here and are not on the other's disk. */
const lacking = (station: Station, peer: Station, { space }: PeerTruth): number =>
  station.trunk.store
    .entriesOf(space, 0, 10_000)
    .filter(({ status, hash }) => status === 'accepted' && !holds(peer, hash)).length

/**
 * A chief, a worker and a blind gateway edit, visit, meet, are cut off anywhere, and carry bundles; after every step
 * what each says of the others is held against what they really have on disk.
 */
export async function liveThrough(seed: number, steps: number): Promise<void> {
  const { below: draw } = chanceFrom(seed)
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const worker = await community.join(founder, '测试员乙')
  const relay = await community.join(founder, '网关', 'relay')
  const all = [founder, worker, relay]
  await addDoor(founder)
  const visits: Visits = new Map()
  let equal = 0
  let held = 0
  let cuts = 0
  for (let step = 0; step < steps; step++) {
    const told = `seed ${seed}, step ${step}`
    const one = all[draw(3)]!
    const two = all[(all.indexOf(one) + 1 + draw(2)) % 3]!
    const what = draw(10)
    if (what < 3) {
      if (one !== relay) await visit(one, visits)
    } else if (what < 5) await meetUntilEqual(one, two)
    else if (what < 6) {
      const path = join(community.folder, `b${step}`)
      if (one !== relay) expectOk(await writeBundle(one, path))
      if (one !== relay) expectOk(await readBundle(two, path))
    } else {
      const pair = createWirePair({ keyA: one.identity.key, keyB: two.identity.key })
      pair.hold()
      const a = start(one, pair.a)
      const b = start(two, pair.b)
      for (let frames = draw(60); frames > 0; frames--) {
        if (draw(6) === 0 && one !== relay) await visit(one, visits)
        pair.step(draw(2) === 0 ? 'ab' : 'ba')
        // What came is now and then on the disk before the next comes, and now and then not.
        if (draw(2) === 0) await until(() => !a.isAdmitting() && !b.isAdmitting(), 'taken in')
        else await new Promise((resolve) => setImmediate(resolve))
      }
      await until(() => !a.isAdmitting() && !b.isAdmitting(), 'what arrived taken in')
      pair.cut()
      cuts++
    }
    for (const station of all) {
      const seen = checkTruth(station, all, visits, told)
      equal += seen.equal
      held += seen.held
    }
  }
  // A history in which nothing was ever the same, or nothing was cut, would prove nothing.
  expect(Math.min(equal, held, cuts), `seed ${seed}: equal, held, cut`).toBeGreaterThan(1)
}
