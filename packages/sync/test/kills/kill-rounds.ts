import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { diagnose, expectOk, makeCheckpoint, openStation, type Station } from '@doorstep/core'
import { chanceFrom } from '@doorstep/core/fuzz'
import { gridOf, TestCommunity, testSecret } from '@doorstep/core/testing'
import { writeBundle } from '../../src/bundle/write-bundle.ts'
import { serveLan } from '../../src/lan/lan.ts'
import { systemClock } from '../../src/session/clock.ts'
import { Session } from '../../src/session/session.ts'
import { LineProcess } from '../line-process.ts'

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))
/** What is being done when the kill comes. */
const WORKS = ['write', 'meet', 'read', 'start'] as const
export type Work = (typeof WORKS)[number]
export type KillCount = {
  kills: number
  /** Killed between the open home and the end of the work. */
  midway: number
  /** Writes that were acknowledged to their author, and entries acknowledged to the peer that sent them. */
  acknowledged: number
}
export type KillReport = Readonly<Record<Work, KillCount>>

/** Entries of the station that is met; each with ten records. */
const ENTRIES = 150
/** Kills after which a home is given up for a fresh one, so that a round stays short. */
const HOME_LIVES = 25

/**
 * Kills stations at work, at moments drawn from the seed: one that writes while it meets, one that takes in what it
 * lacks, one that reads a bundle, one that starts from a checkpoint. After each, what it had acknowledged must be
 * there and its doctor content. Throws at the first that is not.
 */
