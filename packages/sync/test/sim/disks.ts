import { diagnose, expectOk, toHex } from '@doorstep/core'
import { Broken } from './check.ts'
import type { Home, Image } from './home.ts'
import { anEdit, type Steps, work } from './work.ts'
import type { World } from './world.ts'

const MAX_BACKUPS = 6
const MAX_HOMES = 14

/**
 * The power goes: what a station wrote itself, and what it told others of, is on the disk; of what others wrote the
 * last may be gone. The machine starts again, at once or later.
 */
async function crash(world: World, home: Home): Promise<boolean> {
  const image = (world.forgetsCommits && home.beforeLastWrite) || afterPowerCut(world, home)
  const held = world.ledger.heldBy(home)
  await stop(world, home)
  home.put(image)
  return restart(world, home, () => loseWithPower(world, home, held))
}

function afterPowerCut(world: World, home: Home): Image {
  const image = home.image()
  const sure = home.sureBytes()
  const bytes = image.wal?.length ?? 0
  if (sure === null || bytes <= sure) return image
  const kept = sure + world.dice.below(bytes - sure + 1)
  world.count('power cut before the disk had it')
  world.note(`  of ${bytes - sure} bytes that the disk did not have for sure ${kept - sure} are there`)
  return { db: image.db, wal: image.wal!.subarray(0, kept) }
}

/** What is gone with the power nobody had been told of, and it was not this machine's own. */
function loseWithPower(world: World, home: Home, before: ReadonlySet<string>): void {
  const { station } = home.running.identity
  const gone = [...before].filter((name) => !home.running.has(Buffer.from(name, 'hex')))
  if (gone.length === 0) return
  world.count('entries lost with the power', gone.length)
  const own = gone.find((name) => world.ledger.entries.get(name)!.by === home.name)
  if (own) throw new Broken('account', `${home.name} lost ${own}, which it had written, with the power`)
  const isGone = new Set(gone)
  if (!home.maySayMore)
    for (const { name, station: other } of world.homes)
      for (const { heads } of other?.trunk.store.peers(station) ?? [])
        if (heads.some(({ hash }) => isGone.has(toHex(hash))))
          throw new Broken('account', `${home.name} told ${name} that it held what it lost with the power`)
  world.ledger.lose(before, home, world.homes)
}

/**
 * The power goes while something is written: of the write-ahead log's new bytes only the first are on the disk, then
 * come the old ones, or nothing, or whatever lay there. The write was not acknowledged, so it may be there or not.
 */
async function tornWrite(world: World, home: Home, n: number): Promise<boolean> {
  const { act, values } = anEdit(world, home, n)
  if (!act) return false
  world.ledger.collect(home, { isAcknowledged: false })
  const before = home.image()
  const result = await world.do<{ ok: boolean }>(act)
  world.ledger.collect(home, { isAcknowledged: false, values })
  const after = home.image()
  await stop(world, home)
  home.put(result.ok ? torn(world, before, after) : after)
  return (await restart(world, home)) && result.ok
}

function torn(world: World, before: Image, after: Image): Image {
  const [old, fresh] = [before.wal ?? Buffer.alloc(0), after.wal ?? Buffer.alloc(0)]
  // When the log was moved into the file meanwhile, what is torn is not the last write alone.
  if (!before.db.equals(after.db)) return after
  let same = 0
  while (same < old.length && same < fresh.length && old[same] === fresh[same]) same++
  const cut = same + world.dice.below(fresh.length - same + 1)
  const rest = world.dice.pick(['nothing', 'old', 'garbage'] as const)!
  world.note(`  of ${fresh.length - same} new bytes ${cut - same} are there, then ${rest}`)
  const kept = fresh.subarray(0, cut)
  if (rest === 'nothing') return { db: after.db, wal: kept }
  if (rest === 'old') return { db: after.db, wal: Buffer.concat([kept, old.subarray(cut)]) }
  const garbage = Buffer.alloc(world.dice.below(9000), world.dice.below(256))
  return { db: after.db, wal: Buffer.concat([kept, garbage]) }
}

async function stop(world: World, home: Home): Promise<void> {
  world.unplug(home)
  await world.do(() => home.shut())
  world.ledger.forget(home)
}

async function restart(world: World, home: Home, then = () => {}): Promise<boolean> {
  if (home.isFull) home.makeRoom()
  if (world.dice.chance(0.3)) {
    const waitMs = world.dice.below(60_000)
    world.note(`  ${home.name} is down for ${(waitMs / 1000).toFixed(0)} s`)
    world.timeline.after(waitMs, () => {
      if (!home.station && !home.isRetired) world.later(reopen(world, home).then(then))
    })
    return true
  }
  await world.do(() => reopen(world, home))
  then()
  return true
}

