import { randomInt } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '../membership/roles.ts'
import { expectOk } from '../result.ts'
import { createCommunity } from '../station/create-community.ts'
import { worksAtDesk } from '../station/desk.ts'
import { openHome } from '../station/home.ts'
import { createInvite, grantRequest, joinWithInvite } from '../station/invite.ts'
import { Station } from '../station/station.ts'

export { freePort } from './free-port.ts'

export const testSecret = { type: 'key', bytes: new Uint8Array(32) } as const

/** A made-up community of real stations in a temporary folder, for tests of anything that stands on them. */
export class TestCommunity {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'doorstep-test-'))
  readonly stations: Station[] = []
  #homes = 0

  static async create(
    grids: readonly string[] = ['一号网格'],
    now?: () => number,
  ): Promise<{ community: TestCommunity; founder: Station }> {
    const community = new TestCommunity()
    const founder = expectOk(
      await createCommunity({
        home: community.newHome(),
        secret: testSecret,
        community: '测试社区',
        member: '测试员甲',
        stationName: '甲的笔记本',
        grids,
        timeZone: 'Asia/Shanghai',
        ...(now ? { now } : {}),
      }),
    )
    community.stations.push(founder)
    return { community, founder }
  }

  newHome(): string {
    return join(this.folder, `home-${this.#homes++}`)
  }

  /** Invites, joins, grants, and hands the newcomer the membership log, as a stick would. */
  async join(
    founder: Station,
    name: string,
    role: Role = 'worker',
    grids: readonly string[] = ['一号网格'],
    now?: () => number,
  ): Promise<Station> {
    const named = role === 'worker' || worksAtDesk(role)
    const invite = expectOk(createInvite(founder, { role, name, grids: named ? grids : [] }))
    const joined = expectOk(
      joinWithInvite(this.newHome(), testSecret, invite, {
        stationName: `${name}的笔记本`,
        ...(now ? { now } : {}),
      }),
    )
    expectOk(await grantRequest(founder, joined.request))
    await deliver(founder, joined.station, [founder.identity.community])
    this.stations.push(joined.station)
    return joined.station
  }

  /** A second machine with a copy of a home; `keepEpoch` plays a copy that nothing noticed. */
  copyHome(station: Station, options: { keepEpoch?: boolean } = {}): Station {
    const home = this.newHome()
    station.trunk.store.checkpoint()
    cpSync(station.home, home, { recursive: true })
    const opened = expectOk(openHome(home, testSecret))
    const epoch = station.trunk.store.setting('epoch')!
    if (options.keepEpoch) opened.store.transaction(() => opened.store.putSetting('epoch', epoch))
    const copy = new Station(options.keepEpoch ? { ...opened, epoch } : opened)
    this.stations.push(copy)
    return copy
  }

  reopen(station: Station): Station {
    const opened = new Station(expectOk(openHome(station.home, testSecret)))
    this.stations.push(opened)
    return opened
  }

  async close(): Promise<void> {
    for (const station of this.stations) await station.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** Everything one station has and another lacks, through the real segments and the real gate. */
export async function deliver(from: Station, to: Station, spaces?: readonly string[]) {
  const list = spaces ?? [from.identity.community, ...from.spaces().map((space) => space.id)]
  const segments = list.flatMap((space) =>
    from.outgoing(space, to.heads(space)).map(({ row }) => from.segment(row)),
  )
  return expectOk(await to.admit(segments, from.identity.station))
}

/** The first grid's space. */
export const gridOf = (station: Station): string =>
  station.spaces().find((space) => space.kind === 'grid')!.id

/** Text that no packing makes much shorter, for what is to be large on a wire. */
export const unpackable = (letters: number): string =>
  String.fromCharCode(...Array.from({ length: letters }, () => 0x4e00 + randomInt(20_000)))