export async function killRounds(
  seed: number,
  kills: number,
  onProgress: (report: KillReport) => void = () => undefined,
): Promise<KillReport> {
  const chance = chanceFrom(seed)
  const { community, founder } = await TestCommunity.create()
  await using _ = community
  const grid = gridOf(founder)
  const fill = async (entries: number) => {
    for (let n = 0; n < entries; n++)
      expectOk(
        await founder.write('record.import', (book) => {
          let last = book.create('building', grid, { set: { name: `楼${n}`, street: '测试路'.repeat(20) } })
          for (let k = 1; k < 10; k++) last = book.create('building', grid, { set: { name: `楼${n}-${k}` } })
          return last
        }),
      )
  }
  const fresh = await community.join(founder, '测试员乙')
  await fresh.close()
  await fill(ENTRIES)
  expectOk(await makeCheckpoint(founder, grid))
  const bundle = join(community.folder, 'bundle')
  expectOk(await writeBundle(founder, bundle))

  let isOffering = false
  let session: Session | null = null
  const { publicKey, privateKey } = { publicKey: founder.identity.key, privateKey: founder.signingKey }
  const server = expectOk(
    await serveLan({ publicKey, privateKey }, { host: '127.0.0.1', port: 0 }, (wire) => {
      const never = Number.MAX_SAFE_INTEGER
      const minSavedEntries = isOffering ? 0 : never
      session = new Session({ station: founder, wire, clock: systemClock, name: 'source', minSavedEntries })
      session.start()
    }),
  )
  const address = `${server.host}:${server.port}`
  // What Node compiles for a child is kept for the next: most of its time would go into that.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(community.folder, 'compiled') }
  const run = (home: string, mode = '', where = '') =>
    new LineProcess(process.execPath, [CHILD, home, mode, where], { env })
  await run(fresh.home).ended
  const report = Object.fromEntries(
    WORKS.map((work) => [work, { kills: 0, midway: 0, acknowledged: 0 }]),
  ) as Record<Work, KillCount>
  const homes = new Map<Work, { home: string; lives: number; made: Set<string>; entries: number }>()
  /** About as long as the whole work takes on this machine now; a kill falls anywhere in it. */
  const tookMs = { read: 1000, start: 1000 }

  try {
    for (let kill = 0; kill < kills; kill++) {
      const work = WORKS[kill % WORKS.length]!
      const at = (what: string) => new Error(`seed ${seed}, kill ${kill}, ${work}: ${what}`)
      let life = homes.get(work)
      if (!life || life.lives === 0) {
        if (life) rmSync(life.home, { recursive: true, force: true })
        life = {
          home: community.newHome(),
          lives: work === 'write' ? HOME_LIVES : 3,
          made: new Set(),
          entries: 0,
        }
        cpSync(fresh.home, life.home, { recursive: true })
        // A home that was copied takes a new epoch when it is first opened: that is no part of what is tried.
        life.entries = await lookInto(life.home, entriesOf)
        homes.set(work, life)
      }
      life.lives--
      isOffering = work === 'start'
      session = null
      const before = life.entries
      const [mode, where] =
        work === 'read' ? ['read', bundle] : [work === 'write' ? 'write' : 'meet', address]
      await using child = run(life.home, mode, where)
      // Some are killed while they open their home.
      const isEarly = chance.below(10) === 0
      if (isEarly) await pause(chance.below(1500))
      else {
        await child.says('that it is open', (line) => line.say === 'open', 0, 600_000)
        if (work === 'read' || work === 'start')
          await Promise.race([pause(chance.below(tookMs[work])), child.ended])
        else
          await hasDone(child, chance.below(work === 'write' ? 60 : ENTRIES), () =>
            work === 'write'
              ? child.lines.filter((line) => line.say === 'made').length
              : ((session as Session | null)?.state().sent ?? 0),
          )
      }
      const isDone = child.lines.some((line) => line.say === 'done' && line.equal === true)
      await child.end('SIGKILL')
      if (!isEarly && (work === 'read' || work === 'start'))
        tookMs[work] = Math.min(10_000, Math.max(100, Math.ceil(tookMs[work] * (isDone ? 0.7 : 1.15))))
      const met = session as Session | null
      const unequal = child.lines.find((line) => line.say === 'done' && line.equal !== true)
      if (unequal)
        process.stderr.write(`${at(`the meeting ended: ${unequal.ended}, ${met?.state().closed}`).message}\n`)
      met?.close()

      const count = report[work]
      count.kills++
      if (!isEarly && !isDone) count.midway++
      for (const line of child.lines) if (line.say === 'made') life.made.add(String(line.id))
      const station = await open(life.home)
      try {
        const lost = [...life.made].filter((id) => station.get(id) === null)
        if (lost.length > 0) throw at(`${lost.length} acknowledged records are gone`)
        // What the source was told to be on disk here is.
        const sent = met?.state().sent ?? 0
        const entries = entriesOf(station)
        if (entries < before + sent) throw at(`${entries} entries, after ${before}, and ${sent} acknowledged`)
        if (isDone && entries < ENTRIES) throw at(`said done with ${entries} entries`)
        life.entries = entries
        count.acknowledged += sent + child.lines.filter((line) => line.say === 'made').length
        const wrong = diagnose(station).checks.filter(({ ok }) => !ok)
        if (wrong.length > 0) throw at(`doctor: ${JSON.stringify(wrong)}`)
        if (station.copied) throw at('the home was taken for a copy')
      } finally {
        await station.close()
      }
      // What came whole is at its end; the next goes on from nothing.
      if (isDone) life.lives = 0
      if (kill % 20 === 19) onProgress(report)
    }
  } finally {
    await server.close()
  }
  return report
}

/** Until it has done so much, or is at its end. */
async function hasDone(child: LineProcess, much: number, done: () => number): Promise<void> {
  while (child.isAlive && done() <= much) await pause(2)
}

const entriesOf = (station: Station): number =>
  [station.identity.community, ...station.holdings()].reduce(
    (sum, space) => sum + station.digest(space).entries,
    0,
  )

async function open(home: string): Promise<Station> {
  return expectOk(await openStation({ home, secret: testSecret }))
}

async function lookInto<T>(home: string, look: (station: Station) => T): Promise<T> {
  const station = await open(home)
  try {
    return look(station)
  } finally {
    await station.close()
  }
}
