import {
  assignRole,
  createInvite,
  createStationInvite,
  expectOk,
  handOver,
  joinWithInvite,
  leave,
  listVoided,
  type Role,
  ratifyAct,
  removeMember,
  removeStation,
} from '@doorstep/core'
import { testSecret } from '@doorstep/core/testing'
import type { Home } from './home.ts'
import { type Steps, work } from './work.ts'
import type { World } from './world.ts'

const MAX_HOMES = 14

/** An invitation is made, and a newcomer's machine with a request: it is let in when it first reaches the inviter. */
async function join(world: World, home: Home): Promise<boolean> {
  if (world.homes.length >= MAX_HOMES) return false
  const station = home.running
  const role = world.dice.pick(['worker', 'worker', 'chief', 'steward', 'relay', 'auditor'] as const)!
  const mine = station.member()?.id
  const invite =
    world.dice.chance(0.25) && mine !== undefined
      ? createStationInvite(station, { member: mine })
      : createInvite(station, {
          role,
          name: '新来的',
          grids: role === 'worker' ? someGrids(world, home) : [],
        })
  if (!invite.ok) {
    world.note(`  ${invite.problem.type}`)
    return false
  }
  const newcomer = world.addHome()
  const joined = expectOk(
    joinWithInvite(newcomer.folder, testSecret, invite.value, {
      stationName: newcomer.name,
      now: newcomer.now,
    }),
  )
  newcomer.station = joined.station
  newcomer.joining = { request: joined.request, trustKey: new Uint8Array(station.identity.key) }
  world.note(`  ${newcomer.name} may join as ${invite.value.role}`)
  world.link(newcomer, home, { latencyMs: world.dice.below(50), jitterMs: 0 })
  return true
}

function someGrids(world: World, home: Home): string[] {
  const grids = [...home.running.records({ type: 'grid' })].map(({ fields }) => String(fields.space))
  return world.dice.part(grids)
}
const anyMember = (world: World, home: Home): string | undefined =>
  world.dice.pick([...home.running.membership().members.keys()].sort())
const anyStation = (world: World, home: Home): string | undefined =>
  world.dice.pick([...home.running.membership().stations.keys()].sort())

async function remove(world: World, home: Home): Promise<boolean> {
  const member = anyMember(world, home)
  return member !== undefined && work(world, home, () => removeMember(home.running, member))
}
async function removeOne(world: World, home: Home): Promise<boolean> {
  const id = anyStation(world, home)
  return id !== undefined && work(world, home, () => removeStation(home.running, id))
}
async function assign(world: World, home: Home): Promise<boolean> {
  const member = anyMember(world, home)
  const role: Role = world.dice.pick(['worker', 'chief', 'auditor', 'steward', 'relay'] as const)!
  return member !== undefined && work(world, home, () => assignRole(home.running, member, role))
}
async function hand(world: World, home: Home): Promise<boolean> {
  const [from, to] = [anyMember(world, home), anyMember(world, home)]
  const spaces = world.dice.part(
    [...home.running.membership().spaces].filter(([, kind]) => kind === 'grid').map(([id]) => id),
  )
  if (from === undefined || to === undefined || from === to || spaces.length === 0) return false
  return work(world, home, () => handOver(home.running, { from, to, spaces }))
}
async function ratify(world: World, home: Home): Promise<boolean> {
  const voided = world.dice.pick(listVoided(home.running))
  return voided !== undefined && work(world, home, () => ratifyAct(home.running, voided.act))
}
async function release(world: World, home: Home): Promise<boolean> {
  const held = world.dice.pick(home.running.quarantine().held)
  return held !== undefined && work(world, home, () => home.running.release(held.id))
}
/** Not the founder: somebody must be left to tell the others by. */
async function leaveAll(world: World, home: Home): Promise<boolean> {
  if (home.running.identity.station === world.founder) return false
  return work(world, home, () => leave(home.running))
}

export const belonging: Steps = {
  join: [3, join],
  remove: [3, remove],
  'remove station': [2, removeOne],
  'change role': [4, assign],
  'hand over': [4, hand],
  ratify: [2, ratify],
  release: [2, release],
  leave: [1, leaveAll],
}
