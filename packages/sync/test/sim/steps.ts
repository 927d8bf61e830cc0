import { belonging } from './belonging.ts'
import { carrying } from './carrying.ts'
import { disks } from './disks.ts'
import type { Home } from './home.ts'
import type { Weather } from './link.ts'
import { PROGRAMS, type Program } from './program.ts'
import { type Step, type Steps, working } from './work.ts'
import type { World } from './world.ts'

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

/** The machine runs another version, older or newer, until everybody has been updated. */
const runs =
  (programs: readonly Program[]): Step =>
  (world, home) => {
    home.program = world.dice.pick(programs)!
    return true
  }

const NETWORK: Steps = {
  meet: [30, meet],
  part: [4, part],
  'clock skew': [3, setClock],
  'other version': [1, runs(PROGRAMS['other version'])],
  'older program': [3, runs(PROGRAMS['older program'])],
  'later program': [2, runs(PROGRAMS['later program'])],
}
const ALL: Steps = { ...working, ...NETWORK, ...carrying, ...disks, ...belonging }

/** Draws what happens, does it, and lets some time pass. */
export async function takeStep(world: World, n: number): Promise<void> {
  const { dice } = world
  const home = dice.pick(world.homes.filter(({ station }) => station !== null))
  // Every machine is down: some time later one is back.
  if (!home) {
    await world.timeline.run(60_000)
    return world.settled()
  }
  const name = drawName(world)
  const [, step] = ALL[name]!
  world.note(`${n} ${name} ${home.name}`)
  if (await step(world, home, n)) world.count(name)
  for (const one of world.homes) if (one.station) world.ledger.collect(one, { isAcknowledged: false })
  await world.timeline.run(dice.chance(0.9) ? dice.below(1000) : dice.below(40_000))
  await world.settled()
}

/** What later editions of the simulator brought: a seed that was found before then is told without it. */
const SINCE: Readonly<Record<string, number>> = {
  'offer to carry': 2,
  'older program': 2,
  'later program': 2,
}

function drawName(world: World): string {
  const steps = Object.entries(ALL).filter(([name]) => (SINCE[name] ?? 1) <= world.edition)
  const total = steps.reduce((sum, [, [weight]]) => sum + weight, 0)
  let at = world.dice.below(total)
  for (const [name, [weight]] of steps) {
    if (at < weight) return name
    at -= weight
  }
  return 'write'
}
