import { makeCheckpoint, prune } from '@doorstep/core'
import { randomId } from '../../../core/src/ids.ts'
import { eraseRecords } from '../../../core/src/station/erase.ts'
import { belonging } from './belonging.ts'
import { carrying } from './carrying.ts'
import { disks } from './disks.ts'
import type { Home } from './home.ts'
import { FIELDS, livingOf, type WrittenValue } from './ledger.ts'
import type { Weather } from './link.ts'
import type { World } from './world.ts'

/** One thing that may happen; false where it could not. */
export type Step = (world: World, home: Home, n: number) => Promise<boolean> | boolean
export type Steps = Record<string, readonly [weight: number, step: Step]>

/** A person's work at one machine, told to the account before and after. */
export async function work(
  world: World,
  home: Home,
  act: () => Promise<{ ok: boolean; problem?: { type: string } }>,
  told: { values?: readonly WrittenValue[]; erases?: readonly string[] } = {},
): Promise<boolean> {
  world.ledger.collect(home, { isAcknowledged: false })
  if (world.forgetsCommits) home.beforeLastWrite = home.image()
  const result = await world.do(act)
  const found = world.ledger.collect(home, { isAcknowledged: result.ok, ...told })
  const said = result.ok ? `${found.length} entries` : result.problem?.type
  world.note(`  ${home.name}: ${said}`)
  if (!result.ok && result.problem?.type) world.count(`problem ${result.problem.type}`)
  if (!result.ok && found.length > 0)
    throw new Error(`${home.name} said ${result.problem?.type}, and ${found.length} entries are on disk`)
  return result.ok
}

async function write(world: World, home: Home, n: number): Promise<boolean> {
  const { act, values } = anEdit(world, home, n)
  return act !== null && work(world, home, act, { values })
}

/** A new record, or another value for a field of one that is known here. */
export function anEdit(world: World, home: Home, n: number) {
  const station = home.running
  const space = world.dice.pick(station.spaces().map(({ id }) => id))
  if (space === undefined) return { act: null, values: [] }
  const known = world.records.filter(
    (record) => record.space === space && station.trunk.store.record(space, record.id),
  )
  const value = `值${n}`
  if (known.length === 0 || world.dice.chance(0.25)) {
    const id = randomId('bu')
    world.records.push({ id, space })
    const values = [{ space, record: id, field: 'street', value, over: [] }]
    const act = () =>
      station.write('record.edit', (book) =>
        book.create('building', space, { set: { name: '楼', street: value } }, id),
      )
    return { act, values }
  }
  const { id } = world.dice.pick(known)!
  const field = world.dice.pick(FIELDS)!
  const over = livingOf(home, space, id)
    .filter((one) => one.field === field)
    .map((one) => one.value)
  const act = () => station.write('record.edit', (book) => book.edit(id, { set: { [field]: value } }, space))
  return { act, values: [{ space, record: id, field, value, over }] }
}

async function erase(world: World, home: Home): Promise<boolean> {
  const station = home.running
  const known = world.records.filter(({ id, space }) => station.trunk.store.record(space, id))
  const record = world.dice.pick(known)
  if (!record) return false
  return work(world, home, () => eraseRecords(station, [record.id], { reason: 'test' }), {
    erases: [record.id],
  })
}

async function checkpoint(world: World, home: Home): Promise<boolean> {
  const space = world.dice.pick(home.running.holdings())
  return space !== undefined && work(world, home, () => makeCheckpoint(home.running, space))
}

async function pruneOld(world: World, home: Home): Promise<boolean> {
  const space = world.dice.pick(home.running.holdings())
  if (space === undefined) return false
  let pruned = 0
  await work(world, home, async () => {
    const result = await prune(home.running, space)
    if (result.ok) pruned = result.value.entries
    return result
  })
  return pruned > 0
}

/** Two machines come near each other, in whatever weather. */
function meet(world: World, home: Home): boolean {
  const { dice } = world
  const other = dice.pick(world.homes.filter(({ station }) => station && station !== home.station))
  if (!other || other.running.identity.station === home.running.identity.station) return false
  const weather: Weather = {
    latencyMs: dice.chance(0.8) ? dice.below(20) : dice.below(3000),
    jitterMs: dice.chance(0.5) ? 0 : dice.below(200),
    lastsMs: dice.chance(0.8) ? 200 + dice.below(4000) : dice.below(60_000),
    ...(dice.chance(0.25) ? { cutAfter: 1 + dice.below(30) } : {}),
    ...(dice.chance(0.15)
      ? { silentAfter: 1 + dice.below(30), silent: dice.pick(['ab', 'ba', 'both'] as const)! }
      : {}),
  }
  world.note(`  ${home.name} and ${other.name} ${JSON.stringify(weather)}`)
  if (weather.latencyMs > 200) world.count('delay')
  if (weather.cutAfter) world.count('cut')
  if (weather.silent) world.count(weather.silent === 'both' ? 'partition' : 'one-way')
  // Two wires at once, as over the LAN and the mesh.
  if (world.links.some(({ a, b }) => (a === home && b === other) || (a === other && b === home)))
    world.count('two wires')
  world.link(home, other, weather)
  return true
}

function part(world: World, home: Home): boolean {
  const mine = world.links.filter(({ a, b }) => a === home || b === home)
  const link = world.dice.pick(mine)
  if (link) world.drop(link)
  return link !== undefined
}

const YEAR_MS = 365 * 24 * 3600_000
function setClock(world: World, home: Home): boolean {
  const years = world.dice.below(21) - 10
  home.skewMs = world.dice.chance(0.3) ? 0 : years * YEAR_MS + world.dice.below(86_400_000)
  world.note(`  ${home.name} is ${(home.skewMs / YEAR_MS).toFixed(2)} years off`)
  return true
}

/** The machine runs a program that says another version, older or newer, until everybody has been updated. */
function otherVersion(world: World, home: Home): boolean {
  home.version = world.dice.chance(0.5) ? 0 : 2
  return true
}

const WORK: Steps = {
  write: [30, write],
  erase: [2, erase],
  checkpoint: [3, checkpoint],
  prune: [3, pruneOld],
  meet: [30, meet],
  part: [4, part],
  'clock skew': [3, setClock],
  'other version': [1, otherVersion],
}
const ALL: Steps = { ...WORK, ...carrying, ...disks, ...belonging }

export const stepNames = Object.keys(ALL)

/** Draws what happens, does it, and lets some time pass. */
export async function takeStep(world: World, n: number): Promise<void> {
  const { dice } = world
  const home = dice.pick(world.homes.filter(({ station }) => station !== null))!
  const name = drawName(world)
  const [, step] = ALL[name]!
  world.note(`${n} ${name} ${home.name}`)
  if (await step(world, home, n)) world.count(name)
  for (const one of world.homes) if (one.station) world.ledger.collect(one, { isAcknowledged: false })
  await world.timeline.run(dice.chance(0.9) ? dice.below(1000) : dice.below(40_000))
  await world.settled()
}

function drawName(world: World): string {
  const total = Object.values(ALL).reduce((sum, [weight]) => sum + weight, 0)
  let at = world.dice.below(total)
  for (const [name, [weight]] of Object.entries(ALL)) {
    if (at < weight) return name
    at -= weight
  }
  return 'write'
}
