import { readFileSync, writeFileSync } from 'node:fs'
import { setCarry } from '@doorstep/core'
import { onDisk } from '../../../core/src/station/home.ts'
import { readBundle } from '../../src/bundle/read-bundle.ts'
import { writeBundle } from '../../src/bundle/write-bundle.ts'
import type { Home } from './home.ts'
import { type Steps, work } from './work.ts'
import type { World } from './world.ts'

const MAX_STICKS = 4

/** A stick is written, for anybody or for one colleague; it may be read much later, often, or never. */
async function writeStick(world: World, home: Home): Promise<boolean> {
  const station = home.running
  const file = world.newFile()
  const forStation = world.dice.chance(0.3)
    ? world.dice.pick([...station.membership().stations.keys()])
    : undefined
  const written = await world.do(() =>
    writeBundle(station, file, forStation === undefined ? {} : { forStation }),
  )
  if (!written.ok) {
    world.note(`  ${written.problem.type}`)
    return false
  }
  world.sticks.push({ file, from: home.name })
  if (world.sticks.length > MAX_STICKS) world.sticks.shift()
  return true
}

/** What is on it may have been cut short or altered on the way. */
async function readStick(world: World, home: Home): Promise<boolean> {
  const stick = world.dice.pick(world.sticks)
  if (!stick) return false
  const { dice } = world
  let { file } = stick
  const damage = dice.pick(['none', 'none', 'truncated', 'bit flips', 'doubled'] as const)!
  if (damage !== 'none') {
    const bytes = readFileSync(stick.file)
    file = world.newFile()
    writeFileSync(file, damaged(world, bytes, damage))
    world.count(`stick ${damage}`)
  }
  const salvage = dice.chance(0.7)
  const read = await world.do(() => readBundle(home.running, file, { salvage }))
  world.note(
    `  ${damage}, from ${stick.from}: ${read.ok ? `${read.value.admitted} new, ${read.value.missing} missing` : read.problem.type}`,
  )
  if (damage === 'none' && !read.ok && read.problem.type !== 'disk-full')
    throw new Error(`a whole stick is refused: ${read.problem.type}`)
  if (damage === 'none' && read.ok) refuseNothing(world, home, read.value.refused)
  return read.ok
}

function damaged(world: World, bytes: Buffer, damage: 'truncated' | 'bit flips' | 'doubled'): Buffer {
  const { dice } = world
  if (damage === 'truncated') return bytes.subarray(0, dice.below(bytes.length))
  if (damage === 'doubled') return Buffer.concat([bytes, bytes.subarray(dice.below(bytes.length))])
  const flipped = Buffer.from(bytes)
  for (let n = 0; n <= dice.below(3); n++) {
    const at = dice.below(flipped.length)
    flipped[at] = flipped[at]! ^ (1 << dice.below(8))
  }
  return flipped
}

/**
 * Segments through somebody who forwards what it likes: some of them, in any order, some twice, some altered. A link
 * would not do so; a gateway that was taken over might.
 */
async function smuggle(world: World, home: Home): Promise<boolean> {
  const { dice } = world
  const to = dice.pick(world.homes.filter(({ station }) => station && station !== home.station))
  if (!to) return false
  const from = home.running
  const spaces = [from.identity.community, ...from.holdings()]
  const all = await world.do(async () =>
    spaces.flatMap((space) =>
      from.outgoing(space, to.running.heads(space)).map(({ row }) => from.segment(row)),
    ),
  )
  const some = dice.shuffled(all.filter(() => dice.chance(0.7)))
  const doubled = some.length > 0 && dice.chance(0.5)
  if (doubled) some.push(dice.pick(some)!)
  const flips = some.length > 0 && dice.chance(0.3)
  if (flips) {
    const at = dice.below(some.length)
    const bytes = Buffer.from(some[at]!)
    const where = dice.below(bytes.length)
    bytes[where] = bytes[where]! ^ (1 << dice.below(8))
    some[at] = bytes
  }
  if (some.length === 0) return false
  world.count('reorder')
  if (doubled) world.count('duplicate')
  if (flips) world.count('bit flip under way')
  const report = await world.do(() => to.running.admit(some, 'smuggler'))
  world.note(
    `  ${home.name} to ${to.name}: ${report.ok ? JSON.stringify(report.value) : report.problem.type}`,
  )
  if (report.ok && !flips) refuseNothing(world, to, report.value.refused)
  return report.ok
}

/** Nobody here forges: what an honest station wrote is never refused, in whatever order it comes (A2). */
function refuseNothing(
  world: World,
  home: Home,
  refused: readonly { log: string; seq: number; reason: string }[],
): void {
  const [first] = refused
  if (first)
    throw new Error(
      `refused: ${home.name} refuses an honest entry ${first.log.slice(0, 8)}/${first.seq}: ${first.reason}`,
    )
  world.count('taken whole')
}

/** Much, and little more than the least that is taken. */
const CARRY_BYTES = [1024 * 1024, 1024 * 1024, 140_000, null] as const

/** A person offers room for what others write in spaces that are not its own, much or little, or takes the offer back. */
async function offerToCarry(world: World, home: Home): Promise<boolean> {
  const station = home.running
  const room = world.dice.pick(CARRY_BYTES)!
  return work(world, home, async () => {
    const set = onDisk(home.folder, () => setCarry(station, room))
    return set.ok ? set.value : set
  })
}

export const carrying: Steps = {
  'offer to carry': [5, offerToCarry],
  'write stick': [4, writeStick],
  'read stick': [9, readStick],
  smuggle: [6, smuggle],
}
