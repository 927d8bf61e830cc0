import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addGrid,
  createCommunity,
  createInvite,
  expectOk,
  grantRequest,
  joinWithInvite,
  type Role,
  type Station,
} from '@doorstep/core'
import { deliver, testSecret } from '@doorstep/core/testing'
import { Home, type Image } from './home.ts'
import { takeOver } from './platform.ts'
import { START, Timeline } from './timeline.ts'

/** Who is there when a history begins; smaller ones have the first of these. */
const CAST: readonly Role[] = [
  'chief',
  'worker',
  'chief',
  'relay',
  'worker',
  'steward',
  'worker',
  'auditor',
  'chief',
  'worker',
  'relay',
  'worker',
]
const GRIDS = ['一号网格', '二号网格']

const made = new Map<number, Promise<readonly Image[]>>()

/** The homes of a founded community in which everybody has met, the founder's first: made once a process, then copied. */
export function templateOf(stations: number): Promise<readonly Image[]> {
  const known = made.get(stations)
  if (known) return known
  const making = makeTemplate(stations)
  made.set(stations, making)
  return making
}

/** Memory where the machine has it as a folder: a history writes some megabytes and is gone. */
export const newFolder = (): string =>
  mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'doorstep-sim-'))

async function makeTemplate(count: number): Promise<readonly Image[]> {
  using platform = takeOver(count)
  platform.drainNonces(count)
  const folder = newFolder()
  const driving = { done: false }
  // The founding waits for its own turns: somebody must give them.
  const made = (async () => {
    const stations = await found(folder, count)
    const images: Image[] = []
    for (const station of stations) {
      await station.close()
      images.push(new Home('', station.home, platform, new Timeline(platform.settle)).image())
    }
    driving.done = true
    return images
  })()
  made.catch(() => {
    driving.done = true
  })
  while (!driving.done) await platform.settle()
  rmSync(folder, { recursive: true, force: true })
  return made
}

async function found(folder: string, count: number): Promise<Station[]> {
  const now = () => START - 3600_000
  const founder = expectOk(
    await createCommunity({
      home: join(folder, '0'),
      secret: testSecret,
      community: '测试社区',
      member: '测试员0',
      stationName: '一号机',
      grids: [GRIDS[0]!],
      timeZone: 'Asia/Shanghai',
      now,
    }),
  )
  expectOk(await addGrid(founder, GRIDS[1]!))
  const stations = [founder]
  for (let at = 1; at < count; at++) {
    const role = CAST[at]!
    const grids = role === 'worker' ? (at % 3 === 1 ? GRIDS.slice(0, 1) : GRIDS) : []
    const invite = expectOk(createInvite(founder, { role, name: `测试员${at}`, grids }))
    const { station, request } = expectOk(
      joinWithInvite(join(folder, String(at)), testSecret, invite, { stationName: `${at}号机`, now }),
    )
    expectOk(await grantRequest(founder, request))
    stations.push(station)
  }
  for (const station of stations.slice(1)) {
    await deliver(founder, station, [founder.identity.community])
    await deliver(founder, station, [...station.holdings()])
  }
  return stations
}
