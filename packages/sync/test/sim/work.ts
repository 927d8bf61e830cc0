import { makeCheckpoint, prune } from '@doorstep/core'
import { randomId } from '../../../core/src/ids.ts'
import { eraseRecords } from '../../../core/src/station/erase.ts'
import type { Home } from './home.ts'
import { FIELDS, livingOf, type WrittenValue } from './ledger.ts'
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

export const working: Steps = {
  write: [30, write],
  erase: [4, erase],
  checkpoint: [5, checkpoint],
  prune: [5, pruneOld],
}