async function reopen(world: World, home: Home): Promise<void> {
  if (home.station) return
  const opened = expectOk(await home.open())
  world.note(`  ${home.name} runs again${opened.copied ? ', as a copy' : ''}`)
}

/** From here on the disk has no room, or very little: whatever needs more fails, and says so. */
function fillDisk(world: World, home: Home): boolean {
  home.fillDisk(world.dice.chance(0.6) ? null : world.dice.below(3))
  return true
}
function makeRoom(world: World): boolean {
  const full = world.homes.filter(({ isFull }) => isFull)
  for (const home of full) home.makeRoom()
  return full.length > 0
}

function backUp(world: World, home: Home): boolean {
  home.running.trunk.store.checkpoint()
  world.backups.push({ of: home, image: home.image() })
  if (world.backups.length > MAX_BACKUPS) world.backups.shift()
  return true
}

/** Another file on the disk, with what was there when the backup was made: the product notices. */
async function restore(world: World, home: Home): Promise<boolean> {
  const backup = world.dice.pick(world.backups.filter(({ of }) => of === home))
  if (!backup) return false
  await goBack(world, home, () => home.putAnew(backup.image))
  return true
}

/** The same, and nothing tells: a snapshot of the whole machine was put back. It goes on in a log that others know. */
async function rollBack(world: World, home: Home): Promise<boolean> {
  const backup = world.dice.pick(world.backups.filter(({ of }) => of === home))
  if (!backup) return false
  await goBack(world, home, () => {
    home.put(backup.image)
    home.disguise()
  })
  return true
}

async function goBack(world: World, home: Home, put: () => void): Promise<void> {
  home.maySayMore = true
  const before = world.ledger.heldBy(home)
  await stop(world, home)
  put()
  if (home.isFull) home.makeRoom()
  await world.do(() => reopen(world, home))
  world.ledger.collect(home, { isAcknowledged: false })
  const lost = world.ledger.lose(before, home, world.homes)
  if (lost > 0) world.count('lost with a disk', lost)
  world.note(`  ${home.name} lost ${lost} entries that nobody else had`)
}

/** A second machine with a copy of a home: noticed, or not, so that both write in one log. */
async function copy(world: World, home: Home, n: number, isNoticed: boolean): Promise<boolean> {
  if (world.homes.length >= MAX_HOMES) return false
  const twin = world.addHome()
  twin.joining = home.joining
  for (const one of [home, twin]) one.maySayMore = true
  twin.put(home.image())
  if (!isNoticed) twin.disguise()
  await world.do(async () => expectOk(await twin.open()))
  world.ledger.collect(twin, { isAcknowledged: false })
  world.note(`  ${twin.name} is a copy of ${home.name}`)
  // Two that never write in one log fork nothing.
  if (!isNoticed && world.dice.chance(0.7))
    for (const [at, one] of [home, twin].entries()) {
      const { act, values } = anEdit(world, one, 1000 * (at + 1) + n)
      if (act) await work(world, one, act, { values })
    }
  return true
}

/** One bit of the file changes while nobody looks. Whoever opens it notices, or it must not matter. */
async function bitFlip(world: World, home: Home): Promise<boolean> {
  home.running.trunk.store.checkpoint()
  const before = world.ledger.heldBy(home)
  const whole = home.image()
  await stop(world, home)
  const image = home.image()
  const at = world.dice.below(image.db.length)
  image.db[at] = image.db[at]! ^ (1 << world.dice.below(8))
  home.put(image)
  const sound = await world.do(() => looksSound(home))
  world.note(`  byte ${at} of ${image.db.length}: ${sound ? 'nothing wrong' : 'damaged'}`)
  if (sound) {
    world.count('bit flip unharmful')
    return true
  }
  // Refused: what there is of a backup takes its place, and without one the file as it was.
  await world.do(() => home.shut())
  home.maySayMore = true
  const backup = world.dice.pick(world.backups.filter(({ of }) => of === home))
  home.putAnew(backup?.image ?? whole)
  if (home.isFull) home.makeRoom()
  await world.do(() => reopen(world, home))
  world.ledger.collect(home, { isAcknowledged: false })
  world.ledger.lose(before, home, world.homes)
  return true
}

async function looksSound(home: Home): Promise<boolean> {
  try {
    const opened = await home.open()
    return opened.ok && diagnose(opened.value).ok
  } catch {
    return false
  }
}

export const disks: Steps = {
  crash: [4, crash],
  'torn write': [4, tornWrite],
  'full disk': [3, fillDisk],
  'room again': [4, makeRoom],
  backup: [5, backUp],
  restore: [3, restore],
  'unnoticed restore': [3, rollBack],
  copy: [1, (world, home, n) => copy(world, home, n, true)],
  'unnoticed copy': [2, (world, home, n) => copy(world, home, n, false)],
  'bit flip': [2, bitFlip],
}
