import { expectOk, giveKeys, type Station, standingOf as standing, toHex } from '@doorstep/core'
import { readBundle } from '../../src/bundle/read-bundle.ts'
import { writeBundle } from '../../src/bundle/write-bundle.ts'
import type { SessionState } from '../../src/session/session.ts'
import { Broken, standingOf } from './check.ts'
import type { Home } from './home.ts'
import type { World } from './world.ts'

/** How long everybody may take to become equal once nothing is in the way, in virtual milliseconds. */
const QUIET_MS = 120_000
const LOOK_MS = 100
/** Then somebody looks at what is not equal, and gives the keys that only a person may give. */
const PATIENCE_MS = 5000
const FAIR = { latencyMs: 2, jitterMs: 0 }

/** Ends every fault: wires, disks and versions are well, who was down runs again. What was lost stays lost. */
export async function heal(world: World): Promise<void> {
  world.isHealed = true
  world.unplugAll()
  for (const home of world.homes) {
    home.program = null
    if (home.isFull) home.makeRoom()
    if (!home.station && !home.isRetired) await world.do(async () => expectOk(await home.open()))
  }
  await world.settled()
  world.note('healed')
}

/** Everybody meets, until all have found each other equal and nothing is under way. */
export async function quiet(world: World): Promise<void> {
  do {
    await meetAll(world)
    await endLeavers(world)
  } while (await carryUnsent(world))
}

/** Who left has met the others once more, and takes the home's end. */
async function endLeavers(world: World): Promise<void> {
  for (const home of world.homes)
    if (home.station && standing(home.station).state === 'left') world.retire(home, home.station)
  await world.timeline.run(LOOK_MS)
  await world.settled()
}

/** What removed stations left in files is taken in by the founder, who reads everything. */
async function carryUnsent(world: World): Promise<boolean> {
  const files = world.unsent.splice(0)
  for (const { file, from } of files) {
    const read = await world.do(() => readBundle(world.homes[0]!.running, file))
    world.note(`what ${from} had not sent: ${read.ok ? `${read.value.admitted} entries` : read.problem.type}`)
    if (!read.ok)
      throw new Broken('pending', `what ${from} had not sent cannot be read: ${read.problem.type}`)
  }
  return files.length > 0
}

async function meetAll(world: World): Promise<void> {
  world.unplugAll()
  const homes = world.homes.filter(({ station }) => station !== null)
  const hub = homes[0]!
  const isSame = (a: Home, b: Home) => a.running.identity.station === b.running.identity.station
  // Copies of the hub's own home cannot call it: they meet everybody else.
  const pairs = homes.slice(1).map((home): [Home, Home] => [hub, home])
  const ring = homes.slice(1).map((home, at, all): [Home, Home] => [home, all[(at + 1) % all.length]!])
  if (world.dice.chance(0.3)) pairs.push(...ring)
  for (const copy of homes.slice(1))
    if (isSame(copy, hub)) pairs.push(...homes.map((home): [Home, Home] => [home, copy]))
  for (const [a, b] of pairs) if (a !== b && !isSame(a, b)) world.link(a, b, FAIR)
  for (let waited = 0; waited < QUIET_MS; waited += LOOK_MS) {
    await world.timeline.run(LOOK_MS)
    await world.settled()
    if (isAllEqual(world)) return world.unplugAll()
    if (waited % PATIENCE_MS === 0 && waited > 0) {
      await giveKeysByHand(world)
      await carryBetweenCopies(world)
    }
  }
  throw new Broken('quiet', `not equal after ${QUIET_MS / 1000} s: ${describe(world)}`)
}

/** What each says it holds, and which links are not equal. */
function describe(world: World): string {
  const { stations } = world.homes[0]!.running.membership()
  const unequal = world.links
    .filter((link) => stands(stations, link.a) && stands(stations, link.b) && !link.isEqual())
    .map(({ a, b, sessionA, sessionB }) => {
      const end = (state: SessionState | undefined) =>
        state && [state.toSend, state.toReceive, state.closed, state.equal]
      return `${a.name}-${b.name} ${JSON.stringify([end(sessionA?.state()), end(sessionB?.state())])}`
    })
  const held = standingOf(world).map(({ home, station }) => {
    const digests = [station.identity.community, ...station.holdings()].map((space) => {
      const { entries, digest, recordsDigest } = station.digest(space)
      return `${space} ${entries} ${digest.slice(0, 6)} ${recordsDigest?.slice(0, 6)}`
    })
    const voids = station.trunk.store.voids().map(({ reason }) => reason)
    return `${home.name} ${station.member()?.role} ${station.identity.station}: ${digests.join(', ')}; ${voids}`
  })
  return [...unequal, ...held].join('\n')
}

/** Two machines of one station do not call each other; where nobody else may hold a space, a stick goes between. */
async function carryBetweenCopies(world: World): Promise<void> {
  for (const { home: from, station } of standingOf(world))
    for (const { home: to } of standingOf(world)) {
      if (from === to || to.running.identity.station !== station.identity.station) continue
      const file = world.newFile()
      expectOk(await world.do(() => writeBundle(station, file)))
      expectOk(await world.do(() => readBundle(to.running, file)))
    }
}

const stands = (stations: ReadonlyMap<string, unknown>, { station }: Home): boolean =>
  station !== null && stations.has(station.identity.station)

function isAllEqual(world: World): boolean {
  const { stations } = world.homes[0]!.running.membership()
  const between = world.links.filter((link) => stands(stations, link.a) && stands(stations, link.b))
  if (!between.every((link) => link.isEqual())) return false
  // Two may be equal while a third has news for both.
  const seats = standingOf(world)
  const spaces = [seats[0]!.station.identity.community, ...seats[0]!.station.holdings()]
  return spaces.every((space) => {
    const told = seats
      .filter(({ station }) => space === spaces[0] || station.holdings().includes(space))
      .map(({ station }) => station.digest(space).digest + endsOf(station, space))
    return told.every((one) => one === told[0])
  })
}

/** Those of held entries too: where nobody else may hold a space, two copies of one station have them by a stick alone. */
const endsOf = (station: Station, space: string): string =>
  station
    .heads(space)
    .map(({ hash }) => toHex(hash))
    .sort()
    .join()

/** Of keys that only a chief may decide to give (A17), the founder gives those that somebody lacks. */
async function giveKeysByHand(world: World): Promise<void> {
  const founder = world.homes[0]!.running
  for (const { station } of standingOf(world)) {
    if (!lacksKeys(station)) continue
    const { station: id } = station.identity
    const result = expectOk(await world.do(() => giveKeys(founder, id, { byHand: true })))
    world.note(`by hand ${result.given} keys for ${id}`)
  }
}

const lacksKeys = (station: Station): boolean =>
  station.trunk.store.voids({ reason: 'no-key' }).length > 0 ||
  station.spaces().some(({ id }) => station.digest(id).recordsDigest === null)
